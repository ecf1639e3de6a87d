"""Sensor classes: unit, gain, self-noise and clip level."""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from forewave.types import Unit
from forewave.units import G_MS2

Floats = NDArray[np.float64]


class Sensor(Struct, frozen=True):
    """A kind of sensor. `clip` is in `unit`, noise_ms2_rthz an acceleration density."""

    band: str  # first two letters of the SEED channel
    unit: Unit
    gain: float  # counts per unit
    clip: float
    noise_ms2_rthz: float
    corner_s: float | None = None  # a velocity sensor's long-period corner


SENSORS = {
    # 24 bits over +-4 g, 130 dB: an ordinary strong-motion station.
    "force_balance": Sensor("HN", "m/s^2", 2**23 / (4 * G_MS2), 4 * G_MS2, 1e-6),
    # 20 bits over +-2 g, 22.5 micro-g per root Hz: low-cost warning networks.
    "mems": Sensor("HN", "m/s^2", 2**19 / (2 * G_MS2), 2 * G_MS2, 22.5e-6 * G_MS2),
    # 120 s, 1500 V s/m into 24 bits over +-20 V: clips at 13 mm/s.
    "broadband": Sensor("HH", "m/s", 1500 * 2**23 / 20, 20 / 1500, 1e-9, 120.0),
}


def fitting(unit: Unit, wanted: str) -> Sensor:
    """The wanted sensor if it has that unit, else the first one that has.

    A recorded station may have another unit than the sensor of the scenario.
    """
    if SENSORS[wanted].unit == unit:
        return SENSORS[wanted]
    return next(sensor for sensor in SENSORS.values() if sensor.unit == unit)


def output(acceleration_ms2: Floats, sensor: Sensor, rate: float) -> Floats:
    """Output of the sensor in its unit before clipping; (..., n) as the input."""
    if sensor.corner_s is None:
        return acceleration_ms2
    count = acceleration_ms2.shape[-1]
    padded = count + int(2 * sensor.corner_s * rate)  # against wrap-around
    s = 2j * np.pi * np.fft.rfftfreq(padded, 1.0 / rate)
    corner = 2 * np.pi / sensor.corner_s
    response = s / (s**2 + np.sqrt(2.0) * corner * s + corner**2)
    spectrum = np.fft.rfft(acceleration_ms2, padded) * response
    return np.asarray(np.fft.irfft(spectrum, padded)[..., :count])


def digitise(signal: Floats, gain: float, clip: float) -> NDArray[np.int32]:
    """Clip and convert to counts."""
    return np.rint(np.clip(signal, -clip, clip) * gain).astype(np.int32)
