"""The routes of reports: what is taken, and what comes back in sum."""

import asyncio
import time

import httpx
import pytest
from starlette.applications import Starlette

from forewave.delivery.reports import reports as module
from forewave.delivery.reports.reports import Reports
from forewave.delivery.reports.tally import Tally


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(module, "WRITE_S", 0.0)


def asked(work, tally=None):
    """What `work` answers, given a client and the reports."""

    async def run():
        reports = Reports(time.time, lambda drill: drill == "d1", tally)
        transport = httpx.ASGITransport(app=Starlette(routes=reports.routes()))
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            answer = await work(client, reports)
        await reports.stop()
        return answer

    return asyncio.run(run())


def felt(mmi=6, minute=None, cell="wm3y"):
    return {"cell": cell, "mmi": mmi, "minute": minute or int(time.time() // 60)}


async def written(reports):
    while reports._writing is not None and not reports._writing.done():  # noqa: ASYNC110
        await asyncio.sleep(0.005)


def test_what_was_felt_comes_back_in_sum():
    async def work(client, reports):
        for mmi in (5, 6, 6, 7, 6):
            assert (await client.post("/felt", json=felt(mmi))).status_code == 204
        assert (await client.post("/felt", json=felt(9, cell="wtw3"))).status_code == 204
        await written(reports)
        return await client.get("/api/felt?hours=2"), reports

    answer, reports = asked(work)
    assert answer.headers["content-type"] == "application/geo+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    [cell] = answer.json()["features"]
    assert cell["properties"] == {**cell["properties"], "cell": "wm3y", "reports": 5, "mmi": 6.0}
    assert reports.taken == {"felt": 6}


def test_a_report_of_another_hour_is_refused():
    async def work(client, reports):
        minute = int(time.time() // 60)
        old = await client.post("/felt", json=felt(minute=minute - 90))
        early = await client.post("/felt", json=felt(minute=minute + 5))
        return old.status_code, early.status_code, dict(reports.dropped)

    assert asked(work) == (400, 400, {"not of this hour": 2})


def test_who_took_part_in_a_drill_is_counted_for_drills_that_were_sent():
    async def work(client, reports):
        for drill, people in (("d1", 1), ("d1", 30), ("own", 2)):
            await client.post("/drills", json={"drill": drill, "people": people})
        unknown = await client.post("/drills", json={"drill": "made up", "people": 1})
        await written(reports)
        return unknown.status_code, (await client.get("/api/drills")).json()["drills"]

    status, found = asked(work)
    assert status == 400
    assert [(one["drill"], one["pages"], one["people"]) for one in found] == [
        ("own", 1, 2),
        ("d1", 2, 31),
    ]


def test_a_wrong_parameter_is_named():
    async def work(client, reports):
        return await client.get("/api/felt?hours=0"), await client.get("/api/felt?lat=1")

    for answer in asked(work):
        assert answer.status_code == 400
        assert answer.headers["content-type"] == "application/problem+json"


def test_what_is_counted_outlives_the_server(tmp_path):
    async def report(client, reports):
        await client.post("/drills", json={"drill": "own", "people": 3})

    async def sums(client, reports):
        return (await client.get("/api/drills")).json()["drills"]

    asked(report, Tally(tmp_path / "reports.sqlite"))
    assert [one["people"] for one in asked(sums, Tally(tmp_path / "reports.sqlite"))] == [3]
