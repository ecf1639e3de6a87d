"""Second-order sections as the kernel runs them: rows of (b0, b1, b2, a1, a2), a0 = 1.

All are designed by the bilinear transform, so they are stable at any sampling rate; corner
frequencies are pre-warped. The section's state is two numbers (direct form II transposed).
"""

import numpy as np
from numpy.typing import NDArray

Section = NDArray[np.float64]
BUTTERWORTH_Q = 2.0**0.5


def _poles(corner_hz: float, rate: float) -> tuple[float, float, float, float]:
    """Warped corner k, and a0, a1, a2 of a two-pole Butterworth filter."""
    k = np.tan(np.pi * corner_hz / rate)
    return k, 1.0 + BUTTERWORTH_Q * k + k * k, 2.0 * (k * k - 1.0), 1.0 - BUTTERWORTH_Q * k + k * k


def high_pass(corner_hz: float, rate: float) -> Section:
    """Two-pole Butterworth high-pass."""
    _, a0, a1, a2 = _poles(corner_hz, rate)
    return np.array([1.0, -2.0, 1.0, a1, a2]) / a0


def low_pass(corner_hz: float, rate: float) -> Section:
    """Two-pole Butterworth low-pass."""
    k, a0, a1, a2 = _poles(corner_hz, rate)
    return np.array([k * k, 2.0 * k * k, k * k, a1, a2]) / a0


def integrating_high_pass(corner_hz: float, rate: float) -> Section:
    """Trapezoidal integration with a two-pole high-pass; the pole at zero frequency cancels.

    Acceleration to velocity, or velocity to displacement, without drift.
    """
    _, a0, a1, a2 = _poles(corner_hz, rate)
    half = 0.5 / rate
    return np.array([half, 0.0, -half, a1, a2]) / a0


def response(
    sections: NDArray[np.float64], frequency_hz: NDArray[np.float64], rate: float
) -> NDArray[np.complex128]:
    """Complex gain of sections (n, 5) in cascade at the frequencies."""
    z1 = np.exp(-2j * np.pi * frequency_hz / rate)
    gain: NDArray[np.complex128] = np.ones_like(z1)
    for b0, b1, b2, a1, a2 in np.atleast_2d(sections):
        gain = gain * (b0 + b1 * z1 + b2 * z1**2) / (1.0 + a1 * z1 + a2 * z1**2)
    return gain
