"""One component's samples, one after the other: ground motion, intensity filter, picker.

Theory of operation. A lane takes samples of one component in order. Each is divided by the gain
and freed of its slow baseline; acceleration, velocity and displacement follow by recursive
integration with a two-pole high-pass at 0.075 Hz (Kuyuk and Allen 2013), and the JMA intensity
filter runs beside, on samples interpolated to 100/s or more. All go to rings. The vertical also
feeds the picker: band-passed energy, two short averages against a long one; a trigger is judged
after some tenths of a second, and again until it passes or patience ends (see onset.py).
Everything is per sample, so how the stream was cut into packets cannot matter. nan means a
missing sample: a short run is interpolated, a longer one breaks the lane, which settles anew.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from forewave.stations.onset import goes_on, split, turns
from forewave.stations.state import CONF, LANE

Floats = NDArray[np.float64]
Ring = NDArray[np.float32]
VELOCITY, DISPLACEMENT, BAND_HIGH, BAND_LOW, JMA = 0, 1, 2, 3, 4
SECTIONS = 10
PICK = 5  # onset, deciding sample, sigma in samples, signal to noise, in a coda


@njit(cache=True)
def section(c: Floats, z: Floats, i: int, x: float) -> float:
    """One second-order section, direct form II transposed."""
    y = c[i, 0] * x + z[i, 0]
    z[i, 0] = c[i, 1] * x - c[i, 3] * y + z[i, 1]
    z[i, 1] = c[i, 2] * x - c[i, 4] * y
    return y


@njit(cache=True)
def filter_intensity(l, conf, c: Floats, z: Floats, jma: Ring, a: float, valid: float) -> None:  # type: ignore[no-untyped-def]
    """Interpolate to `up` times the rate (cubic, Catmull-Rom) and run the six sections."""
    mask = jma.size - 1
    if conf.up == 1:
        y = a
        for i in range(JMA, SECTIONS):
            y = section(c, z, i, y)
        jma[l.head & mask] = y * valid
        return
    p0, p1, p2, p3 = l.a3, l.a2, l.a1, a
    for j in range(conf.up):
        s = j / conf.up
        y = p1 + 0.5 * s * (
            p2 - p0 + s * (2 * p0 - 5 * p1 + 4 * p2 - p3 + s * (3 * (p1 - p2) + p3 - p0))
        )
        for i in range(JMA, SECTIONS):
            y = section(c, z, i, y)
        jma[((l.head - 2) * conf.up + j) & mask] = y * valid
    l.a3, l.a2, l.a1 = l.a2, l.a1, a


@njit(cache=True)
def move(l, conf, c: Floats, z: Floats, motion: Ring, jma: Ring, vert: Ring, x: float) -> None:  # type: ignore[no-untyped-def]
    """From one sample to ground motion, into the rings."""
    l.count += 1
    l.base += (x - l.base) * max(1.0 / (60.0 * conf.rate), 1.0 / l.count)
    y = x - l.base
    if conf.velocity:
        a = (y - l.last) * conf.rate if l.age > 0 else 0.0
        v = section(c, z, VELOCITY, y)
    else:
        a = y
        v = section(c, z, VELOCITY, y)
    valid = 1.0 if l.age >= conf.wait else 0.0
    i = l.head & (conf.ring - 1)
    motion[0, i] = a * valid
    motion[1, i] = v * valid
    filter_intensity(l, conf, c, z, jma, a, valid)
    if l.vertical:
        vert[0, i] = section(c, z, DISPLACEMENT, v) * valid
        vert[1, i] = section(c, z, BAND_LOW, section(c, z, BAND_HIGH, a))
    l.last = y
    l.age += 1


@njit(cache=True)
def break_off(l, conf, z: Floats, motion: Ring, jma: Ring, vert: Ring, clip) -> None:  # type: ignore[no-untyped-def]
    """One missing sample: nothing in the rings, and everything begins anew after it."""
    i = l.head & (conf.ring - 1)
    motion[:, i] = 0.0
    clip[i] = 0
    for j in range(conf.up):
        jma[(l.head * conf.up + j) & (jma.size - 1)] = 0.0
    if l.vertical:
        vert[:, i] = 0.0
    if l.age > 0:
        z[:] = 0.0
        l.a1 = l.a2 = l.a3 = 0.0
    l.age = 0
    l.equal = 0
    l.trigger = -1
    l.missing += 1
    l.head += 1


@njit(cache=True)
def watch_clipping(l, conf, clip, raw: float, x: float) -> None:  # type: ignore[no-untyped-def]
    """Mark a sample at 80 % of a known full scale, or on a flat top at the largest excursion."""
    size = abs(x - l.base)
    l.equal = l.equal + 1 if raw == l.raw and l.count > 0 else 0
    l.extreme = max(size, l.extreme * (1.0 - 0.001 / conf.rate))
    flat = l.equal >= 3 and size >= 0.98 * l.extreme and size * size > 1e4 * l.lta
    clip[l.head & (conf.ring - 1)] = 1 if flat or abs(raw) >= conf.full_scale else 0


@njit(cache=True)
def judge(l, conf, motion: Ring, vert: Ring, picks: Floats, made: int) -> int:  # type: ignore[no-untyped-def]
    """Look at a trigger; write the pick if it is one. Answers how many picks there are now."""
    mask = conf.ring - 1
    now = l.head + 1
    waited = l.head - l.trigger
    first = l.trigger - conf.look_back
    whiteness = min(1.0, 28.0 / conf.rate)
    onset, sigma, before, after = split(vert[1], first, now, mask, whiteness)
    noise = max(before, min(l.lta, 4.0 * before))
    lasted = now - onset
    recent = 0.0
    part = max(4, lasted // 3)
    for i in range(now - part, now):
        recent += vert[1, i & mask] ** 2 / part
    good = (
        lasted >= conf.confirm
        and after > conf.snr * noise
        and recent > 0.1 * after
        and recent > 0.5 * conf.snr * noise
        and turns(vert[1], onset, now, mask) >= 2
        and goes_on(motion[0], onset, now, mask, conf.rate)
    )
    if good and made < picks.shape[0]:
        coda = 1.0 if l.last_pick >= 0 and onset - l.last_pick < 60.0 * conf.rate else 0.0
        picks[made, 0], picks[made, 1], picks[made, 2] = onset, l.head, sigma
        picks[made, 3], picks[made, 4] = after / noise, coda
        l.last_pick = onset
        l.grown = l.growing = max(l.sta_short, l.sta_long)
        l.trigger = -1
        return made + 1
    if waited >= conf.patience:
        l.trigger = -1
        l.refused = l.head
    return made


@njit(cache=True)
def free(l, conf) -> bool:  # type: ignore[no-untyped-def]
    """Whether a trigger may be: settled, and the last pick long ago or far outgrown."""
    if l.age < conf.settle or l.head - l.refused < conf.patience:
        return False
    since = l.head - l.last_pick
    if l.last_pick < 0 or since >= conf.hold_off:
        return True
    return since >= 4.0 * conf.rate and l.sta_short > conf.outgrow * l.grown


@njit(cache=True)
def pick(l, conf, motion: Ring, vert: Ring, picks: Floats, made: int) -> int:  # type: ignore[no-untyped-def]
    """One sample of the picker."""
    energy = vert[1, l.head & (conf.ring - 1)] ** 2
    l.sta_short += (energy - l.sta_short) * conf.sta_short
    l.sta_long += (energy - l.sta_long) * conf.sta_long
    l.growing = max(l.growing, l.sta_short)
    if l.head % max(1, int(0.5 * conf.rate)) == 0:
        l.grown, l.growing = max(l.grown, l.growing), 0.0
    if l.trigger >= 0:
        waited = l.head - l.trigger
        if waited > 0 and waited % conf.again == 0:
            return judge(l, conf, motion, vert, picks, made)
        return made
    if l.sta_short > conf.ratio_short * l.lta or l.sta_long > conf.ratio_long * l.lta:
        if free(l, conf):
            l.trigger = l.head
            return made
    l.lta += (energy - l.lta) * max(conf.lta, 1.0 / l.age)
    return made


@njit(cache=True)
def take(l, conf, c, z, motion, jma, vert, clip, raw, picks, made):  # type: ignore[no-untyped-def]
    """One sample that is there."""
    x = raw / l.gain
    if l.count == 0:
        l.base = x
    watch_clipping(l, conf, clip, raw, x)
    move(l, conf, c, z, motion, jma, vert, x)
    if l.vertical:
        made = pick(l, conf, motion, vert, picks, made)
    l.raw = raw
    l.head += 1
    return made


@njit(cache=True)
def feed_lane(lane, confs, c, z, motion, jma, vert, clip, samples, picks):  # type: ignore[no-untyped-def]
    """Run samples (n,) through a lane. Answers the number of picks written to `picks`."""
    l, conf = lane[0], confs[0]
    made = 0
    for raw in samples:
        if np.isnan(raw):
            l.pending += 1
            if l.pending > conf.fill or l.age == 0:
                for _ in range(l.pending):
                    break_off(l, conf, z, motion, jma, vert, clip)
                l.pending = 0
            continue
        if l.pending > 0:
            last = l.raw
            step = (raw - last) / (l.pending + 1)
            n, l.pending = l.pending, 0
            for k in range(n):
                filled = last + (k + 1) * step
                made = take(l, conf, c, z, motion, jma, vert, clip, filled, picks, made)
        made = take(l, conf, c, z, motion, jma, vert, clip, raw, picks, made)
    return made
