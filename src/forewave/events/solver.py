"""Solves for the source of picks; one update is one straight line of steps, each a function:

    associate.explained   association: which picks the source explains, as P, S or coda
    observations.around   what the network knows of it: onsets, motion, silence, as arrays
    search, refine        location: the source that makes these most likely
    probability           discrimination: the probability that it is an earthquake
    measure               magnitude, and the line that has broken

Association comes first and, for the source that was found, again before the magnitude, which uses
the peaks of that source's own picks alone. Nothing is kept of events here.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from msgspec.structs import replace

from forewave.earth.distance import LocalPlane
from forewave.earth.travel_time import TravelTimes
from forewave.events import associate, observations, phone_only
from forewave.events.associate import Member
from forewave.events.event import Event, name
from forewave.events.location import search
from forewave.events.location.evidence import Evidence, make_tables
from forewave.events.location.search import Location
from forewave.events.magnitude.measure import measure
from forewave.events.memory.network import Network
from forewave.events.other_events import OtherEvents
from forewave.events.probability import probability
from forewave.events.relations.card import Relation
from forewave.types import Magnitude, Origin, Pick

LISTENING = 15.0  # s after a new pick in which the silence of others still tells where it is
FEW = 6  # picks up to which each search is a global one; and again when they have doubled


class Solver:
    """Begins and updates events. Holds the network and the tables."""

    def __init__(
        self, network: Network, travel_times: TravelTimes, relation: Relation | None = None
    ) -> None:
        """relation: what P magnitudes are measured with; None: the envelopes."""
        self.network, self.travel_times, self._relation = network, travel_times, relation
        self.tables = make_tables(travel_times)

    def begin(
        self, picks: Sequence[Pick], others: OtherEvents, alone: bool = False, tried: float = 1.0
    ) -> Event:
        """A possible event from picks, by time, that may have one source; the first names it.

        others: the events under way. alone: of one station, whose motion has passed the checks of
        a single-station alert. tried: of how many independent groups of picks these are the best.
        """
        event, known = self._found(picks, others)
        more = self._better_explained(event, others) if len(picks) > 1 else []
        if len(more) > len(picks):
            picks = more
            event, known = self._found(picks, others)
        event.alone, event.tried = alone and len(event.stations()) == 1, tried
        event.id = name(next((m.pick for m in event.phases()), picks[0]))
        event.sighting = self.network.phones.of(event.origin)
        event.sighting_used = event.sighting is not None
        event.likelihood = probability(event, picks, known, self.network, others, self.tables)
        self._measure(event, others)
        return event

    def update(self, event: Event, picks: Iterable[Pick], others: OtherEvents) -> None:
        """Bring an event up to date with all picks that it may call its own."""
        picks = list(picks)
        self.associate(event, picks)
        placing = event.placing()
        if not placing:
            if event.only_phones():
                event.likelihood = phone_only.likelihood(event, self.network)
            return
        if self._may_move(event, placing):
            known = observations.around(event, self.network, placing, others)
            self._locate(event, known, placing)
            event.alone = event.alone and len(event.stations()) == 1
            event.likelihood = probability(event, placing, known, self.network, others, self.tables)
            self.associate(event, picks)
        self._measure(event, others)

    def associate(self, event: Event, picks: Iterable[Pick]) -> None:
        """Work out anew which of the picks are the event's."""
        event.members = self.explained(event, picks)

    def explained(self, event: Event, picks: Iterable[Pick]) -> dict[str, Member]:
        """By pick id, how the event would explain the picks, which are by time."""
        return associate.explained(
            picks, self.network, event.origin, event.magnitude, event.arrivals, event.tried > 1.0
        )

    def has_new_sighting(self, event: Event) -> bool:
        """Whether phones have detected it since it was last updated."""
        return not event.sighting_used and self.network.phones.of(event.origin) is not None

    def _found(self, picks: Sequence[Pick], others: OtherEvents) -> tuple[Event, Evidence]:
        """The likeliest source of picks, and what is known of it."""
        first = picks[0]
        station = self.network.watches[first.station].station
        plane = LocalPlane(station.lat, station.lon)
        own = {pick.id for pick in picks}
        since = first.time - observations.BEFORE
        known = observations.evidence(self.network, plane, picks, own, (0.0, 0.0), since, others)
        location = search.search(known, self.tables)
        origin = _origin(plane, location, first.time)
        arrivals = associate.predict(self.network, origin, self.travel_times)
        event = Event(name(first), plane, location, origin, arrivals, _searched(location))
        event.searched_with = len(own)
        self.associate(event, picks)
        return event, known

    def _better_explained(self, event: Event, others: OtherEvents) -> list[Pick]:
        """All picks that an event explains as its P, where other events explain picks too: those
        that they explain worse among them.
        """
        if not others.events:
            return []
        recent = self.network.recent_picks(event.origin.time - observations.BEFORE)
        members = self.explained(event, recent)
        own = [m.pick for m in members.values() if m.role == "P"]
        return [pick for pick in own if others.leaves(pick, event, members[pick.id])]

    def _may_move(self, event: Event, placing: Sequence[Pick]) -> bool:
        """Whether there is news of where it is: a new pick, silence soon after one, or phones.

        Later the peaks only grow: they tell how big it is, and no more where. Nor do picks
        beyond those that are used.
        """
        if self.has_new_sighting(event):
            event.sighting_used = True
            return True
        used = min(len(placing), observations.MOST_PICKS)
        if used != event.placed_by:
            event.placed_by, event.placed_at = used, self.network.newest
        return self.network.newest <= event.placed_at + LISTENING

    def _locate(self, event: Event, known: Evidence, placing: Sequence[Pick]) -> None:
        """Place it anew."""
        event.location = self._place(event, known, len(placing))
        event.origin = _origin(event.plane, event.location, placing[0].time)
        event.sighting = self.network.phones.of(event.origin)
        event.arrivals = associate.predict(self.network, event.origin, self.travel_times)

    def _place(self, event: Event, known: Evidence, picks: int) -> Location:
        """By a global search while few picks have come, since they have doubled, or while it is
        doubted, which may be for its place; else nearby.
        """
        if picks <= FEW or picks >= 2 * event.searched_with or event.doubted_since is not None:
            event.searched_with = picks
            return search.search(known, self.tables)
        return search.refine(known, self.tables, event.location)

    def _measure(self, event: Event, others: OtherEvents) -> None:
        at_place, event.rupture = measure(event, self.network, others, self._relation)
        location = event.location
        event.magnitude = _anywhere(at_place, location) if at_place else _searched(location)


def _anywhere(measured: Magnitude, location: Location) -> Magnitude:
    """A magnitude measured for the likeliest place, as unsure as the place makes it, too."""
    sigma = float(np.hypot(measured.sigma, location.magnitude_by_place))
    return replace(measured, sigma=round(sigma, 2))


def _searched(location: Location) -> Magnitude:
    """The magnitude that the search itself has found from amplitudes and silence."""
    return Magnitude(location.magnitude, location.magnitude_sigma, "Msearch", 0)


def _origin(plane: LocalPlane, location: Location, reference: float) -> Origin:
    lat, lon = plane.to_degrees(location.x_km, location.y_km)
    return Origin(
        reference + location.time,
        lat,
        lon,
        location.depth_km,
        location.time_sigma,
        location.sigma_km,
        location.depth_sigma_km,
    )
