"""Records joined to contiguous segments of each stream."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from msgspec.structs import replace

from forewave.types import Dropped, Packet, StreamId

APART = 86_400.0  # seconds; longer than any gap in the recording of one event
TIME_TOLERANCE = 0.5  # sample intervals; a larger step in time begins a new segment


def of_recording(packets: Sequence[Packet]) -> tuple[list[Packet], list[Dropped]]:
    """The contiguous segments of one recording: `without_outliers`, then `join`."""
    kept, outliers = without_outliers(packets)
    joined, repeated = join(kept)
    return joined, outliers + repeated


def without_outliers(packets: Sequence[Packet]) -> tuple[list[Packet], list[Dropped]]:
    """The packets in the time of the recording, in the order given, and the others as dropped.

    A packet more than a day from its neighbours has a wrong clock or a damaged header. A replay
    would wait for it for years.
    """
    order = sorted(range(len(packets)), key=lambda i: packets[i].start)
    starts = np.array([packets[i].start for i in order])
    groups = np.split(np.array(order), np.flatnonzero(np.diff(starts) > APART) + 1)
    bulk = set(max(groups, key=len).tolist())
    outliers = [packet for i, packet in enumerate(packets) if i not in bulk]
    return [packet for i, packet in enumerate(packets) if i in bulk], [
        Dropped(str(packet.stream), "time far from all others", f"starts at {packet.start:.0f}")
        for packet in outliers
    ]


def join(packets: Iterable[Packet]) -> tuple[list[Packet], list[Dropped]]:
    """Contiguous segments ordered by stream and time, from packets in any order.

    Sample times are kept to half a sample interval. Where packets overlap, the one that begins
    first is used; repeated samples are dropped and counted, one Dropped per stream.
    """
    streams: dict[StreamId, list[Packet]] = defaultdict(list)
    for packet in packets:
        streams[packet.stream].append(packet)
    joined: list[Packet] = []
    repeated: Counter[StreamId] = Counter()
    for stream in sorted(streams):
        for run in _runs(sorted(streams[stream], key=lambda p: p.start), repeated):
            joined.append(_concatenated(run))
    return joined, [
        Dropped(str(stream), "repeated samples", f"{count} samples occur twice")
        for stream, count in repeated.items()
    ]


def _runs(packets: list[Packet], repeated: Counter[StreamId]) -> Iterable[list[Packet]]:
    """Lists of packets of one stream that follow each other without a gap."""
    run: list[Packet] = []
    end = -np.inf  # when the next sample is due
    count = 0
    for packet in packets:
        late = (end - packet.start) * packet.rate
        if run and late > TIME_TOLERANCE:
            packet, overlap = _without_head(packet, round(late))
            repeated[packet.stream] += overlap
            if not len(packet.samples):
                continue
            late = (end - packet.start) * packet.rate
        if run and (late < -TIME_TOLERANCE or not _alike(run[0], packet)):
            yield run
            run, count = [], 0
        run.append(packet)
        count += len(packet.samples)
        end = run[0].start + count / run[0].rate
    if run:
        yield run


def _without_head(packet: Packet, count: int) -> tuple[Packet, int]:
    overlap = min(count, len(packet.samples))
    start = packet.start + overlap / packet.rate
    rest = packet.samples[overlap:]
    return replace(packet, start=start, samples=rest), overlap


def _alike(first: Packet, packet: Packet) -> bool:
    return (
        abs(first.rate - packet.rate) < 1e-4 * first.rate
        and first.samples.dtype == packet.samples.dtype
        and first.calibration == packet.calibration
    )


def _concatenated(run: list[Packet]) -> Packet:
    if len(run) == 1:
        return run[0]
    first = run[0]
    samples = np.concatenate([packet.samples for packet in run])
    return replace(first, samples=samples)
