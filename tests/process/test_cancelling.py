"""A cancellation that somebody else has lost ends a loop all the same."""

import asyncio
import contextlib

import pytest

from forewave.process.cancelling import end_where_cancelled


async def losing():
    while True:
        end_where_cancelled()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(0.0)


def test_a_lost_cancellation_ends_a_loop():
    async def whole():
        task = asyncio.create_task(losing())
        await asyncio.sleep(0.0)
        task.cancel()
        await asyncio.wait_for(asyncio.wait([task]), 5.0)
        assert task.cancelled()

    asyncio.run(whole())


def test_a_task_that_nobody_cancels_goes_on():
    async def whole():
        end_where_cancelled()
        return "on"

    assert asyncio.run(whole()) == "on"
    with pytest.raises(RuntimeError):
        end_where_cancelled()  # no loop at all
