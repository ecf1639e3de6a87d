"""Which packets are admitted: the same rules for every source, applied before any processing.

A server, a broker or a host on the network may send anything: a sample rate of 1e-300, a time in
the year 9000, a stream named "../../x", a station that is not its own, a flood of packets. Refused
packets are counted by reason and dropped, so that no archive, relay, table or log grows by them.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from fnmatch import translate

from msgspec import Struct

from forewave.formats import codes
from forewave.types import Packet, Station, StreamId

SLOWEST, FASTEST = 1.0, 1000.0  # samples/s
MOST_SAMPLES = 20_000  # in a packet: more would delay the other sources
APART = 86_400.0  # seconds by which sample times may differ from the arrival
EACH_S, LEAST_S = 30.0, 300.0  # packets/s allowed: for each station; of a source at least
MOST_OTHERS = 24  # streams of a station beyond those in the inventory
BURST_S = 60.0  # seconds of its rate limit that a source may send at once, after an interruption


class Rules(Struct, frozen=True):
    """The rules for all sources. stations: the inventory's streams by station code; None: any.

    past: recorded packets are played with their own arrival times: time, length and rate of packets
    are not limited.
    """

    stations: Mapping[str, frozenset[StreamId]] | None = None
    past: bool = True


def live_rules(stations: Iterable[Station], *, past: bool) -> Rules:
    """The rules of a live run with these stations."""
    return Rules({s.code: frozenset(c.stream for c in s.channels) for s in stations}, past)


class Admission:
    """The rules applied to one source, with its rate limit.

    patterns: stations for which it is accepted ("NET.STA" with ? and *); empty: all. clock: a
    monotonic clock in seconds. budget: packets/s that it may send.
    """

    def __init__(self, rules: Rules, patterns: Iterable[str], clock: Callable[[], float]) -> None:
        self._rules, self._clock = rules, clock
        self._own = [re.compile(translate(pattern.upper())) for pattern in patterns]
        self._may: dict[str, bool] = {}  # by station, of those in the inventory: a bounded table
        self._others: dict[str, set[StreamId]] = {}  # the same
        mine = [code for code in rules.stations or () if self._is_own(code)]
        self.budget = max(LEAST_S, EACH_S * len(mine))  # packets/s
        self._left, self._filled = self.budget * BURST_S, clock()

    def refusal(self, packet: Packet, arrival: float) -> str:
        """The reason for which a packet is refused; empty if it is admitted."""
        return (
            _impossible(packet)
            or self._not_its_own(packet)
            or ("" if self._rules.past else _untimely(packet, arrival))
        )

    def station_refusal(self, code: str) -> str:
        """Why packets of a station ("NET.STA") are refused from this source; empty if admitted.

        Sources ask this before they keep anything about a station, so that forged names fill no
        table.
        """
        known = self._rules.stations
        if known is not None and code not in known:
            return "station not in the inventory"
        return "" if self._is_own(code) else "station not of this source"

    def try_take(self) -> bool:
        """Take one packet from the rate limit if one is left; for sources that cannot wait."""
        self._fill()
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True

    def take(self) -> float:
        """Take one packet from the rate limit; the seconds to wait where none was left."""
        self._fill()
        self._left -= 1.0
        return max(0.0, -self._left / self.budget)

    def _fill(self) -> None:
        now, most = self._clock(), self.budget * BURST_S
        self._left = min(most, self._left + (now - self._filled) * self.budget)
        self._filled = now
        if self._rules.past:
            self._left = most

    def _not_its_own(self, packet: Packet) -> str:
        known, code = self._rules.stations, packet.stream.code
        if refusal := self.station_refusal(code):
            return refusal
        if known is None or packet.stream in known[code]:
            return ""
        others = self._others.setdefault(code, set())
        if packet.stream not in others and len(others) >= MOST_OTHERS:
            return "too many streams of a station"
        others.add(packet.stream)
        return ""

    def _is_own(self, code: str) -> bool:
        if not self._own:
            return True
        if self._rules.stations is None:
            return any(pattern.fullmatch(code) for pattern in self._own)
        if code not in self._may:
            self._may[code] = any(pattern.fullmatch(code) for pattern in self._own)
        return self._may[code]


def _untimely(packet: Packet, arrival: float) -> str:
    """Why a live packet is too long or not of the present; empty if it is neither."""
    if len(packet.samples) > MOST_SAMPLES:
        return "packet too long"
    end = packet.start + len(packet.samples) / packet.rate
    near = abs(packet.start - arrival) <= APART and abs(end - arrival) <= APART
    return "" if near else "time more than a day from now"


def _impossible(packet: Packet) -> str:
    """Why a packet is refused from every source, live or recorded; empty if it is not."""
    if not SLOWEST <= packet.rate <= FASTEST:
        return "rate out of range"
    if not len(packet.samples):
        return "empty packet"
    if not math.isfinite(packet.start):
        return "impossible time or rate"
    return "" if codes.is_safe(packet.stream) else "unreadable stream name"
