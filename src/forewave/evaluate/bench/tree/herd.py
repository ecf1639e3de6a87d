"""Devices that lost their gateway and connect to another: full jitter, and a limited admission.

Each device waits a random time, uniform up to the jitter, so that they do not arrive together. The
surviving gateways admit them one after the other, at a rate. A device has the alert as soon as it
is admitted: a gateway sends the valid alerts to every new connection.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def admitted_s(arrivals_s: Floats, per_second: float) -> Floats:
    """When each of the devices that arrive at these times (ascending) is admitted by one queue.

    Each takes 1 / per_second: admitted[i] = max(arrival[i], admitted[i - 1]) + 1 / per_second.
    """
    each = 1.0 / per_second
    before = np.arange(arrivals_s.size) * each
    return np.asarray(np.maximum.accumulate(arrivals_s - before) + before + each)


def reconnected_s(
    devices: int, jitter_s: float, per_second: float, random: np.random.Generator
) -> Floats:
    """Seconds until each device is connected again; per_second: admissions of all survivors."""
    return admitted_s(np.sort(random.uniform(0.0, jitter_s, devices)), per_second)
