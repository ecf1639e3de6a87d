"""The table of all kinds of disturbance.

Each changes the output of the sensor, (3, n) in its unit with the vertical first, before
clipping and digitisation.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from forewave.simulate.disturbances import electronics, ground
from forewave.simulate.disturbances.disturbance import Floats
from forewave.simulate.disturbances.electronics import Drift, Pulse, Recentring, Spike, Step, Stuck
from forewave.simulate.disturbances.ground import Blast, Storm, Teleseism, Thunder, Traffic
from forewave.types import Station

AnyDisturbance: TypeAlias = (
    Spike
    | Step
    | Pulse
    | Recentring
    | Stuck
    | Drift
    | Traffic
    | Storm
    | Thunder
    | Blast
    | Teleseism
)

_HOW: dict[type, Callable[..., Any]] = {
    Spike: electronics.spike,
    Step: electronics.step,
    Pulse: electronics.pulse,
    Recentring: electronics.recentring,
    Stuck: electronics.stuck,
    Drift: electronics.drift,
    Traffic: ground.traffic,
    Storm: ground.storm,
    Thunder: ground.thunder,
    Blast: ground.blast,
    Teleseism: ground.teleseism,
}


def disturb(
    signal: Floats, what: AnyDisturbance, station: Station, rate: float, rng: np.random.Generator
) -> Floats:
    """The signal with the disturbance, a new array."""
    seconds = np.arange(signal.shape[1]) / rate - what.after
    return np.asarray(_HOW[type(what)](signal, what, seconds, station, rng))
