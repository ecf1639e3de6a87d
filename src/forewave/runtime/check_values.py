"""Values that no ground makes: looked for in a recording and in what comes live."""

from collections.abc import Iterator, Sequence

import numpy as np

from forewave.types import Channel, Packet

STRONGEST = {"m/s^2": 60.0, "m/s": 6.0}  # beyond what any earthquake was recorded to do
FULL_COUNTS = 0.95 * 2**23


def symptoms(channel: Channel, pieces: Sequence[Packet]) -> Iterator[tuple[str, str]]:
    """(what is wrong, what to do) of a channel's samples, at least one."""
    samples = np.concatenate([p.samples for p in pieces]).astype(np.float64)
    good = samples[np.isfinite(samples)]
    if len(good) < len(samples):
        yield f"{len(samples) - len(good)} samples are no number", "look at how it was converted"
    if not len(good):
        return
    if good.min() == good.max():
        yield "always the same value", "look at sensor and cable"
    if pieces[0].samples.dtype == np.int32 and np.abs(good).max() > FULL_COUNTS:
        yield "reaches the range of a 24-bit digitizer: clipped?", "use an accelerometer there"
    peak = float(np.abs(good - np.median(good)).max() / abs(channel.gain))
    if peak > STRONGEST[channel.unit]:
        yield f"moves by {peak:.3g} {channel.unit}: the gain is wrong", "correct the gain"
