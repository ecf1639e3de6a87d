"""Worden, Gerstenberger, Rhoades and Wald (2012): ground motion to MMI and back, California.

Probabilistic relationships between ground-motion parameters and modified Mercalli intensity in
California, BSSA 102, 204-221, doi:10.1785/0120110156. Lines in log10 of PGA (cm/s^2) and PGV
(cm/s). The lowest line of each (below MMI II to III) continues the published pair at weak
motion. Where two lines meet they differ by up to 0.01 MMI, as printed.
Limits: MMI is held within 1 to 10, the scale's instrumental part.
"""

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike, NDArray

from forewave.units import CM_M, GAL_MS2

Floats = NDArray[np.float64]


class Lines(Struct, frozen=True):
    """Three lines, MMI = intercept + slope log10(motion / unit), split at two logarithms."""

    unit: float
    intercepts: tuple[float, float, float]
    slopes: tuple[float, float, float]
    splits: tuple[float, float]
    sigma: float


PGA = Lines(GAL_MS2, (1.71, 1.78, -1.60), (2.08, 1.55, 3.70), (0.14, 1.57), 0.66)
PGV = Lines(CM_M, (4.62, 3.78, 2.89), (2.17, 1.47, 3.16), (-1.21, 0.53), 0.63)


def from_pga(pga_ms2: ArrayLike) -> Floats:
    """MMI (1..10) from peak ground acceleration. Sigma 0.66."""
    return convert(PGA, pga_ms2)[0]


def from_pgv(pgv_ms: ArrayLike) -> Floats:
    """MMI (1..10) from peak ground velocity. Sigma 0.63."""
    return convert(PGV, pgv_ms)[0]


def to_pga(mmi: ArrayLike) -> Floats:
    """The peak ground acceleration, m/s^2, that is felt as this MMI. nan outside 1..10."""
    return _motion(PGA, mmi)


def to_pgv(mmi: ArrayLike) -> Floats:
    """The peak ground velocity, m/s, that is felt as this MMI. nan outside 1..10."""
    return _motion(PGV, mmi)


def convert(lines: Lines, motion: ArrayLike) -> tuple[Floats, Floats]:
    """MMI (1..10), and how much MMI one natural-log unit of motion makes there."""
    smallest = 1e-9  # keeps the logarithm finite at rest; far below MMI I
    log_motion = np.log10(np.maximum(np.asarray(motion) / lines.unit, smallest))
    piece = np.searchsorted(lines.splits, log_motion, side="right")
    slope = np.take(lines.slopes, piece)
    mmi = np.take(lines.intercepts, piece) + slope * log_motion
    return np.clip(mmi, 1.0, 10.0), slope / np.log(10.0)


def _motion(lines: Lines, mmi: ArrayLike) -> Floats:
    level = np.asarray(mmi, dtype=float)
    corners = np.take(lines.intercepts, (1, 2)) + np.take(lines.slopes, (1, 2)) * lines.splits
    piece = np.searchsorted(corners, level, side="right")
    log_motion = (level - np.take(lines.intercepts, piece)) / np.take(lines.slopes, piece)
    valid = (level >= 1.0) & (level <= 10.0)
    return np.asarray(np.where(valid, lines.unit * 10.0**log_motion, np.nan))
