import pytest

from forewave.archive.catalogue.address import address
from forewave.archive.catalogue.query import Box, Circle, EventQuery, GoneError, TooManyError
from forewave.archive.catalogue.reader import Reader
from forewave.archive.catalogue.records import picks
from forewave.archive.catalogue.store import Store
from tests.archive.catalogue.conftest import LINE, T0, record, solution

pytestmark = pytest.mark.xdist_group("postgresql")


@pytest.fixture
def reader(url):
    """Five events: along the equator, the fourth withdrawn, the fifth a drill."""
    store = Store(url)
    store.write(
        [
            record("fw0", lat=0.0, lon=179.5, magnitude=4.0, depth_km=5.0),
            record("fw1", lat=0.0, lon=-179.5, magnitude=6.0, depth_km=50.0, time=T0 + 60.0),
            record("fw1", 2, lat=0.0, lon=-179.4, magnitude=6.2, time=T0 + 60.0, rupture=LINE),
            record("fw2", lat=10.0, lon=0.0, magnitude=5.0, kind="Mpd", time=T0 + 120.0),
            record("fw3", magnitude=7.0, withdrawn="false picks", time=T0 + 180.0),
            record("fw4", magnitude=8.0, mode="drill", time=T0 + 240.0),
        ]
    )
    store.close()
    made = Reader(url)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        (EventQuery(), "210"),
        (EventQuery(order="time-asc"), "012"),
        (EventQuery(order="magnitude"), "120"),
        (EventQuery(order="magnitude-asc"), "021"),
        (EventQuery(limit=1), "2"),
        (EventQuery(offset=2), "10"),
        (EventQuery(offset=2, limit=1), "1"),
        (EventQuery(offset=9), ""),
        (EventQuery(begin=T0 + 60.0), "21"),
        (EventQuery(end=T0 + 60.0), "10"),
        (EventQuery(box=Box(west=170.0, east=-170.0)), "10"),
        (EventQuery(box=Box(west=-10.0, east=10.0, south=9.0)), "2"),
        (EventQuery(circle=Circle(0.0, 180.0, 0.0, 1.0)), "10"),
        (EventQuery(circle=Circle(0.0, 180.0, 0.55, 1.0)), "1"),
        (EventQuery(circle=Circle(0.0, 180.0, 0.0, 1.0), limit=1, offset=2), "0"),
        (EventQuery(circle=Circle(-90.0, 0.0, 0.0, 1.0)), ""),
        (EventQuery(max_depth_km=10.0), "0"),
        (EventQuery(min_depth_km=12.0), "21"),
        (EventQuery(min_magnitude=6.2), "1"),
        (EventQuery(max_magnitude=4.5), "0"),
        (EventQuery(magnitude_kind="Mpd"), "2"),
        (EventQuery(updated_after=T0 + 66.5), "21"),
        (EventQuery(event="fw3"), "3"),
        (EventQuery(event="fw3", withdrawn=None), "3"),
        (EventQuery(event="none"), ""),
        (EventQuery(withdrawn=True), "3"),
        (EventQuery(withdrawn=None), "3210"),
        (EventQuery(mode="drill"), "4"),
        (EventQuery(mode=None, withdrawn=None), "43210"),
    ],
)
def test_events_are_chosen_in_their_order(reader, query, wanted):
    assert "".join(event.id[2:] for event in reader.events(query, 100)) == wanted


def test_an_event_has_its_latest_version_or_all(reader):
    query = EventQuery(event="fw1")
    (latest,) = reader.events(query, 1)
    (every,) = reader.events(query, 1, every_version=True)
    assert [version.number for version in every.versions] == [1, 2]
    assert latest.versions == (every.latest,)
    assert latest.latest.rupture == LINE
    assert every.versions[0].rupture is None
    assert every.versions[0].origin.depth_sigma_km == solution().origin.depth_sigma_km
    assert picks(latest.latest.picks) == solution().picks


@pytest.mark.parametrize("circle", [None, Circle()])
def test_more_than_may_be_asked_for_is_refused(reader, circle):
    query = EventQuery(circle=circle)
    assert len(reader.events(query, 3)) == 3
    with pytest.raises(TooManyError, match="more than 2 events"):
        reader.events(query, 2)
    assert len(reader.events(EventQuery(limit=2, circle=circle), 2)) == 2


def test_a_database_that_is_not_there_is_named_without_its_password(tmp_path):
    (tmp_path / "x.sqlite").mkdir()
    with pytest.raises(GoneError, match="cannot be read now"):
        Reader(address("x.sqlite", tmp_path)).events(EventQuery(), 1)
    with pytest.raises(GoneError) as told:
        Reader("postgresql+psycopg://anna:secret@127.0.0.1:1/x").events(EventQuery(), 1)
    assert "secret" not in str(told.value)
