"""First-arrival travel times of P and S, as a table over distance and depth.

The table is computed from ObsPy's TauP (Crotwell, Owens and Ritsema 1999) once per velocity model;
`archive/travel_time.py` keeps it on disk. TauP samples each phase densely where its curve bends;
between two samples the time is the cubic with TauP's times and slopes (dT/dX is the ray parameter),
so single rays need not be traced.
"""

from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike, NDArray

from forewave.arrays import read_only
from forewave.types import Phase
from forewave.units import DEGREE_KM

Floats = NDArray[np.float64]

# One-dimensional Earth models of TauP that have a crust.
VELOCITY_MODELS = ("iasp91", "ak135", "prem", "1066a", "jb", "pwdk", "sp6")
DISTANCES_KM = read_only(np.arange(0.0, 1001.0, 1.0))
DEPTHS_KM = read_only(
    np.concatenate(
        [
            np.arange(0, 50, 2),
            np.arange(50, 100, 5),
            np.arange(100, 300, 10),
            np.arange(300, 701, 20),
        ]
    ).astype(float)
)
_FIRST_ARRIVALS = {"P": ("p", "P", "Pn"), "S": ("s", "S", "Sn")}


class TravelTimes(Struct, frozen=True):
    """Seconds from origin to first arrival. p and s are (distances, depths)."""

    model: str
    distances_km: Floats  # (nx,) ascending from 0
    depths_km: Floats  # (nz,) ascending from 0
    p: Floats
    s: Floats

    def seconds(self, phase: Phase, distance_km: ArrayLike, depth_km: ArrayLike) -> Floats:
        """Travel time in s by bilinear interpolation; shapes broadcast; nan outside the table."""
        x, z = np.broadcast_arrays(np.asarray(distance_km, float), np.asarray(depth_km, float))
        i, u = _cell(self.distances_km, x)
        k, w = _cell(self.depths_km, z)
        t = self.p if phase == "P" else self.s
        near = t[i, k] * (1 - w) + t[i, k + 1] * w
        far = t[i + 1, k] * (1 - w) + t[i + 1, k + 1] * w
        return np.asarray(near * (1 - u) + far * u)

    def coarse(self) -> "TravelTimes":
        """A table small enough for a phone: 5 km steps to 300 km, 20 km to 1000 km."""
        x = np.concatenate([np.arange(0, 300, 5), np.arange(300, 1001, 20)]).astype(float)
        z = np.concatenate([np.arange(0, 40, 5), [40, 50, 60, 80, 100, 150, 200, 300, 500, 700]])
        p, s = (np.round(self.seconds(phase, x[:, None], z), 2) for phase in ("P", "S"))
        return TravelTimes(self.model, x, z, p, s)


def _cell(nodes: Floats, value: Floats) -> tuple[NDArray[np.intp], Floats]:
    """Index of the cell's lower node and the fraction within it; nan outside the nodes."""
    index = np.clip(np.searchsorted(nodes, value, side="right") - 1, 0, len(nodes) - 2)
    fraction = (value - nodes[index]) / (nodes[index + 1] - nodes[index])
    outside = (value < nodes[0]) | (value > nodes[-1])
    return index, np.where(outside, np.nan, fraction)


def build(model: str) -> TravelTimes:
    """Make the table from TauP."""
    from obspy.taup import TauPyModel  # late: costs a second to import, needed once

    taup = TauPyModel(model).model
    columns = [_column(taup.depth_correct(depth)) for depth in DEPTHS_KM]
    p, s = (np.stack([column[i] for column in columns], axis=1) for i in (0, 1))
    return TravelTimes(model, DISTANCES_KM, DEPTHS_KM, p, s)


def _column(corrected: Any) -> tuple[Floats, Floats]:
    """First P and first S at all table distances for a source at one depth."""
    p, s = (
        np.min([_curve(name, corrected) for name in _FIRST_ARRIVALS[phase]], axis=0)
        for phase in ("P", "S")
    )
    return p, s


def _curve(name: str, corrected: Any) -> Floats:
    """One TauP phase at the table's distances; inf where it does not arrive."""
    from obspy.taup.seismic_phase import SeismicPhase

    phase = SeismicPhase(name, corrected)
    first = np.full(len(DISTANCES_KM), np.inf)
    x = np.degrees(np.asarray(phase.dist)) * DEGREE_KM
    t = np.asarray(phase.time)
    slope = np.radians(np.asarray(phase.ray_param)) / DEGREE_KM
    for i in range(len(x) - 1):
        _lower_to_cubic(first, x[i : i + 2], t[i : i + 2], slope[i : i + 2])
    return first


def _lower_to_cubic(first: Floats, x: Floats, t: Floats, slope: Floats) -> None:
    """Lower `first` to the Hermite cubic between two samples of a travel-time curve."""
    step = x[1] - x[0]
    jump = abs(t[1] - t[0] - step * slope.mean())
    if step == 0 or jump > 0.5:  # a shadow zone's two rims are not joined by rays
        return
    inside = (x.min() - 1e-9 <= DISTANCES_KM) & (x.max() + 1e-9 >= DISTANCES_KM)
    u = (DISTANCES_KM[inside] - x[0]) / step
    cubic = (
        t[0] * (1 + 2 * u) * (1 - u) ** 2
        + t[1] * u**2 * (3 - 2 * u)
        + step * (slope[0] * u * (1 - u) ** 2 - slope[1] * u**2 * (1 - u))
    )
    first[inside] = np.minimum(first[inside], cubic)
