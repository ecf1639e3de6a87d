"""The client's side of a SeedLink conversation, without a socket: bytes in, bytes and frames out.

    greeting    HELLO goes out; two lines come back and say which versions the server speaks
    asking      version 4: SLPROTO, USERAGENT, AUTH. Then for each station STATION, SELECT, DATA,
                and END. Each but END has one line of answer. They go out all at once (`at_once`),
                so that a hundred stations far away are asked for in one round trip and not in three
                hundred; a server that cannot take that is asked one by one
    streaming   frames

What was missed is asked for by sequence number, or by time by whoever does not know that: a server
that refuses either is asked for the station once more, without. So END waits for these answers.
A station that the server refuses is remembered in `refused` and costs the others nothing; so does
an answer that is neither OK nor ERROR. A server that does not answer DATA is left its way
(`go_on_without`), and packets that come before all is answered end the asking. When the server
refuses all stations, or is no SeedLink server, FormatError is raised.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from forewave.errors import FormatError
from forewave.formats.seedlink import (
    SEQUENCES_3,
    Frame,
    FrameReader,
    Version,
    begins_packet,
)
from forewave.formats.seedlink_selection import to_3, to_4

_LONGEST_LINE = 4096
_PING = b"INFO ID\r\n"


class Wanted(Struct, frozen=True):
    """A station ("NET_STA", may hold wildcards), selectors, and the last packet that we have.

    since: where that is not known, up to where we have its samples (POSIX seconds).
    """

    station: str
    selectors: tuple[str, ...] = ()
    last: int | None = None
    since: float | None = None


class _Ask(Struct, frozen=True):
    """A command; of which station it is part; whether the server must obey it.

    instead: what to ask if it is refused.
    """

    line: str
    station: str = ""
    vital: bool = False
    instead: tuple["_Ask", ...] = ()


class Dialogue:
    """One connection's conversation. `to_send` has what must go out after each call.

    declined: the server offered version 4 and then refused it.
    """

    def __init__(
        self,
        wanted: Sequence[Wanted],
        protocol: Literal["auto", "3", "4"] = "auto",
        *,
        at_once: bool = True,
        auth: str = "",
        agent: str = "forewave",
    ) -> None:
        self.to_send = b"HELLO\r\n"
        self.version: Version = 3
        self.refused: dict[str, str] = {}
        self.declined = False
        self._answers = 0
        self._wanted, self._protocol, self._at_once = wanted, protocol, at_once
        self._auth, self._agent = auth, agent
        self._lines = bytearray()
        self._greeting: list[str] = []
        self._asks: deque[_Ask] = deque()
        self._sent: deque[_Ask] = deque()
        self._ended = False
        self._frames: FrameReader | None = None

    @property
    def greeted(self) -> bool:
        """Whether the server has said who it is."""
        return len(self._greeting) == 2

    @property
    def streaming(self) -> bool:
        """Whether all has been asked and answered."""
        return self._frames is not None

    def receive(self, data: bytes) -> Iterator[Frame]:
        """Take what came. Raises FormatError, one line that says what the server did."""
        self.to_send = b""
        if self._frames is None:
            data = self._talk(data)
        if self._frames is not None and data:
            yield from self._frames.feed(data)

    def go_on_without(self) -> None:
        """Answers stay out: what was asked counts as granted. Only for a server that has answered.

        It may have answered the other commands and not DATA, or only END with packets.
        """
        self.to_send = b""
        if self._answers and not self.streaming:
            self._sent.clear()
            self._go_on()

    def ping(self) -> bytes:
        """What to ask a silent server: it answers if it lives."""
        return _PING

    def _talk(self, data: bytes) -> bytes:
        """Lines of greeting and answers; what is left once frames begin."""
        self._lines += data
        at = 0
        while self._frames is None:
            if self.greeted and begins_packet(self._lines, at, self.version):
                self._asks.clear()
                self._sent.clear()
                self._go_on()
                break
            if (end := self._lines.find(b"\n", at)) < 0:
                break
            line, at = self._lines[at:end], end + 1
            self._hear(line.decode("latin-1").strip())
        del self._lines[:at]
        if self._frames is not None:
            return bytes(self._lines)
        if len(self._lines) > _LONGEST_LINE:
            raise FormatError("sent a line without an end")
        return b""

    def _hear(self, line: str) -> None:
        if len(self._greeting) < 2:
            self._greeting.append(line)
            if len(self._greeting) == 2:
                self._begin()
            return
        an_answer = line.upper().startswith(("OK", "ERROR")) or self._answers > 0
        if line and self._sent and an_answer:  # else more lines of the greeting
            self._answers += 1
            self._answered(self._sent.popleft(), line)
            self._go_on()

    def _begin(self) -> None:
        """The greeting is complete: choose the version and say what is wanted."""
        name, _, abilities = self._greeting[0].partition("::")
        if "seedlink" not in name.lower():
            raise FormatError(f"is no SeedLink server: {name[:40]!r}")
        offers_4 = "SLPROTO:4" in abilities
        if self._protocol == "4" and not offers_4:
            raise FormatError("does not speak SeedLink 4")
        self.version = 4 if offers_4 and self._protocol != "3" else 3
        self._asks += self._preliminaries() if self.version == 4 else ()
        times = self.version == 3 or "TIME" in abilities.split()
        for wanted in self._wanted:
            known = wanted if times else replace(wanted, since=None)
            self._asks += _asks_3(known) if self.version == 3 else _asks_4(known)
        self._go_on()

    def _preliminaries(self) -> list[_Ask]:
        asks = [_Ask("SLPROTO 4.0", vital=True), _Ask(f"USERAGENT {self._agent}")]
        return asks + ([_Ask(f"AUTH {self._auth}", vital=True)] if self._auth else [])

    def _go_on(self) -> None:
        """Send what can be sent, at last END; when all is answered, frames begin."""
        while self._asks and (self._at_once or not self._sent):
            ask = self._asks.popleft()
            if ask.station in self.refused:
                continue
            self.to_send += ask.line.encode() + b"\r\n"
            self._sent.append(ask)
        waits = any(ask.instead for ask in self._sent) if self._at_once else bool(self._sent)
        if not (self._ended or self._asks or waits):
            self._ended = True
            self.to_send += b"END\r\n"
        if self._ended and not self._sent:
            if self.refused.keys() >= {wanted.station for wanted in self._wanted}:
                station, why = next(iter(self.refused.items()))
                raise FormatError(f"refused every station; {station}: {why}")
            self._frames = FrameReader(self.version)

    def _answered(self, ask: _Ask, line: str) -> None:
        command = ask.line.split()[0]
        if line.upper().startswith("OK"):
            return
        if line.startswith("ERROR"):
            why = " ".join(line.split()[1:]) or "no reason given"
        else:
            why = f"answered {line[:40]!r}"
        if ask.instead:
            self._asks += ask.instead
            return
        self.declined |= command == "SLPROTO"
        if ask.vital:
            raise FormatError(f"refused {command}: {why}")
        if ask.station and command != "SELECT":
            self.refused.setdefault(ask.station, f"{command}: {why}")


def _asks_3(wanted: Wanted) -> list[_Ask]:
    network, _, station = wanted.station.partition("_")
    selectors = [selector for each in wanted.selectors if (selector := to_3(each))]
    last, since, missed = wanted.last, wanted.since, ""
    if last is not None:
        missed = f"DATA {(last + 1) % SEQUENCES_3:06X}"
    elif since is not None:
        missed = datetime.fromtimestamp(since, UTC).strftime("TIME %Y,%m,%d,%H,%M,%S")
    return _for_station(wanted, f"STATION {station} {network}", selectors, missed)


def _asks_4(wanted: Wanted) -> list[_Ask]:
    selectors = [to_4(selector) for selector in wanted.selectors]
    last, since, missed = wanted.last, wanted.since, ""
    if last is not None:
        missed = f"DATA {last + 1}"
    elif since is not None:
        missed = datetime.fromtimestamp(since, UTC).strftime("DATA ALL %Y-%m-%dT%H:%M:%S.%fZ")
    return _for_station(wanted, f"STATION {wanted.station}", selectors, missed)


def _for_station(wanted: Wanted, station: str, selectors: Sequence[str], missed: str) -> list[_Ask]:
    """missed: how to ask for what was missed, if anything was."""
    lines = [station, *(f"SELECT {selector}" for selector in selectors)]
    asks = [_Ask(line, wanted.station) for line in lines]
    plain = (*asks, _Ask("DATA", wanted.station))
    return [*asks, _Ask(missed, wanted.station, instead=plain)] if missed else [*plain]
