"""The earthquakes that a catalogue says a recording holds."""

import math

from msgspec import Struct

from forewave.formats.recordings.event_directory import EventInfo


class Quake(Struct, frozen=True):
    """An earthquake of the catalogue. depth_km None: the catalogue does not say."""

    time: float
    lat: float
    lon: float
    depth_km: float | None
    magnitude: float


def catalogue_quake(info: EventInfo) -> Quake | None:
    """The catalogue's earthquake where the set is one; None for noise and distant earthquakes."""
    known = (info.origin_time, info.lat, info.lon, info.magnitude)
    if info.event_type != "earthquake" or any(value is None for value in known):
        return None
    time, lat, lon, magnitude = (float(value) for value in known if value is not None)
    return Quake(time, lat, lon, info.depth_km, magnitude)


def others(info: EventInfo) -> tuple[Quake, ...]:
    """The other earthquakes in the time of the record that its event.json names."""
    return tuple(
        Quake(
            o.origin_time,
            o.lat,
            o.lon,
            o.depth_km,
            math.nan if o.magnitude is None else o.magnitude,
        )
        for o in info.other_catalogue_events_in_window
    )
