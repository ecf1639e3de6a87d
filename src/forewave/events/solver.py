"""Begins and follows events: from picks to place, size and likelihood, and on as more comes."""

from collections.abc import Container, Iterable, Sequence
from functools import partial
from itertools import chain
from typing import NamedTuple

import numpy as np
from msgspec.structs import replace

from forewave.earth.distance import LocalPlane
from forewave.earth.travel_time import TravelTimes
from forewave.events import associate, discrimination, fronts, observations, phone_only
from forewave.events.associate import Member
from forewave.events.discrimination import Strange
from forewave.events.event import Event, name
from forewave.events.location import search
from forewave.events.location.evidence import Evidence, make_tables
from forewave.events.location.search import Location
from forewave.events.location.source_duration import half_duration
from forewave.events.magnitude import line_source
from forewave.events.magnitude.estimate import PhaseMagnitude, event_magnitude, station_magnitudes
from forewave.events.magnitude.line_source import Lines
from forewave.events.memory import phone_sightings
from forewave.events.memory.network import Network
from forewave.events.other_events import Company
from forewave.types import Amplitude, Magnitude, Origin, PhoneSighting, Pick

BEFORE = 5.0  # s before origin from which a station's picks keep it from counting as silent
WEIGH = 1.0  # the interval of discrimination by all stations, beyond those that place it, s
MOST_MEASURED = 60  # stations, the nearest: more change the median by less than its sigma
LINGERS = 20.0  # s after its S and its rupture in which an event's motion may still grow
LISTENING = 15.0  # s after a new pick in which the silence of others still tells where it is
FEW = 6  # picks up to which each look is a look everywhere; and again when they have doubled


class Group(NamedTuple):
    """Picks, by time, that one source might have made; of how many groups these were chosen."""

    picks: Sequence[Pick]
    tried: float = 1.0


class Surveyor:
    """Places and measures events. Holds the network and the tables, keeps nothing of events."""

    def __init__(self, network: Network, travel_times: TravelTimes) -> None:
        self.network, self.travel_times = network, travel_times
        self.tables = make_tables(travel_times)

    def groups(self, picks: Sequence[Pick], explained: Container[str]) -> list[Group]:
        """Picks that one source might have made, each group by time.

        explained: ids of those that an event under way may have made.
        """
        found = (self._parts(g, explained) for g in associate.clusters(picks, self.network))
        return [group for group in chain.from_iterable(found) if len(group.picks) > 1]

    def _parts(self, group: Sequence[Pick], explained: Container[str]) -> Iterable[Group]:
        """All of a group, unless it is a storm; what follows a burst; the best front in it."""
        storm = fronts.is_storm(group)
        if not storm:
            yield Group(group, observations.TRIED if fronts.may_be_storm(group) else 1.0)
            yield Group(fronts.after_burst(group))
        if storm or (fronts.is_long(group) and not any(p.id in explained for p in group)):
            front = fronts.strongest(group, self.network, self.travel_times)
            yield Group(front, observations.TRIED)

    def begin(
        self, picks: Sequence[Pick], company: Company, alone: bool = False, tried: float = 1.0
    ) -> Event:
        """A possible event from picks, by time, that may have one source; the first names it.

        alone: of one station, whose motion has passed the checks of a notice. tried: Group.tried.
        """
        event, known = self._found(picks, company)
        more = self._better_explained(event, company) if len(picks) > 1 else []
        if len(more) > len(picks):
            picks = more
            event, known = self._found(picks, company)
        first = picks[0]
        event.alone, event.tried = alone, tried
        event.id = name(next((m.pick for m in event.phases()), first))
        event.sighting = self.network.phones.of(event.origin)
        event.asked = event.sighting is not None
        event.likelihood = self._verdict(event, picks, known, company)
        self._measure(event, company)
        return event

    def _found(self, picks: Sequence[Pick], company: Company) -> tuple[Event, Evidence]:
        """The likeliest source of picks, and what is known of it."""
        first = picks[0]
        station = self.network.watches[first.station].station
        plane = LocalPlane(station.lat, station.lon)
        own = {pick.id for pick in picks}
        since = first.time - BEFORE
        known = observations.evidence(self.network, plane, picks, own, (0.0, 0.0), since, company)
        location = search.search(known, self.tables)
        origin = _origin(plane, location, first.time)
        arrivals = associate.predict(self.network, origin, self.travel_times)
        event = Event(name(first), plane, location, origin, arrivals, _guess(location))
        event.searched = len(own)
        self.explain(event, picks)
        return event, known

    def _better_explained(self, event: Event, company: Company) -> list[Pick]:
        """All picks that an event explains as its P, where other events explain picks too: those
        that they explain worse among them.
        """
        if not company.events:
            return []
        recent = self.network.recent_picks(event.origin.time - BEFORE)
        members = self.explained(event, recent)
        own = [m.pick for m in members.values() if m.role == "P"]
        return [pick for pick in own if company.leaves(pick, event, members[pick.id])]

    def follow(self, event: Event, picks: Iterable[Pick], company: Company) -> None:
        """Bring an event up to date with all picks that it may call its own."""
        picks = list(picks)
        self.explain(event, picks)
        placing = event.placing()
        if not placing:
            if event.only_phones():
                event.likelihood = phone_only.likelihood(event, self.network)
            return
        if self._moves(event, placing):
            self._locate(event, placing, company)
            self.explain(event, picks)
        self._measure(event, company)

    def denied(self, event: Event, least: float) -> bool:
        """Whether it is less likely than it must be to stand; on phones only it must be more."""
        return event.likelihood < (phone_only.DOUBTED if event.only_phones() else least)

    def concerns(self, event: Event, picks: Iterable[Pick]) -> bool:
        """Whether any of the picks may be the event's."""
        return bool(self.explained(event, picks))

    def seen(self, event: Event) -> bool:
        """Whether phones have come to see it, and it was not looked at since."""
        return not event.asked and self.network.phones.of(event.origin) is not None

    def begin_seen(self, now: float) -> list[Event]:
        """Events that phones alone are sure enough of."""
        fresh = self.network.phones.fresh(now)
        found = [phone_only.begin(each, self.network, self.travel_times) for each in fresh]
        return [event for event in found if event.likelihood >= phone_only.LEAST]

    def unclaimed(self, events: Iterable[Event], now: float) -> list[PhoneSighting]:
        """What phones have seen of late that may be none of these events."""
        origins = [event.origin for event in events]
        fresh = self.network.phones.fresh(now)
        return [seen for seen in fresh if not any(phone_sightings.fits(seen, o) for o in origins)]

    def expected(self, picks: Iterable[Pick], seen: Sequence[PhoneSighting]) -> list[Pick]:
        """Which picks may be the P of what phones have seen."""
        watches = self.network.watches
        return [p for p in picks if phone_sightings.expected(seen, watches[p.station].station, p)]

    def _moves(self, event: Event, placing: Sequence[Pick]) -> bool:
        """Whether there is news of where it is: a new pick, silence soon after one, or phones.

        Later the peaks only grow: they tell how big it is, and no more where. Nor do picks
        beyond those that are used.
        """
        if self.seen(event):
            event.asked = True
            return True
        used = min(len(placing), observations.MOST_PICKS)
        if used != event.placed_by:
            event.placed_by, event.placed_at = used, self.network.newest
        return self.network.newest <= event.placed_at + LISTENING

    def _locate(self, event: Event, placing: Sequence[Pick], company: Company) -> None:
        """Place it anew, and say how likely it is real."""
        centre = (event.location.x_km, event.location.y_km)
        since = event.origin.time - BEFORE
        known = observations.evidence(
            self.network, event.plane, placing, event.members, centre, since, company
        )
        event.location = self._place(event, known, len(placing))
        event.origin = _origin(event.plane, event.location, placing[0].time)
        event.sighting = self.network.phones.of(event.origin)
        event.arrivals = associate.predict(self.network, event.origin, self.travel_times)
        event.likelihood = self._verdict(event, placing, known, company)

    def _verdict(
        self, event: Event, picks: Sequence[Pick], known: Evidence, company: Company
    ) -> float:
        """How likely it is real, among all picks of the last minute that nothing explains.

        known: what placed it, of the nearest stations; it must explain the others' picks too.
        """
        many = len(event.stations()) > observations.MOST_PICKS
        if many and self.network.newest < event.weighed + WEIGH:
            return event.likelihood
        recent = self.network.recent_picks(self.network.newest - discrimination.STORM_SPAN)
        explained = event.members.keys() | company.explained.keys()
        strange = self._strange(event, [p for p in recent if p.id not in explained], picks[0])
        event.alone = event.alone and len(event.stations()) == 1
        evidence, weighed = event.location.log_evidence, known
        if many:
            event.weighed = self.network.newest
            weighed = self._weighed(event, picks, company)
            evidence += search.gained(event.location, known, weighed, self.tables)
        weighed = replace(weighed, tried=max(event.tried, weighed.tried))
        real = discrimination.likelihood(evidence, weighed, self.network.count, strange)
        return discrimination.checked(real) if event.alone else real

    def _strange(self, event: Event, unexplained: Sequence[Pick], first: Pick) -> Strange:
        """The stations of unexplained picks, as the evidence that begins with a pick has them."""
        latest = {pick.station: pick.time - first.time for pick in unexplained}
        index = [self.network.watches[station].index for station in latest]
        x_km, y_km = event.plane.to_km(self.network.lat[index], self.network.lon[index])
        return Strange(x_km, y_km, np.array(list(latest.values())))

    def _weighed(self, event: Event, picks: Sequence[Pick], company: Company) -> Evidence:
        """What all stations know of it."""
        centre = (event.location.x_km, event.location.y_km)
        since = event.origin.time - BEFORE
        return observations.evidence(
            self.network, event.plane, picks, event.members, centre, since, company, len(picks)
        )

    def _place(self, event: Event, known: Evidence, picks: int) -> Location:
        """Everywhere while few picks have come, since they have doubled, or while it is doubted,
        which may be for its place; else nearby.
        """
        if picks <= FEW or picks >= 2 * event.searched or event.doubted is not None:
            event.searched = picks
            return search.search(known, self.tables)
        return search.refine(known, self.tables, event.location)

    def explain(self, event: Event, picks: Iterable[Pick]) -> None:
        """Work out anew which of the picks are the event's."""
        event.members = self.explained(event, picks)

    def explained(self, event: Event, picks: Iterable[Pick]) -> dict[str, Member]:
        """By pick id, how the event would explain the picks, which are by time."""
        return associate.explained(
            picks, self.network, event.origin, event.magnitude, event.arrivals, event.tried > 1.0
        )

    def _measure(self, event: Event, company: Company) -> None:
        """The magnitude from the peaks at the nearest stations whose P is the event's."""
        with_p = [member for member in event.members.values() if member.role == "P"]
        nearest = sorted(with_p, key=lambda member: member.distance_km)[:MOST_MEASURED]
        peaks = [
            observations.own_peaks(self.network, m.pick, event.members, company) for m in nearest
        ]
        lines = self._lines(event, nearest, peaks)
        event.rupture = lines.answer(event.plane, event.origin, event.rupture is not None)
        measured = map(partial(self._station_magnitudes, event, lines), nearest, peaks)
        found = event_magnitude(chain.from_iterable(measured))
        event.magnitude = found or _guess(event.location)

    def _lines(
        self, event: Event, members: Sequence[Member], peaks: Sequence[Sequence[Amplitude]]
    ) -> Lines:
        """What may have broken, by the peaks of S."""
        felt = observations.felt(self.network, event, members, peaks)
        newest, size = self.network.newest, event.magnitude.value
        return line_source.search(felt, event.plane, event.origin, size, newest)

    def _station_magnitudes(
        self, event: Event, lines: Lines, member: Member, peaks: Sequence[Amplitude]
    ) -> list[PhaseMagnitude]:
        """From the event's own motion, until its S should have ended."""
        watch = self.network.watches[member.pick.station]
        s_time = event.arrivals.s[watch.index]
        ends = s_time + 2.0 * half_duration(event.magnitude.value) + LINGERS
        peaks = [a for a in peaks if a.time <= ends or a.clipped]
        x, y = event.plane.to_km(watch.station.lat, watch.station.lon)
        east, north = event.location.x_km, event.location.y_km
        slant_km = lines.slant_km(
            float(x) - east, float(y) - north, member.distance_km, event.origin.depth_km
        )
        return station_magnitudes(watch, peaks, slant_km, s_time, member.pick)


def _guess(location: Location) -> Magnitude:
    """What the search itself has made of amplitudes and silence."""
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
