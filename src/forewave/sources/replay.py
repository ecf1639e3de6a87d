"""A recording as the packets of a live network, each with its time of arrival."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from forewave.formats.recordings.event_directory import Recording
from forewave.formats.recordings.receipts import Receipt
from forewave.sources.packetizer import packet_sizes
from forewave.types import Packet


def arrivals(
    recording: Recording, packet_s: float = 1.0, latency: float = 0.5
) -> list[tuple[float, Packet]]:
    """(arrival, packet), sorted by arrival, then stream, then start.

    Stations with recorded receipts get their packets as they were received. The packets of others
    hold `packet_s` seconds, with a phase set by the station's code, and arrive `latency` seconds
    after their last sample. Samples are views of the recording, not copies.
    """
    if not packet_s > 0:
        raise ValueError(f"packet_s is {packet_s}, expected more than 0")
    received = _by_station(recording.receipts or ())
    out: list[tuple[float, Packet]] = []
    for segment in recording.segments:
        table = received.get(segment.stream.code)
        if table is None:
            ends, times = _regular(segment, packet_s, latency)
        else:
            ends, times = _as_received(segment, table, latency)
        out += _cut(segment, ends, times)
    out.sort(key=lambda pair: (pair[0], pair[1].stream, pair[1].start))
    return out


def _by_station(receipts: Sequence[Receipt]) -> dict[str, NDArray[np.float64]]:
    """Receipts by station: (n, 3) time of last sample, arrival, samples; sorted by time."""
    rows: dict[str, list[tuple[float, float, int]]] = defaultdict(list)
    for receipt in receipts:
        rows[receipt.station].append((receipt.last, receipt.received, receipt.samples))
    return {code: np.array(sorted(table)) for code, table in rows.items()}


def _regular(
    segment: Packet, packet_s: float, latency: float
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Ends (sample index, exclusive) and arrivals of equal packets; the last may be shorter."""
    count, (first, size) = len(segment.samples), packet_sizes(segment, packet_s)
    ends = np.minimum(np.arange(first, count + size, size), count)
    return ends, _last_sample(segment, ends) + latency


def _as_received(
    segment: Packet, table: NDArray[np.float64], latency: float
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Ends and arrivals of the received packets; samples after the last arrive after `latency`."""
    count = len(segment.samples)
    ends = np.rint((table[:, 0] - segment.start) * segment.rate).astype(np.int64) + 1
    here = (ends > 0) & (ends - table[:, 2] < count)
    ends, first = np.unique(np.minimum(ends[here], count), return_index=True)
    times = table[here, 1][first]
    if not len(ends) or ends[-1] < count:
        rest = np.array([count])
        ends = np.append(ends, rest)
        times = np.append(times, _last_sample(segment, rest) + latency)
    return ends, times


def _last_sample(segment: Packet, ends: NDArray[np.int64]) -> NDArray[np.float64]:
    times: NDArray[np.float64] = segment.start + (ends - 1) / segment.rate
    return times


def _cut(
    segment: Packet, ends: NDArray[np.int64], times: NDArray[np.float64]
) -> Iterable[tuple[float, Packet]]:
    begin = 0
    for end, time in zip(ends.tolist(), times.tolist(), strict=True):
        start = segment.start + begin / segment.rate
        yield time, replace(segment, start=start, samples=segment.samples[begin:end])
        begin = end
