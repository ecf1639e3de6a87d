"""What every source is: something that runs until it is cancelled, and hands packets to its queue.

    source.run(queue) --put/offer--> SourceQueue --+
    source.run(queue) --put/offer--> SourceQueue --+--> Inbox.take() --> the one consumer

A source is one connection, one socket or one set of files, and runs in a task of its own. Its
queue is all that it knows of the house: it stamps packets with the time of arrival, keeps the
source's state and counts for health, and is bounded. A queue that is full holds up its own source
only (`put` waits, so that TCP slows the server down) or counts what a source that cannot wait
loses (`offer`). Nothing is dropped without being counted. What may come in at all is the same for
every source (`admission.py`), and is asked here.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, runtime_checkable

from msgspec import Struct

from forewave.sources.inbox import Inbox, SourceQueue
from forewave.sources.reconnect import RETRY

_LOG = logging.getLogger(__name__)


class Source(Protocol):
    """One card of SOURCES makes these. The name is unique, e.g. "seedlink host:18000 1/4"."""

    name: str

    async def run(self, queue: SourceQueue) -> None:
        """Deliver until cancelled, or until there is no more (files).

        What the network does is no error: say it (queue.set_state), count it (queue.drop), and try
        again (stay_connected).
        """


class Left(Struct, frozen=True):
    """What a process that ended had last. at: when; ends: by station ("NET.STA"), up to where."""

    at: float
    ends: dict[str, float]


@runtime_checkable
class Resumes(Protocol):
    """A source whose server can be asked for what came while nobody listened."""

    def resume(self, left: Left) -> None:
        """Before `run`: go on where a process before this one ended, if that is short ago."""


@runtime_checkable
class Confined(Protocol):
    """A source that may speak for some stations only."""

    @property
    def own_stations(self) -> Sequence[str]:
        """Patterns of "NET.STA", with ? and *; none: every station."""


def own_stations(source: Source) -> Sequence[str]:
    """Patterns of the stations that a source may speak for; none: every one."""
    return source.own_stations if isinstance(source, Confined) else ()


class Card(Struct, frozen=True):
    """A kind of source: the settings of one entry in forewave.toml, and the sources it makes.

    settings: a frozen msgspec struct with tag_field "kind" and the kind as its tag. One entry may
    make several sources: a server that takes 50 stations a connection needs two for 80.
    """

    kind: str
    settings: type[Struct]
    open: Callable[[Any], Sequence[Source]]


async def run_sources(sources: Iterable[Source], inbox: Inbox) -> None:
    """Every source in a task of its own, until all have ended or this is cancelled."""
    async with asyncio.TaskGroup() as tasks:
        for source in sources:
            queue = inbox.open(source.name, stations=own_stations(source))
            tasks.create_task(guarded(source, queue), name=source.name)


async def guarded(source: Source, queue: SourceQueue) -> None:
    """A fault in one source's code must not take the others with it: it is told, and runs again."""
    while True:
        try:
            await source.run(queue)
        except Exception as fault:
            _LOG.exception("%s failed", source.name)
            queue.drop("fault in forewave")
            queue.set_state("lost", f"a fault in forewave: {type(fault).__name__}: {fault}")
            await asyncio.sleep(RETRY)
        else:
            return
