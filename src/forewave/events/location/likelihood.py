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

from forewave.events.location.amplitude_likelihood import (
    add_colour,
    add_p,
    add_s,
    at,
    ceiling,
    seen,
    slant,
)
from forewave.events.location.evidence import (
    AMPLE,
    DEPTHS_KM,
    MAGNITUDES,
    MISSED,
    Evidence,
    Tables,
    shares,
)

Floats = NDArray[np.float64]

# How well phases are timed: reading, plus the share of the travel time by which a
# one-dimensional Earth is wrong at each station alone, and at all of them alike (a region slower
# or faster throughout); S half as well as P.
P_SIGMA, P_SIGMA_SHARE, S_SPREAD = 0.4, 0.01, 2.0
COMMON_SHARE = 0.03
SMOOTHING = 0.08  # s of timing tolerance per km of a cell's half width
S_COME = 1.0  # s after the predicted S from which the peak is that of S
FAINT = 0.01  # share of picks that are made although the wave should be too faint
PASSED = 1.0  # s after the predicted arrival from which silence counts
PRUNE = 12.0  # log-likelihood below the best at which a node is not looked into further
PRUNED_SIGMA = 2.0  # what is said of magnitude there
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
def _normal(residual, sigma):  # type: ignore[no-untyped-def]
    return 0.3989422804014327 / sigma * np.exp(-0.5 * (residual / sigma) ** 2)


@njit
def _timing(t0, slower, picks, work):  # type: ignore[no-untyped-def]
    """Log-likelihood of the pick times; fills each pick's share of being this P and this S."""
    total = 0.0
    for i in range(picks.shape[0]):
        after, spread = picks[i, TIME] - t0, work[i, SPREAD]
        off_p, off_s = after - slower * work[i, P], after - slower * work[i, S]
        p = picks[i, SHARE_P] * _normal(off_p, spread)
        s = picks[i, SHARE_S] * _normal(off_s, S_SPREAD * spread)
        any_of_them = p + s + picks[i, SHARE_NOISE]
        work[i, AS_P], work[i, AS_S] = p / any_of_them, s / any_of_them
        total += np.log(any_of_them)
    return total


@njit
def _origin_time(picks, work):  # type: ignore[no-untyped-def]
    """The origin time that explains most picks, and what they say of it.

    Each of the first picks in turn is taken for the P; the best of these is then moved to the
    mean of all picks in proportion to how much they are P. The Earth may be slower by a share
    that all travel times have in common; the likelihood is that averaged over it.
    """
    best, t0 = -np.inf, 0.0
    for j in range(min(picks.shape[0], 8)):
        trial = picks[j, TIME] - work[j, P]
        value = _timing(trial, 1.0, picks, work)
        if value > best:
            best, t0 = value, trial
    share, known = 0.0, 0.0
    for _ in range(2):
        _timing(t0, 1.0 + share, picks, work)
        t0, share, known = _fit(t0, picks, work)
    value = _timing(t0, 1.0 + share, picks, work)
    prior = 0.5 * (share / COMMON_SHARE) ** 2 + 0.5 * np.log(1.0 + COMMON_SHARE**2 * known)
    return t0, value - prior


@njit
def _fit(t0, picks, work):  # type: ignore[no-untyped-def]
    """Origin time and common share by least squares, and how well the picks know the share."""
    weight = time = travel = 1e-12
    square = cross = 0.0
    for i in range(picks.shape[0]):
        w = work[i, AS_P] / work[i, SPREAD] ** 2
        after, p = picks[i, TIME] - t0 - work[i, P], work[i, P]
        weight += w
        time += w * after
        travel += w * p
        square += w * p * p
        cross += w * p * after
    known = max(square - travel * travel / weight, 0.0)
    share = (cross - travel * time / weight) / (known + 1.0 / COMMON_SHARE**2)
    return t0 + (time - share * travel) / weight, share, known


@njit
def _add_peaks(  # type: ignore[no-untyped-def]
    total, chosen, t0, picks, growth, work, one, log_p, log_s, log_pd, log_sd
):
    """Add what the picks' peaks say of each magnitude, as far as the picks are the source's.

    one: (2, magnitudes) work, what one pick says and how far off its P is.
    """
    known = picks.shape[0] - np.isnan(picks[:, LOG_A]).sum()
    share = min(1.0, AMPLE / max(known, 1))  # as evidence.counted
    for i in range(picks.shape[0]):
        pick, km = picks[i], work[i, SLANT]
        if np.isnan(pick[LOG_A]) and np.isnan(pick[LOG_NOISE]):
            continue
        one[:] = 0.0
        s_only = work[i, AS_S] > work[i, AS_P]
        s_seen = s_only or pick[UNTIL] - t0 - work[i, S] > S_COME
        sp, age = work[i, S] - work[i, P], pick[UNTIL] - pick[TIME]
        if np.isnan(pick[LOG_A]):  # picked, so it cannot be faint
            log_peak = log_s if s_seen else log_p
            for q in chosen:
                one[0, q] = np.log(FAINT + seen(at(log_peak[q], km) - pick[LOG_NOISE]))
        else:
            known = (sp, age, s_seen, s_only)
            _add_motion(one, chosen, pick, growth[i], km, known, log_p, log_s, log_pd, log_sd)
        mine = share * (work[i, AS_P] + work[i, AS_S])
        for q in chosen:
            total[q] += mine * one[0, q]


@njit
def _add_motion(  # type: ignore[no-untyped-def]
    one, chosen, pick, growth, km, known, log_p, log_s, log_pd, log_sd
):
    """What one pick's motion says. known: S minus P, s; its age; whether S was seen; whether the
    pick is the S itself.
    """
    sp, age, s_seen, s_only = known
    d, noise_d, p_age = pick[LOG_D], pick[LOG_NOISE_D], min(age, max(sp, 0.5))
    if not s_only:
        add_p(one[0], one[1], chosen, growth, km, p_age, log_p)
    if s_seen:
        s_age = age if s_only else age - sp
        with_p = not s_only
        add_s(one[0], one[1], chosen, growth, km, age, s_age, with_p, log_s, log_sd, d, noise_d)
    else:
        add_colour(one[0], one[1], chosen, km, p_age, log_pd, d, noise_d)


@njit
def _add_silence(  # type: ignore[no-untyped-def]
    total, chosen, t0, node, depth_km, silent, p, s, log_p, log_s
):
    """Add what the silent stations say of each magnitude, once the wave should have passed."""
    for j in range(silent.shape[0]):
        km = np.hypot(node[0] - silent[j, X], node[1] - silent[j, Y])
        since_p = silent[j, SILENT_UNTIL] - t0 - at(p, km)
        if since_p < PASSED + SMOOTHING * node[3]:
            continue
        since_s = silent[j, SILENT_UNTIL] - t0 - at(s, km)
        log_peak, age = (log_s, since_s) if since_s > PASSED else (log_p, since_p)
        far = slant(km, depth_km)
        most = ceiling(log_peak, far, age)
        for q in chosen:
            expected = min(at(log_peak[q], far), most)
            shown = seen(expected - silent[j, SILENT_LOG_NOISE])
            total[q] += np.log(1.0 - (1.0 - MISSED) * shown)


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
        one = np.empty((2, MAGNITUDES.shape[0]))
        best, step = -np.inf, chosen[1] - chosen[0]
        for n in range(nodes.shape[0]):
            node, k = nodes[n], int(nodes[n, 2])
            for i in range(picks.shape[0]):
                km = np.hypot(node[0] - picks[i, X], node[1] - picks[i, Y])
                work[i, P], work[i, S] = at(p[k], km), at(s[k], km)
                work[i, SLANT] = slant(km, DEPTHS_KM[k])
                reading = np.hypot(picks[i, SIGMA], P_SIGMA)
                work[i, SPREAD] = reading + P_SIGMA_SHARE * work[i, P] + SMOOTHING * node[3]
            t0, timing = _origin_time(picks, work)
            out[n, 0], out[n, 1], out[n, 2], out[n, 3] = timing - PRUNE, t0, 5.0, PRUNED_SIGMA
            if timing < best - PRUNE:
                continue
            for q in chosen:
                total[q] = timing + LOG_FREQUENCY[q] + np.log(step)
            _add_peaks(total, chosen, t0, picks, growth, work, one, log_p, log_s, log_pd, log_sd)
            _add_silence(total, chosen, t0, node, DEPTHS_KM[k], silent, p[k], s[k], log_p, log_s)
            _sum(total, chosen, out[n])
            best = max(best, out[n, 0])
        return out

    return _score


def _digest() -> str:
    files = sorted(Path(__file__).parent.rglob("*.py"))
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


_score = _entry(_digest())
