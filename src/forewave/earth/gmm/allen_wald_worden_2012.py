"""Allen, Wald and Worden (2012): MMI straight from magnitude and distance, active crust.

Intensity attenuation for active crustal regions, Journal of Seismology 16, 409-433,
doi:10.1007/s10950-012-9278-7. Two forms, each a card: by distance to the rupture, and by
distance to the hypocentre for when no rupture is known yet. Site is not in it (average ground).
On recordings the hypocentral form overshoots M 7 and far places: it is here to compare with.
"""

import numpy as np

from forewave.earth.gmm.card import Estimate, Floats, Measure, Model, Source

PAPER = "Allen, Wald and Worden 2012, doi:10.1007/s10950-012-9278-7"


def _rupture(measure: Measure, source: Source, distance_km: Floats, vs30_ms: Floats) -> Estimate:
    """Equation 2: magnitude widens the near-source plateau."""
    m = source.magnitude
    r = np.hypot(distance_km, 1.0 + 0.813 * np.exp(m - 5.0))
    mmi = 3.950 + 0.913 * m - 1.107 * np.log(r)
    return Estimate(mmi, 0.72 + 0.23 / (1.0 + (distance_km / 44.7) ** 2))


def _hypocentral(
    measure: Measure, source: Source, distance_km: Floats, vs30_ms: Floats
) -> Estimate:
    """Equation 3: with a slower decay beyond 50 km."""
    m = source.magnitude
    r = np.hypot(distance_km, -0.209 + 2.042 * np.exp(m - 5.0))
    far = 0.078 * np.log(np.maximum(distance_km, 50.0) / 50.0)
    mmi = 2.085 + 1.428 * m - 1.402 * np.log(r) + far
    return Estimate(mmi, 0.82 + 0.37 / (1.0 + (distance_km / 22.9) ** 2))


RUPTURE = Model(
    name="allen_wald_worden_2012_rupture",
    paper=PAPER,
    measures=("mmi",),
    distance="rupture",
    magnitudes=(5.0, 7.9),
    distances_km=(0.0, 300.0),
    vs30s_ms=(0.0, np.inf),
    formula=_rupture,
)
HYPOCENTRAL = Model(
    name="allen_wald_worden_2012",
    paper=PAPER,
    measures=("mmi",),
    distance="hypocentral",
    magnitudes=(5.0, 7.9),
    distances_km=(0.0, 300.0),
    vs30s_ms=(0.0, np.inf),
    formula=_hypocentral,
)
