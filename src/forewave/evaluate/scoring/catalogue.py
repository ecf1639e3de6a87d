"""The catalogued earthquakes of a recording."""

import math

from msgspec import Struct

from forewave.formats.recordings.event_directory import EventInfo


class Quake(Struct, frozen=True):
    """An earthquake of the catalogue. depth_km None: not in the catalogue."""

    time: float
    lat: float
    lon: float
    depth_km: float | None
    magnitude: float


def catalogue_quake(info: EventInfo) -> Quake | None:
    """The earthquake of an event directory; None for noise and teleseisms."""
    known = (info.origin_time, info.lat, info.lon, info.magnitude)
    if info.event_type != "earthquake" or any(value is None for value in known):
        return None
    time, lat, lon, magnitude = (float(value) for value in known if value is not None)
    return Quake(time, lat, lon, info.depth_km, magnitude)


def others(info: EventInfo) -> tuple[Quake, ...]:
    """Other earthquakes within the recording, as listed in its event.json."""
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
