"""The compiled entry of a station: process samples of one component, then measure amplitudes.

`compile_kernels()` compiles it, or loads it from numba's cache, when the program starts, so that
no packet waits for the compiler. The cache is beside this file, or in the user's cache directory
where that folder is not writeable.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import from_dtype, njit, types

from forewave import compile_cache
from forewave.stations.amplitudes import advance
from forewave.stations.component import break_off, move
from forewave.stations.layout import (
    COMPONENT,
    CONF,
    MEASURE,
    ComponentArrays,
    StationArrays,
    inner,
)
from forewave.stations.picker import search

# All files whose functions or constants are compiled in. tests/test_compile_cache.py finds what is
# missing here.
COMPILED_FROM = tuple(
    f"forewave.stations.{name}"
    for name in ("amplitudes", "component", "kernel", "layout", "onset", "picker")
)


@inner
def take(component, conf, arrays, run, picked):  # type: ignore[no-untyped-def]
    """Process a run of samples without a gap. Returns the number of picks so far."""
    if run.size == 0:
        return picked
    move(component, conf, arrays, run)
    if component.vertical:
        return search(component, conf, arrays, run.size, picked)
    component.head += run.size
    component.age += run.size
    return picked


@inner
def bridge(run, size, raw, pending, after):  # type: ignore[no-untyped-def]
    """Interpolate the `pending` missing samples between the last one and `after`."""
    last = run[size - 1] if size > 0 else raw
    for k in range(pending):
        run[size + k] = last + (after - last) * (k + 1) / (pending + 1)
    return size + pending


@inner
def feed(component, conf, arrays, samples):  # type: ignore[no-untyped-def]
    """Process samples (n,), nan where missing: short gaps are interpolated, long ones restart.

    Samples too large for ground motion count as missing. Returns the number of picks.
    """
    run = np.empty(samples.size + conf.fill)
    most = conf.absurd * abs(component.gain)
    size, picked, k = 0, 0, 0
    while k <= samples.size:
        missing = k < samples.size and not abs(samples[k]) <= most
        component.absurd += missing and not np.isnan(samples[k])
        component.pending += missing
        broken = component.pending > conf.fill or (missing and component.age == 0 and size == 0)
        if broken or k == samples.size:
            picked = take(component, conf, arrays, run[:size], picked)
            size = 0
        if broken:
            break_off(component, conf, arrays, component.pending)
            component.pending = 0
        elif k < samples.size and not missing:
            size = bridge(run, size, component.raw, component.pending, samples[k])
            component.pending = 0
            run[size] = samples[k]
            size += 1
        k += 1
    return picked


def _entry(digest: str) -> Callable[..., tuple[int, int]]:
    """Make the entry. digest: of COMPILED_FROM; the closure makes it part of the cache key."""

    # Plain arguments at this one place: numba looks up the type of a tuple of 14 arrays anew at
    # each call, for 1 us, which is as long as all the rest of a call.
    @njit(cache=True)
    def run_station(  # type: ignore[no-untyped-def]
        components, measure, confs, sections, delays, motion, jma, vertical, clip, past, top, now,
        picks, rows, which, samples,
    ):  # fmt: skip
        assert digest
        station = StationArrays(
            components, measure, confs, sections, delays, motion, jma, vertical, clip, past, top,
            now, picks, rows,
        )  # fmt: skip
        arrays = ComponentArrays(
            sections, delays[which], motion[which], jma[which], vertical, clip[which], picks
        )
        conf = confs[0]
        picked = feed(components[which], conf, arrays, samples)
        return picked, advance(measure[0], station, conf, picked)

    return run_station


run_station: Any = _entry(compile_cache.digest(COMPILED_FROM))
"""(*StationArrays, which, samples) -> (number of picks, number of amplitude rows).

Processes samples (n,) float64, at most one second, of component `which`, then measures amplitudes.
Picks and amplitude rows are written to the arrays `picks` and `rows`.
"""


def compile_kernels() -> None:
    """Compile the code of the detectors (about ten seconds), or load it (half a second)."""
    f8, f4, u1 = types.float64, types.float32, types.uint8
    records = [from_dtype(d)[::1] for d in (COMPONENT, MEASURE, CONF)]
    rings = (f8[:, ::1], f8[:, :, ::1], f4[:, :, ::1], f4[:, ::1], f4[:, ::1], u1[:, ::1])
    rest = (f4[::1], f8[::1], f8[::1], f8[:, ::1], f8[:, ::1])
    run_station.compile((*records, *rings, *rest, types.int64, f8[::1]))
