"""Seismic noise of the site and self-noise of the sensor, with realistic spectra.

Site noise lies between the low and high noise models of Peterson (1993, USGS Open-File Report
93-322).
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Position of a site's noise between the low (0) and the high model (1), in decibels.
SITES = {"quiet": 0.3, "ordinary": 0.7, "town": 1.0}

# Period (s) from which dB = A + B log10(period) holds, re 1 (m/s^2)^2/Hz (Peterson 1993).
_LOW = np.array(
    [
        (0.10, -162.36, 5.64), (0.17, -166.70, 0.00), (0.40, -170.00, -8.30),
        (0.80, -166.40, 28.90), (1.24, -168.60, 52.48), (2.40, -159.98, 29.81),
        (4.30, -141.10, 0.00), (5.00, -71.36, -99.77), (6.00, -97.26, -66.49),
        (10.0, -132.18, -31.57), (12.0, -205.27, 36.16), (15.6, -37.65, -104.33),
        (21.9, -114.37, -47.10), (31.6, -160.58, -16.28), (45.0, -187.50, 0.00),
        (70.0, -216.47, 15.70), (101.0, -185.00, 0.00), (154.0, -168.34, -7.61),
        (328.0, -217.43, 11.90), (600.0, -258.28, 26.60),
    ]
)  # fmt: skip
_HIGH = np.array(
    [
        (0.10, -108.73, -17.23), (0.22, -150.34, -80.50), (0.32, -122.31, -23.87),
        (0.80, -116.85, 32.51), (3.80, -108.48, 18.08), (4.60, -74.66, -32.95),
        (6.30, 0.66, -127.18), (7.90, -93.37, -22.42), (15.4, 73.54, -162.98),
        (20.0, -151.52, 10.01), (354.8, -206.66, 31.63),
    ]
)  # fmt: skip


def site_db(frequency_hz: Floats, loudness: float) -> Floats:
    """Power density of ground acceleration, dB; constant above 10 Hz."""
    period = 1.0 / np.maximum(frequency_hz, 1e-3)
    low, high = (_model_db(model, period) for model in (_LOW, _HIGH))
    return low + loudness * (high - low)


def make(
    count: int,
    rate: float,
    loudness: float,
    sensor_noise_ms2_rthz: float,
    rng: np.random.Generator,
) -> Floats:
    """Acceleration noise of three components, (3, count) m/s^2."""
    frequency_hz = np.asarray(np.fft.rfftfreq(count, 1.0 / rate), float)
    density = 10.0 ** (site_db(frequency_hz, loudness) / 10) + sensor_noise_ms2_rthz**2
    density[0] = 0.0
    white = np.fft.rfft(rng.standard_normal((3, count)))
    return np.fft.irfft(white * np.sqrt(density * rate / 2), count)


def _model_db(model: Floats, period: Floats) -> Floats:
    clipped = np.clip(period, model[0, 0], None)
    row = model[np.searchsorted(model[:, 0], clipped, side="right") - 1]
    return row[..., 1] + row[..., 2] * np.log10(clipped)
