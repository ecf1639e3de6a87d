"""The events that are shown, each with its last solution and the history of versions. Pure."""

from typing import Any, TypeAlias

from msgspec import Struct, structs

from forewave.console.picks import Arrivals, Picks
from forewave.types import Solution

MOST, VERSIONS = 20, 300  # events, and versions of each, that are kept
QUIET = 900.0  # seconds without a new version after which an event is no longer shown

Versions: TypeAlias = list["Version"]


class Version(Struct, frozen=True, array_like=True):
    """One version of a solution. at: when it was issued; t0: origin; both ms.

    sigma_km: of the epicentre. likelihood: that it is an earthquake. picks: that bear on it.
    """

    n: int
    at: int
    t0: int
    lat: float
    lon: float
    depth_km: float
    sigma_km: float
    magnitude: float
    magnitude_sigma: float
    likelihood: float
    picks: int


class ShownEvent(Struct):
    """arrivals: of the last version. line: ends of the rupture. gone: why it was withdrawn."""

    event: str
    versions: Versions
    arrivals: Arrivals
    time_sigma: float
    depth_sigma_km: float
    line: tuple[float, float, float, float] | None
    gone: str | None
    at: float = 0.0


class Events:
    """Events by id; what has changed since the last call of `changes`."""

    def __init__(self, picks: Picks) -> None:
        self._picks = picks
        self._kept: dict[str, ShownEvent] = {}
        self._new: dict[str, Versions] = {}

    def add(self, solution: Solution, now: float) -> None:
        """Take a solution."""
        event = solution.event
        version = _version(solution, now)
        before = self._kept.pop(event, None)
        versions = [*(before.versions if before else []), version][-VERSIONS:]
        self._kept[event] = _shown(solution, versions, self._picks, now)
        self._new.setdefault(event, []).append(version)
        while len(self._kept) > MOST:
            del self._kept[next(iter(self._kept))]

    def changes(self, now: float) -> list[dict[str, Any]]:
        """Each event that has changed, with the versions that are new."""
        self._kept = {n: each for n, each in self._kept.items() if now - each.at < QUIET}
        new, self._new = self._new, {}
        return [
            _fields(self._kept[name], versions)
            for name, versions in new.items()
            if name in self._kept
        ]

    def all(self) -> list[dict[str, Any]]:
        """Every event with all its versions, as of the last `changes`."""
        return [_fields(each, each.versions) for each in self._kept.values()]


def _fields(shown: ShownEvent, versions: Versions) -> dict[str, Any]:
    fields = structs.asdict(shown)
    del fields["at"]
    return {**fields, "versions": versions}


def _version(solution: Solution, now: float) -> Version:
    origin, magnitude = solution.origin, solution.magnitude
    return Version(
        n=solution.version,
        at=round(now * 1000),
        t0=round(origin.time * 1000),
        lat=round(origin.lat, 4),
        lon=round(origin.lon, 4),
        depth_km=round(origin.depth_km, 1),
        sigma_km=round(origin.epicentre_sigma_km, 1),
        magnitude=round(magnitude.value, 2),
        magnitude_sigma=round(magnitude.sigma, 2),
        likelihood=round(solution.likelihood, 3),
        picks=sum(arrival.weight > 0.0 for arrival in solution.picks),
    )


def _shown(solution: Solution, versions: Versions, picks: Picks, now: float) -> ShownEvent:
    origin, rupture = solution.origin, solution.rupture
    line = None
    if rupture is not None:
        ends = (rupture.lat1, rupture.lon1, rupture.lat2, rupture.lon2)
        line = (round(ends[0], 3), round(ends[1], 3), round(ends[2], 3), round(ends[3], 3))
    return ShownEvent(
        event=solution.event,
        versions=versions,
        arrivals=picks.arrivals(solution.picks),
        time_sigma=round(origin.time_sigma, 2),
        depth_sigma_km=round(origin.depth_sigma_km, 1),
        line=line,
        gone=solution.withdrawn,
        at=now,
    )
