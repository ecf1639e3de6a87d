"""What the motion at a station says of a source: compiled functions that `likelihood` is made of.

A pick's motion is its peak so far, how that has grown by half seconds, and how much displacement
there is in it. While only P has come, acceleration is held against P's envelope; once S has, the
peak by then against P's and the one since against S's, which has much of P's residual in common.
When the source has ended and the waves have passed, the peak must grow no more. The displacement
that goes with the acceleration distinguishes a far great earthquake from a near small one.

A density with a share of odd ones is taken as the larger of the two, which is right to ln 2.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from forewave.arrays import read_only
from forewave.events.location.evidence import MAGNITUDES, PER_SECOND, PICK_LEVEL, PICK_SIGMA
from forewave.events.location.source_duration import HALF_DURATION_M5, YOUNGEST
from forewave.events.relations.cua_heaton_2007 import GROWTH, GROWTH_SPAN, USUAL_DEPTH_KM

AMPLITUDE_SIGMA = 0.42  # log10: the relation's scatter, with site and radiation pattern
ODD, ODD_SIGMA = 0.05, 1.0  # share of odd peaks (a site, a gain); log10
# Displacement against acceleration: 0.36 log A - 0.93 log D gives the magnitude at any distance
# to 0.45 units (Cua and Heaton 2007); the site adds to it.
SHARED, COLOUR_SIGMA = 0.36 / 0.93, 0.45
DROWNED = 0.5  # log10 above its usual noise from which displacement is believed
# After P: S has much of its residual in common (site, gain, radiation), and what is then left.
IN_COMMON, S_SIGMA, MOST_IN_COMMON = 0.6, 0.32, 0.8
# A phase is at its peak when the source has ended (2 half durations), with the scattering of the
# way (about Boore and Thompson 2014) and a second or two to spare; then it grows no more.
SPARE, SCATTER_S_KM, GROWTH_SIGMA = 2.0, 0.07, 0.2
SOURCE_S = read_only(2.0 * HALF_DURATION_M5 * 10.0 ** (0.5 * (MAGNITUDES - 5.0)))

Floats = NDArray[np.float64]

LOG_ODD = np.log(ODD)
LOG_USUAL = np.log(1.0 - ODD)
LOG_ROOT = 0.5 * np.log(2.0 * np.pi)


class Answer(NamedTuple):
    """What one pick says of each magnitude; arrays over MAGNITUDES, written at `chosen` alone."""

    chosen: NDArray[np.int64]  # indices of magnitudes
    log_density: Floats  # sum of the terms so far
    off: Floats  # log10 by which P's peak is above the expected one


class Motion(NamedTuple):
    """The motion of one pick, log10."""

    growth: Floats  # (AGES,) peak acceleration by half seconds since the pick
    log_d: float  # peak displacement, nan if not known yet
    log_noise_d: float  # the station's usual one


@njit(inline="always")
def at(row, km):  # type: ignore[no-untyped-def]
    """Linear look-up in a row by km; the last value beyond its end."""
    last = row.shape[0] - 1
    if km >= last:
        return row[last]
    i = int(km)
    return row[i] + (km - i) * (row[i + 1] - row[i])


@njit(inline="always")
def slant(km, depth_km):  # type: ignore[no-untyped-def]
    """The distance that the envelopes want; cua_heaton_2007.slant_km."""
    return np.sqrt(km * km + max(depth_km, USUAL_DEPTH_KM) ** 2 - USUAL_DEPTH_KM**2)


@njit(inline="always")
def seen(above):  # type: ignore[no-untyped-def]
    """Probability that a wave whose peak is so far above noise (log10) is picked."""
    return 1.0 / (1.0 + np.exp(-1.702 * (above - PICK_LEVEL) / PICK_SIGMA))


@njit(inline="always")
def short(age):  # type: ignore[no-untyped-def]
    """log10 by which the peak of a phase of this age is still short of its final one."""
    return GROWTH * max(0.0, 1.0 - max(age, 0.0) / GROWTH_SPAN)


@njit
def ceiling(log_peak, km, age):  # type: ignore[no-untyped-def]
    """The most that can be seen of any magnitude so early: log10 of the peak, by table and km."""
    magnitude = 5.0 + 2.0 * np.log10(max(age, YOUNGEST) / HALF_DURATION_M5)
    row = min(max((magnitude - MAGNITUDES[0]) / 0.5, 0.0), log_peak.shape[0] - 1.001)
    q = int(row)
    low, high = at(log_peak[q], km), at(log_peak[q + 1], km)
    return low + (row - q) * (high - low) - short(age)


@njit(inline="always")
def density(off, sigma):  # type: ignore[no-untyped-def]
    """Log-density of a peak that is off by so much (log10), a few of them odd."""
    usual = LOG_USUAL - LOG_ROOT - np.log(sigma) - 0.5 * (off / sigma) ** 2
    return max(usual, LOG_ODD - LOG_ROOT - np.log(ODD_SIGMA) - 0.5 * (off / ODD_SIGMA) ** 2)


@njit(inline="always")
def colour(log_d, log_noise_d, expected):  # type: ignore[no-untyped-def]
    """Log-density of the displacement (log10) that goes with the acceleration.

    Drowned in noise, it is known to be no more: the normal distribution, by a logistic curve.
    """
    if np.isnan(log_d) or np.isnan(log_noise_d):
        return 0.0
    floor = log_noise_d + DROWNED
    if log_d < floor:
        below = 1.0 / (1.0 + np.exp(-1.702 * (floor - expected) / COLOUR_SIGMA))
        return np.log(ODD + (1.0 - ODD) * below)
    return density(log_d - expected, COLOUR_SIGMA)


@njit(inline="always")
def grown(growth, age):  # type: ignore[no-untyped-def]
    """The peak by an age in seconds."""
    return growth[min(max(int(PER_SECOND * age), 1), growth.shape[0]) - 1]


@njit
def add_p(answer, motion, km, age, log_p):  # type: ignore[no-untyped-def]
    """Add what P's peak by an age says of each magnitude; fills how far off each is."""
    out, off = answer.log_density, answer.off
    peak, less, most = grown(motion.growth, age), short(age), ceiling(log_p, km, age)
    for q in answer.chosen:
        off[q] = peak - min(at(log_p[q], km) - less, most)
        out[q] += density(off[q], AMPLITUDE_SIGMA)


@njit
def add_s(answer, motion, km, age, s_age, p_known, tables):  # type: ignore[no-untyped-def]
    """Add what the peak since S says of each magnitude, and whether it should still grow.

    answer.off is P's, where `p_known` says that P was seen.
    """
    out, off, log_s, log_sd = answer.log_density, answer.off, tables.log_s, tables.log_sd
    growth, log_d, noise_d = motion.growth, motion.log_d, motion.log_noise_d
    less, most = short(s_age), ceiling(log_s, km, s_age)
    most_d = ceiling(log_sd, km, s_age)
    newest, sigma = grown(growth, age), S_SIGMA if p_known else AMPLITUDE_SIGMA
    for q in answer.chosen:
        lasts = SOURCE_S[q] + SPARE + SCATTER_S_KM * km
        expected, moved = at(log_s[q], km), at(log_sd[q], km)
        peak = newest
        if s_age > lasts:  # what grows on is not this source's, or its S has not come yet
            peak = grown(growth, age - s_age + lasts)
            more = (newest - peak) / GROWTH_SIGMA
            out[q] += max(LOG_USUAL - 0.5 * more * more, LOG_ODD)
        else:
            expected, moved = min(expected - less, most), min(moved - less, most_d)
        shift = IN_COMMON * min(max(off[q], -MOST_IN_COMMON), MOST_IN_COMMON) if p_known else 0.0
        out[q] += density(peak - expected - shift, sigma)
        out[q] += colour(log_d, noise_d, moved + SHARED * (peak - expected))


@njit
def add_colour(answer, motion, km, age, log_pd):  # type: ignore[no-untyped-def]
    """Add what the displacement of P says of each magnitude."""
    out, off, log_d, noise_d = answer.log_density, answer.off, motion.log_d, motion.log_noise_d
    less, most = short(age), ceiling(log_pd, km, age)
    for q in answer.chosen:
        moved = min(at(log_pd[q], km) - less, most)
        out[q] += colour(log_d, noise_d, moved + SHARED * off[q])
