"""The compiled entry of a station: samples into a lane, then measure what has come.

`compile_kernels()` compiles it, or loads it from numba's cache, when the program starts, so that
no packet ever waits for a compiler. The cache lies beside this file, or in the user's cache
directory where that cannot be written.
"""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numba import from_dtype, njit, types

from forewave.stations.amplitudes import advance
from forewave.stations.component import break_off, move
from forewave.stations.layout import CONF, LANE, MEASURE, inner
from forewave.stations.picker import search


@inner
def take(lane, conf, c, z, motion, jma, vert, clip, run, picks, made):  # type: ignore[no-untyped-def]
    """A run of samples that are there. Answers the number of picks so far."""
    if run.size == 0:
        return made
    move(lane, conf, c, z, motion, jma, vert, clip, run)
    if lane.vertical:
        return search(lane, conf, motion, vert, clip, run.size, picks, made)
    lane.head += run.size
    lane.age += run.size
    return made


@inner
def bridge(run, size, raw, pending, after):  # type: ignore[no-untyped-def]
    """Interpolate `pending` samples between the last one and `after`, at the end of the run."""
    last = run[size - 1] if size > 0 else raw
    for k in range(pending):
        run[size + k] = last + (after - last) * (k + 1) / (pending + 1)
    return size + pending


@inner
def feed(lane, conf, c, z, motion, jma, vert, clip, samples, picks):  # type: ignore[no-untyped-def]
    """Samples (n,), nan where missing: short gaps bridged, long ones broken off.

    What cannot be ground motion counts as missing.
    """
    run = np.empty(samples.size + conf.fill)
    most = conf.absurd * abs(lane.gain)
    size, made, k = 0, 0, 0
    while k <= samples.size:
        missing = k < samples.size and not abs(samples[k]) <= most
        lane.absurd += missing and not np.isnan(samples[k])
        lane.pending += missing
        broken = lane.pending > conf.fill or (missing and lane.age == 0 and size == 0)
        if broken or k == samples.size:
            made = take(lane, conf, c, z, motion, jma, vert, clip, run[:size], picks, made)
            size = 0
        if broken:
            break_off(lane, conf, z, motion, jma, vert, clip, lane.pending)
            lane.pending = 0
        elif k < samples.size and not missing:
            size = bridge(run, size, lane.raw, lane.pending, samples[k])
            lane.pending = 0
            run[size] = samples[k]
            size += 1
        k += 1
    return made


def _entry(sources: str) -> Callable[..., tuple[int, int]]:
    """The entry; `sources` makes numba's cache know when any file of the loops has changed."""

    @njit(cache=True)
    def run_station(  # type: ignore[no-untyped-def]
        which, lanes, measures, confs, c, z, motion, jma, vert, clip, past, top, now, samples,
        picks, rows,
    ):  # fmt: skip
        assert sources
        conf = confs[0]
        made = feed(
            lanes[which],
            conf,
            c,
            z[which],
            motion[which],
            jma[which],
            vert,
            clip[which],
            samples,
            picks,
        )
        told = advance(
            measures[0], lanes, conf, motion, jma, vert, clip, past, top, now, picks, made, rows
        )
        return made, told

    return run_station


def _digest() -> str:
    files = sorted(Path(__file__).parent.glob("*.py"))
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


run_station: Any = _entry(_digest())
"""Samples (n,), at most a second, of lane `which`; then measure. Numbers of picks and of rows.

lanes (k,) LANE; measures, confs (1,); c (12, 5); z (k, 12, 2); motion (k, 2, ring); jma
(k, ring up); vert (4, ring): displacement, picker's band, displacement of short periods, the band's
upper part; clip (k, ring); past: filtered level of the last seconds; top: its largest since the
pick; now (14,): the running second's peaks, then the state; picks (p, 7) and rows
(r, 12) are written to.
"""


def compile_kernels() -> None:
    """Compile what the detectors need (ten seconds or so), or load it (half a second)."""
    f8, f4, u1 = types.float64, types.float32, types.uint8
    records = [from_dtype(d)[::1] for d in (LANE, MEASURE, CONF)]
    motion = (f8[:, :, ::1], f4[:, :, ::1], f4[:, ::1], f4[:, ::1], u1[:, ::1], f4[::1])
    rest = (f8[::1], f8[::1], f8[::1], f8[:, ::1], f8[:, ::1])
    run_station.compile((types.int64, *records, f8[:, ::1], *motion, *rest))
