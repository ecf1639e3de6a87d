"""The server side of the SeedLink protocol without a socket: commands in, answers out.

Commands are those of version 3 until SLPROTO 4.0 is requested. Each line is answered by OK or
ERROR, except HELLO, INFO and END, and in version 3 after BATCH. In version 3 streaming begins at
DATA, FETCH or TIME if no STATION came before (all stations are sent), otherwise at END.
Sources: SeisComP's documentation of SeedLink 3; FDSN SeedLink 4.0, "Commands".
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from math import isfinite

from msgspec import Struct

from forewave.formats.protocols.seedlink import SEQUENCES_3, Version
from forewave.formats.protocols.seedlink_selection import (
    form_wanted,
    is_selector,
    selects,
    selects_station,
)
from forewave.types import StreamId

_LONGEST_LINE = 4096
_MOST_STATIONS = 20_000  # that a client may request
_MOST_PATTERNS = 64  # with wildcards among them: every new stream is compared with each
_MOST_SELECTORS = 20_000  # of all stations of a client
HELLO = "SeedLink v4.0 ({software}) :: SLPROTO:4.0 SLPROTO:3.1 CAP NSWILDCARD BATCH TIME"


class Request(Struct):
    """A client's request for the stations that match a pattern.

    since: sequence number of the first packet; None: only new packets. all: every packet that is
    available. begin, end: time window of the samples, POSIX seconds.
    """

    pattern: str
    selectors: list[str] = []
    since: int | None = None
    all: bool = False
    begin: float | None = None
    end: float | None = None

    def wants(self, station: str, stream: StreamId) -> bool:
        """Whether the stream is requested."""
        return selects_station(self.pattern, station) and selects(self.selectors, stream)

    def missed(self, begin: float, end: float, sequence: int, version: Version) -> bool:
        """Whether a past packet with these times and sequence number is requested."""
        if self.since is None and not self.all:
            return False
        ahead = sequence - (self.since or 0)
        if version == 3:  # sequence numbers are modulo 2^24
            ahead = (ahead + SEQUENCES_3 // 2) % SEQUENCES_3 - SEQUENCES_3 // 2
        if self.since is not None and ahead < 0:
            return False
        return (self.begin is None or end > self.begin) and (self.end is None or begin < self.end)


class Refused(Exception):  # noqa: N818 (an answer, not an error)
    """The command is answered by ERROR, with an error code of version 4 and the reason."""


class Session:
    """The protocol state of one client. info: answers INFO, given its arguments and the version."""

    def __init__(
        self, software: str, organization: str, info: Callable[[list[str], Version], bytes]
    ) -> None:
        self.version: Version = 3
        self.requests: list[Request] = []
        self.streaming = self.dialup = self.closed = self.malformed = False
        self.agent = ""
        self._hello = HELLO.format(software=software), organization
        self._info = info
        self._rest = b""
        self._batch = self._several = False
        self._wild = self._selectors = 0
        self._named: dict[str, list[Request]] = {}
        self._patterns: list[Request] = []
        self._found: dict[StreamId, Request | None] = {}
        self._forms: dict[StreamId, str] = {}

    def receive(self, data: bytes) -> Iterator[bytes]:
        """The answers to received bytes. Afterwards `streaming` and `closed` may have changed."""
        *lines, rest = (self._rest + data).replace(b"\r", b"\n").split(b"\n")
        self._rest = rest
        for line in lines:
            if self.closed:
                return
            if words := line.decode("latin-1").split():
                yield self._execute(words[0].upper(), words[1:])
        self.malformed = len(rest) > _LONGEST_LINE

    def request_for(self, station: str, stream: StreamId) -> Request | None:
        """The request for the stream once `streaming`: named stations before patterns.

        A station that is requested several times is sent with all selections.
        """
        if stream not in self._found:
            candidates = [*self._named.get(station, ()), *self._patterns]
            self._found[stream] = next((r for r in candidates if r.wants(station, stream)), None)
        return self._found[stream]

    def form_for(self, station: str, stream: StreamId) -> str:
        """The format in which the stream was requested in version 4; empty: any."""
        if stream not in self._forms:
            request = self.request_for(station, stream)
            self._forms[stream] = form_wanted(request.selectors, stream) if request else ""
        return self._forms[stream]

    def complete(self, now: float) -> bool:
        """Whether a client that was sent all past packets has nothing more to receive."""
        ended = (request.end is not None and request.end <= now for request in self.requests)
        return self.dialup or all(ended)

    def _execute(self, command: str, arguments: list[str]) -> bytes:
        if self.streaming and command not in ("INFO", "BYE"):
            return b""
        try:
            answer = _COMMANDS.get(command, Session._unknown)(self, arguments)
        except Refused as refused:
            return f"ERROR {refused}\r\n".encode() if self.version == 4 else b"ERROR\r\n"
        except (ValueError, OverflowError) as wrong:
            return f"ERROR ARGUMENTS {wrong}\r\n".encode() if self.version == 4 else b"ERROR\r\n"
        quiet = self._batch and command != "BATCH"
        return b"" if answer == b"OK\r\n" and quiet else answer

    def _unknown(self, arguments: list[str]) -> bytes:
        raise Refused("UNSUPPORTED unknown command")

    def _hello_answer(self, arguments: list[str]) -> bytes:
        return "".join(f"{line}\r\n" for line in self._hello).encode()

    def _slproto(self, arguments: list[str]) -> bytes:
        if arguments[:1] not in (["4.0"], ["3.1"]):
            raise Refused("UNSUPPORTED protocol version")
        self.version = 4 if arguments == ["4.0"] else 3
        return b"OK\r\n"

    def _useragent(self, arguments: list[str]) -> bytes:
        self.agent = " ".join(arguments)[:200]
        return b"OK\r\n"

    def _auth(self, arguments: list[str]) -> bytes:
        raise Refused("AUTH this server has no authentication")

    def _accept(self, arguments: list[str]) -> bytes:
        return b"OK\r\n"

    def _begin_batch(self, arguments: list[str]) -> bytes:
        self._batch = True
        return b"OK\r\n"

    def _station(self, arguments: list[str]) -> bytes:
        if not arguments or len(self.requests) >= _MOST_STATIONS:
            raise Refused("LIMIT too many stations" if arguments else "ARGUMENTS station expected")
        pattern = arguments[0]
        if self.version == 3:
            pattern = f"{arguments[1] if len(arguments) > 1 else '*'}_{arguments[0]}"
        self._wild += is_pattern(pattern)
        if self._wild > _MOST_PATTERNS:
            raise Refused("LIMIT too many patterns")
        self.requests.append(Request(pattern.upper(), []))
        self._several = True
        return b"OK\r\n"

    def _select(self, arguments: list[str]) -> bytes:
        request = self._current()
        if not arguments:
            request.selectors.clear()
        elif is_selector(arguments[0].upper()) and self._selectors < _MOST_SELECTORS:
            self._selectors += 1
            request.selectors.append(arguments[0].upper())
        else:
            raise Refused("ARGUMENTS not a valid selector")
        return b"OK\r\n"

    def _data(self, arguments: list[str]) -> bytes:
        request = self._current()
        base = 16 if self.version == 3 else 10
        request.all = arguments[:1] in (["ALL"], ["-1"])
        request.since = int(arguments[0], base) if arguments and not request.all else None
        if self.version == 4:
            request.begin, request.end = _times(arguments[1:])
        return self._asked()

    def _fetch(self, arguments: list[str]) -> bytes:
        self.dialup = True
        request = self._current()
        request.since = int(arguments[0], 16) if arguments else None
        request.all = not arguments
        return self._asked()

    def _time(self, arguments: list[str]) -> bytes:
        request = self._current()
        request.begin, request.end = _times(arguments)
        request.all = True
        return self._asked()

    def _end(self, arguments: list[str]) -> bytes:
        self._begin()
        return b""

    def _end_fetch(self, arguments: list[str]) -> bytes:
        self.dialup = True
        for request in self.requests:
            request.all = request.all or request.since is None
        self._begin()
        return b""

    def _answer_info(self, arguments: list[str]) -> bytes:
        return self._info(arguments or ["ID"], self.version)

    def _bye(self, arguments: list[str]) -> bytes:
        self.closed = True
        return b""

    def _current(self) -> Request:
        """The request to which a command belongs; version 3 may omit STATION."""
        if not self.requests:
            if self.version == 4:
                raise Refused("UNEXPECTED command before STATION")
            self.requests.append(Request("*_*", []))
        return self.requests[-1]

    def _begin(self) -> None:
        """Begin to stream. A client without requests is sent all stations."""
        self.requests = self.requests or [Request("*_*")]
        for request in self.requests:
            if is_pattern(request.pattern):
                self._patterns.append(request)
            else:
                self._named.setdefault(request.pattern, []).append(request)
        self.streaming = True

    def _asked(self) -> bytes:
        """The answer to DATA and the like; without STATION version 3 begins to stream."""
        if self.version == 3 and not self._several:
            self._begin()
            return b""
        return b"OK\r\n"


_COMMANDS: dict[str, Callable[[Session, list[str]], bytes]] = {
    "HELLO": Session._hello_answer,
    "SLPROTO": Session._slproto,
    "USERAGENT": Session._useragent,
    "AUTH": Session._auth,
    "CAPABILITIES": Session._accept,
    "BATCH": Session._begin_batch,
    "STATION": Session._station,
    "SELECT": Session._select,
    "DATA": Session._data,
    "FETCH": Session._fetch,
    "TIME": Session._time,
    "END": Session._end,
    "ENDFETCH": Session._end_fetch,
    "INFO": Session._answer_info,
    "BYE": Session._bye,
}


def is_pattern(station: str) -> bool:
    """Whether a station code contains wildcards."""
    return "*" in station or "?" in station


def _times(words: list[str]) -> tuple[float | None, float | None]:
    begin = _posix(words[0]) if words else None
    return begin, _posix(words[1]) if len(words) > 1 else None


def _posix(text: str) -> float:
    """POSIX seconds of 2026,11,25,23,59,59 or ISO 8601. Raises ValueError."""
    if "," in text:
        *whole, second = text.split(",")
        year, month, day, hour, minute = (int(part) for part in whole)
        begins = datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp()
        return _finite(begins + float(second))
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def _finite(time: float) -> float:
    """Raises ValueError."""
    if not isfinite(time):
        raise ValueError("not a time")
    return time
