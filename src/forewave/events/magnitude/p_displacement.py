"""Magnitude of one station from its peak P displacement, by a relation of the table RELATIONS.

Used instead of the P envelopes where the operator has chosen a relation (`events.relation`): one
that fits the region better than the southern Californian envelopes. S is measured by the envelopes
in any case, as these relations are for P alone.
"""

import math
from collections.abc import Sequence

import numpy as np

from forewave.errors import ModelError
from forewave.events.magnitude.estimate import P_WEIGHT, SIGNAL_TO_NOISE, PhaseMagnitude
from forewave.events.magnitude.expected_peaks import GRID
from forewave.events.memory.network import Watch, log_level
from forewave.events.relations import ENVELOPES, RELATIONS
from forewave.events.relations.card import Relation, magnitude
from forewave.types import Amplitude, Pick

YOUNGEST = 0.5  # s of P from which a peak is used


def relation_named(name: str) -> Relation | None:
    """The relation of that name; None for ENVELOPES. Raises ModelError for any other name."""
    if name == ENVELOPES:
        return None
    if name not in RELATIONS:
        expected = ", ".join((ENVELOPES, *RELATIONS))
        raise ModelError(f"magnitude relation {name!r}: expected one of {expected}")
    return RELATIONS[name]


def station_magnitude(
    relation: Relation,
    watch: Watch,
    pick: Pick,
    history: Sequence[Amplitude],
    s_time: float,
    epicentral_km: float,
    depth_km: float,
) -> PhaseMagnitude | None:
    """The magnitude of the peak within the relation's seconds of P, before S.

    history: the peaks since the pick that are the event's own. s_time: predicted arrival of S,
    POSIX seconds. While the peak may still grow, all larger magnitudes are as likely. None where
    the relation does not hold, or while displacement is not above noise.
    """
    within = [
        a
        for a in history
        if not a.clipped and a.time <= s_time and (a.since_pick or 0.0) <= relation.seconds
    ]
    if not within:
        return None
    peaks, age = within[-1], within[-1].since_pick or 0.0
    usual = peaks.pd_m > SIGNAL_TO_NOISE * watch.noise_pd_m
    before = peaks.pd3_m > SIGNAL_TO_NOISE * 10.0 ** log_level(watch, pick)[1]
    if age < YOUNGEST or not (usual and before):
        return None
    hypocentral = relation.distance == "hypocentral"
    km = math.hypot(epicentral_km, depth_km) if hypocentral else epicentral_km
    value = float(magnitude(relation, peaks.pd_m, km))
    if math.isnan(value):
        return None
    complete = history[-1].time >= min(pick.time + relation.seconds, s_time)
    off = GRID - value if complete else np.minimum(GRID - value, 0.0)
    share = P_WEIGHT * min(age / relation.seconds, 1.0)
    log_likelihood = -0.5 * (off / relation.sigma) ** 2
    code = watch.station.code
    return PhaseMagnitude(code, "P", log_likelihood, share, False, log_likelihood[None])
