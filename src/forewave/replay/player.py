"""A recorded or made earthquake through the pipeline: at once, or at the pace at which it came.

Both go through the same moments in the same order, with the same `now`: what comes out is the
same, to the last digit.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TypeAlias

from forewave.pipeline import Pipeline, run
from forewave.process.replay_clock import ReplayClock
from forewave.types import Packet, Word

Arrivals: TypeAlias = Iterable[tuple[float, Packet]]
OnWord: TypeAlias = Callable[[float, Word], None]
Step: TypeAlias = tuple[float, Callable[[], Sequence[Word]]]


def replay(pipeline: Pipeline, arrivals: Arrivals, on_word: OnWord) -> None:
    """As fast as it goes."""
    for now, word in run(pipeline, arrivals):
        on_word(now, word)


async def play(pipeline: Pipeline, arrivals: Arrivals, clock: ReplayClock, on_word: OnWord) -> None:
    """At the clock's pace; what was before the clock's start, at once.

    Packet by packet as they arrive, where `run` would go ahead to the next word.
    """
    for now, act in _moments(pipeline, arrivals):
        await clock.until(now)
        for word in act():
            on_word(now, word)


def _moments(pipeline: Pipeline, arrivals: Arrivals) -> Iterator[Step]:
    """Every time at which the pipeline has something to do, and what; the same as in `run`."""
    for arrival, packet in arrivals:
        while (deadline := pipeline.deadline()) is not None and deadline < arrival:
            yield deadline, partial(pipeline.tick, deadline)
        yield arrival, partial(pipeline.feed, packet, arrival)
