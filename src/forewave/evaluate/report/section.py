"""Traces of a record section: a selection of stations, decimated for the page."""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from forewave.earth.distance import distance_km
from forewave.evaluate.report.case import Case
from forewave.evaluate.scoring.catalogue import Quake
from forewave.evaluate.scoring.truth import acceleration
from forewave.formats.recordings.event_directory import Recording
from forewave.types import Packet, Station

Floats = NDArray[np.float64]

MOST = 32  # traces
BEFORE_S, AFTER_S = 5.0, 25.0  # shown before the origin, and after the last predicted S
LONGEST_S = 120.0
BINS = 900  # each drawn by its minimum and maximum


class Trace(Struct, frozen=True):
    """One vertical record, scaled to a maximum of 1. All times are seconds after origin."""

    station: str
    distance_km: float
    seconds: Floats
    motion: Floats
    p_s: float
    s_s: float
    picks: tuple[float, ...]


def traces(case: Case, recording: Recording) -> list[Trace]:
    """Nearest first; an even selection if there are too many."""
    quake = case.truth.quake
    if quake is None:
        return []
    near = sorted(recording.stations, key=lambda s: _distance_km(s, quake))
    end = min(LONGEST_S, max(case.s_times.values(), default=quake.time) - quake.time + AFTER_S)
    chosen = [_trace(case, recording, station, quake, end) for station in _spread(near)]
    return [trace for trace in chosen if trace is not None]


def _spread(near: Sequence[Station]) -> list[Station]:
    """All, or MOST of them at even steps of their order."""
    if len(near) <= MOST:
        return list(near)
    return [near[round(i)] for i in np.linspace(0, len(near) - 1, MOST)]


def _trace(
    case: Case, recording: Recording, station: Station, quake: Quake, end: float
) -> Trace | None:
    vertical = station.channels[0]
    segments = [packet for packet in recording.segments if packet.stream == vertical.stream]
    seconds, motion = _joined(station, segments, quake)
    shown = (seconds >= -BEFORE_S) & (seconds <= end) & np.isfinite(motion)
    if not shown.any():
        return None
    seconds, motion = outline(seconds[shown], motion[shown])
    size = np.abs(motion).max() or 1.0
    return Trace(
        station.code,
        _distance_km(station, quake),
        seconds,
        motion / size,
        case.p_times[station.code] - quake.time,
        case.s_times[station.code] - quake.time,
        _picks(case, station.code, quake, end),
    )


def _joined(station: Station, segments: Sequence[Packet], quake: Quake) -> tuple[Floats, Floats]:
    """Seconds after origin and acceleration, of the segments joined."""
    seconds, motion = [np.empty(0)], [np.empty(0)]
    for times, values in acceleration(station.channels[0], segments) if segments else ():
        seconds.append(times - quake.time)
        motion.append(values)
    return np.concatenate(seconds), np.concatenate(motion)


def outline(seconds: Floats, motion: Floats) -> tuple[Floats, Floats]:
    """Minimum and maximum of each of BINS intervals, which look the same when drawn."""
    if len(seconds) <= 2 * BINS:
        return seconds, motion
    edges = np.linspace(0, len(seconds), BINS + 1).astype(int)[:-1]
    low, high = np.minimum.reduceat(motion, edges), np.maximum.reduceat(motion, edges)
    return np.repeat(seconds[edges], 2), np.stack([low, high], axis=1).ravel()


def _picks(case: Case, station: str, quake: Quake, end: float) -> tuple[float, ...]:
    seconds = (pick.time - quake.time for pick in case.run.picks if pick.station == station)
    return tuple(s for s in seconds if -BEFORE_S <= s <= end)


def _distance_km(station: Station, quake: Quake) -> float:
    return float(distance_km(quake.lat, quake.lon, station.lat, station.lon))
