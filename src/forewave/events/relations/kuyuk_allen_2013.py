"""Magnitude from the peak displacement of P: Kuyuk and Allen (2013), EPIC's relation.

M = 5.39 + 1.23 log10 Pd[cm] + 1.38 log10 R[km]. Global. Below 1 km nothing is known of R, and
beyond M 2 to 8.5 or 200 km nothing supports it.
"""

import numpy as np

from forewave.events.relations.card import Floats, Relation
from forewave.units import CM_M


def _formula(pd_m: Floats, distance_km: Floats) -> Floats:
    return np.asarray(5.39 + 1.23 * np.log10(pd_m / CM_M) + 1.38 * np.log10(distance_km))


RELATION = Relation(
    name="kuyuk_allen_2013",
    paper="Geophys. Res. Lett. 40, 6329-6333, doi:10.1002/2013GL058580",
    seconds=4.0,
    distance="epicentral",
    sigma=0.5,
    valid_magnitude=(2.0, 8.5),
    valid_km=(1.0, 200.0),
    formula=_formula,
)
