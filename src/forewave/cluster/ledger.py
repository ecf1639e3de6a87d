"""What has been published, by whomever: the last version of each event.

Every process of decide keeps one, from its own publishing and from what it hears. A version is
published once, whoever leads, and numbers only rise.
"""

from collections.abc import Iterator
from math import inf

from forewave.cluster.wire import Published
from forewave.types import Alert

KEPT = 3600.0  # seconds after its expiry that an event is remembered
FORGET = 10.0  # seconds without any message of an epoch, after which an older one counts again


class Ledger:
    """The last published version of each event."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[Published, float]] = {}

    def version(self, event: str) -> int:
        """The last version of an event; 0: none."""
        return self._last[event][0].alert.version if event in self._last else 0

    def add(self, record: Published, at: float) -> bool:
        """Take a record; whether it is new. at: when it was heard, monotonic seconds."""
        event, version = record.alert.event, record.alert.version
        if version <= self.version(event):
            return False
        self._last[event] = record, at
        return True

    def is_new(self, alert: Alert) -> bool:
        """Whether no such version, or a later one, has been published."""
        return alert.version > self.version(alert.event)

    def records(self) -> list[Published]:
        """The last record of each event."""
        return [record for record, _ in self._last.values()]

    def heard(self) -> Iterator[tuple[Published, float]]:
        """The last record of each event, and when it was heard."""
        yield from self._last.values()

    def valid(self, now: float) -> list[Published]:
        """Records that have not expired. now: POSIX seconds."""
        return [record for record, _ in self._last.values() if now < record.alert.expires]

    def forget(self, now: float) -> None:
        """Remove what expired KEPT seconds ago."""
        self._last = {
            event: each for event, each in self._last.items() if now < each[0].alert.expires + KEPT
        }


class Fence:
    """Refuses messages of former leaders.

    An epoch that nobody has used for FORGET seconds is no longer one to compare with: the registers
    of all nodes may have been lost, and the new ones have begun again.
    """

    def __init__(self) -> None:
        self.epoch, self.leader = 0, ""
        self._heard = -inf

    def admits(self, epoch: int, leader: str, at: float) -> bool:
        """Whether a message of this epoch is of the newest leader. at: monotonic seconds."""
        if epoch < self.epoch and at - self._heard < FORGET:
            return False
        self.epoch, self.leader, self._heard = epoch, leader, at
        return True
