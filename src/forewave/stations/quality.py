"""Checks of packets, and the health of a station."""

import math

import numpy as np

from forewave.stations.settings import DetectorSettings
from forewave.types import Channel, Dropped, Health, Packet, Samples

RATE_TOLERANCE = 0.05
HISTORY = 3600.0  # seconds over which a station's usual noise is remembered
SETTLED = 600.0  # seconds of data until it is known
FALLEN = 1.0 / 8.0  # of the usual noise; below this the sensor has lost contact with the ground
SLOWLY = 20.0  # times as long until noise that fell far is the usual one


def refuse(
    packet: Packet, channel: Channel, now: float, settings: DetectorSettings
) -> Dropped | None:
    """Why a packet cannot be used, or None if it can."""
    start, rate, count = packet.start, packet.rate, len(packet.samples)
    detail = f"starts {start:.3f}, arrived {now:.3f}"
    if not (math.isfinite(channel.gain) and channel.gain != 0.0):
        reason = "gain unknown"
    elif count == 0 or not math.isfinite(start):
        reason = "empty packet"
    elif not abs(rate - channel.rate) <= RATE_TOLERANCE * channel.rate:
        reason, detail = "wrong rate", f"{rate:g}/s, the inventory says {channel.rate:g}/s"
    elif start + count / rate - now > settings.clock_ahead:
        reason = "clock ahead"
    elif now - start - count / rate > settings.too_late:
        reason = "too late, or clock behind"
    else:
        return None
    return Dropped(str(packet.stream), reason, detail)


def not_numbers(samples: Samples) -> int:
    """How many samples are nan or infinite; none of integer samples."""
    return 0 if samples.dtype.kind == "i" else int(np.count_nonzero(~np.isfinite(samples)))


class Completeness:
    """The share of samples missing in about the last minute."""

    def __init__(self) -> None:
        self.samples = 0.0
        self.missing = 0.0

    def note(self, samples: int, missing: int, per_minute: float) -> None:
        """Count samples, and how many of them stand for missing ones."""
        keep = max(0.0, 1.0 - samples / per_minute)
        self.samples = self.samples * keep + samples
        self.missing = self.missing * keep + missing

    @property
    def gappy(self) -> bool:
        """More than one sample in twenty is missing."""
        return self.missing > 0.05 * self.samples


class Usual:
    """A station's usual noise: the mean of its logarithm over the last hour of data.

    A higher level becomes the usual one within an hour. A level that fell far takes a day, so that
    a disconnected sensor does not pass for a quiet site.
    """

    def __init__(self) -> None:
        self._log = math.nan
        self._seconds = 0.0

    def note(self, noise_ms2: float, seconds: float) -> None:
        """Take a noise level that held for some seconds; nan and 0 are ignored."""
        if not (0.0 < noise_ms2 < math.inf and seconds > 0.0):
            return
        pace = SLOWLY if self.times(noise_ms2) < FALLEN else 1.0
        self._seconds = min(HISTORY, self._seconds + seconds)
        share = min(1.0, seconds / (pace * self._seconds))
        log = math.log10(noise_ms2)
        self._log = log if math.isnan(self._log) else self._log + (log - self._log) * share

    @property
    def noise_ms2(self) -> float:
        """The usual noise; nan until it is known."""
        return 10.0**self._log if self._seconds >= SETTLED else math.nan

    def times(self, noise_ms2: float) -> float:
        """A noise level as a multiple of the usual one; nan until that is known."""
        return noise_ms2 / self.noise_ms2


def health(
    *,
    stuck: bool,
    clipped: bool,
    late: bool,
    gappy: bool,
    noise_pa_ms2: float,
    settings: DetectorSettings,
    fast: bool = False,
    fallen: bool = False,
    calibrating: bool = False,
) -> Health:
    """The health of a station: the first condition that holds, the worst first.

    calibrating: the sensor is being calibrated, or the filters are still settling after it.
    """
    if noise_pa_ms2 > settings.unusable_ms2:
        return "unusable"
    if calibrating:
        return "calibrating"
    if stuck:
        return "stuck"
    if fallen:
        return "changed"
    if clipped:
        return "clipped"
    if fast:
        return "clock"
    if late:
        return "late"
    if gappy:
        return "gappy"
    return "noisy" if noise_pa_ms2 > settings.noisy_ms2 else "good"
