"""An earthquake that phones see where no station has spoken: what may be said of it.

Its place and time are the phones'. How big it is they cannot say: they feel what people feel, from
about M4 nearby on, and small ones are the most, so M4.5 +- 0.7 is said of all. Stations that should
have picked such an earthquake by now and have not speak against it.
"""

import numpy as np

from forewave.earth.travel_time import TravelTimes
from forewave.events import discrimination
from forewave.events.event import Event, name_of
from forewave.events.location.evidence import MISSED
from forewave.events.location.likelihood import PASSED, detection_probability
from forewave.events.memory.network import Network
from forewave.events.memory.phone_sightings import P_KM_S, TIME_SIGMA, sigma_km
from forewave.events.relations import cua_heaton_2007 as envelopes
from forewave.events.restore import made
from forewave.events.silence import silent
from forewave.types import PHONES, Magnitude, Origin, PhoneSighting

MAGNITUDE = Magnitude(4.5, 0.7, "Mphones", 0)
DEPTH_KM, DEPTH_SIGMA_KM = 10.0, 10.0
LEAST, DOUBTED = 0.95, 0.5  # probability from which it is told, and below which it is taken back
BEFORE = 5.0  # s before its origin from which a station that picked anything is not silent


def begin(sighting: PhoneSighting, network: Network, travel_times: TravelTimes) -> Event:
    """A possible event that stands on phones only."""
    origin = Origin(
        sighting.time,
        sighting.lat,
        sighting.lon,
        DEPTH_KM,
        TIME_SIGMA,
        sigma_km(sighting),
        DEPTH_SIGMA_KM,
    )
    event = made(name_of(sighting.time, PHONES), origin, MAGNITUDE, network, travel_times)
    event.sighting, event.asked = sighting, True
    event.likelihood = likelihood(event, network)
    return event


def likelihood(event: Event, network: Network) -> float:
    """How likely it is real, as long as no station speaks for it."""
    probability = event.sighting.probability if event.sighting else 0.0
    return discrimination.phones_alone(probability, _silence(event, network))


def _silence(event: Event, network: Network) -> float:
    """Log-likelihood of what the stations around have not picked."""
    since = event.origin.time - BEFORE
    silence = silent(network, event.plane, (0.0, 0.0), since)
    unsure = event.origin.time_sigma + event.origin.epicentre_sigma_km / P_KM_S
    passed = silence.until >= np.array(event.arrivals.p)[silence.index] + PASSED + unsure
    away_km = np.array(event.arrivals.distance_km)[silence.index[passed]]
    slant_km = envelopes.slant_km(away_km, event.origin.depth_km)
    log_p = envelopes.log_amplitude(envelopes.P_ZA, event.magnitude.value, slant_km)
    shown = detection_probability(np.asarray(log_p) - silence.log_level[passed])
    return float(np.log(1.0 - (1.0 - MISSED) * shown).sum())
