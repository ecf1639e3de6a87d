"""An event from its last published solution, after a restart.

It is not searched for again: that would take as long as the earthquake itself, and could end at
another place than the one that was published.
"""

from forewave.earth.distance import LocalPlane
from forewave.earth.travel_time import TravelTimes
from forewave.events import associate
from forewave.events.event import Event
from forewave.events.location.search import Location
from forewave.events.memory.network import Network
from forewave.types import PHONES, Magnitude, Origin, Solution


def restored(published: Solution, network: Network, travel_times: TravelTimes) -> Event:
    """The event of a solution, without its picks: it finds those again among the network's."""
    event = event_at(published.event, published.origin, published.magnitude, network, travel_times)
    event.likelihood = published.likelihood
    event.searched_with = len(published.picks)
    event.published, event.withdrawn = published, published.withdrawn
    if any(arrival.station == PHONES for arrival in published.picks):
        event.sighting = network.phones.of(published.origin)
    return event


def event_at(
    event: str, origin: Origin, magnitude: Magnitude, network: Network, travel_times: TravelTimes
) -> Event:
    """An event of an origin that is given, without picks."""
    return Event(
        event,
        LocalPlane(origin.lat, origin.lon),
        _location(origin, magnitude),
        origin,
        associate.predict(network, origin, travel_times),
        magnitude,
    )


def _location(origin: Origin, magnitude: Magnitude) -> Location:
    """Its origin in the plane around its own epicentre."""
    return Location(
        x_km=0.0,
        y_km=0.0,
        depth_km=origin.depth_km,
        time=0.0,
        sigma_km=origin.epicentre_sigma_km,
        depth_sigma_km=origin.depth_sigma_km,
        time_sigma=origin.time_sigma,
        magnitude=magnitude.value,
        magnitude_sigma=magnitude.sigma,
        magnitude_by_place=0.0,
        log_evidence=0.0,
    )
