"""A recorded or made earthquake through the pipeline: at once, or at the pace at which it came.

Both go through the same moments in the same order, with the same `now`: what comes out is the
same, to the last digit.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TypeAlias

from forewave.runtime.clock import ReplayClock
from forewave.types import Packet, Room, Word

Arrivals: TypeAlias = Iterable[tuple[float, Packet]]
OnWord: TypeAlias = Callable[[float, Word], None]
Moment: TypeAlias = tuple[float, Callable[[], Sequence[Word]]]

_AFTER = 120.0  # seconds for which deadlines are still kept after the last packet


def moments(pipeline: Room, arrivals: Arrivals) -> Iterator[Moment]:
    """Every time at which the pipeline has something to do, and what: deadlines before packets."""
    last = None
    for arrival, packet in arrivals:
        yield from _deadlines(pipeline, arrival)
        yield arrival, partial(pipeline.feed, packet, arrival)
        last = arrival
    if last is not None:
        yield from _deadlines(pipeline, last + _AFTER)


def _deadlines(pipeline: Room, until: float) -> Iterator[Moment]:
    while (due := pipeline.deadline()) is not None and due <= until:
        yield due, partial(pipeline.tick, due)


def replay(pipeline: Room, arrivals: Arrivals, on_word: OnWord) -> None:
    """As fast as it goes."""
    for now, act in moments(pipeline, arrivals):
        for word in act():
            on_word(now, word)


async def play(pipeline: Room, arrivals: Arrivals, clock: ReplayClock, on_word: OnWord) -> None:
    """At the clock's pace; what was before the clock's start, at once."""
    for now, act in moments(pipeline, arrivals):
        await clock.until(now)
        for word in act():
            on_word(now, word)
