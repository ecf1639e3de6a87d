import asyncio
import signal

import pytest

from forewave.process.signals import ignore_hangup, until_interrupted


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
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


def test_a_hangup_is_no_end_where_it_means_something_else():
    asked = []

    async def work():
        signal.raise_signal(signal.SIGHUP)
        while not asked:  # noqa: ASYNC110 (the handler's turn)
            await asyncio.sleep(0)
        asked.append("work went on")

    until_interrupted(work(), lambda: asked.append("hangup"))
    assert asked == ["hangup", "work went on"]


def test_a_hangup_that_comes_too_early_ends_nothing():
    before = signal.getsignal(signal.SIGHUP)
    try:
        ignore_hangup()
        signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)
