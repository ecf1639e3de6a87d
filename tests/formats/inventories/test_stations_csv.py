import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from forewave.errors import FormatError
from forewave.formats.inventories import stations_csv
from forewave.formats.inventories.inventory import read_stations_csv
from forewave.formats.inventories.stations_csv import COLUMNS

HEAD = ",".join(COLUMNS)
GOOD = "XX,AAA,,HNZ,30.0,100.0,500,100000,counts per m/s^2,100"


@pytest.fixture
def listed(tmp_path):
    def read(*lines, head=HEAD):
        path = tmp_path / "stations.csv"
        path.write_text("\n".join((head, *lines)) + "\n", encoding="utf-8")
        return read_stations_csv(path)

    return read


def test_what_is_written_is_read(network, tmp_path):
    stations, _ = network
    stations_csv.write(tmp_path / "stations.csv", stations)
    back, dropped = read_stations_csv(tmp_path / "stations.csv")
    assert dropped == []
    assert [s.code for s in back] == ["XX.AAA", "XX.BBB"]
    assert {c for s in back for c in s.channels} == {c for s in stations for c in s.channels}
    assert [(s.lat, s.lon, s.elevation_m) for s in back] == [(30, 100, 500), (31, 100, 500)]


def test_vs30_is_kept_if_it_is_known(network, tmp_path):
    path, (stations, _) = tmp_path / "stations.csv", network
    stations_csv.write(path, [replace(stations[0], vs30_ms=500.0), *stations[1:]])
    back, _ = read_stations_csv(path)
    assert [s.vs30_ms for s in back] == [500.0, None]
    stations_csv.write(path, stations)
    assert path.read_text().partition("\n")[0] == HEAD


@pytest.mark.parametrize("vs30", ["", "rock", "nan", "-500", "0.5", "1e9"])
def test_an_impossible_vs30_is_not_known_and_the_channel_is_used(listed, vs30):
    (station,), dropped = listed(f"{GOOD},{vs30}", head=f"{HEAD},vs30_ms")
    assert (station.vs30_ms, dropped) == (None, [])


def test_the_gain_is_per_si_unit(listed):
    (station,), _ = listed(GOOD.replace("counts per m/s^2", "counts per gal"))
    assert station.channels[0].gain == pytest.approx(1e7)


@pytest.mark.parametrize(
    ("old", "new", "source", "reason"),
    [
        (",100000,", ",,", "XX.AAA..HNZ", "gain missing"),
        (",100000,", ",0,", "XX.AAA..HNZ", "gain missing or impossible"),
        (",100000,", ",nan,", "XX.AAA..HNZ", "gain missing or impossible"),
        (",100000,", ",inf,", "XX.AAA..HNZ", "gain missing or impossible"),
        (",100000,", ",lots,", "XX.AAA..HNZ", "not a number"),
        (
            "counts per m/s^2",
            "counts (gain not given)",
            "XX.AAA..HNZ",
            "units name no ground motion",
        ),
        (",30.0,", ",,", "XX.AAA..HNZ", "coordinates missing or impossible"),
        (",30.0,", ",300.0,", "XX.AAA..HNZ", "coordinates missing or impossible"),
        (",100\n", ",1e9\n", "XX.AAA..HNZ", "sample rate out of range"),
        (",100\n", ",nan\n", "XX.AAA..HNZ", "sample rate out of range"),
        (",100\n", ",1\n", "XX.AAA..HNZ", "sample rate out of range"),
        (",counts per m/s^2,100\n", "\n", "stations.csv line 2", "too few columns"),
        ("XX,AAA", "XX,", "stations.csv line 2", "no station or channel name"),
        ("HNZ", "Z", "stations.csv line 2", "no station or channel name"),
        ("HNZ", "HNE", "XX.AAA..HNE", "no vertical component"),
    ],
)
def test_a_bad_line_is_dropped_and_the_rest_goes_on(listed, old, new, source, reason):
    bad = (GOOD + "\n").replace(old, new).strip()
    stations, dropped = listed(bad, GOOD.replace("AAA", "BBB"))
    assert [s.code for s in stations] == ["XX.BBB"]
    assert [(d.source, d.reason) for d in dropped] == [(source, reason)]


@pytest.mark.parametrize(
    "odd",
    [
        '"' + GOOD.replace("AAA", "ODD"),
        GOOD.replace("AAA", '"ODD'),
        GOOD.replace("AAA", "O" * 200_000),
    ],
)
@pytest.mark.parametrize("others", [1, 2, 2000])
def test_a_quote_that_is_never_closed_costs_its_own_line(listed, odd, others):
    more = [GOOD.replace("AAA", f"B{number:04d}") for number in range(others)]
    stations, dropped = listed(GOOD, odd, *more)
    assert len(stations) == 1 + others
    assert [(word.source, word.reason) for word in dropped] == [
        ("stations.csv line 3", "too few columns")
    ]


def test_two_stray_quotes_cost_their_own_lines(listed):
    odd = [GOOD.replace("AAA", f'"ODD{number}') for number in range(2)]
    more = [GOOD.replace("AAA", f"B{number}") for number in range(3)]
    stations, dropped = listed(GOOD, odd[0], *more, odd[1], GOOD.replace("AAA", "CCC"))
    assert [station.code for station in stations] == ["XX.AAA", "XX.B0", "XX.B1", "XX.B2", "XX.CCC"]
    assert len(dropped) == 2


def test_a_remark_in_quotes_may_have_several_lines(listed):
    remark = f'{GOOD},"on the roof\nof the school, ""north"""'
    stations, dropped = listed(remark, GOOD.replace("AAA", "BBB"), head=f"{HEAD},remark")
    assert [station.code for station in stations] == ["XX.AAA", "XX.BBB"]
    assert dropped == []


def test_a_channel_listed_twice_counts_once(listed):
    (station,), dropped = listed(GOOD, GOOD)
    assert len(station.channels) == 1
    assert [d.reason for d in dropped] == ["listed twice"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "column 'net' is missing"),
        (HEAD.replace("gain", "sensitivity"), "column 'gain' is missing"),
        (HEAD, "expected channels, one per line, found none"),
    ],
)
def test_a_file_that_is_none(tmp_path, text, why):
    path = tmp_path / "stations.csv"
    path.write_text(text + "\n")
    with pytest.raises(FormatError, match=why) as error:
        read_stations_csv(path)
    assert str(path) in str(error.value)


def test_a_missing_file(tmp_path):
    with pytest.raises(FormatError, match=r"none\.csv"):
        read_stations_csv(tmp_path / "none.csv")


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=300))
def test_any_bytes_give_stations_or_one_line(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("csv") / "stations.csv"
    path.write_bytes(HEAD.encode() + b"\n" + data)
    try:
        said = str(read_stations_csv(path))
    except FormatError as error:
        said = str(error)
    assert said != "((), [])"
    assert "\n" not in said
