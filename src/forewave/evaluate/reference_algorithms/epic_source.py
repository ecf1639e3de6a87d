"""EPIC's source: epicentre by grid search, magnitude from Pd, and the shaking forecast."""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from forewave.earth.distance import LocalPlane, distance_km
from forewave.earth.gmm import MODELS
from forewave.earth.gmm.card import Source
from forewave.earth.travel_time import TravelTimes
from forewave.events.relations import kuyuk_allen_2013
from forewave.shaking import prior
from forewave.types import Forecast, Origin, Station

Floats = NDArray[np.float64]

DEPTH_KM = 8.0
VS30_MS = 400.0
HALF_KM = 200.0  # of the grid about the first trigger: no source may be farther from it
STEPS_KM = (4.0, 1.0)  # the second around the best of the first
BANDS_KM = (100.0, 150.0, 200.0)
SIGMA_MMI = 0.75


class Trigger(Struct, eq=False):
    """A pick, and the peak displacement so far. pd_m 0: none yet."""

    station: str
    lat: float
    lon: float
    time: float
    pd_m: float = 0.0
    seconds: float = 0.0


class Located(Struct, frozen=True):
    """Where and when; at_edge: the best place is on the grid's rim."""

    time: float
    lat: float
    lon: float
    at_edge: bool


class Table:
    """P travel times at 8 km depth by distance."""

    def __init__(self, travel_times: TravelTimes) -> None:
        self._x = travel_times.distances_km
        self._t = travel_times.seconds("P", self._x, DEPTH_KM)

    def seconds(self, away_km: Floats) -> Floats:
        """Of any shape; beyond the table's end, its last time."""
        return np.asarray(np.interp(away_km, self._x, self._t))

    def due(self, away_km: float, located: Located) -> float:
        """When P is expected there."""
        return located.time + float(self.seconds(np.array(away_km)))


def locate(triggers: Sequence[Trigger], table: Table) -> Located:
    """The grid's place where the triggers' origin times scatter least."""
    first = min(triggers, key=lambda t: t.time)
    plane = LocalPlane(first.lat, first.lon)
    east, north = plane.to_km([t.lat for t in triggers], [t.lon for t in triggers])
    times = np.array([t.time for t in triggers])
    x = y = 0.0
    half = HALF_KM
    for step in STEPS_KM:
        axis = np.arange(-half, half + step / 2, step)
        gx, gy = x + axis[:, None], y + axis[None, :]
        away = np.hypot(gx[..., None] - east, gy[..., None] - north)
        scatter = np.var((times - first.time) - table.seconds(away), axis=-1)
        i, j = np.unravel_index(np.argmin(scatter), scatter.shape)
        x, y, half = float(gx[i, 0]), float(gy[0, j]), 2 * step
    origins = times - table.seconds(np.hypot(x - east, y - north))
    lat, lon = plane.to_degrees(x, y)
    edge = max(abs(x), abs(y)) >= HALF_KM - STEPS_KM[0] / 2
    return Located(float(origins.mean()), lat, lon, edge)


def misfit(triggers: Sequence[Trigger], located: Located, table: Table) -> float:
    """The mean size of the residuals, s."""
    lat, lon = [t.lat for t in triggers], [t.lon for t in triggers]
    away = distance_km(located.lat, located.lon, lat, lon)
    times = np.array([t.time for t in triggers])
    return float(np.abs(times - located.time - table.seconds(away)).mean())


def magnitude(triggers: Sequence[Trigger], located: Located) -> float:
    """Kuyuk and Allen (2013), by station, weighted by seconds of data. nan without any."""
    seen = [t for t in triggers if t.pd_m > 0]
    if not seen:
        return float("nan")
    lat, lon = [t.lat for t in seen], [t.lon for t in seen]
    away = np.maximum(distance_km(located.lat, located.lon, lat, lon), 1.0)
    most = next((band for band in BANDS_KM if away.min() <= band), np.inf)
    pd_m, seconds = np.array([t.pd_m for t in seen]), np.array([t.seconds for t in seen])
    size = kuyuk_allen_2013.RELATION.formula(pd_m, away)
    use = (away <= most) & (size >= 0) & (size <= 9)
    return float(np.average(size[use], weights=seconds[use])) if use.any() else float("nan")


def shaking(
    event: str, version: int, stations: Sequence[Station], origin: Origin, value: float
) -> dict[str, Forecast]:
    """Boore et al. (2014) about the epicentre at Vs30 400 m/s, as MMI; far places have none."""
    lat, lon = np.array([s.lat for s in stations]), np.array([s.lon for s in stations])
    away = distance_km(origin.lat, origin.lon, lat, lon)
    model = MODELS["boore_2014"]
    source = Source(float(np.clip(value, *model.magnitudes)), DEPTH_KM)
    mmi = prior.mmi(model, source, away, np.full(len(away), VS30_MS)).median
    s_time = origin.time + away / 3.5
    return {
        s.code: Forecast(event, version, s.code, s.lat, s.lon, t, t, intensity, SIGMA_MMI, "point")
        for s, t, intensity in zip(stations, s_time.tolist(), mmi.tolist(), strict=True)
        if np.isfinite(intensity)
    }
