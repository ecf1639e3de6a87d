"""The events room: picks, amplitudes and station states in, solutions out.

`feed` only remembers; `tick` evaluates, and asks to be called at once when there is something to
evaluate, so all that one packet brought is weighed together. An event under way is updated with
every new pick, and each whole second while its amplitudes grow; what no event explains is tried as
a new one (`candidates`). The tracker keeps the events and the times of their updates, nothing else:
the room's state is what its last minutes of input made it.
"""

from collections.abc import Sequence

import numpy as np

from forewave.earth.travel_time import TravelTimes
from forewave.events import event_pairs, publication, validate
from forewave.events.candidates import FRESH, Candidates
from forewave.events.event import Event
from forewave.events.magnitude.p_displacement import relation_named
from forewave.events.memory.network import Network
from forewave.events.other_events import OtherEvents
from forewave.events.publication import Criteria, TrackerSettings
from forewave.events.restore import restored
from forewave.events.solver import Solver
from forewave.schedule import next_update
from forewave.thresholds import Thresholds
from forewave.types import (
    Amplitude,
    Dropped,
    Observation,
    PhoneSighting,
    Pick,
    PickWithdrawn,
    Solution,
    Station,
    StationState,
)

NEW_EVERY = 0.5  # s between two searches for new events
UPDATE_EVERY = 1.0  # s between two updates of an event without new picks
LIFE = 300.0  # s after its origin that an event goes on explaining picks
GROWING = 120.0  # s after its origin that an event is updated without new picks


class Tracker:
    """All events of a region."""

    def __init__(
        self,
        stations: Sequence[Station],
        travel_times: TravelTimes,
        settings: TrackerSettings | None = None,
        thresholds: Thresholds | None = None,
        phones_alone: bool = False,
    ) -> None:
        """phones_alone: whether phones may begin an event without any station.

        Raises ModelError if the settings name a magnitude relation that does not exist.
        """
        settings = settings or TrackerSettings()
        self.network = Network(stations)
        self.events: list[Event] = []
        self._solver = Solver(self.network, travel_times, relation_named(settings.relation))
        self._criteria = Criteria(self.network, settings, thresholds or Thresholds())
        self._candidates = Candidates(self._solver, self._criteria, phones_alone)
        self._new: list[Pick] = []
        self._codas_tried = -np.inf  # when picks in codas were last tried as new events
        self._deadline: float | None = None

    def feed(self, item: Observation, now: float) -> Sequence[Dropped]:
        """Remember what a station or phones observed; answer what is refused, and why."""
        if reason := validate.reason(item, self.network, now):
            return [Dropped(validate.source(item), reason)]
        if isinstance(item, StationState):
            self.network.add_state(item)
        elif isinstance(item, PickWithdrawn):
            self.network.withdraw_pick(item)
        elif isinstance(item, Amplitude):
            self.network.add_amplitude(item)
        elif isinstance(item, PhoneSighting):
            self._wake_by(self.network.phones.add(item, now))
        else:
            self.network.add_pick(item)
            self._new.append(item)
            self._deadline = now
        return ()

    def deadline(self) -> float | None:
        """Now after a pick; soon while something is under way; never while all is calm."""
        return self._deadline

    def tick(self, now: float) -> Sequence[Solution]:
        """Update the events under way, then try what none of them explains as new ones."""
        self.events = [e for e in self.events if now < e.origin.time + LIFE]
        solutions = [self._update(event, now) for event in self.events if not event.withdrawn]
        in_codas = now >= next_update(self._codas_tried, NEW_EVERY)
        self._codas_tried = now if in_codas else self._codas_tried
        for event in self._candidates.new_events(self.events, now, in_codas):
            solutions.append(self._add(event, now))
        self._new.clear()
        self._deadline = self._next(now)
        return [solution for solution in solutions if solution is not None]

    def resume(self, published: Solution, now: float) -> None:
        """Go on with an event that was published before this room was made, as that event."""
        if now >= published.origin.time + LIFE:
            return
        event = restored(published, self.network, self._solver.travel_times)
        self.events.append(event)
        self._solver.associate(event, self._open_to(event))
        self._deadline = now

    def _update(self, event: Event, now: float) -> Solution | None:
        """Bring one event up to date if it may have changed; its next version if it has."""
        news = bool(self._solver.explained(event, self._new))
        news |= self._solver.has_new_sighting(event)
        if now > event.origin.time + GROWING:
            if news:
                self._solver.associate(event, self._open_to(event))
            return None
        if not news and now < next_update(event.updated, UPDATE_EVERY):
            return None
        event.updated = now
        others = OtherEvents(self.network, self.events, event)
        self._solver.update(event, self._open_to(event), others)
        if self._criteria.is_refuted(event, now):
            event.withdrawn = "the stations around it do not confirm it"
        return publication.next_version(event)

    def _add(self, event: Event, now: float) -> Solution | None:
        """Follow an event from now on and publish it, under an id of its own.

        One that was withdrawn may have had the same first pick, and its id is of no use any more.
        One that this explains better (`event_pairs.replaces`) goes on as this.
        """
        for before in [e for e in self.events if event_pairs.replaces(event, e)]:
            self.events.remove(before)
            event.id, event.published = before.id, before.published
        ids = {each.id for each in self.events}
        while event.id in ids:
            event.id += "b"
        self.events.append(event)
        event.updated = now
        return publication.next_version(event)

    def _open_to(self, event: Event) -> list[Pick]:
        """Picks that an event may call its own: those that no other explains better."""
        others = OtherEvents(self.network, self.events, event)
        recent = self.network.recent_picks(event.origin.time - FRESH)
        as_its = self._solver.explained(event, recent)
        return [pick for pick in recent if others.leaves(pick, event, as_its.get(pick.id))]

    def _wake_by(self, time: float | None) -> None:
        """Evaluate at a time, or before."""
        if time is not None:
            self._deadline = time if self._deadline is None else min(time, self._deadline)

    def _next(self, now: float) -> float | None:
        """When there will be something to evaluate."""
        times = [
            next_update(event.updated, UPDATE_EVERY)
            for event in self.events
            if not event.withdrawn and now <= event.origin.time + GROWING
        ]
        if self._candidates.waits(self.events, now):
            times.append(next_update(now, NEW_EVERY))
        return min(times, default=None)
