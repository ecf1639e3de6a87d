"""Records joined to the contiguous pieces of each stream."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from msgspec.structs import replace

from forewave.types import Dropped, Packet, StreamId

APART = 86_400.0  # seconds of silence that no recording of one event has in it
TEAR = 0.5  # of a sample interval: a step in time larger than this begins a new piece


def gather(pieces: Sequence[Packet]) -> tuple[list[Packet], list[Dropped]]:
    """`together`, then `join`: the contiguous pieces of one recording."""
    kept, astray = together(pieces)
    joined, repeated = join(kept)
    return joined, astray + repeated


def together(pieces: Sequence[Packet]) -> tuple[list[Packet], list[Dropped]]:
    """The pieces of the recording's own time, in the order given.

    A piece a day or more from its nearest neighbour in the bulk has a broken clock or head, and
    would make a replay wait for years.
    """
    order = sorted(range(len(pieces)), key=lambda i: pieces[i].start)
    starts = np.array([pieces[i].start for i in order])
    groups = np.split(np.array(order), np.flatnonzero(np.diff(starts) > APART) + 1)
    bulk = set(max(groups, key=len).tolist())
    astray = [piece for i, piece in enumerate(pieces) if i not in bulk]
    return [piece for i, piece in enumerate(pieces) if i in bulk], [
        Dropped(str(piece.stream), "time far from all others", f"starts at {piece.start:.0f}")
        for piece in astray
    ]


def join(pieces: Iterable[Packet]) -> tuple[list[Packet], list[Dropped]]:
    """Contiguous pieces by stream and time, whatever the order of `pieces`.

    A sample's time is right to half a sample interval. Where pieces overlap, the one that begins
    first is kept; repeated samples are dropped and counted, one Dropped per stream.
    """
    streams: dict[StreamId, list[Packet]] = defaultdict(list)
    for piece in pieces:
        streams[piece.stream].append(piece)
    joined: list[Packet] = []
    repeated: Counter[StreamId] = Counter()
    for stream in sorted(streams):
        for run in _runs(sorted(streams[stream], key=lambda p: p.start), repeated):
            joined.append(_concatenated(run))
    return joined, [
        Dropped(str(stream), "repeated samples", f"{count} samples came twice")
        for stream, count in repeated.items()
    ]


def _runs(pieces: list[Packet], repeated: Counter[StreamId]) -> Iterable[list[Packet]]:
    """Lists of pieces of one stream that follow each other without a tear."""
    run: list[Packet] = []
    end = -np.inf  # when the next sample is due
    count = 0
    for piece in pieces:
        late = (end - piece.start) * piece.rate
        if run and late > TEAR:
            piece, overlap = _without_head(piece, round(late))
            repeated[piece.stream] += overlap
            if not len(piece.samples):
                continue
            late = (end - piece.start) * piece.rate
        if run and (late < -TEAR or not _alike(run[0], piece)):
            yield run
            run, count = [], 0
        run.append(piece)
        count += len(piece.samples)
        end = run[0].start + count / run[0].rate
    if run:
        yield run


def _without_head(piece: Packet, count: int) -> tuple[Packet, int]:
    overlap = min(count, len(piece.samples))
    start = piece.start + overlap / piece.rate
    rest = piece.samples[overlap:]
    return replace(piece, start=start, samples=rest), overlap


def _alike(first: Packet, piece: Packet) -> bool:
    return (
        abs(first.rate - piece.rate) < 1e-4 * first.rate
        and first.samples.dtype == piece.samples.dtype
        and first.calibration == piece.calibration
    )


def _concatenated(run: list[Packet]) -> Packet:
    if len(run) == 1:
        return run[0]
    first = run[0]
    samples = np.concatenate([piece.samples for piece in run])
    return replace(first, samples=samples)
