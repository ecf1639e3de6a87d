import asyncio
import signal

import pytest

from forewave.runtime.interrupt import until_interrupted


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_quietly_and_cleans_up(number):
    cleaned = []

    async def work():
        try:
            signal.raise_signal(number)
            await asyncio.Event().wait()
        finally:
            cleaned.append(True)

    until_interrupted(work())
    assert cleaned == [True]


def test_work_that_ends_by_itself_ends_it():
    done = []

    async def work():
        done.append(True)

    until_interrupted(work())
    assert done == [True]


def test_errors_are_not_hidden():
    async def work():
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        until_interrupted(work())
