"""Combines the source's forecast with observed motion: median MMI and sigma at every site."""

from typing import TypeAlias

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from forewave.earth import geohash
from forewave.shaking import residuals
from forewave.shaking.observed import NOT_FELT, Seen
from forewave.shaking.source_forecast import Expected

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
Rows: TypeAlias = NDArray[np.intp]

MOST_STATIONS = 100  # the nearest of the stations that are used
EXCEEDS = 0.5  # MMI nearby above what the source explains, from which the forecast is "plum"
MOST_CELLS, AROUND = 16, 8  # most cells with a forecast, and most stations that have cells around
LEAST, MOST = 1.0, 10.0  # of MMI, as the conversion has them


class Combined(Struct, frozen=True):
    """Median MMI and sigma at sites (n,). exceeds: motion nearby is more than the source explains.

    bias: MMI added to the model everywhere. stations: those used, None without any. strong: lat
    and lon (k, 2) of stations that observe more than the source explains, strongest first.
    """

    median: Floats
    sigma: Floats
    exceeds: Flags
    bias: float
    stations: residuals.Stations | None
    strong: Floats


def source_alone(expected: Expected) -> Combined:
    """The forecast without any observation."""
    sigma = np.hypot(expected.prior.sigma, expected.excess.sigma)
    none = np.zeros(len(sigma), dtype=bool)
    return Combined(
        _held(expected.median), sigma, none, expected.excess.mmi, None, np.empty((0, 2))
    )


def combine(expected: Expected, observers: Rows, seen: Seen) -> Combined:
    """The forecast at all sites, given the motion at the observers (rows of the sites).

    The forecast at a station uses the other stations only.
    """
    used = _informative(expected, observers, seen)
    if len(used) == 0:
        return source_alone(expected)
    rows = observers[used]
    residual = seen.mmi[used] - np.maximum(expected.median[rows], NOT_FELT)
    between = np.hypot(expected.prior.between[rows], expected.excess.sigma)
    stations = residuals.Stations(
        _rows(expected.field, rows), residual, seen.settled[used], float(np.median(between))
    )
    found = elsewhere(expected, stations)
    _tell_themselves(found, expected, rows, stations)
    return replace(found, strong=_strong(expected, rows, stations))


def elsewhere(expected: Expected, stations: residuals.Stations) -> Combined:
    """The forecast at sites that are not stations."""
    correction = stations.at(expected.field)
    prior, excess = expected.prior, expected.excess
    median = _held(expected.median + correction.bias + correction.nearby)
    sigma = np.hypot(correction.sigma, prior.conversion)
    bias = excess.mmi + correction.bias
    return Combined(median, sigma, correction.nearby >= EXCEEDS, bias, stations, np.empty((0, 2)))


def cells_around(found: Combined) -> list[str]:
    """The geohash cells of the strongest stations in `strong`, and their neighbours."""
    return list(dict.fromkeys(c for lat, lon in found.strong for c in geohash.around(lat, lon)))


def strongest(found: Combined) -> Rows:
    """The rows where motion exceeds what the source explains, strongest first, up to a limit."""
    rows = np.flatnonzero(found.exceeds & np.isfinite(found.median))
    return rows[np.argsort(-found.median[rows], kind="stable")][:MOST_CELLS]


def _informative(expected: Expected, observers: Rows, seen: Seen) -> Rows:
    """Which observers are used: the nearest of those that have information.

    Settled motion is used if it was felt or should have been. Motion that has not settled is a
    lower bound: it is used if it exceeds the forecast, or if S has arrived. (Otherwise the few
    stations that exceed the forecast early would bias the result.)
    """
    forecast = expected.median[observers]
    more = seen.mmi > np.maximum(forecast, NOT_FELT)
    less = (seen.settled | seen.begun) & (forecast > NOT_FELT) & np.isfinite(seen.mmi)
    used = np.flatnonzero(more | less)
    away_km = expected.away_km[observers[used]]
    return used[np.argsort(away_km, kind="stable")[:MOST_STATIONS]]


def _tell_themselves(
    found: Combined, expected: Expected, rows: Rows, stations: residuals.Stations
) -> None:
    """Replace the values at each station by those from the other stations."""
    added, sigma = stations.at_themselves()
    found.median[rows] = _held(expected.median[rows] + added)
    found.sigma[rows] = np.hypot(sigma, expected.prior.conversion[rows])
    found.exceeds[rows] = added - stations.bias >= EXCEEDS


def _strong(expected: Expected, rows: Rows, stations: residuals.Stations) -> Floats:
    """Lat and lon of stations that observe more than the source explains, strongest first."""
    nearby = stations.nearby()
    level = expected.median[rows] + nearby
    order = np.argsort(-level, kind="stable")
    chosen = rows[order[nearby[order] >= EXCEEDS][:AROUND]]
    return np.column_stack([expected.lat[chosen], expected.lon[chosen]])


def _rows(field: residuals.Field, rows: Rows) -> residuals.Field:
    return residuals.Field(
        *(part[rows] for part in (field.x_km, field.y_km, field.placed, field.within))
    )


def _held(mmi: Floats) -> Floats:
    """MMI limited to the scale; nan stays nan."""
    return np.clip(mmi, LEAST, MOST)
