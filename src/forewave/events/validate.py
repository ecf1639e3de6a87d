"""Items that are refused: one bad value must not spoil the memory of the network."""

import numpy as np

from forewave.events.memory.network import MEMORY, Network
from forewave.types import PHONES, Amplitude, Observation, PhoneSighting, Pick, StationState

ABSURD = 1e3  # m/s^2, m/s or m, more than any ground moves
AHEAD = 5.0  # s that a time may lie after its arrival: clocks differ
WIDEST_KM = 100.0  # a phone detection with a larger error is of no use


def source(item: Observation) -> str:
    """The station, or PHONES, that an item is from."""
    return PHONES if isinstance(item, PhoneSighting) else item.station


def reason(item: Observation, network: Network, now: float) -> str | None:
    """Why an item is refused, or None."""
    if not isinstance(item, PhoneSighting) and item.station not in network.watches:
        return "station not in the inventory"
    time = item.latest if isinstance(item, StationState) else item.time
    if not now - MEMORY <= time <= now + AHEAD:
        return "time out of range"
    if isinstance(item, PhoneSighting):
        return _of_phones(item)
    if isinstance(item, Amplitude) and not (np.abs(_peaks(item)) < ABSURD).all():
        return "amplitude out of range"
    if isinstance(item, Pick) and not 0.0 < item.sigma < np.inf:
        return "pick without uncertainty"
    return None


def _of_phones(item: PhoneSighting) -> str | None:
    if not (-90.0 <= item.lat <= 90.0 and -180.0 <= item.lon <= 180.0):
        return "place out of range"
    if not 0.0 < item.sigma_km <= WIDEST_KM:
        return "place not known"
    if not 0.0 <= item.probability <= 1.0:
        return "probability out of range"
    return None if item.triggers >= 1 <= item.cells else "sighting without phones"


def _peaks(a: Amplitude) -> tuple[float, ...]:
    """All peaks of an amplitude; a displacement that is not known counts as 0."""
    known_m = 0.0 if np.isnan(a.pd3_m) else a.pd3_m
    return a.pd_m, a.pv_ms, a.pa_ms2, a.pga_ms2, a.pgv_ms, known_m
