"""Values that no ground makes: looked for in a recording and in what comes live."""

from collections.abc import Iterator, Sequence

import numpy as np

from forewave.types import Channel, Packet

STRONGEST = {"m/s^2": 60.0, "m/s": 6.0}  # beyond what any earthquake was recorded to do
# Below what any ground is without an earthquake (Peterson's low-noise model has some 1e-8 m/s^2).
WEAKEST = {"m/s^2": 1e-9, "m/s": 1e-11}
COARSEST = {"m/s^2": 0.5, "m/s": 0.1}  # of one count: no digitizer has steps so large
FULL_COUNTS = 0.95 * 2**23


def symptoms(channel: Channel, pieces: Sequence[Packet]) -> Iterator[tuple[str, str]]:
    """(what is wrong, what to do) of a channel's samples, at least one."""
    samples = np.concatenate([p.samples for p in pieces]).astype(np.float64)
    good = samples[np.isfinite(samples)]
    if len(good) < len(samples):
        yield f"{len(samples) - len(good)} samples are no number", "look at how it was converted"
    if not len(good):
        return
    counts = pieces[0].samples.dtype == np.int32
    if good.min() == good.max():
        yield "always the same value", "look at sensor and cable"
    if counts and np.abs(good).max() > FULL_COUNTS:
        yield "reaches the range of a 24-bit digitizer: clipped?", "use an accelerometer there"
    peak = float(np.abs(good - np.median(good)).max() / abs(channel.gain))
    if peak > STRONGEST[channel.unit]:
        yield f"moves by {peak:.3g} {channel.unit}: the gain is wrong", "correct the gain"
    elif 0 < peak < WEAKEST[channel.unit]:
        yield f"moves by {peak:.3g} {channel.unit}, less than any ground", "correct the gain"
    elif counts and peak and 1 / abs(channel.gain) > COARSEST[channel.unit]:
        step = f"{1 / abs(channel.gain):.3g} {channel.unit}"
        yield f"one count is {step}: the gain is wrong", "correct the gain"
