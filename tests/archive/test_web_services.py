"""What all services have in common: paths, parameters, errors, and who has to wait."""

import asyncio
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from starlette.applications import Starlette
from starlette.testclient import TestClient

from forewave.archive.catalogue.query import Box, Circle
from forewave.archive.web_services import places, turns
from forewave.archive.web_services.events.request import EVENT, asked
from forewave.archive.web_services.parameters import pattern_of, read
from forewave.archive.web_services.refusal import RefusedError
from forewave.archive.web_services.routes import Archived, routes
from forewave.archive.web_services.turns import Turns
from tests.archive.web_services.conftest import archived, client

__all__ = ["archived", "client"]
SERVICES = ("event", "station", "dataselect")


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_says_what_it_is(client, service):
    base = f"/fdsnws/{service}/1/"
    version = client.get(f"{base}version")
    assert (version.status_code, version.text) == (200, "1.2.0\n")
    wadl = client.get(f"{base}application.wadl")
    assert wadl.headers["content-type"] == "application/xml"
    root = etree.fromstring(wadl.content)
    assert root.find("{*}resources").get("base") == f"http://testserver{base}"
    names = root.xpath("//*[local-name()='method'][@id='query']//*[local-name()='param']/@name")
    text = client.get(base).text
    assert client.get(base.removesuffix("/")).text == text
    assert all(name in text for name in names)
    assert {"starttime", "endtime", "format", "nodata"} <= set(names)
    posts = root.xpath("//*[local-name()='method'][@name='POST']")
    assert len(posts) == (service != "event")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("event/1/query?starttime=yesterday", "starttime: found 'yesterday', expected Origin at"),
        ("event/1/query?start=2020-01-01&starttime=2020-01-01", "starttime: given more than once"),
        ("event/1/query?fromat=xml", "fromat: no such parameter; there are: starttime"),
        ("event/1/query?format=csv", "format: found 'csv', expected one of xml, text, geojson"),
        ("event/1/query?minmag=abc", "minmagnitude: found 'abc', expected Least magnitude"),
        ("event/1/query?minmag=nan", "minmagnitude: found 'nan'"),
        ("event/1/query?minmag=6&maxmag=5", "minmagnitude: expected at most maxmagnitude"),
        ("event/1/query?minlat=6&maxlat=5", "minlatitude: expected at most maxlatitude"),
        ("event/1/query?maxradius=5", "a circle needs latitude, longitude"),
        ("event/1/query?lat=1&lon=2", "a circle needs latitude, longitude"),
        ("event/1/query?lat=1&lon=2&minradius=3&maxradius=2", "at most maxradius"),
        ("event/1/query?limit=0", "limit: found '0', expected At most so many events (1 or more)"),
        ("event/1/query?offset=-1", "offset: found '-1'"),
        ("event/1/query?includearrivals=maybe", "expected one of true, false"),
        ("event/1/query?eventid=", "eventid: found ''"),
        ("event/1/query?nodata=500", "nodata: found '500', expected one of 204, 404"),
        ("event/1/query?start=2020-01-02&end=2020-01-01", "starttime: expected at most endtime"),
        ("event/1/query?start=9999999-01-01", "starttime: found"),
        ("station/1/query?matchtimeseries=true", "matchtimeseries: found 'true'"),
        ("station/1/query?network=C%2FI", "network: found 'C/I'"),
        ("station/1/query?network=CI,,NN", "network: found 'CI,,NN'"),
        ("station/1/query?level=response&format=text", "level: there are no responses in text"),
        ("dataselect/1/query?network=CI", "starttime and endtime: expected both"),
        ("dataselect/1/query?longestonly=true", "longestonly: found 'true'"),
        ("dataselect/1/query?minimumlength=5", "minimumlength: found '5'"),
    ],
)
def test_a_wrong_request_is_told_what_is_wrong_in_the_form_of_fdsn(client, path, said):
    answer = client.get(f"/fdsnws/{path}")
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/plain")
    lines = answer.text.split("\n\n")
    assert lines[0] == "Error 400: Bad request"
    assert said in lines[1]
    assert "fdsnws" in lines[2]
    assert lines[3].startswith("Request:\nhttp://testserver/fdsnws/")
    assert re.fullmatch(r"Request Submitted:\n\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", lines[4])
    assert lines[5] == "Service version:\n1.2.0\n"


def test_an_error_repeats_no_control_characters_and_no_long_request(client):
    answer = client.get("/fdsnws/event/1/query", params={"eventid": "\x1b[31m" + "x" * 5000})
    assert answer.status_code == 400
    assert "\x1b" not in answer.text
    assert len(answer.text) < 2500


@pytest.mark.parametrize("service", SERVICES)
def test_without_data_the_status_is_the_one_asked_for(client, service):
    query = f"/fdsnws/{service}/1/query?start=1980-01-01&end=1980-01-02"
    if service == "station":
        query += "&network=ZZ"
    none = client.get(query)
    assert (none.status_code, none.content) == (204, b"")
    missing = client.get(query + "&nodata=404")
    assert missing.status_code == 404
    assert missing.text.startswith("Error 404: No data\n")


def test_a_service_of_what_is_not_kept_is_not_there(archived):
    none = Archived("", None, archived.inventory, archived.stations, "x")
    client = TestClient(Starlette(routes=routes(none)))
    assert client.get("/fdsnws/station/1/version").status_code == 200
    for service in ("event", "dataselect"):
        assert client.get(f"/fdsnws/{service}/1/application.wadl").status_code == 404
        assert client.get(f"/fdsnws/{service}/1/query").status_code == 404


def test_any_page_may_read_the_answers(client):
    answer = client.get("/fdsnws/event/1/query")
    assert answer.headers["access-control-allow-origin"] == "*"
    asked = client.options("/fdsnws/event/1/query")
    assert (asked.status_code, asked.headers["access-control-allow-origin"]) == (204, "*")
    assert client.post("/fdsnws/event/1/query").status_code == 405


@pytest.mark.parametrize(
    ("text", "yes", "no"),
    [
        ("CI", ["CI"], ["CIX", "ci", ""]),
        ("ci", ["CI"], []),
        ("C*,N?", ["C", "CI", "NN"], ["N", "NNN"]),
        ("--", [""], ["00"]),
        ("--,00", ["", "00"], ["10"]),
        ("*", ["", "CI"], []),
        ("H?Z", ["HNZ"], ["HZ"]),
    ],
)
def test_codes_have_wildcards(text, yes, no):
    pattern = pattern_of(text)
    assert all(pattern.fullmatch(code) for code in yes)
    assert not any(pattern.fullmatch(code) for code in no)


@pytest.mark.parametrize("text", ["a.b", "(", "[a]", "CI,", "a b", "../x"])
def test_what_is_no_code_is_refused(text):
    with pytest.raises(ValueError, match="code"):
        pattern_of(text)


def test_long_and_short_names_and_any_case_are_the_same():
    by_long, by_short = (read([(name, "2020-01-01")], EVENT) for name in ("STARTTIME", "start"))
    assert by_long == by_short
    assert by_long["starttime"] == 1577836800.0
    assert by_long["offset"] == 1


WORDS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["1e999", "nan", "-0", "2020-01-01", "true", "*", "--", "²", "1" * 30, "\x00"]),
)


@given(st.lists(st.tuples(st.sampled_from(list(EVENT)), WORDS), max_size=4))
def test_whatever_is_asked_of_events_is_read_or_refused(given):
    try:
        status = 200 if asked(given).query.offset >= 1 else 0
    except RefusedError as error:
        status = error.status
    assert status in (200, 400)


@given(st.binary(max_size=200))
def test_whatever_is_posted_is_answered(client, body):
    for service in ("station", "dataselect"):
        answer = client.post(f"/fdsnws/{service}/1/query", content=b"CI A -- HNZ * *\n" + body)
        assert answer.status_code in (200, 204, 400)


def values(**given):
    return {each.name: given.get(each.name) for each in places.PLACES}


def test_a_box_may_lie_across_180_degrees():
    across = places.box(values(minlongitude=170.0, maxlongitude=190.0))
    assert (across.west, across.east) == (170.0, -170.0)
    assert places.within(across, 0.0, -175.0)
    assert places.within(across, 0.0, 175.0)
    assert not places.within(across, 0.0, 0.0)
    assert places.box(values()) == Box()
    assert places.box(values(minlongitude=0.0, maxlongitude=360.0)) == Box()
    assert not places.within(Box(south=1.0), 0.0, 0.0)
    assert places.circle(values()) is None
    around = values(latitude=1.0, longitude=200.0, maxradius=3.0)
    assert places.circle(around) == Circle(1.0, -160.0, 0.0, 3.0)


def test_requests_take_turns_and_those_that_are_too_many_are_told_to_come_again():
    async def run():
        here = Turns(1, 1, each=2)
        await here.take("a")
        waits = asyncio.create_task(here.take("b"))
        await asyncio.sleep(0)
        with pytest.raises(RefusedError) as full:
            await here.take("c")
        here.leave("a")
        await waits
        again = asyncio.create_task(here.take("b"))
        await asyncio.sleep(0)
        with pytest.raises(RefusedError) as often:
            await here.take("b")
        again.cancel()
        await asyncio.gather(again, return_exceptions=True)
        assert here.here == 1
        here.leave("b")
        assert here.here == 0
        async with here.turn("d"):
            assert here.here == 1
        return full.value.status, often.value.status

    assert asyncio.run(run()) == (503, 429)
    assert turns.Turns(1, 0).here == 0
