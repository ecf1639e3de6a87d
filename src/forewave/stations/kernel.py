"""The two compiled entries of a station: samples into a lane, and measuring what has come.

`compile_kernels()` compiles them (or loads them from numba's cache) when the program starts, so
that no packet ever waits for a compiler.
"""

import numpy as np
from numba import from_dtype, njit, types

from forewave.stations.lane import break_off, move
from forewave.stations.measure import advance
from forewave.stations.picker import search
from forewave.stations.state import CONF, LANE, MEASURE


@njit(cache=True)
def take(l, conf, c, z, motion, jma, vert, clip, run, picks, made):  # type: ignore[no-untyped-def]
    """A run of samples that are there. Answers the number of picks so far."""
    if run.size == 0:
        return made
    move(l, conf, c, z, motion, jma, vert, clip, run)
    if l.vertical:
        return search(l, conf, motion, vert, run.size, picks, made)
    l.head += run.size
    l.age += run.size
    return made


@njit(cache=True)
def bridge(run, size, raw, pending, after):  # type: ignore[no-untyped-def]
    """Interpolate `pending` samples between the last one and `after`, at the end of the run."""
    last = run[size - 1] if size > 0 else raw
    for k in range(pending):
        run[size + k] = last + (after - last) * (k + 1) / (pending + 1)
    return size + pending


@njit(cache=True)
def feed(l, conf, c, z, motion, jma, vert, clip, samples, picks):  # type: ignore[no-untyped-def]
    """Samples (n,), nan where missing: short gaps bridged, long ones broken off."""
    run = np.empty(samples.size + conf.fill)
    size, made = 0, 0
    for x in samples:
        if np.isnan(x):
            l.pending += 1
            if l.pending > conf.fill or (l.age == 0 and size == 0):
                made = take(l, conf, c, z, motion, jma, vert, clip, run[:size], picks, made)
                break_off(l, conf, z, motion, jma, vert, clip, l.pending)
                size, l.pending = 0, 0
            continue
        if l.pending > 0:
            size = bridge(run, size, l.raw, l.pending, x)
            l.pending = 0
        run[size] = x
        size += 1
    return take(l, conf, c, z, motion, jma, vert, clip, run[:size], picks, made)


@njit(cache=True)
def run_station(  # type: ignore[no-untyped-def]
    lane, lanes, measures, confs, c, z, motion, jma, vert, clip, past, top, now, samples, picks, rows
):
    """Samples (n,), at most a second, of one lane; then measure. Numbers of picks and of rows.

    lanes (k,) LANE; measures, confs (1,); c (10, 5); z (k, 10, 2); motion (k, 2, ring); jma
    (k, ring up); vert (2, ring): displacement and picker's band; clip (k, ring); past: filtered
    level of the last seconds; top: its largest since the pick; now (7,): the running second's
    peaks; picks (p, 5) and rows (r, 11) are written to.
    """
    conf = confs[0]
    made = feed(
        lanes[lane], conf, c, z[lane], motion[lane], jma[lane], vert, clip[lane], samples, picks
    )
    told = advance(
        measures[0], lanes, conf, motion, jma, vert, clip, past, top, now, picks, made, rows
    )
    return made, told


def compile_kernels() -> None:
    """Compile, or load from the cache, what `run_station` needs. Some seconds, or a tenth."""
    f8, f4, u1 = types.float64, types.float32, types.uint8
    records = [from_dtype(d)[::1] for d in (LANE, MEASURE, CONF)]
    run_station.compile(
        (
            types.int64, *records, f8[:, ::1], f8[:, :, ::1], f4[:, :, ::1], f4[:, ::1],
            f4[:, ::1], u1[:, ::1], f4[::1], f8[::1], f8[::1], f8[::1], f8[:, ::1], f8[:, ::1],
        )  # fmt: skip
    )
