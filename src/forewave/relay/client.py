"""One client of the relay: its socket, and its position in the ring buffer.

A client is either current and is sent each packet on arrival, or behind, because its socket was
full or it requested past packets. Then it is sent packets from the ring as fast as its socket
accepts them, until it is current.
"""

import asyncio
import socket
from collections import deque
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Protocol, cast

from forewave.relay.info import ClientInfo, InfoResponder
from forewave.relay.ring import Entry, Ring
from forewave.relay.session import Session
from forewave.relay.turns import Turns
from forewave.types import StreamId

HELD_BYTES = 256 * 1024
REQUEST_S = 60.0  # seconds that a client has for its requests


class Host(Protocol):
    """The part of the relay that a client uses."""

    ring: Ring
    clock: Callable[[], float]
    held_bytes: int
    software: str
    organization: str
    info_responder: InfoResponder
    turns: Turns

    def enter(self, client: "Client") -> None:
        """Called when a client has connected."""

    def streams(self, client: "Client") -> None:
        """Called when a client has requested streams."""

    def behind(self, client: "Client", is_behind: bool) -> None:
        """Called when a client falls behind or is current again."""

    def leave(self, client: "Client") -> None:
        """Called when a client has disconnected."""

    def cut(self, client: "Client", reason: str) -> None:
        """Disconnect a client and count the reason."""


class Client(asyncio.Protocol):
    """One connection. next: number of the entry to be sent next while it is behind."""

    def __init__(self, relay: Host) -> None:
        self._relay = relay
        self._session = Session(relay.software, relay.organization, relay.info_responder.answer)
        self._backlog: deque[Entry] = deque()
        self._current = self._full = False
        self._since, self._packets, self._bytes = relay.clock(), 0, 0
        self.next = 0
        self._answers: Iterator[bytes] | None = None  # not sent yet
        self._began = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Set buffers and start the timer for its requests."""
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=self._relay.held_bytes)
        _limit(self._transport.get_extra_info("socket"))
        self._request_timer = asyncio.get_running_loop().call_later(
            REQUEST_S, self._request_is_late
        )
        self._relay.enter(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the timer and notify the relay."""
        self._request_timer.cancel()
        self._relay.leave(self)

    def data_received(self, data: bytes) -> None:
        """Answer commands, in turns with other clients; reading pauses until they are answered."""
        self._transport.pause_reading()
        answers = self._session.receive(data)
        if self._answers is not None:  # TLS may deliver buffered data while reading is paused
            self._answers = chain(self._answers, answers)
            return
        self._answers = answers
        self._relay.turns.ask(self._answer)

    def pause_writing(self) -> None:
        """Its socket is full: stop reading too, or unsent answers would accumulate."""
        self._full = True
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        """Its socket accepts data again."""
        self._full = False
        if self._answers is not None:
            self._relay.turns.ask(self._answer)
            return
        self._transport.resume_reading()
        if self._session.streaming:
            self._catch_up()

    def _answer(self) -> bool:
        """Answer one command; True if there is another and the socket is not full."""
        if self._answers is None or self._full or self._transport.is_closing():
            return False
        answer = next(self._answers, None)
        if answer is not None:
            self._transport.write(answer)
            if self._session.streaming and not self._began:
                self._begin()  # at once: nothing is missed while further commands wait
            return not self._full
        self._answers = None
        if self._session.malformed:
            self._relay.cut(self, "malformed")
        elif self._session.closed:
            self._relay.leave(self)
            self._transport.close()
        else:
            self._transport.resume_reading()
            if self._began:
                self._catch_up()
        return False

    @property
    def streaming(self) -> bool:
        """Whether it has requested streams."""
        return self._session.streaming

    def wants(self, station: str, stream: StreamId) -> bool:
        """Whether it requested the stream."""
        return self.streaming and self._session.request_for(station, stream) is not None

    def live(self, entry: Entry) -> None:
        """Send an entry that has just arrived, if the client is current."""
        if not self._current or self._transport.is_closing():
            return
        self._send(entry)
        if self._full:
            self._fall_behind(entry.number + 1)

    def info(self) -> ClientInfo:
        """The client as listed by INFO CONNECTIONS."""
        host, port = (self._transport.get_extra_info("peername") or ("", 0))[:2]
        session = self._session
        return ClientInfo(
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
        """Close the connection and discard what was not sent."""
        self._transport.abort()

    def _begin(self) -> None:
        """Start streaming: past packets from the ring first, then new ones."""
        self._began = True
        self._request_timer.cancel()
        self._backlog.extend(_missed(self._relay.ring, self._session))
        self._fall_behind(self._relay.ring.next)
        self._relay.streams(self)
        self._catch_up()

    def _request_is_late(self) -> None:
        self._relay.cut(self, "dawdling")

    def _fall_behind(self, number: int) -> None:
        self._current, self.next = False, number
        self._relay.behind(self, True)

    def _catch_up(self) -> None:
        """Send from backlog and ring until the socket is full, all is sent, or it disconnects.

        For a current client there is nothing to do; `next` is then where it last fell behind.
        """
        if self._current:
            return
        while self._backlog and self._accepts_data():
            self._send(self._backlog.popleft())
        ring = self._relay.ring
        while self._accepts_data() and ring.first <= self.next < ring.next:
            entry = ring.get(self.next)
            self.next += 1
            if self.wants(entry.station, entry.stream):
                self._send(entry)
        if self._accepts_data() and self.next == ring.next:
            self._becomes_current()

    def _accepts_data(self) -> bool:
        return not self._full and not self._transport.is_closing()

    def _becomes_current(self) -> None:
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
    """The past entries that were requested, in order of arrival."""
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
    """Send without delay, and keep the kernel from buffering megabytes for a client."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, HELD_BYTES // 2)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # for a client that vanished
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 30_000)
