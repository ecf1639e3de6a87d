"""The onset of a trigger, and checks that tell a P wave from other signals.

Onset: the most likely split of the band-passed window into two stationary parts, by Akaike's
criterion on the variances (Maeda 1985, Zisin 38, 365-379). Its uncertainty is the spread of the
likelihood over splits. Checks, after those published for EPIC (Chung, Henson and Allen 2019, SRL
90): the motion must continue, change sign, and be more than one or two jumps, as are spikes, steps,
box-cars, mass re-centring and calibration pulses.
"""

import numpy as np

from forewave.stations.layout import CLIPPED, inner


@inner
def mean_square(band, first, end, mask):  # type: ignore[no-untyped-def]
    """Mean square of [first, end)."""
    total = 0.0
    for i in range(first, end):
        total += band[i & mask] ** 2
    return total / (end - first)


@inner
def split(band, first, earliest, end, mask, whiteness):  # type: ignore[no-untyped-def]
    """Most likely onset in [earliest, end), its sigma in samples, mean squares before and after.

    The window is [first, end). whiteness: independent share of samples (a band narrower than
    Nyquist has fewer).
    """
    n = end - first
    total = n * mean_square(band, first, end, mask)
    tiny = 1e-12 * total / n + 1e-300
    from_k, to_k = max(4, earliest - first), n - max(4, n // 50)
    best, at, before, after = np.inf, from_k, tiny, tiny
    aic = np.full(n, np.inf)
    part = 0.0
    for k in range(to_k + 1):
        if k >= from_k:
            early, late = part / k + tiny, (total - part) / (n - k) + tiny
            aic[k] = k * np.log(early) + (n - k) * np.log(late)
            if aic[k] < best:
                best, at, before, after = aic[k], k, early, late
        part += band[(first + k) & mask] ** 2
    weight, spread = 1e-300, 0.0
    for k in range(from_k, to_k + 1):
        w = np.exp(-0.5 * whiteness * (aic[k] - best))
        weight += w
        spread += w * (k - at) ** 2
    return first + at, np.sqrt(spread / weight), before, after


@inner
def turns(band, first, end, mask):  # type: ignore[no-untyped-def]
    """How often the band-passed motion changes sign in [first, end)."""
    count = 0
    for i in range(first + 1, end):
        if (band[i & mask] >= 0.0) != (band[(i - 1) & mask] >= 0.0):
            count += 1
    return count


@inner
def strongest(acc, first, end, mask):  # type: ignore[no-untyped-def]
    """Largest absolute value in [first, end)."""
    peak = 0.0
    for i in range(first, end):
        peak = max(peak, abs(acc[i & mask]))
    return peak


@inner
def until_clipped(clip, first, end, mask):  # type: ignore[no-untyped-def]
    """The first sample of [first, end) at which the sensor was at full scale; the end if none."""
    for i in range(first, end):
        if clip[i & mask] & CLIPPED:
            return i
    return end


@inner
def jump2(acc, i, mask):  # type: ignore[no-untyped-def]
    """Squared difference of two neighbouring samples."""
    return (acc[i & mask] - acc[(i - 1) & mask]) ** 2


@inner
def largest_jump(acc, first, end, mask, besides):  # type: ignore[no-untyped-def]
    """Index of the largest jump in [first, end), except next to sample `besides`."""
    at, most = first, -1.0
    for i in range(first, end):
        if abs(i - besides) > 1 and jump2(acc, i, mask) > most:
            at, most = i, jump2(acc, i, mask)
    return at


@inner
def is_scattered(acc, first, onset, now, mask):  # type: ignore[no-untyped-def]
    """Whether the motion since the onset is more than one or two jumps.

    Two clusters of three sample differences are excluded. Of ground motion a share of the squared
    differences is outside them; of a step, spike or box-car only noise is.
    """
    one = largest_jump(acc, onset - 1, now, mask, onset - 9)
    two = largest_jump(acc, onset - 1, now, mask, one)
    inside, outside, many = 0.0, 0.0, 0
    for i in range(onset - 1, now):
        if abs(i - one) <= 1 or abs(i - two) <= 1:
            inside += jump2(acc, i, mask)
        else:
            outside += jump2(acc, i, mask)
            many += 1
    if many < 2 or outside < 0.02 * inside:
        return False
    noise = 0.0
    for i in range(first + 1, onset - 2):
        noise += jump2(acc, i, mask) / (onset - 3 - first)
    return jump2(acc, one, mask) < 20.0 * noise or outside > 2.0 * many * noise
