"""What was observed at one place: peaks of a record, or the intensity that people reported."""

import math
from collections.abc import Iterable

from msgspec import Struct

GREATEST_PGA_MS2, GREATEST_PGV_MS = 50.0, 10.0  # beyond all records: a unit or a gain is wrong


class Observation(Struct, frozen=True, order=True):
    """Peaks in m/s² and m/s (the larger horizontal component), or MMI as felt; degrees.

    vs30_ms: of the ground there; None: the default. What was not observed is None.
    """

    name: str
    lat: float
    lon: float
    pga_ms2: float | None = None
    pgv_ms: float | None = None
    mmi: float | None = None
    vs30_ms: float | None = None


class Refused(Struct, frozen=True):
    """An observation that is not used, and why."""

    name: str
    reason: str


def checked(observations: Iterable[Observation]) -> tuple[list[Observation], list[Refused]]:
    """Those that can be, in one order whatever theirs was, each once; and those refused."""
    kept, refused = [], []
    for one in sorted(set(observations), key=_order):
        reason = _fault(one)
        if reason is None:
            kept.append(one)
        else:
            refused.append(Refused(one.name, reason))
    return kept, refused


def _order(one: Observation) -> tuple[str, ...]:
    return tuple(map(repr, (one.name, one.lat, one.lon, one.pga_ms2, one.pgv_ms, one.mmi)))


def _fault(one: Observation) -> str | None:
    if not (abs(one.lat) <= 90.0 and abs(one.lon) <= 180.0):
        return f"no place: latitude {one.lat}, longitude {one.lon}"
    values = {"PGA": one.pga_ms2, "PGV": one.pgv_ms, "MMI": one.mmi}
    observed = {name: value for name, value in values.items() if value is not None}
    if not observed:
        return "nothing was observed"
    limits = {"PGA": GREATEST_PGA_MS2, "PGV": GREATEST_PGV_MS, "MMI": 12.0}
    for name, value in observed.items():
        if not (math.isfinite(value) and 0.0 < value <= limits[name]):
            return f"{name} is {value}: expected more than 0 and at most {limits[name]:g}"
    if one.vs30_ms is not None and not 50.0 <= one.vs30_ms <= 4000.0:
        return f"Vs30 is {one.vs30_ms}: expected 50 to 4000 m/s"
    return None
