"""One client of the relay: its socket, and how far it is.

It is either current, and gets each packet in the call that brings it, or behind: its socket took no
more, or it has just come and asked for the past. Then it gets what it missed from the ring, as
its socket takes it, until it is current again.
"""

import asyncio
import socket
from collections import deque
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Protocol, cast

from forewave.relay.info import Guest, Informant
from forewave.relay.ring import Entry, Ring
from forewave.relay.session import Session
from forewave.relay.turns import Turns
from forewave.types import StreamId

HELD_BYTES = 256 * 1024
DAWDLE = 60.0  # seconds that a client has to say what it wants


class Host(Protocol):
    """What a client needs of the relay."""

    ring: Ring
    clock: Callable[[], float]
    held_bytes: int
    software: str
    organization: str
    informant: Informant
    turns: Turns

    def enter(self, client: "Client") -> None:
        """It has connected."""

    def streams(self, client: "Client") -> None:
        """It has said what it wants."""

    def behind(self, client: "Client", is_behind: bool) -> None:
        """Whether it takes from the ring what others have had already."""

    def leave(self, client: "Client") -> None:
        """It has gone."""

    def cut(self, client: "Client", reason: str) -> None:
        """It must be cut off, and why."""


class Client(asyncio.Protocol):
    """One connection. next: number of the entry that it gets next while it is behind."""

    def __init__(self, relay: Host) -> None:
        self._relay = relay
        self._session = Session(relay.software, relay.organization, relay.informant.answer)
        self._backlog: deque[Entry] = deque()
        self._current = self._full = False
        self._since, self._packets, self._bytes = relay.clock(), 0, 0
        self.next = 0
        self._answers: Iterator[bytes] | None = None  # to what came, as far as not yet given
        self._was_streaming = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It has a minute to say what it wants."""
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=self._relay.held_bytes)
        _limit(self._transport.get_extra_info("socket"))
        self._dawdling = asyncio.get_running_loop().call_later(DAWDLE, self._dawdles)
        self._relay.enter(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """By whomever."""
        self._dawdling.cancel()
        self._relay.leave(self)

    def data_received(self, data: bytes) -> None:
        """Commands: answered in turns with those of others; more is read when these are done."""
        self._transport.pause_reading()
        answers = self._session.receive(data)
        if self._answers is not None:  # TLS may have had more of it already
            self._answers = chain(self._answers, answers)
            return
        self._was_streaming, self._answers = self._session.streaming, answers
        self._relay.turns.ask(self._answer)

    def pause_writing(self) -> None:
        """Its socket takes no more; nor is it heard, or its questions would pile up answers."""
        self._full = True
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        """Its socket takes more."""
        self._full = False
        if self._answers is not None:
            self._relay.turns.ask(self._answer)
            return
        self._transport.resume_reading()
        if self._session.streaming:
            self._catch_up()

    def _answer(self) -> bool:
        """Answer one command; whether there is another, and room for its answer."""
        if self._answers is None or self._full or self._transport.is_closing():
            return False
        answer = next(self._answers, None)
        if answer is not None:
            self._transport.write(answer)
            return not self._full
        self._answers = None
        if self._session.malformed:
            self._relay.cut(self, "malformed")
        elif self._session.closed:
            self._relay.leave(self)
            self._transport.close()
        elif self._session.streaming and not self._was_streaming:
            self._transport.resume_reading()
            self._begin()
        else:
            self._transport.resume_reading()
            if self._was_streaming:
                self._catch_up()
        return False

    @property
    def streaming(self) -> bool:
        """Whether it has said what it wants."""
        return self._session.streaming

    def wants(self, station: str, stream: StreamId) -> bool:
        """Whether it asked for the stream."""
        return self.streaming and self._session.request_for(station, stream) is not None

    def live(self, entry: Entry) -> None:
        """A packet has just come that this client wants."""
        if not self._current or self._transport.is_closing():
            return
        self._send(entry)
        if self._full:
            self._fall_behind(entry.number + 1)

    def guest(self) -> Guest:
        """As INFO CONNECTIONS tells of it."""
        host, port = (self._transport.get_extra_info("peername") or ("", 0))[:2]
        session = self._session
        return Guest(
            host,
            port,
            self._since,
            session.agent,
            self._packets,
            self._bytes,
            version=session.version,
            streaming=session.streaming,
            dialup=session.dialup,
            window=any(request.end is not None for request in session.requests),
            selectors=tuple(each for request in session.requests for each in request.selectors),
        )

    def abort(self) -> None:
        """Away at once, with what it has not read."""
        self._transport.abort()

    def _begin(self) -> None:
        """All is asked: first what the ring holds of it, then what comes."""
        self._dawdling.cancel()
        self._backlog.extend(_missed(self._relay.ring, self._session))
        self._fall_behind(self._relay.ring.next)
        self._relay.streams(self)
        self._catch_up()

    def _dawdles(self) -> None:
        self._relay.cut(self, "dawdling")

    def _fall_behind(self, number: int) -> None:
        self._current, self.next = False, number
        self._relay.behind(self, True)

    def _catch_up(self) -> None:
        """Give from backlog and ring until it is full, has all, or has gone.

        A client that is current has had all: `next` stands where it last fell behind.
        """
        if self._current:
            return
        while self._backlog and self._takes_more():
            self._send(self._backlog.popleft())
        ring = self._relay.ring
        while self._takes_more() and ring.first <= self.next < ring.next:
            entry = ring.get(self.next)
            self.next += 1
            if self.wants(entry.station, entry.stream):
                self._send(entry)
        if self._takes_more() and self.next == ring.next:
            self._has_all()

    def _takes_more(self) -> bool:
        return not self._full and not self._transport.is_closing()

    def _has_all(self) -> None:
        self._current = True
        self._relay.behind(self, False)
        if self._session.complete(self._relay.clock()):
            self._relay.leave(self)
            self._transport.write(b"END")
            self._transport.close()

    def _send(self, entry: Entry) -> None:
        session = self._session
        if session.version == 3:
            frame = entry.as_3
        else:
            frame = entry.as_4(session.form_for(entry.station, entry.stream))
        self._packets += bool(frame)
        self._bytes += len(frame)
        self._transport.write(frame)


def _missed(ring: Ring, session: Session) -> list[Entry]:
    """What the ring holds of what was asked for, in the order in which it came."""
    if not any(request.all or request.since is not None for request in session.requests):
        return []
    out = [
        entry
        for entries in ring.stations.values()
        for entry in entries
        if (request := session.request_for(entry.station, entry.stream))
        and request.missed(entry.begin, entry.end, entry.sequence, session.version)
    ]
    return sorted(out, key=lambda entry: entry.number)


def _limit(sock: socket.socket) -> None:
    """Nothing waits for more to send; the kernel shall not hold megabytes for a sleeping client."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, HELD_BYTES // 2)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # a client that vanished
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 30_000)
