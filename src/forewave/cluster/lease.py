"""The lease on publishing: held at a majority of independent registers, one on each NATS node.

A register holds one record and is written by compare-and-set on its revision (JetStream KV). One
register of three replicas would do, but JetStream takes 4 to 9 s to elect a new leader of it when
the node of the old one dies, and nobody could renew or take the lease for so long. Three registers
without replicas need no election: any two of three nodes are enough, at once.

Why two candidates never lead at the same time. A holder counts a register as its own until `ttl` -
`margin` after it *sent* its last accepted write. Another may write only `ttl` after it *received*
the unchanged record for the first time, which is later. Two majorities share a register. Each time
is of the monotonic clock of the one who waits: clocks need not agree, their rates must by
`margin` / `ttl`. An empty register counts like a record that was seen for the first time: a node
may have lost it.

The epoch is the fence: higher with every change of the leader, sent with everything that it
publishes, so that a message of a former leader that was delayed on its way can be refused.
Pure: `now` is seconds of the monotonic clock.
"""

from collections.abc import Sequence
from math import inf

from msgspec import Struct

TTL = 0.5  # seconds without renewal after which another may take over
MARGIN = 0.1  # seconds before that at which the holder stops by itself
RENEWALS = 5  # writes within TTL


class Record(Struct, frozen=True):
    """What a register holds. n: counts the writes of the holder in this epoch."""

    holder: str
    epoch: int
    n: int


class Write(Struct, frozen=True):
    """A compare-and-set to be done: writes where `revision` is still the last one; 0: none."""

    register: int
    revision: int
    record: Record


class _Register:
    """What a candidate knows of one register. until: own until then."""

    def __init__(self) -> None:
        self.record: Record | None = None
        self.revision = -1  # never read
        self.since = inf  # when this revision was received for the first time
        self.until = -inf


class Candidate:
    """One process that may lead. name: unique, also among its own restarts.

    stands: whether it wants to lead; one that does not neither takes nor renews the lease.
    """

    def __init__(self, name: str, registers: int, ttl: float = TTL, margin: float = MARGIN) -> None:
        self.name, self.stands = name, True
        self.epoch = 0  # of the own term, or of the attempt at one
        self._ttl, self._margin = ttl, margin
        self._registers = [_Register() for _ in range(registers)]
        self._majority = registers // 2 + 1
        self._highest, self._n = 0, 0
        self._term = False  # whether the own epoch is being renewed
        self._pause = -inf  # no new attempt before

    def leads(self, now: float) -> bool:
        """Whether it may publish now. To be asked before each message, never remembered."""
        return now < self.until()

    def until(self) -> float:
        """Until when it may publish if no further write is accepted; -inf: it does not lead."""
        ends = sorted((each.until for each in self._registers), reverse=True)
        return ends[self._majority - 1] if self.stands else -inf

    def heard(self, epoch: int) -> None:
        """An epoch that another published with; a new one will be higher."""
        self._highest = max(self._highest, epoch)

    def read(self, register: int, record: Record | None, revision: int, received: float) -> None:
        """What a register holds. revision: 0 where there is no record."""
        known = self._registers[register]
        if revision != known.revision or record != known.record:
            known.record, known.revision, known.since = record, revision, received
        if record is not None:
            self.heard(record.epoch)
            if record.holder != self.name:
                known.until = -inf

    def wrote(self, write: Write, revision: int, sent: float, received: float) -> None:
        """A write was accepted, as this revision. sent: when it was asked for."""
        known = self._registers[write.register]
        if revision > known.revision:  # otherwise it was read before this answer came
            known.record, known.revision, known.since = write.record, revision, received
        if write.record.epoch == self.epoch:
            known.until = max(known.until, sent + self._ttl - self._margin)

    def writes(self, now: float, wall: float) -> Sequence[Write]:
        """The writes that renew the lease, or take one that is free; to be done at once.

        wall: POSIX seconds. Epochs begin with it, so that they rise although all nodes were lost.
        """
        if not self.stands:
            self._term = False
            return ()
        if self._term and not self.leads(now) and now >= self._pause:
            self._term = False  # lost, or never won: a new attempt needs a new epoch
        if not self._term:
            free = [each for each in self._registers if self._is_free(each, now)]
            if len(free) < self._majority or now < self._pause:
                return ()
            self._begin(now, wall)
        self._n += 1
        record = Record(self.name, self.epoch, self._n)
        return [
            Write(number, each.revision, record)
            for number, each in enumerate(self._registers)
            if self._is_free(each, now) or self._is_own(each)
        ]

    def _begin(self, now: float, wall: float) -> None:
        """A new term: votes of an earlier epoch do not count for it."""
        self.epoch = max(self._highest + 1, int(wall * 1000.0))
        self._highest, self._n, self._term = self.epoch, 0, True
        self._pause = now + self._ttl
        for each in self._registers:
            each.until = -inf

    def _is_own(self, register: _Register) -> bool:
        record = register.record
        return record is not None and (record.holder, record.epoch) == (self.name, self.epoch)

    def _is_free(self, register: _Register, now: float) -> bool:
        """Whether nobody has renewed it for `ttl`, as seen from here."""
        return now >= register.since + self._ttl
