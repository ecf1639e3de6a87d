"""Side tasks fail, are counted, and run again; nothing else ends."""

import asyncio
import logging

import pytest

from forewave.process.supervise import SideTasks


def test_a_task_that_fails_runs_again_and_is_counted(caplog):
    side, runs = SideTasks(pause=0.0), []

    async def work():
        runs.append(1)
        if len(runs) < 4:
            raise RuntimeError("disk on fire")

    asyncio.run(side.keep("archive", work))
    assert len(runs) == 4
    assert side.failed == {"archive": 3}
    assert "disk on fire" in caplog.text


def test_cancelling_ends_it():
    side = SideTasks()

    async def work():
        await asyncio.Event().wait()

    async def both():
        task = asyncio.create_task(side.keep("archive", work))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(both())
    assert not side.failed


def test_a_call_that_fails_does_not_end_its_caller_nor_fill_the_log(caplog):
    side = SideTasks()

    def work():
        raise KeyError("x")

    with caplog.at_level(logging.ERROR):
        for _ in range(1000):
            side.call("relay", work)
    assert side.failed == {"relay": 1000}
    assert len(caplog.records) == 10  # 1, 2, 4 ... 512
