"""New events: what unexplained picks, one strong motion, or phones may have come from.

Each function yields the events that are ready to be published. The caller adds them to `events`
before it asks for the next, which is then tried beside them. Nothing is kept of a try that failed,
since the picks are still there.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from forewave.events import (
    associate,
    event_pairs,
    observations,
    phone_only,
    publication,
    single_station,
)
from forewave.events.discrimination import fronts
from forewave.events.event import Event
from forewave.events.memory import phone_sightings
from forewave.events.memory.network import Network
from forewave.events.other_events import OtherEvents
from forewave.events.publication import Criteria
from forewave.events.solver import Solver
from forewave.types import PhoneSighting, Pick

FRESH = 40.0  # s that unexplained picks may begin an event
MOST_CLUSTERS = 4


class Group(NamedTuple):
    """Picks, by time, that one source might have made; of how many groups these were chosen."""

    picks: Sequence[Pick]
    tried: float = 1.0


class Candidates:
    """Tries what no event explains as a new one. Keeps nothing of events.

    phones_alone: whether events may begin that no station has detected.
    """

    def __init__(self, solver: Solver, criteria: Criteria, phones_alone: bool) -> None:
        self._solver, self._network = solver, solver.network
        self._criteria, self._phones_alone = criteria, phones_alone

    def new_events(self, events: Sequence[Event], now: float, in_codas: bool) -> Iterator[Event]:
        """All that are ready now. in_codas: whether groups of picks that the events under way
        explain are tried as well: picks in a coda come all the time, and can wait.
        """
        yield from self._of_groups(events, now, in_codas)
        yield from self._of_one_station(events, now)
        yield from self._of_one_pick_and_phones(events, now)
        yield from self._of_phones(events, now)

    def unexplained(self, events: Sequence[Event]) -> list[Pick]:
        """Fresh picks that may be of no event under way, or of another one in its waves."""
        others = OtherEvents(self._network, events)
        recent = self._network.recent_picks(self._network.newest - FRESH)
        return [p for p in recent if (claim := others.claim(p)) is None or claim.is_open]

    def waits(self, events: Sequence[Event], now: float) -> bool:
        """Whether there is anything that may become an event."""
        return bool(
            self.unexplained(events) or (self._phones_alone and self._network.phones.fresh(now))
        )

    def _of_groups(self, events: Sequence[Event], now: float, in_codas: bool) -> Iterator[Event]:
        """Of picks of two or more stations."""
        explained = OtherEvents(self._network, events).explained
        found = groups(self.unexplained(events), explained, self._solver)
        for group in found[:MOST_CLUSTERS]:
            if not in_codas and all(pick.id in explained for pick in group.picks):
                continue
            others = OtherEvents(self._network, events)
            event = self._solver.begin(group.picks, others, tried=group.tried)
            if self._criteria.is_ready(event, events, now):
                yield event

    def _of_one_station(self, events: Sequence[Event], now: float) -> Iterator[Event]:
        """Of one station's first motion that is strong enough."""
        others = OtherEvents(self._network, events)
        for pick in self.unexplained(events):
            explained = pick.id in others.explained
            if explained or not single_station.strong(self._network, pick, others.explained):
                continue
            event = self._solver.begin([pick], others, alone=True)
            real = event.likelihood >= self._criteria.thresholds.min_likelihood
            real &= not publication.is_repeat(event, events)
            in_coda = publication.in_coda(event, events, now)
            if real and len(event.stations()) == 1 and not in_coda:
                yield event

    def _of_one_pick_and_phones(self, events: Sequence[Event], now: float) -> Iterator[Event]:
        """Of one station that phones confirm; groups of picks are tried without them."""
        sightings = unclaimed(self._network, [e for e in events if e.stands()], now)
        picks = self._expected(events, sightings) if sightings else []
        for pick in picks if len(picks) <= MOST_CLUSTERS else ():
            event = self._solver.begin([pick], OtherEvents(self._network, events))
            if event.sighting and self._criteria.is_ready(event, events, now):
                yield event

    def _of_phones(self, events: Sequence[Event], now: float) -> Iterator[Event]:
        """Of phones where no station has picked anything, if `phones_alone`."""
        fresh = self._network.phones.fresh(now) if self._phones_alone else ()
        travel_times = self._solver.travel_times
        begun = [phone_only.begin(each, self._network, travel_times) for each in fresh]
        for event in begun:
            known = any(event_pairs.alike(event, other) for other in events)
            due = known or self._criteria.is_due(event)
            if event.likelihood < phone_only.LEAST or due:
                continue
            if not publication.in_coda(event, events, now):
                yield event

    def _expected(self, events: Sequence[Event], seen: Sequence[PhoneSighting]) -> list[Pick]:
        """The unexplained picks that may be the P of what phones have detected."""
        watches = self._network.watches
        picks = self.unexplained(events)
        return [p for p in picks if phone_sightings.expected(seen, watches[p.station].station, p)]


def groups(picks: Sequence[Pick], explained: Container[str], solver: Solver) -> list[Group]:
    """Picks that one source might have made, each group by time.

    explained: ids of those that an event under way may have made.
    """
    clusters = associate.clusters(picks, solver.network)
    found = (_parts(cluster, explained, solver) for cluster in clusters)
    return [group for group in chain.from_iterable(found) if len(group.picks) > 1]


def _parts(group: Sequence[Pick], explained: Container[str], solver: Solver) -> Iterable[Group]:
    """All of a group, unless it is a storm; what follows a burst; the best front in it."""
    storm = fronts.is_storm(group)
    if not storm:
        yield Group(group, observations.TRIED if fronts.may_be_storm(group) else 1.0)
        yield Group(fronts.after_burst(group))
    if storm or (fronts.is_long(group) and not any(p.id in explained for p in group)):
        front = fronts.strongest(group, solver.network, solver.travel_times)
        yield Group(front, observations.TRIED)


def unclaimed(network: Network, events: Iterable[Event], now: float) -> list[PhoneSighting]:
    """Recent phone detections that are of none of these events."""
    origins = [event.origin for event in events]
    fresh = network.phones.fresh(now)
    return [seen for seen in fresh if not any(phone_sightings.fits(seen, o) for o in origins)]
