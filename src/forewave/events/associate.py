"""Which picks an event explains: as its P, its S, or as something that follows in its coda.

Membership is worked out anew whenever the event's source changes, so a pick that did not fit
the first guess joins when the source has moved, and none stays for having once been let in.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from forewave.earth.distance import distance_km
from forewave.earth.travel_time import TravelTimes
from forewave.events.memory.network import Network
from forewave.types import Magnitude, Origin, Pick

Floats = NDArray[np.float64]
Role: TypeAlias = Literal["P", "S", "coda"]

READING = 1.0  # s by which a P may be misread
MODEL_SHARE = 0.06  # share of the travel time by which the Earth model may be wrong
UNLOCATED = 3.0  # s that an unsure place may add to that at most
S_SPREAD = 1.4  # S comes later than P by 0.73, and its model is no worse by more
SLOWEST_KMS, SPREAD = 4.5, 3.0  # two picks of one source: no slower than this, plus seconds
NEIGHBOUR_KM = 300.0
CODA_M4, CODA_GROWTH = 15.0, 2.5  # s that the coda of an M4 triggers pickers; more by magnitude


class Member(Struct, frozen=True):
    """A pick as an event explains it."""

    pick: Pick
    role: Role
    residual: float
    distance_km: float


class Arrivals(Struct, frozen=True):
    """An event's predicted arrivals (absolute; inf beyond the table) at all stations."""

    p: list[float]
    s: list[float]
    distance_km: list[float]


def role(pick: Pick, p: float, s: float, slack: float, coda: float) -> Role | None:
    """What a pick is to an event with arrivals p and s at its station; None if nothing.

    slack: s by which the arrivals may err. coda: s after S in which pickers may trigger again.
    """
    if abs(pick.time - p) <= slack:
        return "P"
    if abs(pick.time - s) <= S_SPREAD * slack:
        return "S"
    return "coda" if p < pick.time <= s + coda else None


def slack(travel_time: float, origin: Origin, in_storm: bool = False) -> float:
    """Seconds by which an arrival may miss its prediction.

    in_storm: of false picks. There an unsure place is no reason to take in more of them, which
    would make it less sure still.
    """
    located = 0.0 if in_storm else min(origin.epicentre_sigma_km / 6.0, UNLOCATED)
    return READING + MODEL_SHARE * travel_time + located


def coda(magnitude: float) -> float:
    """Seconds after S in which an event of this magnitude may trigger pickers again."""
    return float(CODA_M4 * CODA_GROWTH ** (magnitude - 4.0))


def explained(
    picks: Iterable[Pick],
    network: Network,
    origin: Origin,
    magnitude: Magnitude,
    arrivals: Arrivals,
    in_storm: bool = False,
) -> dict[str, Member]:
    """By pick id, what the event explains among the picks, which are by time.

    A station has one P: of several that would fit, the earliest; the later ones are coda.
    """
    found: dict[str, Member] = {}
    with_p: set[int] = set()
    lasts = coda(magnitude.value)
    for pick in picks:
        i = network.watches[pick.station].index
        p, s, distance = arrivals.p[i], arrivals.s[i], arrivals.distance_km[i]
        if p == np.inf:
            continue
        kind = role(pick, p, s, slack(p - origin.time, origin, in_storm), lasts)
        if kind == "P" and i in with_p:
            kind = "coda"
        if kind is None:
            continue
        if kind == "P":
            with_p.add(i)
        found[pick.id] = Member(pick, kind, pick.time - (s if kind == "S" else p), distance)
    return found


def predict(network: Network, origin: Origin, travel_times: TravelTimes) -> Arrivals:
    """When the event's waves come to each station."""
    distance = distance_km(origin.lat, origin.lon, network.lat, network.lon)
    reach = np.minimum(distance, travel_times.distances_km[-1])
    p, s = (
        np.where(
            distance > reach,
            np.inf,
            origin.time + travel_times.seconds(phase, reach, origin.depth_km),
        )
        for phase in ("P", "S")
    )
    return Arrivals(p.tolist(), s.tolist(), distance.tolist())


def clusters(picks: Sequence[Pick], network: Network) -> list[list[Pick]]:
    """Groups of picks that one source might have made, each by time, largest first.

    Two picks belong together when the slowest wave could have gone between their stations in
    the time between them; a group is all that hangs together in this way.
    """
    ordered = sorted(picks, key=lambda pick: (pick.time, pick.id))
    if len(ordered) < 2:
        return []
    near = _compatible(ordered, network)
    groups = _components(near)
    several = [g for g in groups if len({ordered[i].station for i in g}) > 1]
    return [[ordered[i] for i in g] for g in sorted(several, key=len, reverse=True)]


def _compatible(picks: Sequence[Pick], network: Network) -> NDArray[np.bool_]:
    index = np.array([network.watches[p.station].index for p in picks])
    time = np.array([p.time for p in picks])
    lat, lon = network.lat[index], network.lon[index]
    km = distance_km(lat[:, None], lon[:, None], lat, lon)
    gap = np.abs(time[:, None] - time)
    return np.asarray((km <= NEIGHBOUR_KM) & (gap <= km / SLOWEST_KMS + SPREAD))


def _components(linked: NDArray[np.bool_]) -> list[list[int]]:
    """Connected components of a symmetric relation, each ascending."""
    left, groups = set(range(len(linked))), []
    while left:
        reached, edge = set(), {min(left)}
        while edge:
            reached |= edge
            edge = {j for i in edge for j in np.flatnonzero(linked[i]).tolist()} - reached
        left -= reached
        groups.append(sorted(reached))
    return groups
