"""JMA instrumental intensity in real time: six recursive sections per component.

The filter is Kunugi et al. (2013), "An improved approximating filter for real-time calculation
of seismic intensity", Zisin 65, 223-230, with its printed constants. Its last three sections
are unstable below 77 samples/s, so slower streams are interpolated by a whole factor first (see
`upsampling`). The intensity of a span is 2 log10(a) + 0.94 where a, in gal, is the level that
the vector of the three filtered components exceeds for 0.3 s in all.
"""

import numpy as np
from numpy.typing import NDArray

from forewave.units import GAL_MS2

EXCEEDED_S = 0.3
SLOWEST_RATE = 99.0
_F0, _F1, _F2, _F3, _F4, _F5 = 0.45, 7.0, 0.5, 12.0, 20.0, 30.0
_H2A, _H2B, _H3, _H4, _H5 = 1.0, 0.75, 0.9, 0.6, 0.6
_GAIN = 1.262


def upsampling(rate: float) -> int:
    """The whole factor that brings a rate to where the filter is stable and true: 1 from 99/s."""
    return 1 if rate >= SLOWEST_RATE else int(np.ceil(100.0 / rate))


def _damped(w: float, h_top: float, h: float, t: float) -> list[float]:
    """Section 3: a second-order numerator and denominator that differ in damping only."""
    return [
        12 / t**2 + 12 * h_top * w / t + w**2,
        10 * w**2 - 24 / t**2,
        12 / t**2 - 12 * h_top * w / t + w**2,
        12 / t**2 + 12 * h * w / t + w**2,
        10 * w**2 - 24 / t**2,
        12 / t**2 - 12 * h * w / t + w**2,
    ]


def _low(w: float, h: float, t: float) -> list[float]:
    """Sections 4 to 6: second-order low-pass."""
    return [w**2, 10 * w**2, w**2, *_damped(w, h, h, t)[3:]]


def jma_sections(rate: float) -> NDArray[np.float64]:
    """Rows (b0, b1, b2, a1, a2) of the six sections at `rate` samples/s, gain included.

    Kunugi et al. (2013). Below 77 samples/s sections 4 to 6 would be unstable: nan.
    """
    if rate < 77.0:
        return np.full((6, 5), np.nan)
    t = 1.0 / rate
    w0, w1, w2 = (2 * np.pi * f for f in (_F0, _F1, _F2))
    first = [4 / t**2 + 2 * w1 / t, -8 / t**2, 4 / t**2 - 2 * w1 / t]
    first += [8 / t**2 + (4 * w0 + 2 * w1) / t + w0 * w1, 2 * w0 * w1 - 16 / t**2]
    first += [8 / t**2 - (4 * w0 + 2 * w1) / t + w0 * w1]
    second = [
        4 / t**2 + 8.5 * w1 / t + w1**2,
        2 * w1**2 - 8 / t**2,
        4 / t**2 - 8.5 * w1 / t + w1**2,
    ]
    second += [16 / t**2 + 17 * w1 / t + w1**2, 2 * w1**2 - 32 / t**2]
    second += [16 / t**2 - 17 * w1 / t + w1**2]
    low = [_low(2 * np.pi * f, h, t) for f, h in ((_F3, _H3), (_F4, _H4), (_F5, _H5))]
    table = np.array([first, second, _damped(w2, _H2A, _H2B, t), *low])
    rows: NDArray[np.float64] = np.delete(table, 3, axis=1) / table[:, 3:4]
    rows[0, :3] *= _GAIN
    return rows


def jma_gain(frequency_hz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Amplitude of the official (frequency-domain) JMA filter, JMA notice of 1996."""
    x2 = (frequency_hz / 10.0) ** 2
    terms = (1.0, 0.694, 0.241, 0.0557, 0.009664, 0.00134, 0.000155)
    high_cut = np.asarray(sum(c * x2**i for i, c in enumerate(terms))) ** -0.5
    low_cut = np.sqrt(1.0 - np.exp(-((frequency_hz / 0.5) ** 3)))
    return np.asarray(np.sqrt(1.0 / frequency_hz) * high_cut * low_cut)


def intensity(level_ms2: float) -> float:
    """Instrumental intensity of the level exceeded for 0.3 s; nan for no motion at all."""
    return 2.0 * float(np.log10(level_ms2 / GAL_MS2)) + 0.94 if level_ms2 > 0.0 else float("nan")
