import numpy as np
import obspy
import pytest
from click.testing import CliRunner

from forewave.cli.main import main
from forewave.errors import ForewaveError
from forewave.fdsn.client import Provider
from forewave.fdsn.fetch import Extent, fetch, radius_km
from forewave.formats.recordings import event_directory
from forewave.types import Packet
from tests.fdsn_service import FdsnService
from tests.small_network import INFO, T0, recording


@pytest.fixture
def made():
    return recording()


def fetched(service, output, extent=None, **more):
    with service.serving() as address:
        return fetch(INFO.id, output, Provider(address, 20.0), extent=extent, **more)


def test_an_event_becomes_an_event_directory(made, tmp_path):
    progress = []
    extent = Extent(before=30.0, after=20.0)
    done = fetched(
        FdsnService(made), tmp_path / "e", extent, on_progress=lambda *p: progress.append(p)
    )
    assert (done.missing, progress[-1]) == ((), (12, 12))
    back = event_directory.read(tmp_path / "e")
    assert back.info.id == INFO.id
    assert (back.info.origin_time, back.info.magnitude) == (INFO.origin_time, 5.0)
    assert back.stations == made.stations
    assert len(back.segments) == 36
    for piece in back.segments:
        assert piece.start == pytest.approx(T0 + 30.0, abs=0.02)
        there = next(s for s in made.segments if s.stream == piece.stream)
        np.testing.assert_array_equal(
            piece.samples, there.samples[3000 : 3000 + len(piece.samples)]
        )
    assert "Cite the networks" in (tmp_path / "e" / "SOURCE.md").read_text()


def test_the_nearest_stations_within_the_radius(made, tmp_path):
    done = fetched(FdsnService(made), tmp_path / "a", Extent(radius_km=50.0))
    assert [s.code for s in done.stations] == [f"XX.S0{n}" for n in range(5)]
    done = fetched(FdsnService(made), tmp_path / "b", Extent(most=3))
    assert [s.code for s in done.stations] == ["XX.S00", "XX.S01", "XX.S02"]


def test_what_cannot_be_had_is_named_and_the_rest_is_kept(made, tmp_path):
    service = FdsnService(made, restricted=["XX.S01"], without=["XX.S09"])
    done = fetched(service, tmp_path / "e")
    assert len(done.stations) == 10
    first, second = done.missing
    assert first.startswith("XX.S01: ")
    assert second == "XX.S09: no waveforms"
    assert "Missing: XX.S09: no waveforms" in (tmp_path / "e" / "SOURCE.md").read_text()


def test_records_that_cannot_be_read_are_named(made, tmp_path):
    service = FdsnService(made, spoil=lambda data: data[:200] + bytes(56) + data[256:-440])
    done = fetched(service, tmp_path / "e", Extent(most=1))
    assert [line.split(" at ")[0] for line in done.missing[:2]] == [
        "XX.S00: damaged record",
        "XX.S00: truncated record",
    ]


def test_what_is_had_only_in_part_is_named(made, tmp_path):
    pieces = [p for p in made.segments if p.stream.station == "S00"]
    short = Packet(pieces[0].stream, pieces[0].start, pieces[0].rate, pieces[0].samples[:4000])
    kept = [short, *(p for p in made.segments if p.stream.station != "S00"), pieces[1]]
    less = type(made)(made.path, made.info, made.stations, tuple(kept), None, ())
    extent = Extent(before=30.0, after=20.0, most=2)
    done = fetched(FdsnService(less), tmp_path / "e", extent)
    assert done.missing == (f"{short.stream}: 10 of 50 s", f"{pieces[2].stream}: no waveforms")
    assert f"Missing: {short.stream}: 10 of 50 s" in (tmp_path / "e" / "SOURCE.md").read_text()


def test_a_centre_that_only_speaks_xml(made, tmp_path):
    origin = obspy.core.event.Origin(
        time=obspy.UTCDateTime(INFO.origin_time), latitude=24.0, longitude=121.5, depth=10_000.0
    )
    magnitude = obspy.core.event.Magnitude(mag=5.0, magnitude_type="Mw")
    event = obspy.core.event.Event(f"smi:made/{INFO.id}", origins=[origin], magnitudes=[magnitude])
    quakeml, stations = tmp_path / "q.xml", tmp_path / "s.xml"
    obspy.Catalog([event]).write(str(quakeml), "QUAKEML")
    stations.write_text(stationxml(made.stations[:3]))
    xml = {"event": quakeml.read_bytes(), "stations": stations.read_bytes()}
    done = fetched(FdsnService(made, xml=xml), tmp_path / "e")
    assert (done.info.id, done.info.depth_km, done.info.magnitude) == (INFO.id, 10.0, 5.0)
    assert [s.code for s in done.stations] == ["XX.S00", "XX.S01", "XX.S02"]


def test_the_catalogue_may_be_another_centres(made, tmp_path):
    empty = recording(count=1, step=0.0)
    with (
        FdsnService(made).serving() as events,
        FdsnService(empty).serving() as data,
    ):
        done = fetch(INFO.id, tmp_path / "e", Provider(data, 20.0), Provider(events, 20.0))
    assert [s.code for s in done.stations] == ["XX.S00"]


@pytest.mark.parametrize(
    ("service", "extent", "why"),
    [
        ({"without": [f"XX.S{n:02d}" for n in range(12)]}, None, "no waveforms of 12 stations"),
        ({}, Extent(radius_km=0.001, before=1), None),
    ],
)
def test_nothing_is_written_of_nothing(made, tmp_path, service, extent, why):
    if why is None:
        made = recording(count=1, step=0.0)
        made = type(made)(made.path, made.info, (), (), None, ())
        why = "no usable station within"
    with pytest.raises(ForewaveError, match=why):
        fetched(FdsnService(made, **service), tmp_path / "e", extent)
    assert not (tmp_path / "e").exists()


def test_an_event_that_is_not_there(made, tmp_path):
    with FdsnService(made).serving() as address, pytest.raises(ForewaveError, match="no event x"):
        fetch("x", tmp_path / "e", Provider(address, 20.0))


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path):
    (tmp_path / "mine").touch()
    with pytest.raises(ForewaveError, match="exists already"):
        fetch("x", tmp_path, None)


def test_the_radius_grows_with_magnitude():
    assert radius_km(None) == radius_km(5.0) == 150.0
    assert radius_km(2.0) == 60.0 < radius_km(6.5) < radius_km(9.0) == 800.0


def test_the_command(made, tmp_path):
    service = FdsnService(made, restricted=["XX.S01"])
    with service.serving() as address:
        typed = ["fetch", INFO.id, "--provider", address, "-o", str(tmp_path / "e"), "--most", "3"]
        result = CliRunner().invoke(main, typed)
    assert result.exit_code == 0, result.output
    assert f"{tmp_path / 'e'}: 2 stations" in result.output
    assert "missing: XX.S01: Authentication failed." in result.output


def stationxml(stations):
    channels = (
        '<Channel code="{c}" locationCode="{l}" startDate="2000-01-01T00:00:00"><Latitude>{lat}'
        "</Latitude><Longitude>121.5</Longitude><Elevation>100</Elevation><Depth>0</Depth>"
        "<SampleRate>100</SampleRate><Response><InstrumentSensitivity><Value>1e5</Value>"
        "<Frequency>1</Frequency><InputUnits><Name>m/s**2</Name></InputUnits><OutputUnits><Name>"
        "counts</Name></OutputUnits></InstrumentSensitivity></Response></Channel>"
    )
    body = "".join(
        f'<Station code="{s.code[3:]}"><Latitude>{s.lat}</Latitude><Longitude>{s.lon}</Longitude>'
        "<Elevation>100</Elevation><Site><Name>x</Name></Site>"
        + "".join(
            channels.format(c=c.stream.channel, l=c.stream.location, lat=s.lat) for c in s.channels
        )
        + "</Station>"
        for s in stations
    )
    return (
        '<?xml version="1.0"?><FDSNStationXML xmlns="http://www.fdsn.org/xml/station/1" '
        'schemaVersion="1.1"><Source>x</Source><Created>2020-01-01T00:00:00</Created>'
        f'<Network code="XX">{body}</Network></FDSNStationXML>'
    )
