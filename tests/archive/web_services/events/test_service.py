import msgspec
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from forewave.archive.web_services.events import service
from forewave.archive.web_services.routes import Archived, routes
from forewave.formats.recordings.fdsn_events import events
from tests.archive.catalogue.conftest import T0

QUERY = "/fdsnws/event/1/query"


def found(client, query):
    """The numbers of the events, as the text format has them."""
    answer = client.get(f"{QUERY}?format=text&{query}")
    if answer.status_code == 204:
        return ""
    assert answer.status_code == 200, answer.text
    return "".join(each.id[2:] for each in events(answer.text))


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", "21"),
        ("orderby=time-asc", "12"),
        ("orderby=magnitude", "12"),
        ("minmag=5", "1"),
        ("maxmag=5", "2"),
        ("magtype=Mpd", "2"),
        ("start=2023-11-14T22:14:00", "2"),
        ("end=2023-11-14T22:14:00", "1"),
        ("minlat=0&maxlat=50", "1"),
        ("minlon=121&maxlon=122", "21"),
        ("lat=24&lon=121.5&maxradius=1", "1"),
        ("limit=1", "2"),
        ("limit=1&offset=2", "1"),
        ("updatedafter=2023-11-14T22:14:00", "2"),
        ("eventtype=not%20existing", "3"),
        ("eventtype=earthquake", "21"),
        ("eventtype=earthquake&mode=drill", ""),
        ("eventtype=other%20event", ""),
        ("eventtype=other%20event&mode=drill", "4"),
        ("mode=drill", "4"),
        ("mode=all", "421"),
        ("eventid=fw3", "3"),
        ("eventid=fw4", ""),
        ("eventid=quakeml:forewave/drill/fw4", "4"),
        ("eventid=none", ""),
        ("catalog=forewave&contributor=forewave", "21"),
        ("catalog=other", ""),
        ("contributor=other", ""),
        ("maxdepth=5", ""),
    ],
)
def test_events_are_those_that_are_asked_for(client, query, wanted):
    assert found(client, query) == wanted


def test_text_has_the_columns_of_the_specification(client):
    head, *lines = client.get(f"{QUERY}?format=text&mode=all").text.strip().split("\n")
    assert head.startswith("#EventID|Time|Latitude|Longitude|Depth/km|Author|Catalog|")
    assert {line.count("|") for line in [head, *lines]} == {13}
    drill = lines[0].split("|")
    assert drill[12].startswith("DRILL - ")
    assert drill[13] == "other event"
    assert "km" in drill[12]


def test_geojson_has_the_layout_of_the_summary_feeds(client):
    answer = client.get(f"{QUERY}?format=geojson&mode=all")
    assert answer.headers["content-type"] == "application/geo+json"
    made = msgspec.json.decode(answer.content)
    assert (made["type"], made["metadata"]["count"]) == ("FeatureCollection", 3)
    drill, _, event = made["features"]
    assert (drill["properties"]["type"], drill["properties"]["place"][:8]) == ("drill", "DRILL - ")
    assert event["geometry"] == {"type": "Point", "coordinates": [121.5, 24.0, 12.0]}
    assert event["properties"]["mag"] == 6.0
    assert event["properties"]["time"] == T0 * 1000
    assert event["properties"]["version"] == 2
    again = client.get(event["properties"]["detail"])
    assert msgspec.json.decode(again.content)["features"] == [event]


def test_a_withdrawn_event_is_said_to_be_deleted(client):
    (event,) = client.get(f"{QUERY}?format=geojson&eventid=fw3").json()["features"]
    assert event["properties"]["status"] == "deleted"
    assert event["properties"]["type"] == "not existing"


def test_more_than_may_be_asked_for_is_413_and_says_what_helps(client, monkeypatch):
    monkeypatch.setattr(service, "MOST", 1)
    monkeypatch.setattr(service, "MOST_FULL", 0)
    answer = client.get(QUERY)
    assert (answer.status_code, answer.text[:28]) == (413, "Error 413: Request too large")
    assert "use limit" in answer.text
    assert client.get(f"{QUERY}?limit=1").status_code == 200
    assert client.get(f"{QUERY}?limit=1&includearrivals=true").status_code == 413


def test_only_some_events_are_named(client, monkeypatch):
    monkeypatch.setattr(service, "NAMED", 1)
    first, second = client.get(f"{QUERY}?format=text").text.strip().split("\n")[1:]
    assert first.split("|")[12]
    assert not second.split("|")[12]


def test_a_catalogue_that_cannot_be_read_is_503(tmp_path):
    (tmp_path / "x.sqlite").mkdir()
    broken = Archived(f"sqlite:///{tmp_path}/x.sqlite", None, tmp_path / "s.csv", (), "x")
    answer = TestClient(Starlette(routes=routes(broken))).get(QUERY)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert "cannot be read now" in answer.text


def test_catalogs_and_contributors_are_listed(client):
    assert b"<Catalog>forewave</Catalog>" in client.get("/fdsnws/event/1/catalogs").content
    contributors = client.get("/fdsnws/event/1/contributors").content
    assert b"<Contributor>forewave</Contributor>" in contributors
