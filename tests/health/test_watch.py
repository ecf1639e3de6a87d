import asyncio

import msgspec
import pytest

from forewave.delivery.stream import Readiness
from forewave.health.collector import NEEDS, Health
from forewave.health.watch import LiveStatus, watch
from tests.health.made import T0, state, station, status


def looked(health, sources, looks=3):
    """After that many looks."""

    async def work():
        done, left = asyncio.Event(), [looks]

        def on_look():
            left[0] -= 1
            if not left[0]:
                done.set()

        task = asyncio.create_task(watch(health, sources, on_look, every=0.001))
        await asyncio.wait_for(done.wait(), 10)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(work())


def test_it_looks_at_sources_loop_and_clock():
    health = Health([station()], T0)
    looked(health, lambda: [status()])
    report = health.report(T0)
    assert [s.source for s in report.sources] == ["seedlink a"]
    assert next(s for s in report.stages if s.stage == "loop").counts.count >= 3
    assert report.clock.jumps == 0


def ready_health():
    health = Health([station()], T0)
    for need in NEEDS:
        health.loaded(need)
    return health


def test_ready_and_alive_as_the_gateway_tells_them():
    health = ready_health()
    now = [T0]
    told = LiveStatus(health, lambda: now[0], lambda: {"connected": 3})
    facts = {"ready": False, "missing": ("a live source",), "mode": "actual"}
    assert told.ready() == (False, facts)
    health.source(status(waiting=1))
    health.receive(state(0), T0)
    assert told.ready() == (True, {"ready": True, "missing": (), "mode": "actual"})
    assert told.alive() == (True, {"connected": 3, "status": "ok"})
    now[0] += 60.0
    assert told.alive() == (False, {"connected": 3, "status": "stuck"})


def test_page_and_metrics_tell_the_same_snapshot():
    health = ready_health()
    health.receive(state(1), T0 + 1)
    told = LiveStatus(health, lambda: T0 + 2)
    snapshot = told.snapshot()
    page = msgspec.json.decode(msgspec.json.encode(told.facts(snapshot)))
    assert page["stations"][0]["state"] == "good"
    assert b'forewave_stations{state="good"} 1.0' in told.metrics(snapshot)


def test_devices_are_told_why_it_would_not_warn():
    health = ready_health()
    now = [T0]
    told = LiveStatus(health, lambda: now[0])
    assert told.readiness() == Readiness("not ready", ("a live source",))
    health.source(status())
    assert told.readiness() == Readiness("not ready", ("a station",))
    health.receive(state(0), T0)
    assert told.readiness() == Readiness("ready")
    health.source(status(waiting=1))
    now[0] += 30.0
    assert told.readiness() == Readiness("not ready", ("a running pipeline",))


@pytest.mark.parametrize("mode", ["test", "drill"])
def test_a_mode_in_which_nobody_is_warned_is_told_whatever_else_is(mode):
    told = LiveStatus(Health([station()], T0), lambda: T0, mode=mode)
    assert told.readiness() == Readiness(mode)
    assert told.ready()[1]["mode"] == told.snapshot().mode == mode
