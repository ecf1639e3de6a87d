"""One earthquake as it becomes known: its picks, place and size, and how certain these are."""

from dataclasses import dataclass, field

import numpy as np

from forewave.earth.distance import LocalPlane, distance_km
from forewave.events.associate import Arrivals, Member
from forewave.events.location.search import Location
from forewave.types import (
    PHONES,
    Arrival,
    Magnitude,
    Origin,
    Phase,
    PhoneSighting,
    Pick,
    Rupture,
    Solution,
)


@dataclass(slots=True)
class Event:
    """An event under way. `members` is what it explains, by pick id."""

    id: str
    plane: LocalPlane
    location: Location
    origin: Origin
    arrivals: Arrivals
    magnitude: Magnitude
    likelihood: float = 0.0
    members: dict[str, Member] = field(default_factory=dict)
    updated: float = -np.inf  # when it was last brought up to date
    placed_by: int = 0  # picks that placed it
    placed_at: float = -np.inf  # the newest data when the last of them came
    weighed: float = -np.inf  # the newest data when all its stations were last weighed
    searched_with: int = 0  # picks at the last search everywhere
    first: dict[str, Pick] = field(default_factory=dict)  # by station
    rupture: Rupture | None = None
    tried: float = 1.0  # independent groups of picks of which this one is the best
    alone: bool = False  # based on the strong motion of one station
    sighting: PhoneSighting | None = None  # the phone detection that fits it
    sighting_used: bool = False  # whether it was updated when that came
    published: Solution | None = None
    withdrawn: str | None = None
    doubted_since: float | None = None  # since when it is less likely than it must be to stand

    def phases(self) -> list[Member]:
        """The members that are its P or S, by time; not its coda."""
        members = (m for m in self.members.values() if m.role != "coda")
        return sorted(members, key=lambda m: (m.pick.time, m.pick.id))

    def stations(self) -> set[str]:
        """Where it has been picked."""
        return {member.pick.station for member in self.phases()}

    def witnesses(self) -> int:
        """How many independent observers it has: its stations, and all phones together as one."""
        return len(self.stations()) + (self.sighting is not None)

    def only_phones(self) -> bool:
        """Whether phones have detected it and no station has."""
        return self.sighting is not None and not self.phases()

    def placing(self) -> list[Pick]:
        """The picks that place it, by time: all that it explains as P or S, and its first ones.

        A station's first pick stays once it has been used, or a wrong place could exclude the
        picks that would correct it; but one that fits better, as the station's P, takes over.
        """
        for member in self.phases():
            if member.role == "P" or member.pick.station not in self.first:
                self.first[member.pick.station] = member.pick
        later = (m.pick for m in self.phases() if m.pick.time > self.first[m.pick.station].time)
        return sorted([*self.first.values(), *later], key=lambda pick: (pick.time, pick.id))

    def stands(self) -> bool:
        """Whether other events must take it into account: it was not withdrawn, and a station has
        detected it.
        """
        return self.withdrawn is None and not self.only_phones()

    def listed(self) -> tuple[Arrival, ...]:
        """The arrivals that a solution lists."""
        found = tuple(_arrival(member) for member in self.phases())
        return found if self.sighting is None else (*found, _seen(self.sighting, self.origin))

    def solution(self) -> Solution:
        """What is known now, as the version after the last one published."""
        version = self.published.version + 1 if self.published else 1
        return Solution(
            self.id,
            version,
            self.origin,
            self.magnitude,
            self.rupture,
            self.listed(),
            self.likelihood,
            self.withdrawn,
        )


def name(first: Pick) -> str:
    """The event's id, from its first pick: second and station."""
    return name_of(first.time, first.stream.station)


def name_of(time: float, who: str) -> str:
    """The id of an event from the time and the code of whoever detected it first."""
    stamp = np.datetime64(int(time), "s").item().strftime("%Y%m%d%H%M%S")
    return f"fw{stamp}{who.lower()}"


def _seen(sighting: PhoneSighting, origin: Origin) -> Arrival:
    """A phone detection as one more arrival: mostly S."""
    away_km = float(distance_km(sighting.lat, sighting.lon, origin.lat, origin.lon))
    late = sighting.time - origin.time
    return Arrival(PHONES, PHONES, "S", sighting.time, late, away_km, 1.0, vouched=False)


def _arrival(member: Member) -> Arrival:
    pick = member.pick
    phase: Phase = "S" if member.role == "S" else "P"
    weight = 1.0 if member.role == "P" else 0.0
    return Arrival(
        pick.id,
        pick.station,
        phase,
        pick.time,
        member.residual,
        member.distance_km,
        weight,
        pick.vouched,
    )
