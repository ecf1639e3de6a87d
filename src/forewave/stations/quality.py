"""What is wrong with a packet, and how a station is."""

import math

import numpy as np

from forewave.stations.settings import DetectorSettings
from forewave.types import Channel, Dropped, Health, Packet, Samples

RATE_TOLERANCE = 0.05


def refuse(
    packet: Packet, channel: Channel, now: float, settings: DetectorSettings
) -> Dropped | None:
    """Why a packet cannot be used at all, or None."""
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
    """How many samples are nan or infinite; counts of whole numbers cannot be."""
    return 0 if samples.dtype.kind == "i" else int(np.count_nonzero(~np.isfinite(samples)))


class Completeness:
    """How much of the last minute or so was missing."""

    def __init__(self) -> None:
        self.samples = 0.0
        self.missing = 0.0

    def note(self, samples: int, missing: int, per_minute: float) -> None:
        """So many samples came, of which so many stand for missing ones."""
        keep = max(0.0, 1.0 - samples / per_minute)
        self.samples = self.samples * keep + samples
        self.missing = self.missing * keep + missing

    @property
    def gappy(self) -> bool:
        """More than one sample in twenty is missing."""
        return self.missing > 0.05 * self.samples


def health(
    *,
    stuck: bool,
    clipped: bool,
    late: bool,
    gappy: bool,
    noise_pa_ms2: float,
    settings: DetectorSettings,
) -> Health:
    """The worst that is true, in one word."""
    if noise_pa_ms2 > settings.unusable_ms2:
        return "unusable"
    if stuck:
        return "stuck"
    if clipped:
        return "clipped"
    if late:
        return "late"
    if gappy:
        return "gappy"
    return "noisy" if noise_pa_ms2 > settings.noisy_ms2 else "good"
