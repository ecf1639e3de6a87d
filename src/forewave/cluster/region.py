"""The rooms of a region in a process that decides: hot, whether it publishes or not.

It is given the same steps as every other such process, so it comes to the same alerts. If what was
published is not what these rooms have (another order of arrival, a process that began later), they
are made again as after a restart (live/persistence/recovery.py): from the observations of the last
minutes and from what was published. So an event keeps its id, and versions go on. Pure.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence

from forewave.cluster.ledger import Ledger
from forewave.cluster.wire import Published
from forewave.formats.storage.log_blocks import Step
from forewave.live.persistence import recovery
from forewave.pipeline import Decider
from forewave.types import Alert, Dropped, Message, Solution

AHEAD = 5.0  # seconds that an alert may be ahead of the time here; more: the clock was set back
FRESH = 3.0  # seconds for which an alert may be unpublished because nobody led
GRACE = 1.0  # seconds after which what was published has to be known here too
_MOST_TICKS = 1000  # deadlines between two steps


class Region:
    """make: new rooms. remade: how often they were made again."""

    def __init__(self, make: Callable[[], Decider]) -> None:
        self._make, self._rooms = make, make()
        self._history: deque[Step] = deque()
        self._alerts: dict[str, Alert] = {}
        self._solutions: dict[str, Solution] = {}
        self.now = 0.0
        self.remade = 0

    def begin_anew(self) -> None:
        """Forget everything: the stations' clock was set back."""
        self._rooms, self.now = self._make(), 0.0
        self._history.clear()
        self._alerts.clear()
        self._solutions.clear()

    def remember(self, now: float, observed: Sequence[Message]) -> None:
        """An observation of before the start: remembered, not evaluated, until `remake`."""
        self.now = max(self.now, now)
        self._history.append(Step(self.now, tuple(observed)))
        self._forget()

    def step(self, now: float, observed: Sequence[Message]) -> list[Message]:
        """Everything that was due before, then these observations; all that follows, in order."""
        output = self.pass_time(now)
        self.remember(now, [item for item in observed if not isinstance(item, Dropped)])
        for item in observed:
            output.append(item)
            if isinstance(item, recovery.OBSERVED):
                output += self._rooms.observe(item, self.now)
        return output + self._tick()

    def pass_time(self, now: float) -> list[Message]:
        """Everything that is due until now, each at its own time."""
        output: list[Message] = []
        for _ in range(_MOST_TICKS):
            deadline = self._rooms.deadline()
            if deadline is None or deadline > now:
                break
            self.now = max(self.now, deadline)
            output += self._tick()
        self.now = max(self.now, now)
        return output

    def _tick(self) -> list[Message]:
        output = self._rooms.tick(self.now)
        for each in output:
            if isinstance(each, Solution):
                self._solutions[each.event] = each
            elif isinstance(each, Alert):
                self._alerts[each.event] = each
        return output

    def unpublished(self, ledger: Ledger, now: float) -> tuple[list[Alert], bool]:
        """What is to be published by one who takes over; whether the rooms are to be made again.

        The former leader may not have come to publish what was issued in the last FRESH seconds, or
        an event that nobody has published. Where it did not publish what these rooms issued before
        that, they differ: they go on from what has been published, and say now what is new.
        """
        new = [a for a in self._alerts.values() if a.expires > now and ledger.is_new(a)]
        fresh = [a for a in new if a.issued > now - FRESH or not ledger.version(a.event)]
        return fresh, len(fresh) < len(new)

    def solution(self, event: str) -> Solution | None:
        """The last solution of an event."""
        return self._solutions.get(event)

    def differs(self, ledger: Ledger, at: float) -> bool:
        """Whether something that was published GRACE seconds ago is not known here."""
        return any(heard + GRACE <= at and self._lacks(record) for record, heard in ledger.heard())

    def lacks_any(self, records: Iterable[Published]) -> bool:
        """Whether one of these records is not known here."""
        return any(map(self._lacks, records))

    def _lacks(self, record: Published) -> bool:
        alert = record.alert
        own = self._alerts.get(alert.event)
        return self._is_of_now(alert) and (own is None or own.version < alert.version)

    def _is_of_now(self, alert: Alert) -> bool:
        return alert.expires > self.now and alert.issued < self.now + AHEAD

    def remake(self, records: Iterable[Published]) -> None:
        """Make the rooms again, from the last minutes and from what was published."""
        records = [record for record in records if self._is_of_now(record.alert)]
        self._rooms = self._make()
        recovery.rebuild(self._rooms, self._history, self.now)
        self._alerts = {record.alert.event: record.alert for record in records}
        solutions = {record.alert.event: record.solution for record in records}
        self._solutions = {event: each for event, each in solutions.items() if each is not None}
        for event, solution in self._solutions.items():
            self._rooms.resume(solution, self._alerts[event], self.now)
        self.remade += 1

    def _forget(self) -> None:
        while self._history and self._history[0].now < self.now - recovery.MEMORY:
            self._history.popleft()
