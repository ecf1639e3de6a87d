"""What can be set at a detector, and the kernel's record of it for one sampling rate."""

import math

from msgspec import Struct

from forewave.stations.intensity import EXCEEDED_S, upsampling
from forewave.stations.layout import CONF, Record, record, ring_size
from forewave.types import Channel
from forewave.units import GAL_MS2


class DetectorSettings(Struct, frozen=True):
    """Times in seconds, ratios of energy. Sources in docs/reference/stations.md."""

    high_pass_hz: float = 0.075
    displacement_high_pass_hz: float = 1.0 / 3.0
    band_hz: tuple[float, float] = (1.0, 14.0)
    upper_hz: float = 4.0
    upper_share: float = 0.05
    later_share: float = 0.1
    review: float = 2.0
    sta_short: float = 0.1
    sta_long: float = 0.5
    lta: float = 15.0
    overhang: float = 3.0
    ratio_short: float = 20.0
    ratio_long: float = 8.0
    snr: float = 7.0
    settle: float = 5.0
    confirm: float = 0.15
    patience: float = 2.0
    look_back: float = 2.5
    lag: float = 1.0
    guard: float = 0.1
    least_pa_ms2: float = 10.0**-4.5
    hold_off: float = 10.0
    outgrow: float = 100.0
    wait: float = 4.0
    fill_samples: int = 3
    calm: float = 5.0
    longest: float = 120.0
    least_intensity: float = 0.5
    clock_ahead: float = 5.0
    clock_fast: float = 0.5
    too_late: float = 60.0
    late: float = 5.0
    noisy_ms2: float = 0.05
    unusable_ms2: float = 1.0
    absurd_ms2: float = 98.0
    absurd_ms: float = 10.0
    stuck: float = 3.0


def smoothing(seconds: float, rate: float) -> float:
    """The share of a new sample in a recursive mean of so many seconds."""
    return min(1.0, 1.0 / (seconds * rate))


def configuration(settings: DetectorSettings, channel: Channel) -> Record:
    """The kernel's record for a vertical channel: seconds turned into samples."""
    s, rate = settings, channel.rate
    up = upsampling(rate)
    velocity = channel.unit == "m/s"
    highest_hz = min(s.band_hz[1], 0.4 * rate)
    return record(
        CONF,
        rate=rate,
        up=up,
        velocity=velocity,
        ring=ring_size(rate),
        wait=round(s.wait * rate),
        settle=round(s.settle * rate),
        fill=s.fill_samples,
        top=round(EXCEEDED_S * rate * up),
        sta_short=smoothing(s.sta_short, rate),
        sta_long=smoothing(s.sta_long, rate),
        lta=smoothing(s.lta, rate),
        overhang=s.overhang,
        ratio_short=s.ratio_short,
        ratio_long=s.ratio_long,
        confirm=max(6, round(s.confirm * rate)),
        again=max(1, round(0.05 * rate)),
        patience=round(s.patience * rate),
        lag=round(s.lag * rate),
        guard=round(s.guard * rate),
        least_pa=s.least_pa_ms2,
        look_back=round(s.look_back * rate),
        hold_off=round(s.hold_off * rate),
        outgrow=s.outgrow,
        snr=s.snr,
        band=[highest_hz - lowest for lowest in (s.band_hz[0], s.upper_hz)],
        upper_share=s.upper_share,
        later_share=s.later_share,
        review=round(s.review * rate),
        quiet_s=round(s.calm),
        longest_s=round(s.longest),
        least_level2=GAL_MS2**2 * 10.0 ** (s.least_intensity - 0.94),
        absurd=s.absurd_ms if velocity else s.absurd_ms2,
        full_scale=0.8 * 2.0**23 if velocity else math.inf,
    )
