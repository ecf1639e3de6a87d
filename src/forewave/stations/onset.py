"""The onset of a trigger, and whether it looks like a P wave: both from the last seconds.

Onset: the split of the band-passed window into two stationary parts that is likeliest, by
Akaike's criterion on the variances (Maeda 1985, Zisin 38, 365-379). Its uncertainty is the
spread of the likelihood over splits. Checks, after those published for EPIC (Chung, Henson and
Allen 2019, SRL 90): the motion must go on (a spike does not), must vary after its first jump (a
step, a box-car, a mass re-centring or calibration pulse does not), and must have turned.
"""

import numpy as np

from forewave.stations.compiled import inner


@inner
def mean_square(band, first, end, mask):  # type: ignore[no-untyped-def]
    """Mean square of [first, end)."""
    total = 0.0
    for i in range(first, end):
        total += band[i & mask] ** 2
    return total / (end - first)


@inner
def split(band, first, earliest, end, mask, whiteness):  # type: ignore[no-untyped-def]
    """Likeliest onset in [earliest, end), its sigma in samples, mean squares before and after.

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
def wiggle(acc, first, end, mask):  # type: ignore[no-untyped-def]
    """Mean square of [first, end) about its straight line."""
    n = end - first
    mean, slope, centre = 0.0, 0.0, 0.5 * (n - 1)
    for k in range(n):
        y = acc[(first + k) & mask]
        mean += y / n
        slope += (k - centre) * y
    slope /= n * (n * n - 1.0) / 12.0
    rest = 0.0
    for k in range(n):
        rest += (acc[(first + k) & mask] - mean - slope * (k - centre)) ** 2
    return rest / n


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
def goes_on(acc, onset, now, mask, rate):  # type: ignore[no-untyped-def]
    """Whether the motion still varies at `now` as it did at its onset: no spike, step or box-car.

    The last 0.1 s (four samples at least) about their own straight line, against what was before.
    """
    tail = max(4, int(0.1 * rate))
    jump = wiggle(acc, onset - 2, now - tail, mask)
    return wiggle(acc, now - tail, now, mask) > 0.02 * jump
