"""How likely a source is, given all that a network knows: picks, amplitudes and silence.

One log-likelihood for a source at (x, y, depth), its origin time and its magnitude:

- each pick is a mixture: the P of this source, its S, or noise that has nothing to do with it,
  so a single wrong pick cannot carry the source away;
- each pick's peak acceleration must fit the envelope of the phase that has come, P or S, of
  as much of the source as can have ruptured since: a great earthquake begins like a small one;
- each station that is healthy, current and *silent* although the wave should have passed speaks
  against the source, as loudly as the wave should have stood above that station's own noise.

Acceleration is used, not displacement: on cheap sensors the doubly integrated noise would drown
a small quake. Magnitude is summed over, each as likely as it is frequent (Gutenberg and Richter):
without that a near small quake and a far great one of the same motion would count alike, and
there is far more room for far ones.

Equal to Satriano, Lomax and Zollo (2008) in the use of silence, to Liu and Yamada (2014) in
asking amplitudes too; the envelopes are Cua and Heaton's (2007), the half durations Ekstrom,
Nettles and Dziewonski's (2012).
"""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import numpy as np
from numba import njit
from numpy.typing import NDArray

from forewave.events.evidence import (
    AMPLE,
    DEPTHS_KM,
    MAGNITUDES,
    MISSED,
    PER_SECOND,
    PICK_LEVEL,
    PICK_SIGMA,
    Evidence,
    Tables,
    shares,
)
from forewave.events.relations.cua_heaton_2007 import GROWTH, GROWTH_SPAN, USUAL_DEPTH_KM
from forewave.events.rupturing import HALF_DURATION_M5, YOUNGEST

Floats = NDArray[np.float64]

# How well phases are timed: reading, plus the share of the travel time by which a
# one-dimensional Earth is wrong; S half as well as P.
P_SIGMA, P_SIGMA_SHARE, S_SPREAD = 0.4, 0.03, 2.0
SMOOTHING = 0.08  # s of timing tolerance per km of a cell's half width
AMPLITUDE_SIGMA = 0.42  # log10: the relation's scatter, with site and radiation pattern
AMPLITUDE_OUTLIERS, OUTLIER_SIGMA = 0.05, 1.0  # share of odd peaks (a site, a gain); log10
# Displacement against acceleration: 0.36 log A - 0.93 log D tells magnitude whatever the distance
# to 0.45 units (Cua and Heaton 2007), which is 0.30 of log D for a given A.
SHARED, COLOUR_SIGMA = 0.36 / 0.93, 0.45
DROWNED = 0.5  # log10 above its usual noise from which displacement is believed
# After P: S has much of its residual in common (site, gain, radiation), and what is then left.
IN_COMMON, S_SIGMA, MOST_IN_COMMON = 0.6, 0.32, 0.8
# A phase is at its peak when the source has ended (2 half durations), with the scattering of the
# way (about Boore and Thompson 2014) and a second or two to spare; then it grows no more.
SPARE, SCATTER_S_KM, GROWTH_SIGMA = 2.0, 0.07, 0.2
S_COME = 1.0  # s after the predicted S from which the peak is that of S
FAINT = 0.01  # share of picks that are made although the wave should be too faint
PASSED = 1.0  # s after the predicted arrival from which silence counts
PRUNE = 12.0  # log-likelihood below the best at which a node is not looked into further
FREQUENCY = 0.5  # Gutenberg and Richter's b
LOG_FREQUENCY = -FREQUENCY * np.log(10.0) * MAGNITUDES
LOG_FREQUENCY -= np.log(np.exp(LOG_FREQUENCY).sum())
EVERY_MAGNITUDE = slice(0, len(MAGNITUDES), 1)
EVERY_OTHER = slice(0, len(MAGNITUDES), 2)  # for a first look

SIGNATURE = f"f8[:,:](f8[:,:], i8[:], {', '.join(['f8[:,:]'] * 9)})"

# Columns of the kernel's matrices.
X, Y, TIME, SIGMA, LOG_A, UNTIL, LOG_NOISE, LOG_D, LOG_NOISE_D = range(9)  # picks
SHARE_P, SHARE_S, SHARE_NOISE = range(9, 12)
SILENT_UNTIL, SILENT_LOG_NOISE = 2, 3  # silent stations, after X and Y
P, S, SLANT, SPREAD, AS_P, AS_S = range(6)  # work: a pick as seen from one node


def magnitudes_near(magnitude: float) -> slice:
    """Those worth a look once the magnitude is about known."""
    middle = int(np.searchsorted(MAGNITUDES, magnitude))
    return slice(max(middle - 3, 0), min(middle + 4, len(MAGNITUDES)), 1)


def score(
    nodes: Floats, evidence: Evidence, tables: Tables, magnitudes: slice = EVERY_MAGNITUDE
) -> Floats:
    """Log-likelihood of each node.

    nodes: (n, 4) x km, y km, index into DEPTHS_KM, half width km. Answers (n, 4):
    log-likelihood summed over the given magnitudes, best origin time, mean and standard
    deviation of magnitude at this node.
    """
    e = evidence
    columns = (e.pick_x, e.pick_y, e.pick_time, e.pick_sigma, e.pick_log_a, e.pick_until)
    noise = (e.pick_log_noise, e.pick_log_d, e.pick_log_noise_d)
    picks = np.column_stack([*columns, *noise, *shares(e)])
    silent = np.column_stack([e.silent_x, e.silent_y, e.silent_until, e.silent_log_noise])
    chosen = np.arange(magnitudes.start, magnitudes.stop, magnitudes.step)
    t = tables
    return _score(
        nodes, chosen, t.p, t.s, t.log_p, t.log_s, t.log_pd, t.log_sd, picks, e.pick_growth, silent
    )


@njit(inline="always")
def _at(row, km):  # type: ignore[no-untyped-def]
    """Linear look-up in a row by km; the last value beyond its end."""
    last = row.shape[0] - 1
    if km >= last:
        return row[last]
    i = int(km)
    return row[i] + (km - i) * (row[i + 1] - row[i])


@njit(inline="always")
def _normal(residual, sigma):  # type: ignore[no-untyped-def]
    return 0.3989422804014327 / sigma * np.exp(-0.5 * (residual / sigma) ** 2)


@njit(inline="always")
def _slant(km, depth_km):  # type: ignore[no-untyped-def]
    return np.sqrt(km * km + max(depth_km, USUAL_DEPTH_KM) ** 2 - USUAL_DEPTH_KM**2)


@njit(inline="always")
def _seen(above):  # type: ignore[no-untyped-def]
    """Probability that a wave whose peak is so far above noise (log10) is picked."""
    return 1.0 / (1.0 + np.exp(-1.702 * (above - PICK_LEVEL) / PICK_SIGMA))


@njit
def _timing(t0, picks, work):  # type: ignore[no-untyped-def]
    """Log-likelihood of the pick times; fills each pick's share of being this P and this S."""
    total = 0.0
    for i in range(picks.shape[0]):
        after, spread = picks[i, TIME] - t0, work[i, SPREAD]
        p = picks[i, SHARE_P] * _normal(after - work[i, P], spread)
        s = picks[i, SHARE_S] * _normal(after - work[i, S], S_SPREAD * spread)
        any_of_them = p + s + picks[i, SHARE_NOISE]
        work[i, AS_P], work[i, AS_S] = p / any_of_them, s / any_of_them
        total += np.log(any_of_them)
    return total


@njit
def _origin_time(picks, work):  # type: ignore[no-untyped-def]
    """The origin time that explains most picks.

    Each of the first picks in turn is taken for the P; the best of these is then moved to the
    mean of all picks in proportion to how much they are P.
    """
    best, t0 = -np.inf, 0.0
    for j in range(min(picks.shape[0], 8)):
        trial = picks[j, TIME] - work[j, P]
        value = _timing(trial, picks, work)
        if value > best:
            best, t0 = value, trial
    for _ in range(2):
        _timing(t0, picks, work)
        weight, moment = 1e-12, t0 * 1e-12
        for i in range(picks.shape[0]):
            w = work[i, AS_P] / work[i, SPREAD] ** 2
            weight += w
            moment += w * (picks[i, TIME] - work[i, P])
        t0 = moment / weight
    return t0


@njit(inline="always")
def _short(age):  # type: ignore[no-untyped-def]
    """log10 by which the peak of a phase of this age is still short of its final one."""
    return GROWTH * max(0.0, 1.0 - max(age, 0.0) / GROWTH_SPAN)


@njit
def _ceiling(log_peak, km, age):  # type: ignore[no-untyped-def]
    """The most that can be seen of any magnitude so early: log10 of the peak, by table and km."""
    magnitude = 5.0 + 2.0 * np.log10(max(age, YOUNGEST) / HALF_DURATION_M5)
    row = min(max((magnitude - MAGNITUDES[0]) / 0.5, 0.0), log_peak.shape[0] - 1.001)
    q = int(row)
    low, high = _at(log_peak[q], km), _at(log_peak[q + 1], km)
    return low + (row - q) * (high - low) - _short(age)


@njit(inline="always")
def _density(off, sigma):  # type: ignore[no-untyped-def]
    """Log-density of a peak that is off by so much (log10), a few of them odd."""
    usual = (1.0 - AMPLITUDE_OUTLIERS) * _normal(off, sigma)
    return np.log(usual + AMPLITUDE_OUTLIERS * _normal(off, OUTLIER_SIGMA))


@njit(inline="always")
def _below(z):  # type: ignore[no-untyped-def]
    """The normal distribution, by a logistic curve (within 0.01)."""
    return 1.0 / (1.0 + np.exp(-1.702 * z))


@njit
def _colour(pick, log_d):  # type: ignore[no-untyped-def]
    """Log-density of how much displacement there is to the acceleration, whatever the distance.

    log_d: expected, with the acceleration as it is. Drowned in noise, it is known to be no more.
    """
    if np.isnan(pick[LOG_D]) or np.isnan(pick[LOG_NOISE_D]):
        return 0.0
    floor = pick[LOG_NOISE_D] + DROWNED
    if pick[LOG_D] < floor:
        seen = _below((floor - log_d) / COLOUR_SIGMA)
        return np.log(AMPLITUDE_OUTLIERS + (1.0 - AMPLITUDE_OUTLIERS) * seen)
    return _density(pick[LOG_D] - log_d, COLOUR_SIGMA)


@njit(inline="always")
def _grown(growth, age):  # type: ignore[no-untyped-def]
    """The peak by an age in seconds."""
    return growth[min(max(int(PER_SECOND * age), 1), growth.shape[0]) - 1]


@njit(inline="always")
def _expected(log_peak, q, km, age):  # type: ignore[no-untyped-def]
    """log10 of the peak of a phase of that age."""
    return min(_at(log_peak[q], km) - _short(age), _ceiling(log_peak, km, age))


@njit
def _lasts(q, km):  # type: ignore[no-untyped-def]
    """Seconds from the onset of a phase until it is at its peak, at the latest."""
    source = 2.0 * HALF_DURATION_M5 * 10.0 ** (0.5 * (MAGNITUDES[q] - 5.0))
    return source + SPARE + SCATTER_S_KM * km


@njit
def _log_motion(  # type: ignore[no-untyped-def]
    q, pick, growth, km, sp, age, s_seen, s_only, log_p, log_s, log_pd, log_sd
):
    """What a pick's motion so far says of one magnitude.

    sp: S minus P, s. s_seen: S has come. s_only: the pick is the S itself.
    """
    total, shift, s_age = 0.0, 0.0, age
    if not s_only:
        p_age, s_age = min(age, max(sp, 0.5)), age - sp
        expected = _expected(log_p, q, km, p_age)
        off = _grown(growth, p_age) - expected
        total += _density(off, AMPLITUDE_SIGMA)
        shift = IN_COMMON * min(max(off, -MOST_IN_COMMON), MOST_IN_COMMON)
        if not s_seen:
            moved = _expected(log_pd, q, km, p_age)
            return total + _colour(pick, moved + SHARED * off)
    lasts = _lasts(q, km)
    ended = min(s_age, lasts)
    peak = _grown(growth, age - s_age + ended)
    off = peak - _expected(log_s, q, km, ended)
    total += _density(off - shift, AMPLITUDE_SIGMA if s_only else S_SIGMA)
    total += _colour(pick, _expected(log_sd, q, km, ended) + SHARED * off)
    if s_age > lasts:  # what grows on is not this source's, or its S has not come yet
        more = pick[LOG_A] - peak
        usual = np.exp(-0.5 * (more / GROWTH_SIGMA) ** 2)
        total += np.log(AMPLITUDE_OUTLIERS + (1.0 - AMPLITUDE_OUTLIERS) * usual)
    return total


@njit
def _add_peaks(  # type: ignore[no-untyped-def]
    total, chosen, t0, picks, growth, work, log_p, log_s, log_pd, log_sd
):
    """Add what the picks' peaks say of each magnitude, as far as the picks are the source's."""
    share = min(1.0, AMPLE / picks.shape[0])  # as evidence.counted
    for i in range(picks.shape[0]):
        km, mine = work[i, SLANT], share * (work[i, AS_P] + work[i, AS_S])
        if np.isnan(picks[i, LOG_A]) and np.isnan(picks[i, LOG_NOISE]):
            continue
        s_only = work[i, AS_S] > work[i, AS_P]
        s_seen = s_only or picks[i, UNTIL] - t0 - work[i, S] > S_COME
        sp, age = work[i, S] - work[i, P], picks[i, UNTIL] - picks[i, TIME]
        log_peak = log_s if s_seen else log_p
        for q in chosen:
            if np.isnan(picks[i, LOG_A]):  # picked, so it cannot be faint
                above = _at(log_peak[q], km) - picks[i, LOG_NOISE]
                total[q] += mine * np.log(FAINT + _seen(above))
            else:
                total[q] += mine * _log_motion(
                    q,
                    picks[i],
                    growth[i],
                    km,
                    sp,
                    age,
                    s_seen,
                    s_only,
                    log_p,
                    log_s,
                    log_pd,
                    log_sd,
                )


@njit
def _add_silence(  # type: ignore[no-untyped-def]
    total, chosen, t0, node, depth_km, silent, p, s, log_p, log_s
):
    """Add what the silent stations say of each magnitude, once the wave should have passed."""
    for j in range(silent.shape[0]):
        km = np.hypot(node[0] - silent[j, X], node[1] - silent[j, Y])
        since_p = silent[j, SILENT_UNTIL] - t0 - _at(p, km)
        if since_p < PASSED + SMOOTHING * node[3]:
            continue
        since_s = silent[j, SILENT_UNTIL] - t0 - _at(s, km)
        log_peak, age = (log_s, since_s) if since_s > PASSED else (log_p, since_p)
        slant = _slant(km, depth_km)
        ceiling = _ceiling(log_peak, slant, age)
        for q in chosen:
            expected = min(_at(log_peak[q], slant), ceiling)
            seen = _seen(expected - silent[j, SILENT_LOG_NOISE])
            total[q] += np.log(1.0 - (1.0 - MISSED) * seen)


@njit
def _sum(total, chosen, out):  # type: ignore[no-untyped-def]
    """Sum the likelihood over magnitude; mean and standard deviation of magnitude."""
    peak = total[chosen].max()
    weight = mean = square = 0.0
    for q in chosen:
        w = np.exp(total[q] - peak)
        weight += w
        mean += w * MAGNITUDES[q]
        square += w * MAGNITUDES[q] ** 2
    mean /= weight
    out[0], out[2] = peak + np.log(weight), mean
    out[3] = np.sqrt(max(square / weight - mean * mean, 0.02))


def _entry(sources: str) -> Callable[..., Floats]:
    """The compiled entry; `sources` makes numba's cache know when any file of the room changed.

    Constants of other files are compiled in, and numba itself looks only at this one.
    """

    @njit(SIGNATURE, cache=True)
    def _score(  # type: ignore[no-untyped-def]
        nodes, chosen, p, s, log_p, log_s, log_pd, log_sd, picks, growth, silent
    ):
        assert sources
        out = np.empty((nodes.shape[0], 4))
        work = np.empty((picks.shape[0], 6))
        total = np.empty(MAGNITUDES.shape[0])
        best, step = -np.inf, chosen[1] - chosen[0]
        for n in range(nodes.shape[0]):
            node, k = nodes[n], int(nodes[n, 2])
            for i in range(picks.shape[0]):
                km = np.hypot(node[0] - picks[i, X], node[1] - picks[i, Y])
                work[i, P], work[i, S] = _at(p[k], km), _at(s[k], km)
                work[i, SLANT] = _slant(km, DEPTHS_KM[k])
                reading = np.hypot(picks[i, SIGMA], P_SIGMA)
                work[i, SPREAD] = reading + P_SIGMA_SHARE * work[i, P] + SMOOTHING * node[3]
            t0 = _origin_time(picks, work)
            timing = _timing(t0, picks, work)
            out[n, 0], out[n, 1], out[n, 2], out[n, 3] = timing - PRUNE, t0, 5.0, 2.0
            if timing < best - PRUNE:
                continue
            for q in chosen:
                total[q] = timing + LOG_FREQUENCY[q] + np.log(step)
            _add_peaks(total, chosen, t0, picks, growth, work, log_p, log_s, log_pd, log_sd)
            _add_silence(total, chosen, t0, node, DEPTHS_KM[k], silent, p[k], s[k], log_p, log_s)
            _sum(total, chosen, out[n])
            best = max(best, out[n, 0])
        return out

    return _score


def _digest() -> str:
    files = sorted(Path(__file__).parent.rglob("*.py"))
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


_score = _entry(_digest())
