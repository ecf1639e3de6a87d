"""The Japan Meteorological Agency's instrumental intensity (shindo).

From records: the agency's filter in the frequency domain, exact, for a whole record at once.
The filter is that of the JMA notice of 1996 as given by Kunugi et al. (2008, 2013): a high-cut,
a low-cut and the period effect. The intensity is I = 2 log10(a) + 0.94, a being the level in
gal that the vector of three filtered components exceeds for 0.3 s in all.
From PGV: I = 2.68 + 1.72 log10(PGV in cm/s), Midorikawa et al. (1999).
"""

import numpy as np
from numpy.typing import ArrayLike

from forewave.shaking.intensity import worden_2012
from forewave.shaking.intensity.scale import Floats, Scale, levels
from forewave.units import CM_M, GAL_MS2

EXCEEDED_S = 0.3
_HIGH_CUT = (1.0, 0.694, 0.241, 0.0557, 0.009664, 0.00134, 0.000155)  # of (f / 10 Hz)^2


def gain(frequency_hz: ArrayLike) -> Floats:
    """The filter's amplitude: period effect, high-cut, low-cut. Zero at 0 Hz."""
    f = np.asarray(frequency_hz, dtype=float)
    positive = np.where(f > 0, f, 1.0)
    period_effect = 1.0 / np.sqrt(positive)
    high_cut = 1.0 / np.sqrt(np.polynomial.Polynomial(_HIGH_CUT)((f / 10.0) ** 2))
    low_cut = np.sqrt(1.0 - np.exp(-((positive / 0.5) ** 3)))
    return np.asarray(np.where(f > 0, period_effect * high_cut * low_cut, 0.0))


def instrumental(acceleration_ms2: ArrayLike, rate: float) -> float:
    """Intensity of a whole record: (3, n) components at `rate` samples/s.

    nan if the record is shorter than 0.3 s, at rest, or holds nan. Right for rates of 50 or
    more; at lower rates what shakes above half the rate is missing.
    """
    records = np.asarray(acceleration_ms2, dtype=float) / GAL_MS2
    n = records.shape[1]
    spectrum = np.fft.rfft(records - records.mean(axis=1, keepdims=True), axis=1)
    filtered = np.fft.irfft(spectrum * gain(np.fft.rfftfreq(n, 1.0 / rate)), n, axis=1)
    count = round(EXCEEDED_S * rate)
    if n < count:
        return float("nan")
    level_gal = np.sort(np.sqrt((filtered**2).sum(axis=0)))[-count]
    return float(2.0 * np.log10(level_gal) + 0.94) if level_gal > 0 else float("nan")


def from_pgv(pgv_ms: ArrayLike) -> Floats:
    """Intensity expected with a peak ground velocity; made for intensities 4 to 7.

    Source: Midorikawa, Fujimoto and Muramatsu (1999), J. Inst. Soc. Safety Sci. 1, 51-56.
    """
    pgv_cms = np.maximum(np.asarray(pgv_ms, dtype=float) / CM_M, 1e-9)
    return np.asarray(2.68 + 1.72 * np.log10(pgv_cms))


def _from_mmi(mmi: Floats) -> Floats:
    return from_pgv(worden_2012.to_pgv(mmi))


SCALE = Scale(
    name="jma",
    paper="JMA 1996; Midorikawa et al. 1999 from PGV",
    levels=levels(
        (-np.inf, "0", "not felt", "无感", 0),
        (0.5, "1", "weak", "微弱", 0),
        (1.5, "2", "weak", "弱", 1),
        (2.5, "3", "light", "轻", 2),
        (3.5, "4", "moderate", "中等", 3),
        (4.5, "5-", "strong", "强", 4),
        (5.0, "5+", "very strong", "很强", 5),
        (5.5, "6-", "severe", "严重", 6),
        (6.0, "6+", "violent", "猛烈", 7),
        (6.5, "7", "extreme", "极端", 8),
    ),
    from_mmi=_from_mmi,
)
