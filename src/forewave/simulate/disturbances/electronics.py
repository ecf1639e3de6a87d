"""Instrumental disturbances: spikes, steps, pulses, stuck and drifting channels.

Sizes are in the unit of the sensor. Every function returns a new array (3, n), vertical first;
`seconds` (n,) are counted from the disturbance.
"""

import numpy as np

from forewave.simulate.disturbances.disturbance import Disturbance, Floats, Lasting


class Spike(Disturbance, frozen=True, kw_only=True, tag="spike"):
    """One wrong sample on the vertical."""

    size: float


class Step(Disturbance, frozen=True, kw_only=True, tag="step"):
    """A permanent offset on all components, as from a tilt."""

    size: float


class Pulse(Disturbance, frozen=True, kw_only=True, tag="calibration"):
    """A rectangular calibration pulse on all components."""

    size: float
    seconds: Lasting = 2.0


class Recentring(Disturbance, frozen=True, kw_only=True, tag="recentring"):
    """A mass recentring: an offset on all components that decays exponentially."""

    size: float
    decay: Lasting = 15.0


class Stuck(Disturbance, frozen=True, kw_only=True, tag="stuck"):
    """A stuck channel: all components keep their last value."""

    seconds: Lasting


class Drift(Disturbance, frozen=True, kw_only=True, tag="drift"):
    """A linear drift on all components."""

    per_second: float


def spike(signal: Floats, what: Spike, seconds: Floats, *_: object) -> Floats:
    """Add to the nearest sample of the vertical."""
    changed = signal.copy()
    changed[0, np.abs(seconds) == np.abs(seconds).min()] += what.size
    return changed


def step(signal: Floats, what: Step, seconds: Floats, *_: object) -> Floats:
    """Add the offset from then on."""
    return np.asarray(signal + what.size * (seconds >= 0))


def pulse(signal: Floats, what: Pulse, seconds: Floats, *_: object) -> Floats:
    """Add the offset for its duration."""
    return signal + what.size * ((seconds >= 0) & (seconds < what.seconds))


def recentring(signal: Floats, what: Recentring, seconds: Floats, *_: object) -> Floats:
    """Add the offset, which falls to 1/e after `decay`."""
    fading = np.exp(-np.maximum(seconds, 0) / what.decay)
    return np.asarray(signal + what.size * np.where(seconds >= 0, fading, 0.0))


def stuck(signal: Floats, what: Stuck, seconds: Floats, *_: object) -> Floats:
    """Repeat the first value."""
    inside = (seconds >= 0) & (seconds < what.seconds)
    first = int(np.argmax(inside))
    return np.where(inside, signal[:, first : first + 1], signal)


def drift(signal: Floats, what: Drift, seconds: Floats, *_: object) -> Floats:
    """Add the drift until the end."""
    return signal + what.per_second * np.maximum(seconds, 0)
