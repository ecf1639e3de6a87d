"""A recording through the pipeline: at once, or in real time.

Both make the same steps in the same order with the same `now`: the output is identical.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TypeAlias

from forewave.pipeline import Pipeline, run
from forewave.process.replay_clock import ReplayClock
from forewave.types import Message, Packet

Arrivals: TypeAlias = Iterable[tuple[float, Packet]]
OnWord: TypeAlias = Callable[[float, Message], None]
Step: TypeAlias = tuple[float, Callable[[], Sequence[Message]]]


def replay(pipeline: Pipeline, arrivals: Arrivals, on_word: OnWord) -> None:
    """As fast as possible."""
    for now, word in run(pipeline, arrivals):
        on_word(now, word)


async def play(pipeline: Pipeline, arrivals: Arrivals, clock: ReplayClock, on_word: OnWord) -> None:
    """In the time of a clock; what lies before the start of the clock, at once."""
    for now, act in _steps(pipeline, arrivals):
        await clock.until(now)
        for word in act():
            on_word(now, word)


def _steps(pipeline: Pipeline, arrivals: Arrivals) -> Iterator[Step]:
    """Every time at which the pipeline has work, and the work; the same as in pipeline.run."""
    for arrival, packet in arrivals:
        while (deadline := pipeline.deadline()) is not None and deadline < arrival:
            yield deadline, partial(pipeline.tick, deadline)
        yield arrival, partial(pipeline.feed, packet, arrival)
