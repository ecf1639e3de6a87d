"""Expected peaks of P and S by magnitude and distance, vertical and horizontal.

Up to M 6.5 they are the envelopes of Cua and Heaton (2007), which have many records there. Beyond,
these have few records or none, and vertical motion would decrease from M 7.5 on. There all motion
grows with magnitude as in Boore et al. (2014), up to M 8.5, which is also the model of the shaking
room; the two agree at M 6.5 (decision 34).
"""

from typing import Literal, TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from forewave.arrays import read_only
from forewave.earth.gmm import boore_2014
from forewave.earth.gmm.card import Source
from forewave.earth.unknown_rupture import to_unknown_rupture
from forewave.events.relations import borcherdt_1994
from forewave.events.relations import cua_heaton_2007 as envelopes
from forewave.events.relations.cua_heaton_2007 import Envelope

Floats = NDArray[np.float64]
Measure: TypeAlias = Literal["pga_ms2", "pgv_ms"]

LEAST, MOST, STEP = 1.0, 9.5, 0.05
GRID = read_only(np.arange(LEAST, MOST + STEP / 2, STEP))
FARTHEST_KM = 500
ROCK_MS = 760.0
JOIN = 6.5  # magnitude above which motion grows as in Boore et al.
VECTOR = 0.08  # log10 by which the vector of three components exceeds the median over directions
SITE_SIGMA = 0.25  # log10: scatter by site, in addition to that of the envelopes


class Component(Struct, frozen=True):
    """A measured component of a phase and its expected peak: (km, GRID) log10 SI, on rock."""

    quantity: borcherdt_1994.Quantity
    soil: float  # share of the horizontals' amplification by soil (log10)
    sigma: float  # of log10, site included
    log_peak: Floats


def _growth(measure: Measure) -> Floats:
    """(km, GRID) log10 growth of motion above JOIN by Boore et al.; 0 up to JOIN."""
    km = np.arange(FARTHEST_KM + 1.0)
    rock = np.full(km.shape, ROCK_MS)
    columns = [boore_2014.MODEL.formula(measure, Source(m), km, rock).median for m in GRID]
    level = np.log10(np.column_stack(columns))
    join = int(np.searchsorted(GRID, JOIN))
    return np.where(GRID > JOIN, level - level[:, join : join + 1], 0.0)


def _to_unknown_rupture() -> Floats:
    """(km, GRID) mean distance, km, to a rupture of which only the epicentre is known."""
    km = np.arange(FARTHEST_KM + 1.0)
    columns = [to_unknown_rupture(km, m).distance_km if m > JOIN else km for m in GRID]
    return np.column_stack(columns)


UNKNOWN_RUPTURE_KM = read_only(_to_unknown_rupture())
_GROWTH = {"acceleration": _growth("pga_ms2"), "velocity": _growth("pgv_ms")}


def _component(
    quantity: borcherdt_1994.Quantity, envelope: Envelope, across: bool = False
) -> Component:
    km = np.arange(FARTHEST_KM + 1.0)[:, None]
    sigma = float(np.hypot(envelope.sigma, SITE_SIGMA))
    expected = envelopes.log_amplitude(envelope, np.minimum(GRID, JOIN), km) + _GROWTH[quantity]
    return Component(quantity, float(across), sigma, expected + VECTOR * across)


# Z vertical, H horizontal; A acceleration, V velocity, D displacement (amplified as velocity).
P_ZA = _component("acceleration", envelopes.P_ZA)
P_ZV = _component("velocity", envelopes.P_ZV)
P_ZD = _component("velocity", envelopes.P_ZD)
S_ZA = _component("acceleration", envelopes.S_ZA)
S_HA = _component("acceleration", envelopes.S_HA, across=True)
S_ZV = _component("velocity", envelopes.S_ZV)
S_HV = _component("velocity", envelopes.S_HV, across=True)
S_ZD = _component("velocity", envelopes.S_ZD)
