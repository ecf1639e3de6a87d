"""Search for a line source through the epicentre that explains the pattern of strong motion.

Lines of all strikes are tried, with all lengths to either side of the epicentre. The S peaks at
stations are compared with the expected motion at their distance from the line; where the rupture
may still be approaching, the peak is a lower bound. The level of the motion is free within the
variation between earthquakes of one size, so the pattern decides, not the size. The probabilities
of all lines and the point source add up to one: the magnitude uses the mean distance over all of
them, so that it does not jump while they compete (decision 34), and a line is published once the
point is unlikely.

The idea is that of FinDer (Bose, Heaton and Hauksson 2012, doi:10.1111/j.1365-246X.2012.05657.x),
without templates: a search over lines with ground-motion equations. Lengths go with magnitude by
Wells and Coppersmith (1994), table 2A, subsurface length.
"""

import math

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from forewave.arrays import read_only
from forewave.earth.distance import LocalPlane
from forewave.earth.wells_coppersmith_1994 import rupture_length_km
from forewave.events.magnitude.expected_peaks import (
    FARTHEST_KM,
    LEAST,
    S_HA,
    STEP,
    UNKNOWN_RUPTURE_KM,
)
from forewave.events.relations import cua_heaton_2007 as envelopes
from forewave.events.relations.cua_heaton_2007 import USUAL_DEPTH_KM
from forewave.types import Origin, Rupture

Floats = NDArray[np.float64]

FROM_MAGNITUDE = 6.0  # smaller ruptures are shorter than the uncertainty of the epicentre
FEWEST = 6  # least stations with S that resolve a direction
STRIKES = read_only(np.arange(0.0, 180.0, 10.0))
REACHES_KM = read_only(np.array([0.0, 7, 15, 25, 38, 55, 78, 110, 150, 205, 280, 380]))
SIGMA = 0.35  # log10, of one station about the pattern
LEVEL_SIGMA = 0.25  # log10, of all of an earthquake's motion (stress drop)
ODD = 3.0  # sigmas to which a station's misfit is limited
POINT = 0.5  # prior probability of a point; all lines share the other half equally
CLEARLY = 0.05  # probability of a point below which a line is published, and then kept
KEPT = 0.5  # up to this one
FAINT = 1e-3  # share of the best line's probability below which a line is left out
FASTEST_KMS = 3.5  # of a rupture front
WIDTH_KM = 12.0  # how far a rupture's top lies above its hypocentre, at most


class Felt(Struct, frozen=True):
    """Stations with S: (n,) km in the plane, log10 of the peak on rock, whether S has ended."""

    x_km: Floats
    y_km: Floats
    log_pga: Floats
    ended: NDArray[np.bool_]


class Lines(Struct, frozen=True):
    """Possible sources: n lines and a point, whose probabilities add up to one.

    Of each line: strike in degrees, km against and along it from the epicentre, probability.
    """

    strike: Floats
    back_km: Floats
    ahead_km: Floats
    probability: Floats
    point: float

    def slant_km(
        self, east_km: float, north_km: float, epicentral_km: float, depth_km: float
    ) -> Floats:
        """(GRID,) geometric mean distance over all sources, km, for a station at this place."""
        along, across = _beside(self.strike, east_km, north_km)
        off = along - np.clip(along, -self.back_km, self.ahead_km)
        to_line = np.log(_some(envelopes.slant_km(np.hypot(off, across), depth_km)))
        to_point = np.log(_some(point_km(epicentral_km, depth_km)))
        return np.asarray(np.exp(self.probability @ to_line + self.point * to_point))

    def answer(self, plane: LocalPlane, origin: Origin, answered: bool) -> Rupture | None:
        """The line of the most likely strike with its mean lengths; None for a point source.

        answered: whether a line was published; it is then kept until a point is more likely.
        """
        if self.point > (KEPT if answered else CLEARLY):
            return None
        strike = max(set(self.strike), key=lambda s: self.probability[self.strike == s].sum())
        along = self.strike == strike
        share = self.probability[along] / self.probability[along].sum()
        reach = float(share @ self.back_km[along]), float(share @ self.ahead_km[along])
        return _line(plane, origin, float(strike), *reach)


POINT_ALONE = Lines(*(np.empty(0),) * 4, 1.0)


def search(felt: Felt, plane: LocalPlane, origin: Origin, magnitude: float, now: float) -> Lines:
    """The sources that are possible by the peaks.

    magnitude: the current estimate, which limits the length. now: latest time of data.
    """
    ran_km = FASTEST_KMS * max(now - origin.time, 0.0)
    longest_km = min(rupture_length_km(magnitude + 0.7), 2.0 * ran_km)
    back, ahead = _reaches(ran_km, longest_km)
    if magnitude < FROM_MAGNITUDE or len(felt.x_km) < FEWEST or len(back) == 1:
        return POINT_ALONE
    east, north = plane.to_km(origin.lat, origin.lon)
    score = _scores(felt, float(east), float(north), origin.depth_km, back, ahead)
    share = np.exp(score - score.max())
    lines = (1.0 - POINT) * share[:, 1:] / share[:, 1:].size
    strike, reach = np.nonzero(lines > FAINT * lines.max())
    likely, point = lines[strike, reach], POINT * float(share[0, 0])
    whole = likely.sum() + point
    return Lines(
        STRIKES[strike], back[reach + 1], ahead[reach + 1], likely / whole, float(point / whole)
    )


def point_km(epicentral_km: float, depth_km: float) -> Floats:
    """(GRID,) distance for the envelopes, km, if only the epicentre is known.

    It is the mean over all ruptures of each magnitude.
    """
    row = min(round(epicentral_km), FARTHEST_KM)
    return envelopes.slant_km(UNKNOWN_RUPTURE_KM[row], depth_km)


def _some(km: Floats) -> Floats:
    """Distances of at least 0.1 km, which have a logarithm."""
    return np.maximum(km, 0.1)


def _beside(
    strike: Floats, east_km: Floats | float, north_km: Floats | float
) -> tuple[Floats, Floats]:
    """Km along and across lines of these strikes."""
    sin, cos = np.sin(np.radians(strike)), np.cos(np.radians(strike))
    return east_km * sin + north_km * cos, east_km * cos - north_km * sin


def _reaches(ran_km: float, longest_km: float) -> tuple[Floats, Floats]:
    """Km of lines against and along their strike; the point (0, 0) first."""
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
    along, across = _beside(STRIKES[:, None, None], felt.x_km - east, felt.y_km - north)
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
    """(strikes, lines) mean log10 excess of the motion, from the stations that count."""
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
