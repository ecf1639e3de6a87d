"""Magnitude from the peak displacement of P: Wu and Zhao (2006), southern California.

log10 Pd[cm] = -3.463 + 0.729 M - 1.374 log10 R[km] (+- 0.305). Below 1 km nothing is known of R,
and beyond M 3 to 8 or 200 km nothing supports it.
"""

import numpy as np

from forewave.events.relations.card import Floats, Relation
from forewave.units import CM_M


def _formula(pd_m: Floats, distance_km: Floats) -> Floats:
    log_pd = np.log10(pd_m / CM_M)
    return np.asarray((log_pd + 3.463 + 1.374 * np.log10(distance_km)) / 0.729)


RELATION = Relation(
    name="wu_zhao_2006",
    paper="Geophys. Res. Lett. 33, L16312, doi:10.1029/2006GL026871",
    seconds=3.0,
    distance="hypocentral",
    sigma=0.305 / 0.729,
    valid_magnitude=(3.0, 8.0),
    valid_km=(1.0, 200.0),
    formula=_formula,
)
