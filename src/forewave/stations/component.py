"""One component: samples in, ground motion in ring buffers.

Theory of operation. Samples come in order, in runs without a gap. Each is divided by the gain, and
its slow baseline (a mean over the last minute) is removed. Acceleration, velocity and displacement
follow by recursive integration with a two-pole high-pass (Kuyuk and Allen 2013); the JMA intensity
filter runs in parallel, on samples interpolated to at least 100/s. The vertical also gets the two
bands of the picker, and displacement of periods under 3 s, which small steps and slow noise of an
accelerometer affect far less. All results go to rings, at index modulo ring. Every step is a
recursion over samples, so the division of the stream into packets has no effect. A gap resets the
filters: the component settles again, and its rings hold zeros until `wait` samples later, so that
no filter transient is taken for motion.
"""

import numpy as np
from numpy.typing import NDArray

from forewave.stations.layout import BLIND, inner

Floats = NDArray[np.float64]
INTEGRATE, DISPLACE, BAND_HIGH, BAND_LOW, DISPLACE_3S, BAND_UPPER, JMA = range(7)
SECTIONS = 12


@inner
def section(c, z, i, x):  # type: ignore[no-untyped-def]
    """Apply second-order section i to a run x (n,), in place; direct form II transposed.

    c, z: ComponentArrays.sections and delays.
    """
    b0, b1, b2, a1, a2 = c[i, 0], c[i, 1], c[i, 2], c[i, 3], c[i, 4]
    z1, z2 = z[i, 0], z[i, 1]
    for k in range(x.size):
        y = b0 * x[k] + z1
        z1 = b1 * x[k] - a1 * y + z2
        z2 = b2 * x[k] - a2 * y
        x[k] = y
    z[i, 0], z[i, 1] = z1, z2


@inner
def is_clipped(component, conf, raw, size):  # type: ignore[no-untyped-def]
    """Whether a sample is clipped: above 80 % of full scale, or the fourth of a flat top.

    Full scale is that of 24 bits, for velocity sensors only. A flat top is at the largest
    excursion, ten times the usual one and at least a hundred digitizer steps: small motion is
    never clipped.
    """
    change = abs(raw - component.raw)
    component.equal = component.equal + 1 if change == 0.0 and component.count > 0 else 0
    if change > 0.0 and component.count > 0:
        component.step = min(component.step, change / abs(component.gain))
    component.extreme = max(size, component.extreme * (1.0 - 0.001 / conf.rate))
    component.usual += (size - component.usual) / (30.0 * conf.rate)
    small = max(10.0 * component.usual, 100.0 * component.step)
    high = size >= 0.98 * component.extreme and size > small
    return (high and component.equal >= 3) or abs(raw) >= conf.full_scale


@inner
def level(component, conf, samples, clip):  # type: ignore[no-untyped-def]
    """Convert raw samples (n,) to motion about the baseline, in the sensor's own unit."""
    y = np.empty(samples.size)
    slowest = 1.0 / (60.0 * conf.rate)
    mask = conf.ring - 1
    for k in range(samples.size):
        x = samples[k] / component.gain
        if component.count == 0:
            component.base = x
        clipped = is_clipped(component, conf, samples[k], abs(x - component.base))
        clip[(component.head + k) & mask] = clipped
        component.count += 1
        component.base += (x - component.base) * max(slowest, 1.0 / component.count)
        y[k] = x - component.base
        component.raw = samples[k]
    return y


@inner
def differentiate(component, conf, y):  # type: ignore[no-untyped-def]
    """Acceleration from velocity, by first differences (half a sample late)."""
    a = np.empty(y.size)
    for k in range(y.size):
        a[k] = (y[k] - component.last) * conf.rate if component.age + k > 0 else 0.0
        component.last = y[k]
    return a


@inner
def interpolate(component, up, a):  # type: ignore[no-untyped-def]
    """Interpolate a run to `up` times the rate: cubic (Catmull-Rom), two samples late."""
    out = np.empty(a.size * up)
    p0, p1, p2 = component.a3, component.a2, component.a1
    for k in range(a.size):
        p3 = a[k]
        for j in range(up):
            s = j / up
            cubic = 2.0 * p0 - 5.0 * p1 + 4.0 * p2 - p3 + s * (3.0 * (p1 - p2) + p3 - p0)
            out[k * up + j] = p1 + 0.5 * s * (p2 - p0 + s * cubic)
        p0, p1, p2 = p1, p2, p3
    component.a3, component.a2, component.a1 = p0, p1, p2
    return out


@inner
def store(ring, first, run, silent):  # type: ignore[no-untyped-def]
    """Write a run to a ring, its first `silent` samples as 0."""
    mask = ring.size - 1
    for k in range(run.size):
        ring[(first + k) & mask] = run[k] if k >= silent else 0.0


@inner
def move(component, conf, arrays, samples):  # type: ignore[no-untyped-def]
    """Convert a run of raw samples (n,) without a gap to ground motion, and write it to rings."""
    c, z, clip = arrays.sections, arrays.delays, arrays.clip
    motion, vertical = arrays.motion, arrays.vertical
    y = level(component, conf, samples, clip)
    a = differentiate(component, conf, y) if conf.velocity else y.copy()
    section(c, z, INTEGRATE, y)
    silent = conf.wait - component.age
    for k in range(min(silent, samples.size)):
        clip[(component.head + k) & (conf.ring - 1)] |= BLIND
    store(motion[0], component.head, a, silent)
    store(motion[1], component.head, y, silent)
    if component.vertical:
        short = y.copy()
        section(c, z, DISPLACE_3S, short)
        store(vertical[2], component.head, short, silent)
        section(c, z, DISPLACE, y)
        store(vertical[0], component.head, y, silent)
    late = 0 if conf.up == 1 else 2
    felt = a.copy() if conf.up == 1 else interpolate(component, conf.up, a)
    for i in range(JMA, SECTIONS):
        section(c, z, i, felt)
    store(arrays.jma, (component.head - late) * conf.up, felt, silent * conf.up)
    if component.vertical:
        section(c, z, BAND_HIGH, a)
        section(c, z, BAND_LOW, a)
        store(vertical[1], component.head, a, 0)
        section(c, z, BAND_UPPER, a)
        store(vertical[3], component.head, a, 0)


@inner
def break_off(component, conf, arrays, count):  # type: ignore[no-untyped-def]
    """Write `count` missing samples as 0 and reset the filters."""
    nothing = np.zeros(count * conf.up)
    store(arrays.motion[0], component.head, nothing[:count], 0)
    store(arrays.motion[1], component.head, nothing[:count], 0)
    store(arrays.jma, component.head * conf.up, nothing, 0)
    store(arrays.clip, component.head, np.full(count, BLIND), 0)
    if component.vertical:
        for i in range(arrays.vertical.shape[0]):
            store(arrays.vertical[i], component.head, nothing[:count], 0)
    arrays.delays[:] = 0.0
    component.a1 = component.a2 = component.a3 = 0.0
    component.age = 0
    component.trigger[:] = -1
    component.review = -1
    component.head += count
