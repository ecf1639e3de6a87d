"""What one event is to another: its echo, what phones said of it, or a wake to be careful in."""

from forewave.earth.distance import distance_km
from forewave.events import associate
from forewave.events.event import Event
from forewave.types import Origin

WAKE_CODAS, WAKE_REACH_KM = 3.0, 200.0  # how long and far an event makes picks unsure
WAKE_STATIONS, GREAT_WAKE_STATIONS, GREAT = 4, 6, 6.5
ONE_KM, ONE_SECONDS, ONE_MAGNITUDE = 60.0, 20.0, 0.7  # within these it is the same event


def echoes(event: Event, other: Event) -> bool:
    """Whether one event is but another's echo: like it in place and time, and not larger."""
    larger = event.magnitude.value > other.magnitude.value + ONE_MAGNITUDE
    return not larger and alike(event, other)


def alike(event: Event, other: Event) -> bool:
    """Whether two events may be one: near in place and time for how sure both are."""
    apart = apart_km(event.origin, other.origin)
    unsure = event.origin.epicentre_sigma_km + other.origin.epicentre_sigma_km
    near = apart <= ONE_KM + 2 * unsure
    together = abs(event.origin.time - other.origin.time) <= ONE_SECONDS
    return near and together


def was_seen(event: Event, other: Event) -> bool:
    """Whether the other is what phones alone have said of the event so far."""
    return other.only_phones() and not other.withdrawn and alike(event, other)


def wanted(other: Event) -> int:
    """Stations that an event in another's wake must stand on."""
    return WAKE_STATIONS if other.magnitude.value < GREAT else GREAT_WAKE_STATIONS


def wakes(other: Event, event: Event, now: float) -> bool:
    """Whether the ground still moves from the other, where the event is."""
    lasts = WAKE_CODAS * associate.coda(other.magnitude.value)
    reach_km = WAKE_REACH_KM + 2 * event.origin.epicentre_sigma_km
    near = apart_km(other.origin, event.origin) <= reach_km
    return near and now - other.origin.time <= lasts


def apart_km(one: Origin, other: Origin) -> float:
    """Between two epicentres."""
    return float(distance_km(one.lat, one.lon, other.lat, other.lon))
