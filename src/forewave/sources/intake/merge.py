"""One stream merged from several sources: the first packet wins, gaps are filled from the others.

The time up to which the samples of a stream have been output is `end`. A packet that

    begins at `end`          is output;
    begins before it         is a duplicate and counted; samples after `end` are output;
    begins after it (a gap)  is held while another active source may still deliver the missing
                             samples: until it does, or is past them, or for `patience` seconds.

With one source nothing is held. Samples are output in order and once. Packets of unauthenticated
sources (`Packet.vouched` is False) are not used while an authenticated source delivers the stream.
Against wrong clocks: a packet that begins more than `AHEAD` after its arrival is output but does
not move `end`, or all that follows would look old; and if all packets have looked old for `STUCK`
seconds, the station's clock was set back, and the stream begins anew. Pure: `now`, the time of
arrival, is an argument.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from math import inf

from msgspec.structs import replace

from forewave.sources.intake.agreement import Agreement
from forewave.types import Packet, StreamId

PATIENCE = 1.0  # seconds for which a packet after a gap is held
ALIVE = 10.0  # seconds after its last packet for which a source counts as active
STUCK = 10.0  # seconds of old packets only, after which the clock was set back
AHEAD = 5.0  # seconds by which a packet may begin after its arrival
HELD = 64  # packets of one stream that are held at most
STREAMS = 100_000  # streams that are kept; beyond, the least recently used is removed
SLACK = 0.5  # samples by which times may be off


class Merge:
    """Merges all streams.

    counts: packets by what was found: repeated, overlap, filled, gap, held too long, ahead, clock
    set back, not vouched for, sources disagree, not yet compared (agreement.py). disagreeing: the
    source that is not used, by station.
    """

    def __init__(
        self,
        patience: float = PATIENCE,
        streams: int = STREAMS,
        order: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        """order: names of the sources as configured; of two that disagree the first is used."""
        self.counts: Counter[str] = Counter()
        self.disagreeing: dict[str, str] = {}
        self._order, self._met = order, dict[str, None]()
        self._patience, self._streams = patience, streams
        self._states: dict[StreamId, _StreamState] = {}
        self._holding: dict[StreamId, float] = {}  # when holding ends, by stream

    def feed(self, source: str, packet: Packet, now: float) -> Sequence[Packet]:
        """Add a packet; the merged packets to output now, in order."""
        state = self._state(packet.stream)
        if not packet.vouched and now - state.vouched < ALIVE:
            self.counts["not vouched for"] += 1
            return ()
        if packet.start > now + AHEAD:
            self.counts["ahead"] += 1
            return (packet,)
        state.vouched = now if packet.vouched else state.vouched
        if not self._agrees(source, packet, state, now):
            return ()
        state.reached[source] = (end_of(packet), now)
        out = state.feed(packet, now, self.counts)
        while state.held and (len(state.held) > HELD or not state.may_be_filled(now)):
            out += state.accept_gap(now, self.counts)
        self._note(packet.stream, state)
        return out

    def _agrees(self, source: str, packet: Packet, state: "_StreamState", now: float) -> bool:
        """Whether a packet may be used, given what other sources deliver of the stream."""
        self._met.setdefault(source)
        before = set(state.agreement.refused)
        refusal = state.agreement.refusal(source, packet, now, self._rank)
        for worse in state.agreement.refused - before:
            state.held.clear()  # may be of the source that is not used
            self._note(packet.stream, state)
            self.disagreeing[packet.stream.code] = worse
        if before and not state.agreement.refused:
            self.disagreeing.pop(packet.stream.code, None)
        if refusal:
            self.counts[refusal] += 1
        return not refusal

    def _rank(self, source: str) -> int:
        """Position in the configuration; other sources after these, in order of appearance."""
        return list(dict.fromkeys((*self._order(), *self._met))).index(source)

    def tick(self, now: float) -> Sequence[Packet]:
        """Output packets that were held for `patience`: their gaps stay gaps."""
        out: list[Packet] = []
        for stream in [stream for stream, end in self._holding.items() if end <= now]:
            state = self._states[stream]
            self.counts["held too long"] += 1
            while state.held and state.held[0][0] + self._patience <= now:
                out += state.accept_gap(now, self.counts)
            self._note(stream, state)
        return out

    def resume(self, packet: Packet, now: float) -> None:
        """Take a merged packet that the previous process had output."""
        if packet.start <= now + AHEAD:
            self._state(packet.stream).resume(packet, now)

    def ends(self, now: float) -> dict[str, float]:
        """Time up to which all active streams of a station have been output, by station."""
        found: dict[str, float] = {}
        for stream, state in self._states.items():
            if now - state.output_at < ALIVE:
                found[stream.code] = min(found.get(stream.code, inf), state.end)
        return found

    def deadline(self) -> float | None:
        """When `tick` must be called next; None: nothing is held."""
        return min(self._holding.values(), default=None)

    def _state(self, stream: StreamId) -> "_StreamState":
        """The state of a stream, now the most recently used."""
        state = self._states.pop(stream, None) or _StreamState()
        self._states[stream] = state
        if len(self._states) > self._streams:
            oldest = next(iter(self._states))
            self._holding.pop(oldest, None)
            del self._states[oldest]
        return state

    def _note(self, stream: StreamId, state: "_StreamState") -> None:
        if state.held:
            self._holding[stream] = state.held[0][0] + self._patience
        else:
            self._holding.pop(stream, None)


class _StreamState:
    """The state of one stream."""

    def __init__(self) -> None:
        self.end = self.output_at = float("nan")  # time of the next sample; of the last output
        self.rate = 0.0
        self.agreement = Agreement()
        self.vouched = -inf  # last arrival from an authenticated source
        self.reached: dict[str, tuple[float, float]] = {}  # by source: end of its samples, arrival
        self.held: list[tuple[float, Packet]] = []  # (arrival, packet) by start

    def feed(self, packet: Packet, now: float, counts: Counter[str]) -> list[Packet]:
        if not self.rate or abs(packet.rate - self.rate) > 0.01 * self.rate:
            return [*self._output_held(now, counts), self._output(packet, now)]
        late = (self.end - packet.start) * packet.rate
        if late < -SLACK:
            self.held.append((now, packet))
            self.held.sort(key=lambda each: each[1].start)
            return []
        if late < len(packet.samples) - SLACK:
            return [
                self._output(_trimmed(packet, late, counts), now),
                *self._continued(now, counts),
            ]
        if now - self.output_at <= STUCK:
            counts["repeated"] += 1
            return []
        counts["clock set back"] += 1
        self.held.clear()
        return [self._output(packet, now)]

    def resume(self, packet: Packet, now: float) -> None:
        """Take a packet that was output before."""
        self._output(packet, now)

    def may_be_filled(self, now: float) -> bool:
        """Whether an active source may still deliver the missing samples."""
        self.reached = {s: (end, at) for s, (end, at) in self.reached.items() if now - at < ALIVE}
        return any(end <= self.end + SLACK / self.rate for end, _ in self.reached.values())

    def accept_gap(self, now: float, counts: Counter[str]) -> list[Packet]:
        """Accept the first gap; the held packets up to the next one."""
        counts["gap"] += 1
        return [self._output(self.held.pop(0)[1], now), *self._continued(now, counts)]

    def _output_held(self, now: float, counts: Counter[str]) -> list[Packet]:
        out: list[Packet] = []
        while self.held:
            out += self.accept_gap(now, counts)
        return out

    def _output(self, packet: Packet, now: float) -> Packet:
        self.end, self.output_at, self.rate = end_of(packet), now, packet.rate
        return packet

    def _continued(self, now: float, counts: Counter[str]) -> list[Packet]:
        """The held packets that continue the stream."""
        out: list[Packet] = []
        while self.held and (self.end - self.held[0][1].start) * self.rate >= -SLACK:
            _, packet = self.held.pop(0)
            late = (self.end - packet.start) * packet.rate
            if late >= len(packet.samples) - SLACK:
                counts["repeated"] += 1
                continue
            counts["filled"] += 1
            out.append(self._output(_trimmed(packet, late, counts), now))
        return out


def end_of(packet: Packet) -> float:
    """Time of the sample after the last."""
    return packet.start + len(packet.samples) / packet.rate


def _trimmed(packet: Packet, late: float, counts: Counter[str]) -> Packet:
    """The packet without its first `late` samples, which have been output already."""
    known = round(late)
    if known <= 0:
        return packet
    counts["overlap"] += 1
    start = packet.start + known / packet.rate
    return replace(packet, start=start, samples=packet.samples[known:])
