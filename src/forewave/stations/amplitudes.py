"""Peak amplitudes of a station: all components together, on a fixed grid of sample time.

Theory of operation. `next` is the index of the next sample to measure. It advances as far as every
component has delivered; one that lags the vertical by more than `wait` is left out until it has
caught up. A pick waits in the queue until its deciding sample has been measured; then the peaks
are reset and measured again from the onset, so that the division into packets and their order
cannot change a result. Amplitudes are emitted each half second after the pick for 10 s, then each
second until motion is back to the noise; without a pick, each whole second while intensity is felt.
None is emitted in a gap and while the filters settle after it: peaks that do not grow would mean
that the earthquake has ended.
"""

from typing import NamedTuple

import numpy as np

from forewave.stations.layout import BLIND, CLIPPED, PEAKS, QUEUE, SECONDS_KEPT, SNR, SPAN_S, inner


class Peaks(NamedTuple):
    """Values of an amplitude row, besides its time and pick; names ending in 2 are squares."""

    pd_m: float
    pv_ms: float
    pa_ms2: float
    pga2: float
    pgv2: float
    level2: float
    clipped: float
    pd3_m: float


@inner
def ready(component, conf):  # type: ignore[no-untyped-def]
    """Index up to which a component's rings are complete."""
    return component.head - (0 if conf.up == 1 else 2)


@inner
def reach(components, conf):  # type: ignore[no-untyped-def]
    """Index up to which all components, except those that lag, are complete."""
    vertical = ready(components[0], conf)
    end = vertical
    for i in range(1, components.size):
        head = ready(components[i], conf)
        if vertical - head <= conf.wait:
            end = min(end, head)
    return end


@inner
def reset(m, top):  # type: ignore[no-untyped-def]
    """Set the peaks to 0."""
    m.pd = m.pd3 = m.pv = m.pa = m.pga2 = m.pgv2 = 0.0
    m.clipped = m.calm = 0
    m.emit = 1
    top[:] = 0.0


@inner
def insert(top, n, value):  # type: ignore[no-untyped-def]
    """Keep the n largest values, largest first."""
    if value <= top[n - 1]:
        return
    k = n - 1
    while k > 0 and top[k - 1] < value:
        top[k] = top[k - 1]
        k -= 1
    top[k] = value


@inner
def nth_largest(values, count, n):  # type: ignore[no-untyped-def]
    """The nth largest of the first `count` values, none of them negative."""
    top = np.zeros(n)
    for k in range(count):
        insert(top, n, values[k])
    return top[n - 1]


@inner
def shindo(level2):  # type: ignore[no-untyped-def]
    """JMA intensity of a squared level in (m/s^2)^2."""
    return np.log10(1e4 * level2) + 0.94 if level2 > 0.0 else np.nan


@inner
def length2(rings, kind, ends, i, r):  # type: ignore[no-untyped-def]
    """Squared length of the vector of acceleration (0) or velocity (1) at sample i."""
    total = 0.0
    for k in range(ends.size):
        if i < ends[k]:
            total += rings[k, kind, r] * rings[k, kind, r]
    return total


@inner
def feel(jma, past, top, conf, ends, i, picked):  # type: ignore[no-untyped-def]
    """Write the squared JMA-filtered vector at sample i to `past` and, with a pick, `top`."""
    mask = jma.shape[1] - 1
    largest = 0.0
    for j in range(i * conf.up, (i + 1) * conf.up):
        total = 0.0
        for k in range(ends.size):
            if i < ends[k]:
                total += jma[k, j & mask] * jma[k, j & mask]
        past[j % past.size] = total
        largest = max(largest, total)
        if picked:
            insert(top, conf.top, total)
    return largest


@inner
def sample(m, ends, conf, motion, jma, vertical, clip, past, top, now):  # type: ignore[no-untyped-def]
    """Update the peaks with one sample. `now` holds those of the current second.

    Plain arguments here, in `feel` and in `emit_picked`: taking arrays out of a named tuple for
    each sample counts references, which costs half as much time as all the rest.
    """
    i = m.next
    r = i & (conf.ring - 1)
    a2, v2 = length2(motion, 0, ends, i, r), length2(motion, 1, ends, i, r)
    d, v, a = abs(vertical[0, r]), abs(motion[0, 1, r]), abs(motion[0, 0, r])
    d3 = abs(vertical[2, r])
    clipped = 0
    for k in range(ends.size):
        if i < ends[k]:
            clipped |= clip[k, r] & CLIPPED
    felt2 = feel(jma, past, top, conf, ends, i, m.pick >= 0)
    now[0], now[1], now[2] = max(now[0], d), max(now[1], v), max(now[2], a)
    now[3], now[4] = max(now[3], a2), max(now[4], v2)
    now[5], now[6], now[7] = max(now[5], clipped), max(now[6], felt2), max(now[7], d3)
    if m.pick < 0:
        return
    m.pd, m.pv, m.pa, m.pd3 = max(m.pd, d), max(m.pv, v), max(m.pa, a), max(m.pd3, d3)
    m.pga2, m.pgv2 = max(m.pga2, a2), max(m.pgv2, v2)
    m.clipped |= clipped


@inner
def write(out, n, i, serial, since, peaks):  # type: ignore[no-untyped-def]
    """Write one amplitude row if there is room; returns the number of rows."""
    if n == out.shape[0]:
        return n
    row = out[n]
    row[0], row[1], row[2] = i, serial, since
    row[3], row[4], row[5] = peaks.pd_m, peaks.pv_ms, peaks.pa_ms2
    row[6], row[7], row[8] = np.sqrt(peaks.pga2), np.sqrt(peaks.pgv2), shindo(peaks.level2)
    row[9], row[10] = peaks.clipped, peaks.pd3_m
    return n + 1


@inner
def emit_picked(m, conf, top, rows, blind, n):  # type: ignore[no-untyped-def]
    """Write the pick's amplitude if sample `next` is due for one and not missing."""
    since = 0.5 * m.emit
    if m.next < m.pick + int(np.round(since * conf.rate)):
        return n
    m.emit += 1 if since < 10.0 else 2
    ended = since >= conf.longest_s or (since >= 20.0 and m.calm >= conf.quiet_s)
    if not blind:
        level2 = top[conf.top - 1]
        peaks = Peaks(m.pd, m.pv, m.pa, m.pga2, m.pgv2, level2, m.clipped, m.pd3)
        n = write(rows, n, m.next, m.serial, since, peaks)
    if ended:
        m.pick = -1
    return n


@inner
def emit_felt(m, station, conf, n):  # type: ignore[no-untyped-def]
    """Write the amplitude of the last ten seconds, without a pick, if it can be felt."""
    if m.level2.max() < conf.least_level2:
        return n
    level2 = nth_largest(station.past, station.past.size, conf.top)
    if level2 < conf.least_level2:
        return n
    p = np.zeros(7)
    for k in range(7):
        p[k] = m.second[:, k].max()
    peaks = Peaks(p[0], p[1], p[2], p[3], p[4], level2, p[5], p[6])
    return write(station.rows, n, m.next, -1, np.nan, peaks)


@inner
def summarize(m, components, now):  # type: ignore[no-untyped-def]
    """Write noise, longest constant run, clipping and absurd samples after the peaks in `now`."""
    now[PEAKS], now[PEAKS + 1], now[PEAKS + 2] = m.noise_pa, m.noise_pd, m.noise_pd3
    now[PEAKS + 3 :] = 0.0
    for k in range(components.size):
        now[PEAKS + 3] = max(now[PEAKS + 3], components[k].equal)
        now[PEAKS + 5] += components[k].absurd
    for k in range(SPAN_S):
        now[PEAKS + 4] = max(now[PEAKS + 4], m.second[k, 5])


@inner
def close_second(m, components, conf, now):  # type: ignore[no-untyped-def]
    """End a whole second: keep its peaks; update the noise unless a pick is active."""
    k = m.seconds % SPAN_S
    for j in range(6):
        m.second[k, j] = now[j]
    m.second[k, 6], m.level2[k] = now[7], now[6]
    m.seconds += 1
    m.calm = m.calm + 1 if now[2] < 2.0 * m.noise_pa else 0
    if m.pick < 0 and components[0].age > conf.settle + conf.wait:
        j = m.noises % SECONDS_KEPT
        m.noise[j, 0], m.noise[j, 1], m.noise[j, 2] = now[2], now[0], now[7]
        m.noises += 1
        have = min(m.noises, SECONDS_KEPT)
        m.noise_pa = nth_largest(m.noise[:, 0], have, have // 2 + 1)
        m.noise_pd = nth_largest(m.noise[:, 1], have, have // 2 + 1)
        m.noise_pd3 = nth_largest(m.noise[:, 2], have, have // 2 + 1)
    now[:PEAKS] = 0.0
    summarize(m, components, now)


@inner
def enqueue(m, picks, picked):  # type: ignore[no-untyped-def]
    """Queue new picks until their deciding samples have been measured."""
    for k in range(picked):
        if m.queued < QUEUE:
            m.queue[m.queued, 0], m.queue[m.queued, 1] = int(picks[k, 0]), int(picks[k, 1])
            m.queue[m.queued, 2] = picks[k, SNR] == 0.0
            m.queued += 1


@inner
def turn_to_pick(m, top):  # type: ignore[no-untyped-def]
    """Restart at the onset of the first pick in the queue, or drop it if it is withdrawn."""
    onset, back = m.queue[0, 0], m.queue[0, 2]
    for k in range(1, m.queued):
        m.queue[k - 1] = m.queue[k]
    m.queued -= 1
    if back:
        m.pick = -1 if m.pick == onset else m.pick
        return
    m.pick = m.next = onset
    m.serial += 1
    reset(m, top)


@inner
def leap(m, components, conf, end):  # type: ignore[no-untyped-def]
    """Begin at the vertical's first sample; after a long gap, at the oldest one in the rings."""
    if m.next < 0 or end - m.next > conf.ring // 2:
        m.next = max(components[0].head - components[0].age, end - conf.ring // 2)
        m.pick, m.queued = -1, 0


@inner
def advance(m, station, conf, picked):  # type: ignore[no-untyped-def]
    """Measure as far as all components are complete. Returns the number of `rows` written."""
    components, motion, jma, vertical = (
        station.components,
        station.motion,
        station.jma,
        station.vertical,
    )
    clip, past, top, now = station.clip, station.past, station.top, station.now
    rows = station.rows
    second = max(1, int(np.round(conf.rate)))
    enqueue(m, station.picks, picked)
    end = reach(components, conf)
    leap(m, components, conf, end)
    ends = np.empty(components.size, np.int64)
    for k in range(components.size):
        ends[k] = ready(components[k], conf)
    n = 0
    while m.next < end:
        if m.queued > 0 and m.next > m.queue[0, 1]:
            turn_to_pick(m, top)
        sample(m, ends, conf, motion, jma, vertical, clip, past, top, now)
        if m.pick >= 0:
            blind = clip[0, m.next & (conf.ring - 1)] & BLIND
            n = emit_picked(m, conf, top, rows, blind, n)
        if m.next % second == 0 and m.next > m.closed:
            m.closed = m.next
            close_second(m, components, conf, now)
            if m.pick < 0:
                n = emit_felt(m, station, conf, n)
        m.next += 1
    return n
