"""The interface of a source of packets, and how sources are run.

    source.run(queue) --put/offer--> SourceQueue --+
    source.run(queue) --put/offer--> SourceQueue --+--> Inbox.take() --> consumer

A source is one connection, one socket or one set of files. It runs in its own task until it is
cancelled and puts packets into its queue (`inbox.py`), which is all that it knows of the program.
Connections that are lost are opened again by `reconnect.py`.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, runtime_checkable

from msgspec import Struct

from forewave.sources.exposure import Exposure
from forewave.sources.intake.inbox import Inbox, SourceQueue
from forewave.sources.reconnect import RETRY

_LOG = logging.getLogger(__name__)


class Source(Protocol):
    """A source of packets. Its name is unique, such as "seedlink geofon.gfz.de:18000 GE.WLF".

    vouched: nobody but the stations' operators can send packets by it: a connection that forewave
    opened to a server of the settings, or a sender that has to prove who it is. Of any other
    source, False; its queue then marks every packet as not vouched for (`Packet.vouched`).
    """

    name: str
    vouched: bool

    async def run(self, queue: SourceQueue) -> None:
        """Deliver packets until cancelled, or until there are no more (files).

        A network failure is not an exception: report it (`queue.set_state`), count it
        (`queue.drop`) and connect again (`stay_connected`).
        """


class Left(Struct, frozen=True):
    """What the previous process had received when it ended.

    at: when it ended. ends: end time of the samples received, by station ("NET.STA"). Both in POSIX
    seconds.
    """

    at: float
    ends: dict[str, float]


@runtime_checkable
class Resumes(Protocol):
    """A source whose server can send again what was missed while no process was connected."""

    def resume(self, left: Left) -> None:
        """Called before `run`: continue where the previous process ended, if that was recently."""


@runtime_checkable
class Confined(Protocol):
    """A source that is accepted for some stations only."""

    @property
    def own_stations(self) -> Sequence[str]:
        """Patterns of "NET.STA" with ? and *; empty: every station."""


def own_stations(source: Source) -> Sequence[str]:
    """Patterns of the stations for which a source is accepted; empty: every station."""
    return source.own_stations if isinstance(source, Confined) else ()


class Card(Struct, frozen=True):
    """A kind of source: the settings of an entry in forewave.toml, and what opens its sources.

    settings: a frozen msgspec struct with tag_field "kind" and the kind as its tag. Keys of some
    names mean the same in every kind and are checked for it by registry.py: `server` ("host" or
    "host:port"), `host` (without a port), `path` and `tls_ca` (files, relative to the
    forewave.toml).
    open: makes the sources of an entry; raises ConfigError, one line. One entry may open several:
    a server that allows 50 stations per connection needs two for 80.
    exposure: what others on the network could read or do because of an entry (exposure.py).
    """

    kind: str
    settings: type[Struct]
    open: Callable[[Any], Sequence[Source]]
    exposure: Callable[[Any], Iterable[Exposure]]


def open_queue(inbox: Inbox, source: Source) -> SourceQueue:
    """The queue of a source, which holds it to its stations and marks what is not vouched for."""
    return inbox.open(source.name, stations=own_stations(source), vouched=source.vouched)


async def run_sources(sources: Iterable[Source], inbox: Inbox) -> None:
    """Run every source in its own task, until all have ended or this is cancelled."""
    async with asyncio.TaskGroup() as tasks:
        for source in sources:
            queue = open_queue(inbox, source)
            tasks.create_task(guarded(source, queue), name=source.name)


async def guarded(source: Source, queue: SourceQueue) -> None:
    """Run a source, and run it again after an exception, so that the other sources go on.

    The exception is logged and counted, and becomes the source's state.
    """
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
