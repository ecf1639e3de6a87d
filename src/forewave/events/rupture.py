"""How far it has broken: the line through the epicentre that explains where it shook hardest.

Every line is tried: strikes all around, and how far it reaches to either side of the epicentre. The
peaks at stations where S has come are held against the motion to expect at their distance from the
line; a station that the rupture may still be running towards tells only that it is no less. The
level of the motion is left free within what earthquakes of one size differ by, so it is the pattern
that decides, not the size. A line is answered only where it is clearly better than a point.

The idea is that of FinDer (Bose, Heaton and Hauksson 2012, doi:10.1111/j.1365-246X.2012.05657.x),
without templates: a search over lines with ground-motion equations. Lengths go with magnitude by
Wells and Coppersmith (1994), table 2A, subsurface length.
"""

import math

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from forewave.earth.distance import LocalPlane
from forewave.earth.wells_coppersmith_1994 import rupture_length_km
from forewave.events.peaks import FARTHEST_KM, GRID, LEAST, S_HA, STEP, UNKNOWN_RUPTURE_KM
from forewave.events.relations import cua_heaton_2007 as envelopes
from forewave.events.relations.cua_heaton_2007 import USUAL_DEPTH_KM
from forewave.types import Origin, Rupture, Station

Floats = NDArray[np.float64]

FROM_MAGNITUDE = 6.0  # smaller ones are no longer than the place is unsure
FEWEST = 6  # stations with S, to tell a direction by
STRIKES = np.arange(0.0, 180.0, 10.0)
REACHES_KM = np.array([0.0, 7, 15, 25, 38, 55, 78, 110, 150, 205, 280, 380])
SIGMA = 0.35  # log10, of one station about the pattern
LEVEL_SIGMA = 0.25  # log10, of all of an earthquake's motion (stress drop)
ODD = 3.0  # sigmas beyond which a station's misfit counts no more
CLEARLY = 4.0  # log-likelihood by which a line must be better than a point
FASTEST_KMS = 3.5  # of a rupture front
WIDTH_KM = 12.0  # how far a rupture's top lies above its hypocentre, at most


class Felt(Struct, frozen=True):
    """Where S has come: (n,) km in the plane, log10 of the peak on rock, whether it has ended."""

    x_km: Floats
    y_km: Floats
    log_pga: Floats
    ended: NDArray[np.bool_]


def search(
    felt: Felt, plane: LocalPlane, origin: Origin, magnitude: float, now: float
) -> Rupture | None:
    """The line that explains the peaks, or None where a point does as well.

    magnitude: the present estimate, which no line may exceed by far. now: up to when is known.
    """
    if magnitude < FROM_MAGNITUDE or len(felt.x_km) < FEWEST:
        return None
    east, north = plane.to_km(origin.lat, origin.lon)
    ran_km = FASTEST_KMS * max(now - origin.time, 0.0)
    longest_km = min(rupture_length_km(magnitude + 0.7), 2.0 * ran_km)
    back, ahead = _reaches(ran_km, longest_km)
    score = _scores(felt, float(east), float(north), origin.depth_km, back, ahead)
    strike, reach = np.unravel_index(int(np.argmax(score)), score.shape)
    if score[strike, reach] < score[0, 0] + CLEARLY:
        return None
    return _line(plane, origin, float(STRIKES[strike]), float(back[reach]), float(ahead[reach]))


def slant_km(
    line: Rupture | None, origin: Origin, station: Station, epicentral_km: float
) -> Floats:
    """(GRID,) the distance that the envelopes want, of a source of each magnitude.

    From the line where there is one; else the mean over all ruptures of that magnitude.
    """
    if line is None:
        row = min(round(epicentral_km), FARTHEST_KM)
        return envelopes.slant_km(UNKNOWN_RUPTURE_KM[row], origin.depth_km)
    plane = LocalPlane(line.lat1, line.lon1)
    (x, y), (x2, y2) = plane.to_km(station.lat, station.lon), plane.to_km(line.lat2, line.lon2)
    share = np.clip((x * x2 + y * y2) / max(float(x2**2 + y2**2), 1e-6), 0.0, 1.0)
    beside_km = float(np.hypot(x - share * x2, y - share * y2))
    return np.full(len(GRID), envelopes.slant_km(beside_km, origin.depth_km))


def _reaches(ran_km: float, longest_km: float) -> tuple[Floats, Floats]:
    """How far lines reach against and along their strike, the point first."""
    pairs = [
        (back, ahead)
        for back in REACHES_KM
        for ahead in REACHES_KM
        if max(back, ahead) <= ran_km and back + ahead <= longest_km
    ]
    back, ahead = np.array(pairs or [(0.0, 0.0)]).T
    return back, ahead


def _scores(
    felt: Felt, east: float, north: float, depth_km: float, back: Floats, ahead: Floats
) -> Floats:
    """(strikes, lines) log-likelihood of the peaks."""
    x, y = felt.x_km - east, felt.y_km - north
    sin, cos = np.sin(np.radians(STRIKES))[:, None], np.cos(np.radians(STRIKES))[:, None]
    along, across = (x * sin + y * cos)[:, None, :], (x * cos - y * sin)[:, None, :]
    beside = np.clip(along, -back[:, None], ahead[:, None])
    deeper = max(depth_km, USUAL_DEPTH_KM) ** 2 - USUAL_DEPTH_KM**2
    km = np.sqrt((along - beside) ** 2 + across**2 + deeper)
    sized = (np.log10(np.maximum(back + ahead, rupture_length_km(FROM_MAGNITUDE))) + 2.44) / 0.59
    row = np.minimum(np.rint(km), FARTHEST_KM).astype(int)
    column = np.rint((sized - LEAST) / STEP).astype(int)[:, None]
    off = felt.log_pga - S_HA.log_peak[row, column]
    level = _level(off, np.ones(off.shape, bool))
    level = _level(off, felt.ended | (off > level[:, :, None] - SIGMA))
    misfit = (off - level[:, :, None]) / SIGMA
    misfit = np.where(~felt.ended & (misfit < 0.0), 0.0, misfit)
    counted = np.minimum(misfit**2, ODD**2).sum(axis=2)
    return np.asarray(-0.5 * counted - 0.5 * (level / LEVEL_SIGMA) ** 2)


def _level(off: Floats, counted: NDArray[np.bool_]) -> Floats:
    """(strikes, lines) by how much all motion is stronger, from the stations that count."""
    precise = counted.sum(axis=2) / SIGMA**2 + 1.0 / LEVEL_SIGMA**2
    return np.asarray((off * counted).sum(axis=2) / SIGMA**2 / precise)


def _line(
    plane: LocalPlane, origin: Origin, strike: float, back_km: float, ahead_km: float
) -> Rupture:
    east, north = map(float, plane.to_km(origin.lat, origin.lon))
    sin, cos = math.sin(math.radians(strike)), math.cos(math.radians(strike))
    lat1, lon1 = plane.to_degrees(east - back_km * sin, north - back_km * cos)
    lat2, lon2 = plane.to_degrees(east + ahead_km * sin, north + ahead_km * cos)
    top_km = max(0.0, origin.depth_km - WIDTH_KM)
    return Rupture(lat1, lon1, lat2, lon2, top_km, back_km + ahead_km, strike)
