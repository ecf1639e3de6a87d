"""Sample values that ground motion cannot have: in recordings and in live data."""

from collections.abc import Iterator, Sequence

import numpy as np

from forewave.types import Channel, Packet

STRONGEST = {"m/s^2": 60.0, "m/s": 6.0}  # above any recorded earthquake
# Below any background noise (the low-noise model of Peterson 1993 has some 1e-8 m/s^2).
WEAKEST = {"m/s^2": 1e-9, "m/s": 1e-11}
COARSEST = {"m/s^2": 0.5, "m/s": 0.1}  # one count; no digitizer has so large a step
FULL_COUNTS = 0.95 * 2**23


def symptoms(channel: Channel, packets: Sequence[Packet]) -> Iterator[tuple[str, str]]:
    """(what is wrong, what to do) for the packets of a channel, at least one sample."""
    samples = np.concatenate([p.samples for p in packets]).astype(np.float64)
    good = samples[np.isfinite(samples)]
    if len(good) < len(samples):
        yield (
            f"{len(samples) - len(good)} samples are not a number",
            "check the data conversion",
        )
    if not len(good):
        return
    counts = packets[0].samples.dtype == np.int32
    if good.min() == good.max():
        yield "all samples have the same value", "check sensor and cable"
    if counts and np.abs(good).max() > FULL_COUNTS:
        yield "reaches full scale of a 24-bit digitizer: clipped?", "use an accelerometer there"
    with np.errstate(over="ignore"):  # a gain near 0 makes it infinite, which is reported
        peak = float(np.abs(good - np.median(good)).max() / abs(channel.gain))
    if peak > STRONGEST[channel.unit]:
        yield f"peak of {peak:.3g} {channel.unit}: the gain is wrong", "correct the gain"
    elif 0 < peak < WEAKEST[channel.unit]:
        yield (
            f"peak of {peak:.3g} {channel.unit} is below background noise: the gain is wrong",
            "correct the gain",
        )
    elif counts and peak and 1 / abs(channel.gain) > COARSEST[channel.unit]:
        step = f"{1 / abs(channel.gain):.3g} {channel.unit}"
        yield f"one count is {step}: the gain is wrong", "correct the gain"
