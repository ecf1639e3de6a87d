"""What a station does by itself: spikes, steps, pulses, stuck and drifting channels.

Sizes are in the sensor's own unit. Every function gives a new array (3, n), vertical first;
`seconds` (n,) count from the disturbance.
"""

import numpy as np

from forewave.simulate.disturbances.disturbance import Disturbance, Floats, Lasting


class Spike(Disturbance, frozen=True, kw_only=True, tag="spike"):
    """One wrong sample on the vertical."""

    size: float


class Step(Disturbance, frozen=True, kw_only=True, tag="step"):
    """All components jump and stay: a knock, a tilt."""

    size: float


class Pulse(Disturbance, frozen=True, kw_only=True, tag="calibration"):
    """A box on all components, as calibration makes."""

    size: float
    seconds: Lasting = 2.0


class Recentring(Disturbance, frozen=True, kw_only=True, tag="recentring"):
    """A mass put back to its middle: a jump on all components that dies away exponentially."""

    size: float
    decay: Lasting = 15.0


class Stuck(Disturbance, frozen=True, kw_only=True, tag="stuck"):
    """All components keep their last value."""

    seconds: Lasting


class Drift(Disturbance, frozen=True, kw_only=True, tag="drift"):
    """All components move off steadily."""

    per_second: float


def spike(signal: Floats, what: Spike, seconds: Floats, *_: object) -> Floats:
    """On the sample nearest to the time."""
    changed = signal.copy()
    changed[0, np.abs(seconds) == np.abs(seconds).min()] += what.size
    return changed


def step(signal: Floats, what: Step, seconds: Floats, *_: object) -> Floats:
    """From then on."""
    return np.asarray(signal + what.size * (seconds >= 0))


def pulse(signal: Floats, what: Pulse, seconds: Floats, *_: object) -> Floats:
    """For as long as it lasts."""
    return signal + what.size * ((seconds >= 0) & (seconds < what.seconds))


def recentring(signal: Floats, what: Recentring, seconds: Floats, *_: object) -> Floats:
    """Its whole size at once, a third of it after `decay`."""
    fading = np.exp(-np.maximum(seconds, 0) / what.decay)
    return np.asarray(signal + what.size * np.where(seconds >= 0, fading, 0.0))


def stuck(signal: Floats, what: Stuck, seconds: Floats, *_: object) -> Floats:
    """The first value, again and again."""
    inside = (seconds >= 0) & (seconds < what.seconds)
    first = int(np.argmax(inside))
    return np.where(inside, signal[:, first : first + 1], signal)


def drift(signal: Floats, what: Drift, seconds: Floats, *_: object) -> Floats:
    """Without end."""
    return signal + what.per_second * np.maximum(seconds, 0)
