"""What is not an earthquake but may be taken for one.

Each acts on the sensor's output, (3, n) in its own unit with the vertical first, before it is
clipped and digitised. `station` "*" means every station.
"""

from collections.abc import Callable
from typing import Annotated, Any, TypeAlias

import numpy as np
from msgspec import Meta, Struct
from numpy.typing import NDArray

from forewave.earth.distance import LocalPlane
from forewave.simulate.source import brune
from forewave.types import Station

Floats = NDArray[np.float64]
After: TypeAlias = Annotated[float, Meta(ge=0)]
Lasting: TypeAlias = Annotated[float, Meta(gt=0)]


class Disturbance(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", kw_only=True):
    """Where, and how many seconds after the start of the scenario."""

    station: str = "*"
    after: After


class Spike(Disturbance, frozen=True, kw_only=True, tag="spike"):
    """One wrong sample on the vertical."""

    size: float


class Step(Disturbance, frozen=True, kw_only=True, tag="step"):
    """All components jump and stay: a knock, a tilt."""

    size: float


class Pulse(Disturbance, frozen=True, kw_only=True, tag="calibration"):
    """A box on all components, as calibration and re-centring make."""

    size: float
    seconds: Lasting = 2.0


class Stuck(Disturbance, frozen=True, kw_only=True, tag="stuck"):
    """All components keep their last value."""

    seconds: Lasting


class Drift(Disturbance, frozen=True, kw_only=True, tag="drift"):
    """All components move off steadily."""

    per_second: float


class Traffic(Disturbance, frozen=True, kw_only=True, tag="traffic"):
    """A lorry: 5 to 15 Hz, swelling and fading."""

    size: float
    seconds: Lasting = 10.0


class Teleseism(Disturbance, frozen=True, kw_only=True, tag="teleseism"):
    """A distant P, steep and slow: a wave from `azimuth` that crosses at 16 km/s. size: m/s^2."""

    size: float
    azimuth: float
    corner_hz: Lasting = 0.3
    slowness_s_km: float = 0.06
    lat: float
    lon: float


AnyDisturbance: TypeAlias = Spike | Step | Pulse | Stuck | Drift | Traffic | Teleseism


def disturb(
    signal: Floats, what: AnyDisturbance, station: Station, rate: float, rng: np.random.Generator
) -> Floats:
    """The signal with the disturbance, a new array."""
    seconds = np.arange(signal.shape[1]) / rate - what.after
    return np.asarray(_HOW[type(what)](signal, what, seconds, station, rng))


def _spike(signal: Floats, what: Spike, seconds: Floats, *_: object) -> Floats:
    changed = signal.copy()
    changed[0, np.abs(seconds) == np.abs(seconds).min()] += what.size
    return changed


def _step(signal: Floats, what: Step, seconds: Floats, *_: object) -> Floats:
    return np.asarray(signal + what.size * (seconds >= 0))


def _pulse(signal: Floats, what: Pulse, seconds: Floats, *_: object) -> Floats:
    return signal + what.size * ((seconds >= 0) & (seconds < what.seconds))


def _stuck(signal: Floats, what: Stuck, seconds: Floats, *_: object) -> Floats:
    inside = (seconds >= 0) & (seconds < what.seconds)
    first = int(np.argmax(inside))
    return np.where(inside, signal[:, first : first + 1], signal)


def _drift(signal: Floats, what: Drift, seconds: Floats, *_: object) -> Floats:
    return signal + what.per_second * np.maximum(seconds, 0)


def _traffic(
    signal: Floats, what: Traffic, seconds: Floats, _: Station, rng: np.random.Generator
) -> Floats:
    x = np.clip(seconds / what.seconds, 0, 1)
    tones = rng.uniform(5, 15, (3, 12, 1))
    phases = rng.uniform(0, 2 * np.pi, (3, 12, 1))
    rumble = np.sin(2 * np.pi * tones * seconds + phases).mean(axis=1) * np.sqrt(6)
    return np.asarray(signal + what.size * np.sin(np.pi * x) ** 2 * rumble)


def _teleseism(
    signal: Floats, what: Teleseism, seconds: Floats, station: Station, rng: np.random.Generator
) -> Floats:
    """`after` holds at (lat, lon); every component's coda is its station's own."""
    east_km, north_km = LocalPlane(what.lat, what.lon).to_km(station.lat, station.lon)
    from_source = np.radians(what.azimuth)
    nearer_km = float(east_km * np.sin(from_source) + north_km * np.cos(from_source))
    late = seconds + nearer_km * what.slowness_s_km
    rise = np.where(late > 0, late, 0) * what.corner_hz
    noise = rng.standard_normal(signal.shape) * np.sqrt(rise) * np.exp(-rise / 4)
    step = float(seconds[1] - seconds[0])
    frequency_hz = np.asarray(np.fft.rfftfreq(len(seconds), step), float)
    low = np.fft.irfft(np.fft.rfft(noise) * brune(frequency_hz, what.corner_hz), len(seconds))
    shape = np.array([[1.0], [0.3], [0.3]]) / max(float(np.abs(low[0]).max()), 1e-30)
    return np.asarray(signal + what.size * shape * np.where(late > 0, low, 0.0))


_HOW: dict[type, Callable[..., Any]] = {
    Spike: _spike,
    Step: _step,
    Pulse: _pulse,
    Stuck: _stuck,
    Drift: _drift,
    Traffic: _traffic,
    Teleseism: _teleseism,
}
