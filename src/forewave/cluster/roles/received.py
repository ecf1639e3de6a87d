"""What a gateway takes from the bus: alerts, the leader's readiness and time."""

import logging
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from typing import TypeVar

from forewave.cluster.bus import Once
from forewave.cluster.ledger import Fence
from forewave.cluster.wire import Beacon, Published, unsign
from forewave.delivery.signing import unseal
from forewave.delivery.stream import Readiness
from forewave.errors import FormatError

_LOG = logging.getLogger(__name__)
R = TypeVar("R", Published, Beacon)
LOST = 5.0  # seconds without a beacon after which alerts may be missed
UNSIGNED = "not signed by a trusted key of this region"
EXPIRED = "expired"
REPLAYED = "an earlier beacon"
STEP = 2.0  # seconds by which a beacon may differ before the time has stepped
NEAR = 600.0  # seconds by which the clock of this machine may differ and still be one to ask
BEACONS = 30  # of which the one that came fastest gives the time


class ClusterClock:
    """The leader's time, by its beacons; the wall clock before the first. Never waits for one."""

    def __init__(self, wall: Callable[[], float] = time.time) -> None:
        """wall: the clock of this machine, POSIX seconds."""
        self.wall = wall
        self._offsets: deque[float] = deque(maxlen=BEACONS)
        self._own = wall() - time.monotonic()

    def __call__(self) -> float:
        """POSIX seconds."""
        return self.at(time.monotonic())

    def at(self, at: float) -> float:
        """POSIX seconds at a time of the monotonic clock."""
        return at + max(self._offsets, default=self._own)

    def heard(self, now: float, at: float, *, again: bool) -> None:
        """A beacon of this time arrived. again: of another leader than the last."""
        stepped = self._offsets and abs(now - at - max(self._offsets)) > STEP
        if again or stepped:
            self._offsets.clear()
        self._offsets.append(now - at)


class Received:
    """Alerts and readiness as they are received. counts: what was refused, by reason.

    trusted: the raw public keys by id. What has been accepted is not looked at again. What no key
    has signed is not verified again as long as the keys are the same; with others it may count.
    """

    def __init__(self, trusted: Mapping[str, bytes], region: str, clock: ClusterClock) -> None:
        self.trusted, self._region, self._clock = trusted, region, clock
        self._fence, self._once, self._unsigned = Fence(), Once(), Once()
        self._beacon: tuple[Beacon, float] | None = None
        self._highest = 0  # epoch of a beacon that was accepted
        self.counts: Counter[str] = Counter()

    @property
    def epoch(self) -> int:
        """Of the newest leader that was heard; 0: none."""
        return self._fence.epoch

    def trust(self, trusted: Mapping[str, bytes]) -> None:
        """Believe these keys from now on."""
        self.trusted = trusted
        self._unsigned.forget()

    def published(self, data: bytes, at: float, *, kept: bool = False) -> Published | None:
        """What is to be passed on, if anything. kept: read from the stream, so of any epoch."""
        if (record := self._opened(data, Published, self._require_same)) is None:
            return None
        if record.alert.expires <= self._clock.at(at):  # before it is taken for word of a leader
            self._refuse(EXPIRED)
            return None
        if not kept and not self._fence.admits(record.epoch, record.leader, at):
            self._refuse("of a former leader")
            return None
        self._once.add(data)
        return record

    def _opened(
        self, data: bytes, kind: type[R], check: Callable[[R], None] = lambda record: None
    ) -> R | None:
        """What a trusted key has signed, unless these bytes have been decided on.

        check: raises FormatError where what is signed does not agree with itself.
        """
        if data in self._once or data in self._unsigned:
            return None
        try:
            record = unsign(data, kind, self.trusted, self._region)
            check(record)
        except FormatError:
            self._unsigned.add(data)
            self._refuse(UNSIGNED)
            return None
        return record

    def _require_same(self, record: Published) -> None:
        """The message to devices says what the record says. Raises FormatError."""
        message, alert = unseal(record.message, self.trusted), record.alert
        expires = round(alert.expires * 1000.0)
        says = (message.id, message.n, message.mode, message.kind, message.exp)
        if says != (alert.event, alert.version, alert.mode, alert.kind, expires):
            raise FormatError("Published: the message is not that of the alert")

    def beacon(self, data: bytes, at: float) -> None:
        """Take a beacon."""
        if (beacon := self._opened(data, Beacon)) is None:
            return
        last = self._beacon and self._beacon[0]
        same = last is not None and (last.epoch, last.leader) == (beacon.epoch, beacon.leader)
        if same and last is not None and beacon.n <= last.n:
            self._refuse("beacon repeated")
        elif not same and self._is_replayed(beacon, at):
            self._refuse(REPLAYED)
        elif not self._fence.admits(beacon.epoch, beacon.leader, at):
            self._refuse("of a former leader")
        else:
            self._once.add(data)
            self._beacon, self._highest = (beacon, at), max(self._highest, beacon.epoch)
            self._clock.heard(beacon.now, at, again=not same)

    def _is_replayed(self, beacon: Beacon, at: float) -> bool:
        """Whether a beacon of another leader than the last may have been captured before.

        Without a leader any epoch counts again (Fence), so only times tell. One that is earlier
        than the last is refused: what was captured always is. A new leader whose stations' clock
        was set back has a higher epoch than any before, which a captured beacon has not; the same
        leader counts on. The clock of this machine may be wrong, so it decides only against the
        cluster's: where it confirms this beacon and contradicts the last one.
        """
        if self._beacon is None or beacon.epoch > self._highest:
            return False
        last, heard = self._beacon
        if beacon.now >= last.now - STEP:
            return False
        wall = self._clock.wall()
        return abs(beacon.now - wall) > NEAR or abs(last.now + at - heard - wall) <= NEAR

    def readiness(self, at: float) -> Readiness:
        """What devices receive."""
        if self._beacon is None or at - self._beacon[1] > LOST:
            return Readiness("not ready", ("a live source",))
        return Readiness(self._beacon[0].state, self._beacon[0].missing)

    def _refuse(self, reason: str) -> None:
        self.counts[reason] += 1
        if self.counts[reason] == 1:
            _LOG.warning("refused from the bus: %s", reason)
