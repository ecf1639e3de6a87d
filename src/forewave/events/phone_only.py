"""An event that phones have detected and no station has.

Its place and time are those of the phones' detection. Phones do not tell its size: they detect what
people feel, from about M4 nearby, and small ones are the most frequent, so it is M4.5 +- 0.7.
Stations that should have picked such an earthquake by now and have not make it less likely.
"""

import numpy as np

from forewave.earth.travel_time import TravelTimes
from forewave.events.discrimination import hypotheses
from forewave.events.discrimination.silence import silent
from forewave.events.event import Event, name_of
from forewave.events.location.evidence import MISSED
from forewave.events.location.likelihood import PASSED, detection_probability
from forewave.events.memory.network import Network
from forewave.events.memory.phone_sightings import P_KM_S, TIME_SIGMA, sigma_km
from forewave.events.relations import cua_heaton_2007 as envelopes
from forewave.events.restore import event_at
from forewave.types import PHONES, Magnitude, Origin, PhoneSighting

MAGNITUDE = Magnitude(4.5, 0.7, "Mphones", 0)
DEPTH_KM, DEPTH_SIGMA_KM = 10.0, 10.0
LEAST, DOUBTED = 0.95, 0.5  # probability to publish it; below which it is withdrawn
BEFORE = 5.0  # s before its origin from which a station that picked anything is not silent


def begin(sighting: PhoneSighting, network: Network, travel_times: TravelTimes) -> Event:
    """A possible event from a detection by phones."""
    origin = Origin(
        sighting.time,
        sighting.lat,
        sighting.lon,
        DEPTH_KM,
        TIME_SIGMA,
        sigma_km(sighting),
        DEPTH_SIGMA_KM,
    )
    event = event_at(name_of(sighting.time, PHONES), origin, MAGNITUDE, network, travel_times)
    event.sighting, event.sighting_used = sighting, True
    event.likelihood = likelihood(event, network)
    return event


def likelihood(event: Event, network: Network) -> float:
    """The probability that it is an earthquake, as long as no station has detected it."""
    probability = event.sighting.probability if event.sighting else 0.0
    return hypotheses.phones_alone(probability, _silence(event, network))


def _silence(event: Event, network: Network) -> float:
    """Log-likelihood of the stations around that have not picked it."""
    since = event.origin.time - BEFORE
    silence = silent(network, event.plane, (0.0, 0.0), since)
    unsure = event.origin.time_sigma + event.origin.epicentre_sigma_km / P_KM_S
    passed = silence.until >= np.array(event.arrivals.p)[silence.index] + PASSED + unsure
    away_km = np.array(event.arrivals.distance_km)[silence.index[passed]]
    slant_km = envelopes.slant_km(away_km, event.origin.depth_km)
    log_p = envelopes.log_amplitude(envelopes.P_ZA, event.magnitude.value, slant_km)
    shown = detection_probability(np.asarray(log_p) - silence.log_level[passed])
    return float(np.log(1.0 - (1.0 - MISSED) * shown).sum())
