import tomllib

import pytest
from click.testing import CliRunner

from forewave import config
from forewave.check.check import check_config
from forewave.cli.main import main
from forewave.errors import ForewaveError
from forewave.fdsn import seedlink_servers
from forewave.fdsn.region import from_file, init
from forewave.formats.inventories import inventory
from forewave.formats.protocols.seedlink_selection import selects
from forewave.sources.seedlink.settings import stations_wanted
from tests.fdsn_service import FdsnService
from tests.small_network import T0, recording

ALL = (121.0, 23.5, 122.0, 26.0)
FREE = {"FOREWAVE_SERVER__PORT": "0", "FOREWAVE_SERVER__STREAM_PORT": "0"}


def test_a_region_becomes_settings_that_work(tmp_path):
    made = recording()
    with FdsnService(made).serving() as address:
        written = init((121.0, 23.5, 122.0, 24.55), address, tmp_path / "tw.toml", clock=lambda: T0)
    assert [s.code for s in written.stations] == [s.code for s in made.stations[:6]]
    settings = config.read(tmp_path / "tw.toml")
    assert settings.network.region == (121.0, 23.5, 122.0, 24.55)
    stations, _ = inventory.read(tmp_path / settings.network.inventory)
    assert stations == made.stations[:6]
    errors = [f for f in check_config(tmp_path / "tw.toml", FREE, 0) if f.severity == "error"]
    assert [f.subject for f in errors] == ["sources"], "those the owner must add"


def test_every_setting_is_there_with_a_note(tmp_path):
    with FdsnService(recording()).serving() as address:
        init(ALL, address, tmp_path / "forewave.toml", clock=lambda: T0)
    text = (tmp_path / "forewave.toml").read_text()
    assert tomllib.loads(text)["network"]["region"] == list(ALL)
    assert 'Least forecast intensity for "action" (1..12 MMI)' in text
    assert text.startswith("# 12 stations of http://127.0.0.1")


def test_a_service_that_only_speaks_stationxml(tmp_path):
    xml = {"stations": STATIONXML}
    with FdsnService(recording(), xml=xml).serving() as address:
        written = init(ALL, address, tmp_path / "forewave.toml", clock=lambda: T0)
    assert written.inventory.name == "forewave-stations.xml"
    assert [s.code for s in written.stations] == ["XX.S00"]
    assert written.left_out["gain missing"] == 1


def test_what_is_there_is_never_overwritten(tmp_path):
    (tmp_path / "forewave.toml").write_text("mine")
    with pytest.raises(ForewaveError, match="exists already"):
        init(ALL, "http://127.0.0.1:9", tmp_path / "forewave.toml")
    assert (tmp_path / "forewave.toml").read_text() == "mine"


def test_a_key_that_is_there_is_kept(tmp_path):
    with FdsnService(recording()).serving() as address:
        init(ALL, address, tmp_path / "a.toml", clock=lambda: T0)
        key = (tmp_path / "forewave.key").read_bytes()
        init(ALL, address, tmp_path / "b.toml", clock=lambda: T0)
    assert (tmp_path / "forewave.key").read_bytes() == key


def test_each_named_server_is_asked_for_exactly_the_stations_found(tmp_path):
    made, output = recording(), tmp_path / "forewave.toml"
    named = ["a.example", "b.example:18001", "a.example:18000"]
    with FdsnService(made).serving() as address:
        written = init(ALL, address, output, servers=named, clock=lambda: T0)
    assert written.servers == ("a.example:18000", "b.example:18001")
    one, two = config.read(output).sources
    assert (one.server, two.server) == written.servers
    assert one.stations == two.stations
    for wanted, station in zip(stations_wanted(one), made.stations, strict=True):
        assert wanted.station.replace("_", ".") == station.code
        for channel in station.channels:
            assert selects(wanted.selectors, channel.stream)
        assert len(wanted.selectors) == len(station.channels)


def test_without_a_server_the_block_is_an_example_with_the_stations(tmp_path):
    with FdsnService(recording()).serving() as address:
        written = init(ALL, address, tmp_path / "forewave.toml", clock=lambda: T0)
    assert written.servers == config.read(tmp_path / "forewave.toml").sources == ()
    text = (tmp_path / "forewave.toml").read_text()
    _, block = text.split("#  [[sources]]\n")
    (tmp_path / "forewave.toml").write_text(
        text.replace(block, block.replace("#  ", "")).replace("#  [[", "[[")
    )
    (source,) = config.read(tmp_path / "forewave.toml").sources
    assert len(source.stations) == 12


def test_the_public_server_of_a_known_centre_is_taken(tmp_path, monkeypatch):
    monkeypatch.setattr(seedlink_servers, "SERVERS", {})
    with FdsnService(recording()).serving() as address:
        seedlink_servers.SERVERS[address.upper()] = "public.example:18000"
        typed = ["init", "--bbox", "121,23.5,122,26", "--provider", address]
        result = CliRunner().invoke(main, [*typed, "-o", str(tmp_path / "forewave.toml")])
    assert f"SeedLink from public.example:18000, the public server of {address}" in result.output
    (source,) = config.read(tmp_path / "forewave.toml").sources
    assert source.server == "public.example:18000"


def test_a_server_that_is_no_address_is_said_before_anybody_is_asked(tmp_path):
    with pytest.raises(ForewaveError, match='"host:port"'):
        init(ALL, "http://127.0.0.1:9", tmp_path / "forewave.toml", servers=["a:b"])


def test_a_region_without_stations_says_so(tmp_path):
    with (
        FdsnService(recording()).serving() as address,
        pytest.raises(ForewaveError, match="lists no station between 0,0 and 1,1"),
    ):
        init((0.0, 0.0, 1.0, 1.0), address, tmp_path / "forewave.toml", clock=lambda: T0)
    assert list(tmp_path.iterdir()) == []


def test_a_stations_file_is_enough_and_no_network_is_asked(tmp_path):
    listing = tmp_path / "net" / "stations.xml"
    listing.parent.mkdir()
    listing.write_text(STATIONXML)
    made = from_file(listing, tmp_path / "own" / "forewave.toml", servers=["a.example"])
    settings = config.read(made.config)
    stations, _ = inventory.read(made.config.parent / settings.network.inventory)
    assert [s.code for s in stations] == [s.code for s in made.stations] == ["XX.S00"]
    assert settings.network.region is None
    assert [each.server for each in settings.sources] == ["a.example:18000"]
    errors = [f for f in check_config(made.config, FREE, 0) if f.severity == "error"]
    assert errors == []


def test_a_file_without_a_usable_station_writes_nothing(tmp_path):
    listing = tmp_path / "stations.csv"
    listing.write_text("net,sta,loc,cha,lat,lon,elev_m,gain,units,sample_rate\n")
    with pytest.raises(ForewaveError, match="stations"):
        from_file(listing, tmp_path / "forewave.toml")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["stations.csv"]


def test_the_command(tmp_path):
    output = tmp_path / "forewave.toml"
    with FdsnService(recording()).serving() as address:
        typed = ["init", "--bbox", "121,23.5,122,26", "--provider", address, "-o", str(output)]
        result = CliRunner().invoke(main, typed)
        assert result.exit_code == 0, result.output
        assert "12 stations in forewave-stations.csv" in result.output
        assert "packets: no source yet" in result.output
        mode = config.read(output).alerts.mode
        assert f'mode = "{mode}" in [alerts]: devices show real alerts' in result.output
        assert 'mode = "test", which shows nothing on the pages' in result.output
        assert CliRunner().invoke(main, typed).exit_code == 2
    assert CliRunner().invoke(main, ["init", "--bbox", "1,2", "--provider", "X"]).exit_code == 2


CHANNEL = """
<Channel code="{code}" locationCode="" startDate="2000-01-01T00:00:00">
<Latitude>24.0</Latitude><Longitude>121.5</Longitude><Elevation>100</Elevation><Depth>0</Depth>
<Dip>-90</Dip><SampleRate>100</SampleRate>{response}</Channel>"""
RESPONSE = """<Response><InstrumentSensitivity><Value>1e5</Value><Frequency>1</Frequency>
<InputUnits><Name>m/s**2</Name></InputUnits><OutputUnits><Name>counts</Name></OutputUnits>
</InstrumentSensitivity></Response>"""
STATIONXML = f"""<?xml version="1.0"?>
<FDSNStationXML xmlns="http://www.fdsn.org/xml/station/1" schemaVersion="1.1"><Source>x</Source>
<Created>2020-01-01T00:00:00</Created><Network code="XX"><Station code="S00">
<Latitude>24.0</Latitude><Longitude>121.5</Longitude><Elevation>100</Elevation>
<Site><Name>x</Name></Site>{CHANNEL.format(code="HNZ", response=RESPONSE)}
{CHANNEL.format(code="HNE", response="")}</Station></Network></FDSNStationXML>"""
