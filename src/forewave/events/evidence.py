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

import numpy as np
from msgspec import Struct
from numba import njit
from numpy.typing import NDArray

from forewave.earth.travel_time import TravelTimes
from forewave.events.relations import cua_heaton_2007 as envelopes

Floats = NDArray[np.float64]

DEPTHS_KM = np.array([4.0, 8.0, 12.0, 16.0, 20.0, 28.0, 36.0, 48.0, 64.0, 90.0, 130.0, 180.0])
MAGNITUDES = np.arange(2.0, 8.6, 0.5)
TABLE_KM = 700
USUAL_DEPTH_KM = envelopes.USUAL_DEPTH_KM

# Shares of a mixed population of picks, and how well the phases are timed: reading, plus the
# share of the travel time by which a one-dimensional Earth is wrong.
P_SHARE, S_SHARE, NOISE_SHARE = 0.80, 0.12, 0.08
LATER_P, LATER_S, LATER_NOISE = 0.05, 0.45, 0.50  # of a station's later picks
S_OVER_P = 0.5  # log10 by which S exceeds P: had a strong S been felt, its P had been picked
NOISE_DECAY = 1.5  # strong noise is rarer than weak: log10 of rate per log10 of amplitude
LEAST_NOISE = 3.0  # but not beyond this: strong motion may also be another quake's
P_SIGMA, P_SIGMA_SHARE = 0.4, 0.03
S_SPREAD = 2.0  # S is timed half as well as P
NOISE_SPAN = 60.0  # s over which an unrelated pick may fall

AMPLITUDE_SIGMA = 0.42  # log10: the relation's scatter, with site and radiation pattern
AMPLITUDE_OUTLIERS, OUTLIER_SIGMA = 0.05, 1.0  # share of odd peaks (a site, a gain); log10
GROWTH, GROWTH_SPAN = 0.35, 2.0  # log10 by which a peak is still short at first, and how long
HALF_DURATION_M5 = 0.74  # s to the largest moment rate of an M5; 10 times for each 2 magnitudes
YOUNGEST = 0.25  # s
S_COME = 1.0  # s after the predicted S from which the peak is that of S
PICK_LEVEL, PICK_SIGMA = 0.9, 0.45  # log10 above noise at which half of the P's are picked
FAINT = 0.01  # share of picks that are made although the wave should be too faint
MISSED = 0.03  # share of stations that miss even a clear P
PASSED = 1.0  # s after the predicted arrival from which silence counts
SMOOTHING = 0.08  # s of timing tolerance per km of a cell's half width
FREQUENCY = 0.9  # Gutenberg and Richter's b
PRUNE = 16.0  # log-likelihood below the best at which a node is not looked into further
LOG_FREQUENCY = -FREQUENCY * np.log(10.0) * MAGNITUDES
LOG_FREQUENCY -= np.log(np.exp(LOG_FREQUENCY).sum())
EVERY_MAGNITUDE = slice(0, len(MAGNITUDES))


def magnitudes_near(magnitude: float) -> slice:
    """Those worth a look once the magnitude is about known."""
    middle = int(np.searchsorted(MAGNITUDES, magnitude))
    return slice(max(middle - 3, 0), min(middle + 4, len(MAGNITUDES)))


class Tables(Struct, frozen=True):
    """What the kernel looks up: seconds by depth and km, log10 m/s^2 by magnitude and km."""

    p: Floats  # (depths, km)
    s: Floats
    log_p: Floats  # (magnitudes, km)
    log_s: Floats


class Evidence(Struct, frozen=True):
    """What the network knows, in km of one plane and seconds after one reference time."""

    pick_x: Floats  # (n,) by time
    pick_y: Floats
    pick_time: Floats
    pick_sigma: Floats  # reading error of the pick
    pick_log_a: Floats  # log10 peak vertical acceleration since the pick, nan if not known yet
    pick_until: Floats  # time up to which that peak is known
    pick_log_noise: Floats  # the station's usual peak
    pick_follows: NDArray[np.bool_]  # whether its station has an earlier pick in this list
    silent_x: Floats  # (m,)
    silent_y: Floats
    silent_until: Floats  # time up to which the station has been silent
    silent_log_noise: Floats


def make_tables(travel_times: TravelTimes) -> Tables:
    """Tables for the kernel; beyond the travel-time table the last slope goes on."""
    km = np.arange(TABLE_KM + 1.0)
    p, s = (travel_times.seconds(phase, km[None, :], DEPTHS_KM[:, None]) for phase in ("P", "S"))
    log_p, log_s = (
        envelopes.log_amplitude(envelope, MAGNITUDES[:, None], km[None, :])
        for envelope in (envelopes.P_ZA, envelopes.S_ZA)
    )
    return Tables(p, s, log_p, log_s)


def score(
    nodes: Floats, evidence: Evidence, tables: Tables, magnitudes: slice = EVERY_MAGNITUDE
) -> Floats:
    """Log-likelihood of each node.

    nodes: (n, 4) x km, y km, index into DEPTHS_KM, half width km. Answers (n, 4):
    log-likelihood summed over the given magnitudes, best origin time, mean and standard
    deviation of magnitude at this node.
    """
    as_p, as_s, as_noise = _shares(evidence)
    scores: Floats = _score(
        nodes,
        DEPTHS_KM,
        MAGNITUDES,
        LOG_FREQUENCY,
        magnitudes.start,
        magnitudes.stop,
        tables.p,
        tables.s,
        tables.log_p,
        tables.log_s,
        evidence.pick_x,
        evidence.pick_y,
        evidence.pick_time,
        evidence.pick_sigma,
        evidence.pick_log_a,
        evidence.pick_log_noise,
        evidence.pick_until,
        as_p,
        as_s,
        as_noise,
        evidence.silent_x,
        evidence.silent_y,
        evidence.silent_until,
        evidence.silent_log_noise,
    )
    return scores


def _shares(evidence: Evidence) -> tuple[Floats, Floats, Floats]:
    """How likely each pick is this source's P, its S, and (per second) noise, before its time.

    A first pick is an S only if its P was missed, hardly so when it stands high above the
    station's noise; and strong noise is rare. A later pick is an S as often as something else.
    """
    above = np.nan_to_num(evidence.pick_log_a - evidence.pick_log_noise, nan=PICK_LEVEL)
    hidden = 1.0 / (1.0 + np.exp(1.702 * (above - S_OVER_P - PICK_LEVEL) / PICK_SIGMA))
    later = evidence.pick_follows
    p = np.where(later, LATER_P, P_SHARE)
    s = np.where(later, LATER_S, S_SHARE * (MISSED + (1.0 - MISSED) * hidden))
    return p, s, np.where(later, LATER_NOISE, NOISE_SHARE * rarity(above)) / NOISE_SPAN


def rarity(above: Floats) -> Floats:
    """How much rarer noise is that stands so far (log10) above the usual, than one just picked."""
    return np.asarray(10.0 ** (-NOISE_DECAY * np.clip(above - PICK_LEVEL, 0.0, LEAST_NOISE)))


@njit("f8(f8[:], f8)", cache=True, inline="always")
def _at(row, km):  # type: ignore[no-untyped-def]
    """Linear look-up in a row by km; the last value beyond its end."""
    last = row.shape[0] - 1
    if km >= last:
        return row[last]
    i = int(km)
    return row[i] + (km - i) * (row[i + 1] - row[i])


@njit("f8(f8, f8)", cache=True, inline="always")
def _normal(residual, sigma):  # type: ignore[no-untyped-def]
    return 0.3989422804014327 / sigma * np.exp(-0.5 * (residual / sigma) ** 2)


@njit("f8(f8, f8[:], f8[:], f8[:], f8[:], f8[:], f8[:], f8[:], f8[:], f8[:])", cache=True)
def _time_likelihood(t0, time, sigma, tp, ts, p_share, s_share, noise, as_p, as_s):  # type: ignore[no-untyped-def]
    """Log-likelihood of the pick times; fills each pick's share of being this P and this S."""
    total = 0.0
    for i in range(time.shape[0]):
        p = p_share[i] * _normal(time[i] - t0 - tp[i], sigma[i])
        s = s_share[i] * _normal(time[i] - t0 - ts[i], S_SPREAD * sigma[i])
        either = p + s + noise[i]
        as_p[i] = p / either
        as_s[i] = s / either
        total += np.log(either)
    return total


@njit("Tuple((f8, f8))(f8[:], f8[:], f8[:], f8[:], f8[:], f8[:], f8[:], f8[:], f8[:])", cache=True)
def _best_origin_time(time, sigma, tp, ts, p_share, s_share, noise, as_p, as_s):  # type: ignore[no-untyped-def]
    """The origin time that explains most picks, and its log-likelihood.

    Each of the first picks in turn is taken for the P; the best of these is then moved to the
    mean of all picks in proportion to how much they are P.
    """
    best, best_t0 = -np.inf, 0.0
    for j in range(min(time.shape[0], 8)):
        t0 = time[j] - tp[j]
        value = _time_likelihood(t0, time, sigma, tp, ts, p_share, s_share, noise, as_p, as_s)
        if value > best:
            best, best_t0 = value, t0
    for _ in range(2):
        _time_likelihood(best_t0, time, sigma, tp, ts, p_share, s_share, noise, as_p, as_s)
        weight, moment = 1e-12, best_t0 * 1e-12
        for i in range(time.shape[0]):
            w = as_p[i] / sigma[i] ** 2
            weight += w
            moment += w * (time[i] - tp[i])
        best_t0 = moment / weight
    return best_t0, _time_likelihood(
        best_t0, time, sigma, tp, ts, p_share, s_share, noise, as_p, as_s
    )


@njit("f8(f8[:,:], f8, f8)", cache=True)
def _ceiling(log_peak, km, age):  # type: ignore[no-untyped-def]
    """The most that can be seen of any magnitude so early: log10 of the peak, by table and km."""
    magnitude = 5.0 + 2.0 * np.log10(max(age, YOUNGEST) / HALF_DURATION_M5)
    row = min(max((magnitude - MAGNITUDES[0]) / 0.5, 0.0), log_peak.shape[0] - 1.001)
    q = int(row)
    low, high = _at(log_peak[q], km), _at(log_peak[q + 1], km)
    short = GROWTH * max(0.0, 1.0 - max(age, 0.0) / GROWTH_SPAN)
    return low + (row - q) * (high - low) - short


@njit("f8(f8, f8, f8)", cache=True)
def _amplitude_likelihood(log_a, expect, share):  # type: ignore[no-untyped-def]
    """Log-density of one peak acceleration, in proportion to how much the pick is the event's."""
    usual = (1.0 - AMPLITUDE_OUTLIERS) * _normal(log_a - expect, AMPLITUDE_SIGMA)
    return share * np.log(usual + AMPLITUDE_OUTLIERS * _normal(log_a - expect, OUTLIER_SIGMA))


@njit("f8(f8)", cache=True, inline="always")
def _seen(above):  # type: ignore[no-untyped-def]
    """Probability that a wave whose peak is so far above noise (log10) is picked."""
    return 1.0 / (1.0 + np.exp(-1.702 * (above - PICK_LEVEL) / PICK_SIGMA))


@njit("f8(f8, f8, f8)", cache=True, inline="always")
def _slant(distance, depth, usual):  # type: ignore[no-untyped-def]
    return np.sqrt(distance * distance + max(depth, usual) ** 2 - usual * usual)


_SIGNATURE = (
    "f8[:,:](f8[:,:], " + "f8[:], " * 3 + "i8, i8, " + "f8[:,:], " * 4 + "f8[:], " * 13 + "f8[:])"
)


@njit(_SIGNATURE, cache=True)
def _score(  # type: ignore[no-untyped-def]
    nodes,
    depths,
    magnitudes,
    log_frequency,
    first,
    last,
    p,
    s,
    log_p,
    log_s,
    pick_x,
    pick_y,
    pick_time,
    pick_sigma,
    pick_log_a,
    pick_log_noise,
    pick_until,
    pick_as_p,
    pick_as_s,
    pick_as_noise,
    silent_x,
    silent_y,
    silent_until,
    silent_log_noise,
):
    n, m = pick_x.shape[0], silent_x.shape[0]
    tp, ts, as_p, as_s = np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    r, sigma = np.empty(n), np.empty(n)
    by_magnitude = np.full(magnitudes.shape[0], -np.inf)
    out = np.empty((nodes.shape[0], 4))
    best = -np.inf
    for node in range(nodes.shape[0]):
        depth_index = int(nodes[node, 2])
        depth = depths[depth_index]
        for i in range(n):
            distance = np.hypot(nodes[node, 0] - pick_x[i], nodes[node, 1] - pick_y[i])
            tp[i] = _at(p[depth_index], distance)
            ts[i] = _at(s[depth_index], distance)
            r[i] = _slant(distance, depth, USUAL_DEPTH_KM)
            sigma[i] = np.hypot(pick_sigma[i], P_SIGMA) + P_SIGMA_SHARE * tp[i]
            sigma[i] += SMOOTHING * nodes[node, 3]
        t0, timing = _best_origin_time(
            pick_time, sigma, tp, ts, pick_as_p, pick_as_s, pick_as_noise, as_p, as_s
        )
        out[node, 0], out[node, 1], out[node, 2], out[node, 3] = timing, t0, 5.0, 2.0
        if timing < best - PRUNE:
            out[node, 0] -= PRUNE
            continue
        for q in range(first, last):
            by_magnitude[q] = timing + log_frequency[q]
        for i in range(n):
            if np.isnan(pick_log_a[i]):
                if not np.isnan(pick_log_noise[i]):
                    for q in range(first, last):
                        above = _at(log_p[q], r[i]) - pick_log_noise[i]
                        by_magnitude[q] += (as_p[i] + as_s[i]) * np.log(FAINT + _seen(above))
                continue
            after_s = pick_until[i] - t0 - ts[i]
            is_s = after_s > S_COME or as_s[i] > as_p[i]
            seen_as = log_s if is_s else log_p
            age = after_s if is_s else pick_until[i] - pick_time[i]
            ceiling = _ceiling(seen_as, r[i], age)
            short = GROWTH * max(0.0, 1.0 - max(age, 0.0) / GROWTH_SPAN)
            for q in range(first, last):
                expect = min(_at(seen_as[q], r[i]) - short, ceiling)
                by_magnitude[q] += _amplitude_likelihood(pick_log_a[i], expect, as_p[i] + as_s[i])
        for j in range(m):
            distance = np.hypot(nodes[node, 0] - silent_x[j], nodes[node, 1] - silent_y[j])
            since_p = silent_until[j] - t0 - _at(p[depth_index], distance)
            if since_p < PASSED + SMOOTHING * nodes[node, 3]:
                continue
            since_s = silent_until[j] - t0 - _at(s[depth_index], distance)
            slant = _slant(distance, depth, USUAL_DEPTH_KM)
            passed_as, age = (log_s, since_s) if since_s > PASSED else (log_p, since_p)
            ceiling = _ceiling(passed_as, slant, age)
            for q in range(first, last):
                expect = min(_at(passed_as[q], slant), ceiling)
                seen = _seen(expect - silent_log_noise[j])
                by_magnitude[q] += np.log(1.0 - (1.0 - MISSED) * seen)
        peak = by_magnitude.max()
        weight = mean = square = 0.0
        for q in range(first, last):
            w = np.exp(by_magnitude[q] - peak)
            weight += w
            mean += w * magnitudes[q]
            square += w * magnitudes[q] ** 2
        mean /= weight
        out[node, 0] = peak + np.log(weight)
        out[node, 2] = mean
        out[node, 3] = np.sqrt(max(square / weight - mean * mean, 0.02))
        best = max(best, out[node, 0])
    return out
