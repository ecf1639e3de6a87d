"""Ground truth: the catalogued earthquake, and the motion that each station recorded.

An intensity level is reached when the running peak of the larger horizontal acceleration reaches
it (Worden et al. 2012). The observed intensity is the mean of the intensities from peak
acceleration and peak velocity, as in ShakeMap. Both use the record from the catalogued origin
time on (all of it without an origin). Acceleration is counts / gain without the median,
high-passed at 0.075 Hz; the filter is causal, so a level is not reached too early.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt  # type: ignore[import-untyped]

from forewave.earth.distance import distance_km
from forewave.earth.travel_time import TravelTimes
from forewave.evaluate.scoring.catalogue import Quake, catalogue_quake, others
from forewave.formats.recordings.event_directory import Recording
from forewave.shaking.intensity import worden_2012
from forewave.types import Channel, Packet, Phase, Station, StreamId
from forewave.units import G_MS2

Floats = NDArray[np.float64]

LEVELS = {"III": 3.0, "IV": 4.0, "V": 5.0, "VI": 6.0}
TEN_G = "10 %g"  # level of published precision and recall
THRESHOLDS = {**LEVELS, TEN_G: float(worden_2012.from_pga(0.1 * G_MS2))}
USUAL_DEPTH_KM = 15.0  # for predicted arrivals where the catalogue has no depth
HIGH_PASS_HZ = 0.075
AFTER_S_S = 10.0  # a record must extend this far beyond the predicted S
COVERED_SHARE = 0.9
FULL_SCALE_COUNTS = 2**23  # of 24-bit digitisers
FULL_SCALE_SHARE = 0.95
STANDSTILL_SAMPLES = 4  # consecutive samples at the maximum that mean clipping
LOUD = 100.0


class Motion(Struct, frozen=True):
    """Motion recorded by one station.

    mmi: from PGA and PGV. pga_mmi: from PGA, the basis of the levels. reached: time at which the
    running pga_mmi first reached each of THRESHOLDS.
    """

    station: str
    lat: float
    lon: float
    distance_km: float | None  # from the epicentre
    pga_ms2: float
    pgv_ms: float
    mmi: float
    pga_mmi: float
    reached: dict[str, float]


class Truth(Struct, frozen=True):
    """A recording's earthquake (None: noise), the others within it, and the recorded motions.

    left_out: stations without a usable record, with the reason. complete: whether the catalogue
    has all earthquakes, as for simulations.
    """

    quake: Quake | None
    others: tuple[Quake, ...]
    motions: tuple[Motion, ...]
    left_out: tuple[tuple[str, str], ...]
    complete: bool = False

    @property
    def quakes(self) -> tuple[Quake, ...]:
        """The recording's own earthquake first, then the others."""
        return () if self.quake is None else (self.quake, *self.others)


def truth(recording: Recording, travel_times: TravelTimes) -> Truth:
    """Ground truth from the catalogue (event.json) and the records."""
    quake = catalogue_quake(recording.info)
    motions, left_out = [], []
    by_stream = _by_stream(recording.segments)
    for station in recording.stations:
        outcome = observe(station, by_stream, quake, travel_times)
        if isinstance(outcome, Motion):
            motions.append(outcome)
        else:
            left_out.append((station.code, outcome))
    also, complete = others(recording.info), recording.info.complete
    return Truth(quake, also, tuple(motions), tuple(left_out), complete)


def predicted(
    phase: Phase, stations: Iterable[Station], quake: Quake, travel_times: TravelTimes
) -> dict[str, float]:
    """Predicted arrival of the phase by station; at 15 km depth where it is unknown."""
    return {s.code: _arrival(phase, _distance_km(s, quake), quake, travel_times) for s in stations}


def observe(
    station: Station,
    by_stream: dict[StreamId, list[Packet]],
    quake: Quake | None,
    travel_times: TravelTimes,
) -> Motion | str:
    """The station's motion, or the reason why its record cannot be used."""
    away_km = None if quake is None else _distance_km(station, quake)
    records = [
        (channel, by_stream[channel.stream])
        for channel in station.channels[1:] or station.channels
        if channel.stream in by_stream
    ]
    if not records:
        return "no data"
    if quake and away_km is not None and not _covers(records[0][1], quake, away_km, travel_times):
        return "does not cover P to S"
    if any(is_clipped(segments) for _, segments in records):
        return "clipped"
    since = -np.inf if quake is None else quake.time
    return _motion(station, away_km, [_peaks(*record, since) for record in records])


def is_clipped(segments: Sequence[Packet]) -> bool:
    """Whether the record stays at its maximum, or reaches the full scale of 24 bits."""
    samples = np.concatenate([packet.samples for packet in segments])
    size = np.abs(samples)
    top = size.max(initial=0)
    if FULL_SCALE_SHARE * FULL_SCALE_COUNTS <= top <= FULL_SCALE_COUNTS:
        return True
    runs = np.convolve(size == top, np.ones(STANDSTILL_SAMPLES), mode="valid")
    return bool(top > LOUD * np.median(size) and (runs == STANDSTILL_SAMPLES).any())


def acceleration(channel: Channel, segments: Sequence[Packet]) -> list[tuple[Floats, Floats]]:
    """Times and high-passed acceleration (m/s^2) of each segment of a channel's record."""
    middle = float(np.median(np.concatenate([packet.samples for packet in segments])))
    parts = []
    for packet in segments:
        motion = (np.asarray(packet.samples, float) - middle) / channel.gain
        if channel.unit == "m/s" and len(motion) > 1:
            motion = np.gradient(motion) * packet.rate
        times = packet.start + np.arange(len(motion)) / packet.rate
        parts.append((times, _high_passed(motion, packet.rate)))
    return parts


def velocity(times: Floats, motion: Floats) -> Floats:
    """The integral of a segment of acceleration, high-passed again to remove drift."""
    if len(times) < 2:
        return np.zeros(len(times))
    rate = (len(times) - 1) / (times[-1] - times[0])
    return _high_passed(np.cumsum(motion) / rate, rate)


def _high_passed(motion: Floats, rate: float) -> Floats:
    sos = butter(2, HIGH_PASS_HZ, "highpass", fs=rate, output="sos")
    return np.asarray(sosfilt(sos, motion))


class _Peaks(Struct, frozen=True):
    """Of one component: times, running peak acceleration, and peak velocity."""

    times: Floats
    running_ms2: Floats
    pgv_ms: float


def _peaks(channel: Channel, segments: Sequence[Packet], since: float) -> _Peaks:
    """Peaks of the component's record from `since` on."""
    parts = acceleration(channel, segments)
    times = np.concatenate([part[0] for part in parts])
    size = np.abs(np.concatenate([part[1] for part in parts]))
    speed = np.abs(np.concatenate([velocity(*part) for part in parts]))
    after = times >= since
    running = np.maximum.accumulate(size[after])
    return _Peaks(times[after], running, float(speed[after].max(initial=0.0)))


def _motion(station: Station, away_km: float | None, components: Sequence[_Peaks]) -> Motion | str:
    """Combine the components: the larger peak, the earlier time."""
    if not all(len(c.times) and np.isfinite(c.running_ms2[-1]) for c in components):
        return "not a number" if all(len(c.times) for c in components) else "no data"
    pga_ms2 = max(float(c.running_ms2[-1]) for c in components)
    pgv_ms = max(c.pgv_ms for c in components)
    by_pga, by_pgv = float(worden_2012.from_pga(pga_ms2)), float(worden_2012.from_pgv(pgv_ms))
    times = {level: _first_at(value, components) for level, value in THRESHOLDS.items()}
    return Motion(
        station=station.code,
        lat=station.lat,
        lon=station.lon,
        distance_km=away_km,
        pga_ms2=pga_ms2,
        pgv_ms=pgv_ms,
        mmi=(by_pga + by_pgv) / 2,
        pga_mmi=by_pga,
        reached={level: time for level, time in times.items() if time is not None},
    )


def _first_at(mmi: float, components: Sequence[_Peaks]) -> float | None:
    """When the running acceleration of any component first reached this intensity."""
    ends = [
        (c, int(np.searchsorted(c.running_ms2, float(worden_2012.to_pga(mmi))))) for c in components
    ]
    return min((float(c.times[i]) for c, i in ends if i < len(c.times)), default=None)


def _covers(
    segments: Sequence[Packet], quake: Quake, away_km: float, travel_times: TravelTimes
) -> bool:
    """Whether the record covers the time from predicted P until 10 s after predicted S."""
    p = _arrival("P", away_km, quake, travel_times)
    s = _arrival("S", away_km, quake, travel_times) + AFTER_S_S
    held = sum(
        max(0.0, min(s, packet.start + len(packet.samples) / packet.rate) - max(p, packet.start))
        for packet in segments
    )
    return bool(held >= COVERED_SHARE * (s - p))


def _arrival(phase: Phase, away_km: float, quake: Quake, travel_times: TravelTimes) -> float:
    depth = USUAL_DEPTH_KM if quake.depth_km is None else quake.depth_km
    return quake.time + float(travel_times.seconds(phase, away_km, depth))


def _distance_km(station: Station, quake: Quake) -> float:
    return float(distance_km(quake.lat, quake.lon, station.lat, station.lon))


def _by_stream(segments: Iterable[Packet]) -> dict[StreamId, list[Packet]]:
    parts: dict[StreamId, list[Packet]] = {}
    for packet in segments:
        parts.setdefault(packet.stream, []).append(packet)
    return parts
