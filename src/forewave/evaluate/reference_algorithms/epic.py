"""EPIC's published rules on forewave's picks and amplitudes.

Association, location, magnitude and alert gates as published (Kuyuk and Allen 2013; Kuyuk et al.
2014; Chung et al. 2019; the configuration of a public installation):

- a new event takes at least 3 triggers within 200 km whose pairwise time differences are at most
  distance / 6 km/s + 3 s and whose mean misfit is at most 1 s, and 40 % of the active stations in
  the circle of the farthest trigger must have triggered;
- a later trigger joins when it comes 0.125 to 0.26 s/km after the origin (10 s of slack before)
  or near the source, and the mean misfit stays within 1 s (10 s from the fifth station on);
- the epicentre is where the origin times of the triggers scatter least, at 8 km depth, found
  again for each of the first 10 stations;
- magnitude is the mean over stations of Pd within 4 s, weighted by the seconds of data;
- an event within 90 km and 15 s of an older one may not alert (the split check);
- an alert needs 4 stations and M 2 to 10; updates at least 1 s apart, 0.1 M, for 40 s.

Differences from EPIC: triggers come from forewave's picker, and unpublished details are chosen
in its favour: triggers that do not make an event are tried again without the one farthest from
the newest. Its shaking is Boore et al. (2014) at Vs30 400 m/s about the epicentre, read as MMI
(Worden et al. 2012).
"""

import math
from collections.abc import Sequence

from forewave.earth.distance import distance_km
from forewave.earth.travel_time import TravelTimes
from forewave.evaluate.reference_algorithms import epic_source, message
from forewave.evaluate.reference_algorithms.epic_source import Located, Trigger
from forewave.evaluate.scoring.playback import IssuedAlert
from forewave.types import (
    Amplitude,
    Magnitude,
    Origin,
    Pick,
    Station,
    StationObservation,
    StationState,
)

NEW_WITHIN_KM, NEW_KMS, NEW_SLACK = 200.0, 6.0, 3.0
NEW_MISFIT, LATE_MISFIT, STRICT_STATIONS = 1.0, 10.0, 4
LEAST_TRIGGERS, LEAST_STATIONS, LEAST_SHARE = 3, 4, 0.4
MOST_LOCATED = 10  # stations for which an event is relocated
SPLIT_KM, SPLIT_S = 90.0, 15.0
TRIGGERS_LIVE, EVENTS_LIVE, UPDATES_LAST = 400.0, 600.0, 40.0
UPDATE_S, UPDATE_M = 1.0, 0.1
ACTIVE_S = 20.0
MEASURED_S = 4.0


def run(
    stations: Sequence[Station],
    observations: Sequence[tuple[float, StationObservation]],
    travel_times: TravelTimes,
) -> list[IssuedAlert]:
    """The alerts that would have been issued."""
    epic = _Epic(stations, travel_times)
    for now, word in observations:
        if word.station in epic.sites:
            epic.feed(word, now)
    return epic.alerts


class _Event:
    """One current event."""

    def __init__(self, name: str, triggers: list[Trigger], located: Located) -> None:
        self.name, self.triggers, self.located = name, triggers, located
        self.version, self.issued_at, self.issued_m = 0, -math.inf, math.nan
        self.first_at = math.inf


class _Epic:
    """Unassociated triggers, and the events."""

    def __init__(self, stations: Sequence[Station], travel_times: TravelTimes) -> None:
        self._stations = list(stations)
        self.sites = {s.code: s for s in stations}
        self._table = epic_source.Table(travel_times)
        self._latest: dict[str, float] = {}
        self._free: list[Trigger] = []
        self._events: list[_Event] = []
        self._count = 0
        self._by_pick: dict[str, Trigger] = {}
        self.alerts: list[IssuedAlert] = []

    def feed(self, word: StationObservation, now: float) -> None:
        """Process one observation."""
        if isinstance(word, StationState):
            self._latest[word.station] = word.latest
        elif isinstance(word, Pick):
            self._forget(now)
            self._trigger(word, now)
        elif isinstance(word, Amplitude) and word.pick in self._by_pick:
            self._measure(self._by_pick[word.pick], word, now)

    def _forget(self, now: float) -> None:
        self._free = [t for t in self._free if now - t.time < TRIGGERS_LIVE]
        self._events = [e for e in self._events if now - e.located.time < EVENTS_LIVE]

    def _trigger(self, pick: Pick, now: float) -> None:
        site = self.sites[pick.station]
        trigger = Trigger(site.code, site.lat, site.lon, pick.time)
        self._by_pick[pick.id] = trigger
        for event in self._events:
            if self._join(event, trigger):
                return self._issue(event, now)
        self._free.append(trigger)
        return self._begin(trigger, now)

    def _measure(self, trigger: Trigger, word: Amplitude, now: float) -> None:
        seconds = word.since_pick or 0.0
        if 0 < seconds <= MEASURED_S and word.pd_m > 0:
            trigger.pd_m, trigger.seconds = word.pd_m, seconds
            for event in self._events:
                if trigger in event.triggers:
                    self._issue(event, now)

    def _join(self, event: _Event, trigger: Trigger) -> bool:
        """Associate a later trigger if it fits, and relocate the event."""
        if any(t.station == trigger.station for t in event.triggers):
            return False
        away_km = float(distance_km(event.located.lat, event.located.lon, trigger.lat, trigger.lon))
        after = trigger.time - event.located.time
        near = away_km <= 20.0 and -2.0 <= after <= 4.0
        if not near and not 0.125 * away_km - 10.0 <= after <= 0.26 * away_km:
            return False
        triggers = [*event.triggers, trigger]
        located = event.located
        if len(triggers) <= MOST_LOCATED:
            located = epic_source.locate(triggers, self._table)
        most = NEW_MISFIT if len(triggers) <= STRICT_STATIONS else LATE_MISFIT
        if epic_source.misfit(triggers, located, self._table) > most:
            return False
        event.triggers, event.located = triggers, located
        return True

    def _begin(self, newest: Trigger, now: float) -> None:
        """Try the unassociated triggers consistent with the newest, then without the farthest."""
        group = _together([t for t in self._free if t is not newest], newest)
        while len(group) >= LEAST_TRIGGERS:
            located = epic_source.locate(group[:MOST_LOCATED], self._table)
            if self._stands(group, located):
                return self._add(group, located, now)
            group.remove(max(group, key=lambda t: _apart_km(t, newest)))
        return None

    def _stands(self, group: Sequence[Trigger], located: Located) -> bool:
        return (
            epic_source.misfit(group, located, self._table) <= NEW_MISFIT
            and not self._split(located)
            and self._enough(group, located)
        )

    def _add(self, group: list[Trigger], located: Located, now: float) -> None:
        self._count += 1
        event = _Event(f"epic-{self._count}", group, located)
        self._events.append(event)
        self._free = [t for t in self._free if t not in group]
        self._issue(event, now)

    def _split(self, located: Located, but: _Event | None = None) -> bool:
        """Whether an older event is so near that this may be a part of it."""
        for event in self._events:
            if event is but:
                return False
            other = event.located
            apart_km = float(distance_km(other.lat, other.lon, located.lat, located.lon))
            if apart_km < SPLIT_KM and abs(other.time - located.time) < SPLIT_S:
                return True
        return False

    def _enough(self, group: Sequence[Trigger], located: Located) -> bool:
        """Whether two fifths of the active stations in the farthest trigger's circle triggered."""
        reach_km = max(_away_km(t.lat, t.lon, located) for t in group)
        inside = [s for s in self._stations if _away_km(s.lat, s.lon, located) <= reach_km + 1e-6]
        due = {s.code: self._table.due(_away_km(s.lat, s.lon, located), located) for s in inside}
        active = [c for c, t in due.items() if self._latest.get(c, -math.inf) > t - ACTIVE_S]
        return len(group) >= LEAST_SHARE * len(active)

    def _issue(self, event: _Event, now: float) -> None:
        """Issue an alert or an update if the gates allow it."""
        if len(event.triggers) < LEAST_STATIONS or event.located.at_edge:
            return
        if now - event.issued_at < UPDATE_S or now - event.first_at > UPDATES_LAST:
            return
        value = epic_source.magnitude(event.triggers, event.located)
        if not 2.0 <= value <= 10.0 or self._split(event.located, but=event):
            return
        if abs(value - event.issued_m) < UPDATE_M:
            return
        event.version += 1
        event.issued_at, event.issued_m = now, value
        event.first_at = min(event.first_at, now)
        self.alerts.append(self._message(event, value, now))

    def _message(self, event: _Event, value: float, now: float) -> IssuedAlert:
        n, located = min(len(event.triggers), 15), event.located
        origin = Origin(
            located.time,
            located.lat,
            located.lon,
            epic_source.DEPTH_KM,
            50.53 * n**-2.293 + 0.4138,
            100.0 * n**-1.642 + 4.0,
            10.0,
        )
        size = Magnitude(value, 2.366 * n**-1.849 + 0.2159, "Pd", len(event.triggers))
        shaking = epic_source.shaking(event.name, event.version, self._stations, origin, value)
        return message.issued_alert(event.name, event.version, now, origin, size, shaking)


def _together(others: Sequence[Trigger], newest: Trigger) -> list[Trigger]:
    """The newest trigger and the latest others that go with it and with one another."""
    group = [newest]
    for other in reversed(others):
        if all(_consistent(other, member) for member in group):
            group.append(other)
    return sorted(group, key=lambda t: t.time)


def _consistent(a: Trigger, b: Trigger) -> bool:
    apart_km = _apart_km(a, b)
    within = apart_km <= 2 * NEW_WITHIN_KM and a.station != b.station
    return within and abs(a.time - b.time) <= apart_km / NEW_KMS + NEW_SLACK


def _apart_km(a: Trigger, b: Trigger) -> float:
    return float(distance_km(a.lat, a.lon, b.lat, b.lon))


def _away_km(lat: float, lon: float, located: Located) -> float:
    return float(distance_km(located.lat, located.lon, lat, lon))
