"""One stream from several servers: the first packet wins, and gaps are filled from the other.

For each stream it is known up to where samples have been given on (`end`). A packet that

    begins there            is given on;
    lies before it          is a repetition, and counted; what reaches beyond is given on;
    begins after it (a gap) is held while another source that is alive may still bring what is
                            missing: until it brings it, has itself gone past it, or `patience`.

With one source nothing is ever held. Samples come out in order, none twice. What anybody may have
sent (`Packet.vouched`) is passed over while a source that is vouched for brings the stream: it
would come first and be believed. Two safeguards against
clocks: a packet from the future (`AHEAD`) is given on but teaches nothing, or one bad time would
make all that follows look old; and if for `STUCK` seconds all that comes looks old, the station's
clock was set back, and it begins anew. Pure: `now` is the time of arrival, always given.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from math import inf

from msgspec.structs import replace

from forewave.sources.agreement import Agreement
from forewave.types import Packet, StreamId

PATIENCE = 1.0  # seconds for which a packet beyond a gap waits for the other source
ALIVE = 10.0  # seconds after its last packet for which a source may be hoped in
STUCK = 10.0  # seconds of nothing but old packets, after which they are the new time
AHEAD = 5.0  # seconds by which a packet may begin after its arrival
HELD = 64  # packets of one stream that are held at most
STREAMS = 100_000  # streams that are remembered; the one that was silent longest is forgotten
SLACK = 0.5  # samples


class Merge:
    """All streams. counts: repeated, overlap, filled, gap, held too long, ahead, clock set back,
    not vouched for, sources disagree, not yet compared (agreement.py).
    """

    def __init__(
        self,
        patience: float = PATIENCE,
        streams: int = STREAMS,
        order: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        """order: the sources as they are configured; of two that disagree the first is used."""
        self.counts: Counter[str] = Counter()
        self.disagreeing: dict[str, str] = {}  # by station: the source that is not used
        self._order, self._met = order, dict[str, None]()
        self._patience, self._streams = patience, streams
        self._lines: dict[StreamId, _Line] = {}
        self._holding: dict[StreamId, float] = {}  # when holding ends, of the few that hold

    def feed(self, source: str, packet: Packet, now: float) -> Sequence[Packet]:
        """What is to be given on now, in order."""
        line = self._line(packet.stream)
        if not packet.vouched and now - line.vouched < ALIVE:
            self.counts["not vouched for"] += 1
            return ()
        if packet.start > now + AHEAD:
            self.counts["ahead"] += 1
            return (packet,)
        line.vouched = now if packet.vouched else line.vouched
        if not self._agrees(source, packet, line, now):
            return ()
        line.reached[source] = (end_of(packet), now)
        out = line.feed(packet, now, self.counts)
        while line.held and (len(line.held) > HELD or not line.hopeful(now)):
            out += line.concede(now, self.counts)
        self._note(packet.stream, line)
        return out

    def _agrees(self, source: str, packet: Packet, line: "_Line", now: float) -> bool:
        """Whether it may be used beside what other sources bring of the stream."""
        self._met.setdefault(source)
        before = set(line.agreement.refused)
        refusal = line.agreement.refusal(source, packet, now, self._rank)
        for worse in line.agreement.refused - before:
            line.held.clear()  # perhaps of the one that is not used
            self._note(packet.stream, line)
            self.disagreeing[packet.stream.code] = worse
        if before and not line.agreement.refused:
            self.disagreeing.pop(packet.stream.code, None)
        if refusal:
            self.counts[refusal] += 1
        return not refusal

    def _rank(self, source: str) -> int:
        """As configured; others behind, as they came."""
        return list(dict.fromkeys((*self._order(), *self._met))).index(source)

    def tick(self, now: float) -> Sequence[Packet]:
        """Give up waiting where it has lasted long enough."""
        out: list[Packet] = []
        for stream in [stream for stream, end in self._holding.items() if end <= now]:
            line = self._lines[stream]
            self.counts["held too long"] += 1
            while line.held and line.held[0][0] + self._patience <= now:
                out += line.concede(now, self.counts)
            self._note(stream, line)
        return out

    def resume(self, packet: Packet, now: float) -> None:
        """A packet that was given on before, by the process before this one."""
        if packet.start <= now + AHEAD:
            self._line(packet.stream).resume(packet, now)

    def ends(self, now: float) -> dict[str, float]:
        """By station: up to where all its streams that are alive have been given on."""
        found: dict[str, float] = {}
        for stream, line in self._lines.items():
            if now - line.given < ALIVE:
                found[stream.code] = min(found.get(stream.code, inf), line.end)
        return found

    def deadline(self) -> float | None:
        """When `tick` wants to be called next, if ever."""
        return min(self._holding.values(), default=None)

    def _line(self, stream: StreamId) -> "_Line":
        """The stream's line, as the one that was used last."""
        line = self._lines.pop(stream, None) or _Line()
        self._lines[stream] = line
        if len(self._lines) > self._streams:
            oldest = next(iter(self._lines))
            self._holding.pop(oldest, None)
            del self._lines[oldest]
        return line

    def _note(self, stream: StreamId, line: "_Line") -> None:
        if line.held:
            self._holding[stream] = line.held[0][0] + self._patience
        else:
            self._holding.pop(stream, None)


class _Line:
    """What is known of one stream."""

    def __init__(self) -> None:
        self.end = self.given = float("nan")  # the next sample's time; when one was last given on
        self.rate = 0.0
        self.agreement = Agreement()
        self.vouched = -inf  # when a source that is vouched for last brought something
        self.reached: dict[str, tuple[float, float]] = {}  # by source: up to where, and when
        self.held: list[tuple[float, Packet]] = []  # with their arrival, by start

    def feed(self, packet: Packet, now: float, counts: Counter[str]) -> list[Packet]:
        if not self.rate or abs(packet.rate - self.rate) > 0.01 * self.rate:
            return [*self._all(now, counts), self._give(packet, now)]
        late = (self.end - packet.start) * packet.rate
        if late < -SLACK:
            self.held.append((now, packet))
            self.held.sort(key=lambda each: each[1].start)
            return []
        if late < len(packet.samples) - SLACK:
            return [self._give(_beyond(packet, late, counts), now), *self._follow(now, counts)]
        if now - self.given <= STUCK:
            counts["repeated"] += 1
            return []
        counts["clock set back"] += 1
        self.held.clear()
        return [self._give(packet, now)]

    def resume(self, packet: Packet, now: float) -> None:
        """It was given on before."""
        self._give(packet, now)

    def hopeful(self, now: float) -> bool:
        """Whether some source that is alive has not yet come to the end of what is known."""
        self.reached = {s: (end, at) for s, (end, at) in self.reached.items() if now - at < ALIVE}
        return any(end <= self.end + SLACK / self.rate for end, _ in self.reached.values())

    def concede(self, now: float, counts: Counter[str]) -> list[Packet]:
        """Take the first gap as one, and give on what follows it up to the next."""
        counts["gap"] += 1
        return [self._give(self.held.pop(0)[1], now), *self._follow(now, counts)]

    def _all(self, now: float, counts: Counter[str]) -> list[Packet]:
        out: list[Packet] = []
        while self.held:
            out += self.concede(now, counts)
        return out

    def _give(self, packet: Packet, now: float) -> Packet:
        self.end, self.given, self.rate = end_of(packet), now, packet.rate
        return packet

    def _follow(self, now: float, counts: Counter[str]) -> list[Packet]:
        """What is held and begins no later than where we are now."""
        out: list[Packet] = []
        while self.held and (self.end - self.held[0][1].start) * self.rate >= -SLACK:
            _, packet = self.held.pop(0)
            late = (self.end - packet.start) * packet.rate
            if late >= len(packet.samples) - SLACK:
                counts["repeated"] += 1
                continue
            counts["filled"] += 1
            out.append(self._give(_beyond(packet, late, counts), now))
        return out


def end_of(packet: Packet) -> float:
    """When its next sample is due."""
    return packet.start + len(packet.samples) / packet.rate


def _beyond(packet: Packet, late: float, counts: Counter[str]) -> Packet:
    """Without its first `late` samples, which are known."""
    known = round(late)
    if known <= 0:
        return packet
    counts["overlap"] += 1
    start = packet.start + known / packet.rate
    return replace(packet, start=start, samples=packet.samples[known:])
