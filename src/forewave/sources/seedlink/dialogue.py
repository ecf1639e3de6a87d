"""The client side of the SeedLink protocol without a socket: bytes in, bytes and frames out.

    greeting      HELLO is sent; the two lines of its answer state the versions that the server has
    negotiation   version 4: SLPROTO, USERAGENT, AUTH. Then STATION, SELECT, DATA for each station,
                  and END. Each but END is answered by one line. The commands are sent all at once
                  (`at_once`): one round trip for a hundred stations instead of three hundred. For
                  servers that do not accept this they are sent one by one
    streaming     frames

Missed packets are requested by sequence number, or by time if that is not known. If the server
refuses this, the station is requested again without, so END waits for these answers. A station that
the server refuses, or answers by neither OK nor ERROR, is kept in `refused`; the others go on. A
server may leave DATA unanswered (`go_on_without`), and packets that arrive before the last answer
end the negotiation. If the server refuses all stations, or is not a SeedLink server, FormatError is
raised.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from forewave.errors import FormatError
from forewave.formats.protocols.seedlink import (
    SEQUENCES_3,
    Frame,
    FrameReader,
    Version,
    begins_packet,
)
from forewave.formats.protocols.seedlink_selection import to_3, to_4

_LONGEST_LINE = 4096
_PING = b"INFO ID\r\n"


class Wanted(Struct, frozen=True):
    """A request for a station ("NET_STA", wildcards allowed) with selectors.

    last: sequence number of the last packet received. since: end of the samples received (POSIX
    seconds), where `last` is not known.
    """

    station: str
    selectors: tuple[str, ...] = ()
    last: int | None = None
    since: float | None = None


class _Ask(Struct, frozen=True):
    """A command. station: that it belongs to. vital: an error if it is refused.

    instead: commands to send if it is refused.
    """

    line: str
    station: str = ""
    vital: bool = False
    instead: tuple["_Ask", ...] = ()


class Dialogue:
    """The protocol state of one connection. `to_send`: bytes to send after each call.

    declined: the server offered version 4 and then refused it. refused: the reason by station.
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
        """Whether both lines of the greeting have been received."""
        return len(self._greeting) == 2

    @property
    def streaming(self) -> bool:
        """Whether the negotiation is complete and frames follow."""
        return self._frames is not None

    def receive(self, data: bytes) -> Iterator[Frame]:
        """Process received bytes. Raises FormatError, one line that says what the server did."""
        self.to_send = b""
        if self._frames is None:
            data = self._negotiate(data)
        if self._frames is not None and data:
            yield from self._frames.feed(data)

    def go_on_without(self) -> None:
        """Take outstanding answers as OK, if the server has answered any command.

        Some servers answer the other commands but not DATA.
        """
        self.to_send = b""
        if self._answers and not self.streaming:
            self._sent.clear()
            self._go_on()

    def ping(self) -> bytes:
        """A request that a responsive server answers (INFO ID)."""
        return _PING

    def _negotiate(self, data: bytes) -> bytes:
        """Process lines of greeting and answers; the bytes left once frames begin."""
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
            self._take_line(line.decode("latin-1").strip())
        del self._lines[:at]
        if self._frames is not None:
            return bytes(self._lines)
        if len(self._lines) > _LONGEST_LINE:
            raise FormatError("sent a line that is too long")
        return b""

    def _take_line(self, line: str) -> None:
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
        """After the greeting: choose the version and queue the commands."""
        name, _, abilities = self._greeting[0].partition("::")
        if "seedlink" not in name.lower():
            raise FormatError(f"no SeedLink server, it sent {name[:40]!r}")
        offers_4 = "SLPROTO:4" in abilities
        if self._protocol == "4" and not offers_4:
            raise FormatError("does not support SeedLink 4")
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
        """Queue what can be sent, END last; after the last answer frames begin."""
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
    """The commands of one station. missed: DATA or TIME command for missed packets, or empty."""
    lines = [station, *(f"SELECT {selector}" for selector in selectors)]
    asks = [_Ask(line, wanted.station) for line in lines]
    plain = (*asks, _Ask("DATA", wanted.station))
    return [*asks, _Ask(missed, wanted.station, instead=plain)] if missed else [*plain]
