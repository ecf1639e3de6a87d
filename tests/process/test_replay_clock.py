import asyncio

import pytest

from forewave.process.replay_clock import ReplayClock


def test_it_stands_until_it_goes_and_runs_at_its_speed():
    async def work():
        clock = ReplayClock(1000.0, speed=1000.0)
        assert not clock.runs
        assert clock() == clock() == 1000.0
        waiting = asyncio.create_task(clock.until(1050.0))
        await asyncio.sleep(0)
        assert not waiting.done()
        clock.go()
        await waiting
        assert clock.runs
        assert clock() >= 1050.0

    asyncio.run(asyncio.wait_for(work(), 10))


def test_what_is_past_is_not_waited_for():
    async def work():
        clock = ReplayClock(1000.0)
        await clock.until(1000.0)
        await clock.until(10.0)
        assert not clock.runs

    asyncio.run(asyncio.wait_for(work(), 10))


def test_going_twice_is_going_once():
    async def work():
        clock = ReplayClock(0.0, speed=1e6)
        clock.go()
        await clock.until(1000.0)
        clock.go()
        assert clock() >= 1000.0

    asyncio.run(asyncio.wait_for(work(), 10))


@pytest.mark.parametrize("speed", [0.0, -1.0, float("nan")])
def test_speed_must_be_positive(speed):
    with pytest.raises(ValueError, match="expected more than 0"):
        ReplayClock(0.0, speed)
