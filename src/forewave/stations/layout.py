"""The layout of a station's state in memory: flat numpy records that compiled loops work on.

COMPONENT is one component, MEASURE the station's running peaks, CONF the settings in samples.
Sample indices are whole numbers on the station's grid (time times nominal rate); rings hold the
last `ring` samples, at index modulo ring (a power of two). The named tuples are the
arguments of the loops.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

# For loops that are only called by the compiled entry, see kernel.py.
inner = njit(no_cpython_wrapper=True, no_cfunc_wrapper=True)  # type: ignore[call-overload]

Record = NDArray[np.void]
Floats = NDArray[np.float64]
Ring = NDArray[np.float32]
SECONDS_KEPT = 60  # one-second peaks, for the noise
SPAN_S = 10  # peaks without a pick are of the last 10 s
BANDS = 2  # of the picker: the wide one, and its upper part
BLOCKS = 6  # half seconds, whose mean energy is the recent background
QUEUE = 4  # picks that wait to be measured
CLIPPED, BLIND = 1, 2  # flags of a sample: at full scale; missing, or a filter's transient
TOP = 512  # most samples in 0.3 s, at the rate of the intensity filter

CONF = np.dtype(
    [
        ("rate", "f8"),
        ("up", "i8"),  # intensity is worked out at rate * up
        ("velocity", "i8"),  # 1: velocity sensor, 0: accelerometer
        ("ring", "i8"),
        ("wait", "i8"),  # samples that a component may lag
        ("settle", "i8"),
        ("fill", "i8"),  # longest gap that is interpolated, samples
        ("top", "i8"),  # samples in 0.3 s at rate * up
        ("sta_short", "f8"),  # smoothing factors per sample
        ("sta_long", "f8"),
        ("lta", "f8"),
        ("overhang", "f8"),  # times the recent background that the long average may be
        ("ratio_short", "f8"),
        ("ratio_long", "f8"),
        ("confirm", "i8"),  # samples from trigger to first check
        ("again", "i8"),  # samples between judgements
        ("patience", "i8"),  # samples from trigger to giving up
        ("look_back", "i8"),  # samples before the trigger that the onset is judged by
        ("lag", "i8"),  # the most that an onset lies before its trigger
        ("guard", "i8"),  # samples before an onset that may already hold some of it
        ("least_pa", "f8"),
        ("hold_off", "i8"),
        ("outgrow", "f8"),
        ("snr", "f8"),
        ("band", "f8", (BANDS,)),  # widths of the picker's bands, Hz
        ("upper_share", "f8"),  # least share of the energy that is in the upper band
        ("later_share", "f8"),  # the same when the pick is reviewed
        ("review", "i8"),  # samples after an onset until that
        ("quiet_s", "i8"),
        ("longest_s", "i8"),
        ("least_level2", "f8"),  # least filtered acceleration of amplitudes without a pick, squared
        ("full_scale", "f8"),
        ("absurd", "f8"),
    ],
    align=True,
)

COMPONENT = np.dtype(
    [
        ("head", "i8"),  # index of the next sample
        ("age", "i8"),  # samples since the last break
        ("count", "i8"),  # samples in the baseline
        ("pending", "i8"),  # missing samples not yet decided on
        ("vertical", "i8"),
        ("gain", "f8"),
        ("raw", "f8"),  # the last sample as it came
        ("last", "f8"),  # and without gain and baseline
        ("base", "f8"),
        ("a1", "f8"),
        ("a2", "f8"),
        ("a3", "f8"),
        ("equal", "i8"),
        ("extreme", "f8"),
        ("usual", "f8"),
        ("step", "f8"),  # the smallest change seen, about the digitizer's
        ("absurd", "i8"),  # samples that could not be ground motion
        # Of each band of the picker:
        ("sta_short", "f8", (BANDS,)),
        ("sta_long", "f8", (BANDS,)),
        ("lta", "f8", (BANDS,)),
        ("blocks", "f8", (BANDS, BLOCKS)),  # mean energy of the last half seconds
        ("block", "f8", (BANDS,)),  # energy of the running one
        ("trigger", "i8", (BANDS,)),  # index, or -1
        ("refused", "i8", (BANDS,)),
        ("grown", "f8", (BANDS,)),  # largest energy since the pick, up to the last half second
        ("growing", "f8", (BANDS,)),
        ("last_pick", "i8"),  # in any band
        ("review", "i8"),  # when it is looked at once more, or -1
        ("distant", "i8"),  # the last pick that was taken back then
    ],
    align=True,
)

MEASURE = np.dtype(
    [
        ("next", "i8"),  # index of the next sample to measure; -1 before the first
        ("closed", "i8"),  # the last sample that ended a whole second
        ("pick", "i8"),  # onset, or -1
        ("serial", "i8"),  # which pick it is
        ("emit", "i8"),  # half seconds since the pick of the next amplitude
        ("queued", "i8"),
        ("queue", "i8", (QUEUE, 3)),  # onset, deciding sample, whether it is withdrawn
        ("pd", "f8"),
        ("pd3", "f8"),
        ("pv", "f8"),
        ("pa", "f8"),
        ("pga2", "f8"),
        ("pgv2", "f8"),
        ("clipped", "i8"),
        ("calm", "i8"),  # quiet seconds in a row
        (
            "second",
            "f8",
            (SPAN_S, 7),
        ),  # pd, pv, pa, pga2, pgv2, clipped, pd3 of each of the last seconds
        ("level2", "f8", (SPAN_S,)),  # largest filtered vector of each, squared
        ("seconds", "i8"),
        ("noise", "f8", (SECONDS_KEPT, 3)),  # pa, pd, pd3
        ("noises", "i8"),
        ("noise_pa", "f8"),
        ("noise_pd", "f8"),
        ("noise_pd3", "f8"),
    ],
    align=True,
)


class StationArrays(NamedTuple):
    """All arrays of a station of k components, the vertical first; the compiled entry's argument.

    Always C-contiguous and writeable: another layout would be another type, which is not compiled.
    """

    components: Record  # (k,) COMPONENT
    measure: Record  # (1,) MEASURE
    conf: Record  # (1,) CONF
    sections: Floats  # (12, 5) second-order sections: b0, b1, b2, a1, a2
    delays: Floats  # (k, 12, 2) state of each section
    motion: Ring  # (k, 2, ring) acceleration m/s^2, velocity m/s
    jma: Ring  # (k, ring * up, to the next power of two) acceleration through the JMA filter
    # (4, ring): displacement, the picker's band, displacement of short periods, the band's upper
    # part.
    vertical: Ring
    clip: NDArray[np.uint8]  # (k, ring) CLIPPED, BLIND
    past: Ring  # (SPAN_S * rate * up,) squared JMA-filtered vector of the last seconds
    top: Floats  # (conf.top,) its largest values since the pick
    now: Floats  # (PEAKS + 6,) peaks of the running second, then the station's state
    picks: Floats  # (p, PICK) written by the picker
    rows: Floats  # (r, ROW) written with amplitudes


class ComponentArrays(NamedTuple):
    """Views of StationArrays that belong to one component, and the vertical's."""

    sections: Floats  # (12, 5)
    delays: Floats  # (12, 2)
    motion: Ring  # (2, ring)
    jma: Ring  # (ring * up, to the next power of two)
    vertical: Ring  # (4, ring)
    clip: NDArray[np.uint8]  # (ring,)
    picks: Floats  # (p, PICK)


PEAKS = 8  # of the running second: pd, pv, pa, pga2, pgv2, clipped, filtered level squared, pd3
# Numbers in a pick row: onset, deciding sample, sigma, signal to noise (0: it is withdrawn), peaks
# before it of acceleration and of displacement of short periods.
PICK, SNR = 6, 3
ROW = 11  # numbers in an amplitude row, see amplitudes.write


def ring_size(rate: float) -> int:
    """The power of two that holds ten seconds."""
    return 1 << int(np.ceil(np.log2(10.0 * rate)))


def record(dtype: np.dtype[Any], **values: float | list[float]) -> Record:
    """One record of zeros with the given fields set."""
    made = np.zeros(1, dtype)
    for name, value in values.items():
        made[name] = value
    return made
