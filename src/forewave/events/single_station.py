"""When one station is enough for an event: a first motion too strong to wait for others.

Displacement of P above 0.5 cm means damaging shaking nearby (Wu and Kanamori 2005,
doi:10.1785/0120040097), and a real-time JMA intensity of 3.5 is where the Japanese agency forecasts
from one station. Both must still be rising, at a sensor that is healthy, has not clipped, and has
made no unassociated pick nearly as strong in the last minutes. Stations of unauthenticated sources
are not enough. Discrimination then follows as for any event, with the stations around that have
not picked.
"""

from collections.abc import Container

from forewave.events.memory.network import Network
from forewave.types import Pick

STRONG_PD_M = 0.005
FELT_JMA = 2.5  # displacement alone may be a sensor's drift: it must be felt as well
STRONG_JMA = 3.5
EARLIEST, LATEST = 0.5, 10.0  # s after the pick: no spike, and no longer a first motion
KNOCKS = 1.5  # log10 by which an earlier pick may be weaker and still make the sensor suspect
RISING = 2.0  # s within which it must have grown


def strong(network: Network, pick: Pick, explained: Container[str]) -> bool:
    """Whether a station's motion since a pick is strong enough for an event of one station."""
    watch = network.watches[pick.station]
    peaks = network.peaks(pick)
    if not pick.vouched or not peaks or peaks[-1].clipped or watch.health not in ("good", "noisy"):
        return False
    newest = peaks[-1]
    age = newest.time - pick.time
    if not EARLIEST <= age <= LATEST or _knocks(network, pick, explained):
        return False
    before = [a for a in peaks if a.time <= newest.time - RISING]
    rising = not before or newest.intensity_jma > before[-1].intensity_jma
    moved = newest.pd_m >= STRONG_PD_M and newest.intensity_jma >= FELT_JMA
    return rising and (moved or newest.intensity_jma >= STRONG_JMA)


def _knocks(network: Network, pick: Pick, explained: Container[str]) -> bool:
    """Whether the station has recent unassociated picks not far weaker than this one."""
    weaker = network.early_peak(pick) - KNOCKS
    others = network.unassociated(pick.station, pick.time, explained)
    return any(not network.early_peak(other) < weaker for other in others)
