"""What is wrong with a packet, and how a station is."""

import numpy as np

from forewave.types import Channel, Dropped, Health, Packet

RATE_TOLERANCE = 0.05


def refuse(
    packet: Packet, channel: Channel, now: float, ahead_s: float, late_s: float
) -> Dropped | None:
    """Why a packet cannot be used at all, or None."""
    end = packet.start + len(packet.samples) / packet.rate if packet.rate > 0 else packet.start
    reason = None
    if len(packet.samples) == 0 or not np.isfinite(packet.start):
        reason = "empty packet"
    elif not abs(packet.rate - channel.rate) <= RATE_TOLERANCE * channel.rate:
        reason = f"rate {packet.rate:g}/s where the inventory says {channel.rate:g}/s"
    elif end - now > ahead_s:
        reason = "clock ahead"
    elif now - end > late_s:
        reason = "too late or clock behind"
    if reason is None:
        return None
    return Dropped(str(packet.stream), reason, f"starts {packet.start:.3f}, arrived {now:.3f}")


class Symptoms:
    """Counts of the last minute or so, forgotten at a steady pace."""

    def __init__(self) -> None:
        self.samples = 0.0
        self.missing = 0.0

    def note(self, samples: int, missing: int, per_minute: float) -> None:
        """So many samples came, so many were missing."""
        keep = max(0.0, 1.0 - (samples + missing) / per_minute)
        self.samples = self.samples * keep + samples
        self.missing = self.missing * keep + missing

    @property
    def gappy(self) -> bool:
        """More than one sample in twenty is missing."""
        return self.missing > 0.05 * (self.samples + self.missing)


def health(
    *,
    stuck: bool,
    absurd: bool,
    clipped: bool,
    latency: float,
    late_s: float,
    gappy: bool,
    noise_pa_ms2: float,
    noisy_ms2: float,
    unusable_ms2: float,
) -> Health:
    """The worst that is true, in one word."""
    rows: tuple[tuple[bool, Health], ...] = (
        (absurd or noise_pa_ms2 > unusable_ms2, "unusable"),
        (stuck, "stuck"),
        (clipped, "clipped"),
        (latency > late_s, "late"),
        (gappy, "gappy"),
        (noise_pa_ms2 > noisy_ms2, "noisy"),
    )
    return next((word for true, word in rows if true), "good")
