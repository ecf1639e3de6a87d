"""How long the strong shaking of a place may last, from its first S.

Before its end no client says that the shaking should be over. The larger of two durations, each at
one standard deviation above its median, as on the pages (web/core/forecast/shaking_duration.ts):

- the rupture, as if it ran all one way at 2.5 km/s: its length below ground by Wells and
  Coppersmith (1994), log10 L = 0.59 M - 2.44, sigma 0.16; and what the path adds to it by Boore and
  Thompson (2014), doi:10.1785/0120140058, of active regions;
- the significant duration (5 to 95 % of Arias intensity) by Bommer, Stafford and Alarcon (2009),
  doi:10.1785/0120080298, of a rupture that reaches the surface, of an arbitrary component.
"""

from math import exp, hypot, log

import numpy as np

from forewave.earth.wells_coppersmith_1994 import rupture_length_km

RUPTURE_SPEED_KMS = 2.5
LENGTH_SIGMA = 0.16
PATH_KM = (0.0, 7.0, 45.0, 125.0, 175.0, 270.0)
PATH_S = (0.0, 2.4, 8.4, 10.9, 17.4, 34.2)
PATH_BEYOND_S_KM = 0.156
LN_SIGMA = 0.4748
LEAST_S, MOST_S = 20.0, 600.0


def shaking_duration(magnitude: float, epicentral_km: float, vs30_ms: float = 400.0) -> float:
    """Seconds, held within 20 to 600. magnitude: moment magnitude."""
    rupture = rupture_length_km(magnitude) * 10**LENGTH_SIGMA / RUPTURE_SPEED_KMS
    longest = max(rupture + _path(epicentral_km), _significant(magnitude, epicentral_km, vs30_ms))
    return min(MOST_S, max(LEAST_S, longest))


def _path(km: float) -> float:
    beyond = max(0.0, km - PATH_KM[-1])
    return float(np.interp(km, PATH_KM, PATH_S)) + PATH_BEYOND_S_KM * beyond


def _significant(magnitude: float, km: float, vs30_ms: float) -> float:
    """Magnitude and distance are held within the range of the data."""
    m = min(7.9, max(4.8, magnitude))
    r = hypot(min(100.0, km), 2.5)
    ln = -2.2393 + 0.9368 * m + (1.5686 - 0.1953 * m) * log(r)
    return exp(ln - 0.3478 * log(vs30_ms) + LN_SIGMA)
