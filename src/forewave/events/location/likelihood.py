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
from typing import NamedTuple

import numpy as np
from numba import float64, int64, njit, types
from numpy.typing import NDArray

from forewave import compile_cache
from forewave.arrays import read_only
from forewave.events.location.amplitude_likelihood import (
    Answer,
    Motion,
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
    compiled_layout,
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
PRUNED_SIGMA = 2.0  # log-density of magnitude there
FREQUENCY = 0.5  # Gutenberg and Richter's b
_BY_MAGNITUDE = read_only(-FREQUENCY * np.log(10.0) * MAGNITUDES)
LOG_FREQUENCY = read_only(_BY_MAGNITUDE - np.log(np.exp(_BY_MAGNITUDE).sum()))
EVERY_MAGNITUDE = slice(0, len(MAGNITUDES), 1)
EVERY_OTHER = slice(0, len(MAGNITUDES), 2)  # for a first look

# All files whose functions or constants are compiled in. tests/test_compile_cache.py finds what is
# missing here.
COMPILED_FROM = (
    "forewave.arrays",
    "forewave.events.location.amplitude_likelihood",
    "forewave.events.location.evidence",
    "forewave.events.location.likelihood",
    "forewave.events.location.source_duration",
    "forewave.events.relations.cua_heaton_2007",
)

# Columns of the kernel's matrices.
X, Y, TIME, SIGMA, LOG_A, UNTIL, LOG_NOISE, LOG_D, LOG_NOISE_D = range(9)  # picks
SHARE_P, SHARE_S, SHARE_NOISE = range(9, 12)
SILENT_UNTIL, SILENT_LOG_NOISE = 2, 3  # silent stations, after X and Y
P, S, SLANT, SPREAD, AS_P, AS_S = range(6)  # work: a pick as seen from one node


class Observed(NamedTuple):
    """Evidence as columns; C-contiguous and writeable."""

    picks: Floats  # (n, 12) X to SHARE_NOISE
    growth: Floats  # (n, AGES)
    silent: Floats  # (m, 4) X, Y, SILENT_UNTIL, SILENT_LOG_NOISE


class Work(NamedTuple):
    """Arrays that are written anew for each node."""

    picks: Floats  # (n, 6) P to AS_S
    total: Floats  # (magnitudes,) log-likelihood of the node with each
    answer: Answer  # of one pick


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
    timing = (e.pick_x, e.pick_y, e.pick_time, e.pick_sigma, e.pick_log_a, e.pick_until)
    noise = (e.pick_log_noise, e.pick_log_d, e.pick_log_noise_d)
    picks = np.column_stack([*timing, *noise, *shares(e)])
    silent = np.column_stack([e.silent_x, e.silent_y, e.silent_until, e.silent_log_noise])
    chosen = np.arange(magnitudes.start, magnitudes.stop, magnitudes.step)
    columns = (compiled_layout(each) for each in (picks, e.pick_growth, silent))
    return _score(nodes, chosen, *tables, *columns)


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
def _add_peaks(t0, observed, work, tables):  # type: ignore[no-untyped-def]
    """Add what the picks' peaks say of each magnitude, as far as the picks are the source's."""
    picks, growth, seen_here, total, answer = (
        observed.picks, observed.growth, work.picks, work.total, work.answer,
    )  # fmt: skip
    density, chosen = answer.log_density, answer.chosen
    known = picks.shape[0] - np.isnan(picks[:, LOG_A]).sum()
    share = min(1.0, AMPLE / max(known, 1))  # as evidence.counted
    for i in range(picks.shape[0]):
        pick, here = picks[i], seen_here[i]
        if np.isnan(pick[LOG_A]) and np.isnan(pick[LOG_NOISE]):
            continue
        density[:] = 0.0
        answer.off[:] = 0.0
        if np.isnan(pick[LOG_A]):  # picked, so it cannot be faint
            log_peak = tables.log_s if _s_seen(t0, pick, here) else tables.log_p
            for q in chosen:
                above = at(log_peak[q], here[SLANT]) - pick[LOG_NOISE]
                density[q] = np.log(FAINT + seen(above))
        else:
            motion = Motion(growth[i], pick[LOG_D], pick[LOG_NOISE_D])
            _add_motion(answer, motion, t0, pick, here, tables)
        mine = share * (here[AS_P] + here[AS_S])
        for q in chosen:
            total[q] += mine * density[q]


@njit(inline="always")
def _s_seen(t0, pick, here):  # type: ignore[no-untyped-def]
    """Whether the peak of a pick is that of S."""
    return here[AS_S] > here[AS_P] or pick[UNTIL] - t0 - here[S] > S_COME


@njit
def _add_motion(answer, motion, t0, pick, here, tables):  # type: ignore[no-untyped-def]
    """What one pick's motion says. here: its row of Work.picks."""
    sp, age, km = here[S] - here[P], pick[UNTIL] - pick[TIME], here[SLANT]
    p_age, s_only = min(age, max(sp, 0.5)), here[AS_S] > here[AS_P]
    if not s_only:
        add_p(answer, motion, km, p_age, tables.log_p)
    if _s_seen(t0, pick, here):
        s_age = age if s_only else age - sp
        add_s(answer, motion, km, age, s_age, not s_only, tables)
    else:
        add_colour(answer, motion, km, p_age, tables.log_pd)


@njit
def _add_silence(t0, node, silent, work, tables):  # type: ignore[no-untyped-def]
    """Add what the silent stations say of each magnitude, once the wave should have passed."""
    k = int(node[2])
    p, s, depth_km = tables.p[k], tables.s[k], DEPTHS_KM[k]
    total, chosen = work.total, work.answer.chosen
    for j in range(silent.shape[0]):
        km = np.hypot(node[0] - silent[j, X], node[1] - silent[j, Y])
        since_p = silent[j, SILENT_UNTIL] - t0 - at(p, km)
        if since_p < PASSED + SMOOTHING * node[3]:
            continue
        since_s = silent[j, SILENT_UNTIL] - t0 - at(s, km)
        in_s = since_s > PASSED
        log_peak, age = (tables.log_s, since_s) if in_s else (tables.log_p, since_p)
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


@njit
def _look(node, picks, work, tables):  # type: ignore[no-untyped-def]
    """Fill what each pick is as seen from a node: travel times, distance, spread of its time."""
    k = int(node[2])
    p, s = tables.p[k], tables.s[k]
    for i in range(picks.shape[0]):
        km = np.hypot(node[0] - picks[i, X], node[1] - picks[i, Y])
        work[i, P], work[i, S] = at(p, km), at(s, km)
        work[i, SLANT] = slant(km, DEPTHS_KM[k])
        reading = np.hypot(picks[i, SIGMA], P_SIGMA)
        work[i, SPREAD] = reading + P_SIGMA_SHARE * work[i, P] + SMOOTHING * node[3]


def _signature() -> tuple[types.Type, ...]:
    """The only types that are compiled: other ones are refused, never compiled at an earthquake."""
    matrix = float64[:, ::1]
    return float64[:, :], int64[:], *[matrix] * (len(Tables._fields) + len(Observed._fields))


def _entries(digest: str) -> tuple[Callable[..., Floats], Callable[[Floats], Floats]]:
    """The entries. digest: of COMPILED_FROM; what is in the closure is in the key of the cache."""

    # Plain arrays at the entry: numba works out the type of a named tuple in Python at every call,
    # and never frees it.
    @njit(_signature(), cache=True)
    def _score(nodes, chosen, p, s, log_p, log_s, log_pd, log_sd, picks_known, growth, silent):  # type: ignore[no-untyped-def]
        assert digest
        tables = Tables(p, s, log_p, log_s, log_pd, log_sd)
        observed = Observed(picks_known, growth, silent)
        out = np.empty((nodes.shape[0], 4))
        one = np.empty((2, MAGNITUDES.shape[0]))
        picks, total = np.empty((observed.picks.shape[0], 6)), np.empty(MAGNITUDES.shape[0])
        work = Work(picks, total, Answer(chosen, one[0], one[1]))
        best, step = -np.inf, chosen[1] - chosen[0]
        for n in range(nodes.shape[0]):
            _look(nodes[n], observed.picks, picks, tables)
            t0, timing = _origin_time(observed.picks, picks)
            out[n, 0], out[n, 1], out[n, 2], out[n, 3] = timing - PRUNE, t0, 5.0, PRUNED_SIGMA
            if timing < best - PRUNE:
                continue
            for q in chosen:
                total[q] = timing + LOG_FREQUENCY[q] + np.log(step)
            _add_peaks(t0, observed, work, tables)
            _add_silence(t0, nodes[n], observed.silent, work, tables)
            _sum(total, chosen, out[n])
            best = max(best, out[n, 0])
        return out

    @njit((float64[:],), cache=True)
    def _detection_probability(above):  # type: ignore[no-untyped-def]
        assert digest
        out = np.empty(above.shape[0])
        for i in range(above.shape[0]):
            out[i] = seen(above[i])
        return out

    return _score, _detection_probability


_score, _detection_probability = _entries(compile_cache.digest(COMPILED_FROM))


def detection_probability(above: Floats) -> Floats:
    """Probability that waves (n,) whose peaks are so far above noise (log10) are picked."""
    return _detection_probability(above)
