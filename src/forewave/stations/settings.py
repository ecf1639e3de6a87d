"""Settings of a detector, and the kernel's record of them for one sampling rate."""

import math
from typing import Annotated

from msgspec import Struct

from forewave.field import Acceleration, Count, Hz, MetresPerSecond, Number, Seconds, about
from forewave.stations.intensity import EXCEEDED_S, upsampling
from forewave.stations.layout import CONF, Record, record, ring_size
from forewave.types import Channel
from forewave.units import GAL_MS2

_ShortAverage = Annotated[float, about(unit="s", ge=0.02, le=5)]
_LongAverage = Annotated[float, about(unit="s", ge=1, le=300)]
# The sum of these is limited by the length of the rings:
_LookBack = Annotated[float, about(unit="s", ge=0.5, le=5)]
_Examined = Annotated[float, about(unit="s", ge=0, le=4)]
_Jma = Annotated[float, about(unit="JMA intensity", ge=-3, le=7)]


class DetectorSettings(Struct, frozen=True):
    """The picker, and the health of stations. Sources of values: docs/reference/stations.md."""

    high_pass_hz: Annotated[
        Hz, about("Corner of the high-pass filter with which motion is integrated")
    ] = 0.075
    displacement_high_pass_hz: Annotated[
        Hz, about("Corner of the second high-pass filter of displacement")
    ] = 1.0 / 3.0
    band_hz: Annotated[tuple[Hz, Hz], about("Band of the picker")] = (1.0, 14.0)
    upper_hz: Annotated[
        Hz, about("Lower corner of the upper band, in which distant earthquakes are weak")
    ] = 4.0
    upper_share: Annotated[
        Number, about("Least share of added energy in the upper band for a pick")
    ] = 0.05
    later_share: Annotated[
        Number, about("The same at the review, and for 60 s after a pick was withdrawn")
    ] = 0.1
    review: Annotated[_Examined, about("Time after the onset at which a pick is reviewed")] = 2.0
    sta_short: Annotated[_ShortAverage, about("Time constant of the shorter average")] = 0.1
    sta_long: Annotated[_ShortAverage, about("Time constant of the longer average")] = 0.5
    lta: Annotated[_LongAverage, about("Time constant of the long-term average")] = 15.0
    overhang: Annotated[
        Number, about("Most of the long-term average, in means of the last 3 s")
    ] = 3.0
    ratio_short: Annotated[
        Number, about("Ratio of energy sta_short/lta that triggers; higher: fewer picks")
    ] = 20.0
    ratio_long: Annotated[
        Number, about("Ratio of energy sta_long/lta that triggers; higher: fewer picks")
    ] = 8.0
    snr: Annotated[
        Number, about("Least ratio of energy after the onset to before; higher: fewer picks")
    ] = 7.0
    settle: Annotated[Seconds, about("Time without picks after data begin, and after a gap")] = 5.0
    confirm: Annotated[
        Seconds, about("Shortest motion after the onset for a pick; 6 samples at least")
    ] = 0.15
    patience: Annotated[_Examined, about("Longest examination of a trigger")] = 2.0
    look_back: Annotated[
        _LookBack, about("Window before a trigger in which noise and onset are sought")
    ] = 2.5
    lag: Annotated[Seconds, about("Longest time from onset to trigger")] = 1.0
    guard: Annotated[Seconds, about("Time before the onset that is left out of the noise")] = 0.1
    least_pa_ms2: Annotated[Acceleration, about("Least peak acceleration for a pick")] = 10.0**-4.5
    hold_off: Annotated[
        Seconds, about("Time after a pick without another, unless motion outgrows it")
    ] = 10.0
    outgrow: Annotated[
        Number, about("Ratio of energy to the most since the last pick that allows another")
    ] = 100.0
    wait: Annotated[
        Seconds, about("Longest lag of a horizontal behind the vertical in amplitudes")
    ] = 4.0
    fill_samples: Annotated[Count, about("Longest gap that is bridged, in samples")] = 3
    calm: Annotated[
        Seconds, about("Time below twice the noise that ends amplitudes, from 20 s on")
    ] = 5.0
    longest: Annotated[Seconds, about("Longest time after a pick with amplitudes")] = 120.0
    least_intensity: Annotated[_Jma, about("Least intensity for amplitudes without a pick")] = 0.5
    clock_ahead: Annotated[
        Seconds, about("Packets that end this long after their arrival are dropped")
    ] = 5.0
    clock_fast: Annotated[
        Seconds, about('Samples this long after their arrival make the health "clock"')
    ] = 0.5
    too_late: Annotated[
        Seconds, about("Packets that arrive this long after their end are dropped")
    ] = 60.0
    late: Annotated[Seconds, about('Latency above which health is "late"')] = 5.0
    noisy_ms2: Annotated[Acceleration, about('Noise above which health is "noisy"')] = 0.05
    unusable_ms2: Annotated[Acceleration, about('Noise above which health is "unusable"')] = 1.0
    absurd_ms2: Annotated[
        Acceleration, about("Acceleration samples beyond this count as missing")
    ] = 98.0
    absurd_ms: Annotated[
        MetresPerSecond, about("Velocity samples beyond this count as missing")
    ] = 10.0
    stuck: Annotated[Seconds, about('Time at one value until health is "stuck"')] = 3.0


def smoothing(seconds: float, rate: float) -> float:
    """Smoothing factor of a recursive mean with a time constant in seconds."""
    return min(1.0, 1.0 / (seconds * rate))


def configuration(settings: DetectorSettings, channel: Channel) -> Record:
    """The kernel's CONF record for a vertical channel: seconds converted to samples."""
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
