"""Recent phone detections, and how much evidence they are for events that stations detect.

A wave front through phones is one observation: of all sightings of it only the most certain
counts. It is evidence for sources near its place and time, the more the more certain it is
(`hypotheses.sighted`), and never against others: a phone that sends nothing may lie under a
pillow. Its place is uncertain, so it narrows what one station leaves open and does not move what
several stations agree on.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from forewave.earth.distance import distance_km
from forewave.events.location.evidence import Sighted
from forewave.schedule import next_update
from forewave.types import Origin, PhoneSighting, Pick, Station

Floats = NDArray[np.float64]

KEPT = 180.0  # s after its origin that a sighting is remembered
FRESH = 40.0  # s after its origin that it may begin an event
LEAST_SIGMA_KM = 10.0  # phones know neither P from S nor their cell to less
TIME_SIGMA = 3.0  # s, of the origin that they give
ONE_KM, ONE_SECONDS = 80.0, 20.0  # within these it is the same front
REACH_KM, SPAN = 300.0, 60.0  # how far off and how long ago a pick may have its source
SIGMAS = 2.0  # by which an origin may differ and still be what phones detected
UPDATE_EVERY = 1.0  # s between two updates with new sightings of one front
P_KM_S, SLACK = 6.0, 8.0  # about when P comes from it, within seconds
SMOOTHING = 0.08  # s of origin time per km of a cell's half width


def sigma_km(sighting: PhoneSighting) -> float:
    """One standard deviation of its place."""
    return max(sighting.sigma_km, LEAST_SIGMA_KM)


def log_ratio(sighted: Sighted, nodes: Floats, times: Floats, region_km2: float) -> Floats:
    """Log of how much likelier each node makes a phone detection; 0 where it is another source.

    nodes: (n, 4) x km, y km, depth index, half width km; times: (n,) their origin times. On
    average over the region and its depths this is the sighting's own ratio.
    """
    half_km = nodes[:, 3]
    spread = sighted.sigma_km**2 + half_km**2 / 3.0
    away2 = (nodes[:, 0] - sighted.x_km) ** 2 + (nodes[:, 1] - sighted.y_km) ** 2
    late = (times - sighted.time) / np.hypot(TIME_SIGMA, SMOOTHING * half_km)
    denser = region_km2 / (2.0 * np.pi * spread) * np.exp(-0.5 * (away2 / spread + late**2))
    return np.asarray(np.log1p(np.expm1(sighted.log_ratio) * denser))


class Sightings:
    """The fronts of the last minutes, each by its most certain sighting."""

    def __init__(self) -> None:
        self._fronts: list[PhoneSighting] = []

    def add(self, sighting: PhoneSighting, now: float) -> float | None:
        """Remember it; when to update events with it, None if it adds nothing."""
        self._fronts = [front for front in self._fronts if front.time > now - KEPT]
        same = next((f for f in self._fronts if _is_one(f, sighting)), None)
        if same is not None and _certainty(sighting) <= _certainty(same):
            return None
        self._fronts = [*(f for f in self._fronts if f is not same), sighting]
        return now if same is None else next_update(now, UPDATE_EVERY)

    def near(self, station: Station, time: float) -> PhoneSighting | None:
        """The one that fits a pick best, of those that may have the same source."""
        late = {id(f): abs(time - _p_time(f, station)) for f in self._fronts}
        may = [f for f in self._fronts if abs(time - f.time) <= SPAN]
        may = [f for f in may if _apart_km(f, station.lat, station.lon) <= REACH_KM]
        return min(may, key=lambda f: late[id(f)], default=None)

    def of(self, origin: Origin) -> PhoneSighting | None:
        """The most certain one that may be of an origin."""
        fitting = [f for f in self._fronts if fits(f, origin)]
        return max(fitting, key=_certainty, default=None)

    def fresh(self, now: float) -> Sequence[PhoneSighting]:
        """Those that may begin an event."""
        return [front for front in self._fronts if front.time > now - FRESH]


def _certainty(sighting: PhoneSighting) -> tuple[float, float]:
    return sighting.probability, -sigma_km(sighting)


def _is_one(front: PhoneSighting, sighting: PhoneSighting) -> bool:
    near = _apart_km(front, sighting.lat, sighting.lon) <= ONE_KM
    return near and abs(front.time - sighting.time) <= ONE_SECONDS


def expected(seen: Iterable[PhoneSighting], station: Station, pick: Pick) -> bool:
    """Whether a pick comes when the P of a phone detection does."""
    return any(
        abs(pick.time - _p_time(each, station)) <= SLACK + sigma_km(each) / P_KM_S
        for each in seen
        if abs(pick.time - each.time) <= SPAN
    )


def fits(sighting: PhoneSighting, origin: Origin) -> bool:
    """Whether an origin may be what phones detected."""
    within_km = SIGMAS * np.hypot(sigma_km(sighting), origin.epicentre_sigma_km)
    within = SIGMAS * np.hypot(TIME_SIGMA, origin.time_sigma)
    near = _apart_km(sighting, origin.lat, origin.lon) <= within_km
    return bool(near and abs(sighting.time - origin.time) <= within)


def _p_time(sighting: PhoneSighting, station: Station) -> float:
    return sighting.time + _apart_km(sighting, station.lat, station.lon) / P_KM_S


def _apart_km(sighting: PhoneSighting, lat: float, lon: float) -> float:
    return float(distance_km(sighting.lat, sighting.lon, lat, lon))
