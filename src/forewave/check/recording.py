"""Problems of a recording's samples, times and receipts."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain

import numpy as np

from forewave.check.finding import Finding
from forewave.check.values import symptoms
from forewave.formats.recordings.event_directory import Recording
from forewave.types import Packet, StreamId

LATE, EARLY = 5.0, -1.0  # seconds from the last sample of a packet to its receipt
GAPS = 0.05  # share of missing samples
STOPPED = 30.0  # seconds before the end of the others
CLOCK = "check its clock: GPS antenna or NTP"
BEFORE = 3600.0  # seconds that an origin may lie before the first sample


def origin(recording: Recording) -> Iterator[Finding]:
    """An origin time that is not that of the waveforms."""
    origin_time, pieces = recording.info.origin_time, recording.segments
    if origin_time is None or not pieces:
        return
    first, last = min(p.start for p in pieces), max(map(_end, pieces))
    if not first - BEFORE <= origin_time <= last:
        where = "before the first" if origin_time < first else "after the last"
        away = first - origin_time if origin_time < first else origin_time - last
        days = f" ({away / 86_400.0:.0f} days)" if away > 86_400.0 else ""
        what = f"origin time {_utc(origin_time)} is {away:.0f} s{days} {where} sample"
        yield Finding("warning", "event.json", what, "correct origin_time, or the waveforms")


def _utc(time: float) -> str:
    try:
        date = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=time)
    except OverflowError:
        return f"{time:g}"
    return f"{date:%Y-%m-%dT%H:%M:%SZ}"


def motion(recording: Recording) -> Iterator[Finding]:
    """Stations with constant or impossible values, gaps, an early end, or a wrong clock."""
    segments: dict[StreamId, list[Packet]] = defaultdict(list)
    for segment in recording.segments:
        segments[segment.stream].append(segment)
    if not segments:
        return
    usual = (
        float(np.median([run[0].start for run in segments.values()])),
        float(np.median([_end(run[-1]) for run in segments.values()])),
    )
    for station in recording.stations:
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for channel in station.channels:
            run = segments.get(channel.stream, [])
            for symptom in chain(symptoms(channel, run), _times(run, usual)) if run else ():
                found[symptom].append(channel.stream.channel)
        for (what, remedy), channels in found.items():
            yield Finding("warning", " ".join((station.code, *sorted(channels))), what, remedy)


def _times(segments: Sequence[Packet], usual: tuple[float, float]) -> Iterator[tuple[str, str]]:
    """(what is wrong, what to do). usual: median start and end of all streams, POSIX seconds."""
    first, last = segments[0].start, _end(segments[-1])
    share = 1.0 - sum(len(p.samples) for p in segments) / ((last - first) * segments[0].rate)
    if share > GAPS:
        yield f"{100 * share:.0f} % of the samples are missing", "check the telemetry"
    if first > usual[1] or last < usual[0]:
        yield (
            f"time differs by {first - usual[0]:+.0f} s from the other stations",
            CLOCK,
        )
    elif last < usual[1] - STOPPED:
        yield (
            f"ends {round(usual[1] - last, -1):.0f} s before the other stations",
            "check power and telemetry",
        )


def _end(segment: Packet) -> float:
    return segment.start + len(segment.samples) / segment.rate


def feeds(recording: Recording) -> Iterator[Finding]:
    """Stations whose packets arrived late, or before their last sample."""
    delays: dict[str, list[float]] = defaultdict(list)
    for receipt in recording.receipts or ():
        delays[receipt.station].append(receipt.received - receipt.last)
    for code, values in delays.items():
        delay = float(np.median(values))
        if delay > LATE:
            what = f"data arrive {delay:.1f} s after the last sample"
            yield Finding("warning", code, what, "use shorter packets or a faster link")
        elif delay < EARLY:
            what = f"data arrive {-delay:.1f} s before the last sample: its clock is fast"
            yield Finding("warning", code, what, CLOCK)
