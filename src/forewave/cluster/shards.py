"""Batches of several shards as one sequence of steps, the same in every process that has them all.

Every copy of a batch may arrive several times, in any order and by any node: each is used once, in
the order of its shard. Between shards the order is that of their clocks: a step waits until every
live shard has sent up to its time, for `HOLD` seconds at most. A missing batch is asked for; if it
does not come within `GIVE_UP` seconds the shard goes on without it. Pure: `at` is seconds of the
monotonic clock.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from math import inf
from statistics import median

from msgspec import Struct

from forewave.cluster.wire import Batch

HOLD = 0.1  # seconds for which a step waits for other shards
ALIVE = 1.0  # seconds after its last batch for which a shard counts as live
ASK = 0.1  # seconds until a missing batch is asked for, and between two requests
GIVE_UP = 2.0  # seconds until it is given up
HISTORY_GIVE_UP = 6.0  # the same for what was sent before this process began
HISTORY = 4000  # batches of a shard that are asked for at the beginning
AT_ONCE = 100  # batches in one request
WAITING = 20_000  # batches of a shard that may wait
SET_BACK = 1.0  # seconds by which the clock of the only shard may go back without a new beginning
WRONG_CLOCK = 5.0  # seconds by which the clock of a shard may differ from the others'

Step = tuple[float, tuple[bytes, ...]]


class Gap(Struct, frozen=True):
    """Batches of a shard to be asked for."""

    shard: str
    begun: int
    first: int
    last: int


class _Shard:
    """One process that sends a shard. expected: number of the next batch."""

    def __init__(self, batch: Batch, at: float, history: int) -> None:
        self.begun, self.first = batch.begun, batch.n
        self.expected = max(1, batch.n - history)
        self.waiting: dict[int, Batch] = {}
        self.steps: list[tuple[float, Step]] = []  # (received, step), in order
        self.mark = -inf  # everything up to this time of its clock is in `steps`
        self.heard, self.usable = at, 0
        self.gap_since = self.asked = inf
        self.offset = batch.now - at

    def caught_up(self) -> bool:
        """Whether everything before the first batch that was received is there, or given up."""
        return self.expected > self.first


class Shards:
    """Merges batches. counts: what was found. history: batches wanted from before the start.

    set_back: how often time began anew, because the clock of the only live shard was set back.
    """

    def __init__(self, history: int = HISTORY) -> None:
        self.counts: Counter[str] = Counter()
        self.set_back = 0
        self._history = history
        self._shards: dict[str, _Shard] = {}
        self._now = -inf

    def feed(self, batch: Batch, at: float) -> None:
        """Take a batch, or one more copy of it."""
        shard = self._shards.get(batch.shard)
        if shard is None or self._is_newer(batch, shard, at):
            history = self._history if shard is None else batch.n
            shard = self._replace(batch, at, history)
        if batch.begun != shard.begun:
            self.counts["of an earlier process"] += 1
            return
        shard.heard = max(at, shard.heard)
        if batch.n < shard.expected or batch.n in shard.waiting:
            return
        if len(shard.waiting) >= WAITING:
            self.counts["too many waiting"] += 1
            return
        shard.waiting[batch.n] = batch
        self._accept(shard, at)

    def _is_newer(self, batch: Batch, shard: _Shard, at: float) -> bool:
        """Whether it is of a later process; where the clock was set back, its number is lower."""
        silent = at - shard.heard > ALIVE
        return batch.begun > shard.begun or (silent and batch.begun != shard.begun)

    def _replace(self, batch: Batch, at: float, history: int) -> _Shard:
        """A shard that was started, or started again; steps of the process before it stay."""
        before = self._shards.pop(batch.shard, None)
        if batch.now < self._now - SET_BACK and not self.live(at):
            before, self._now = None, -inf
            self.set_back += 1
        shard = self._shards[batch.shard] = _Shard(batch, at, history)
        if before is not None:
            shard.steps = before.steps
            self.counts["shard started again"] += 1
        return shard

    def _accept(self, shard: _Shard, at: float) -> None:
        """Batches that are next; afterwards whether one is missing."""
        while (batch := shard.waiting.pop(shard.expected, None)) is not None:
            shard.expected += 1
            shard.usable = batch.usable
            if batch.n >= shard.first:
                shard.offset = batch.now - at
            moved = self._correction(shard)
            shard.steps += [(at, (now + moved, found)) for now, found in batch.steps]
            shard.mark = batch.now + moved
        if not shard.waiting:
            shard.gap_since = shard.asked = inf
        elif shard.gap_since == inf:
            shard.gap_since, shard.asked = at, at if not shard.caught_up() else at + ASK

    def _correction(self, shard: _Shard) -> float:
        """Seconds to add to the times of a shard whose clock is wrong by more than WRONG_CLOCK."""
        others = [each.offset for each in self._shards.values()]
        if len(others) < 3 or abs(off := median(others) - shard.offset) <= WRONG_CLOCK:
            return 0.0
        self.counts["clock of a shard wrong"] += 1
        return off

    def gaps(self, at: float) -> Iterator[Gap]:
        """What to ask for now; gives up what has been missing for too long."""
        for name, shard in self._shards.items():
            if not shard.waiting:
                continue
            patience = GIVE_UP if shard.caught_up() else HISTORY_GIVE_UP
            if at >= shard.gap_since + patience:
                self._give_up(shard, at)
            elif at >= shard.asked:
                shard.asked = at + ASK
                last = min(min(shard.waiting) - 1, shard.expected + AT_ONCE - 1)
                yield Gap(name, shard.begun, shard.expected, last)

    def _give_up(self, shard: _Shard, at: float) -> None:
        upto = min(shard.waiting)
        if shard.caught_up():
            self.counts["batches lost"] += upto - shard.expected
        shard.expected, shard.gap_since = upto, inf
        self._accept(shard, at)

    def progressed(self, name: str, at: float) -> None:
        """An answer has come: ask for the next part at once, and be patient again."""
        shard = self._shards.get(name)
        if shard is not None and shard.waiting:
            shard.asked = shard.gap_since = at

    def release(self, at: float) -> list[Step]:
        """Steps that are next, in order. Their times never go back."""
        out: list[Step] = []
        live = [s for s in self._shards.values() if at - s.heard < ALIVE]
        while (found := self._next()) is not None:
            received, (now, _) = found.steps[0]
            behind = any(s.mark < now for s in live if s is not found)
            if behind and at < received + HOLD:
                break
            _, step = found.steps.pop(0)
            self._now = max(self._now, step[0])
            out.append((self._now, step[1]))
        return out

    def mark(self, at: float) -> float:
        """Time up to which everything has been released, as far as live shards go."""
        if any(shard.steps for shard in self._shards.values()):
            return self._now
        marks = [s.mark for s in self._shards.values() if at - s.heard < ALIVE]
        return max(self._now, min(marks, default=-inf))

    def live(self, at: float) -> Sequence[str]:
        """Shards that are heard."""
        return [name for name, s in self._shards.items() if at - s.heard < ALIVE]

    def usable(self, at: float) -> int:
        """Stations that live shards receive."""
        return sum(s.usable for s in self._shards.values() if at - s.heard < ALIVE)

    def caught_up(self) -> bool:
        """Whether everything from before the start has been read or given up."""
        return bool(self._shards) and all(s.caught_up() for s in self._shards.values())

    def _next(self) -> _Shard | None:
        having = [(s.steps[0][1][0], name) for name, s in self._shards.items() if s.steps]
        return self._shards[min(having)[1]] if having else None
