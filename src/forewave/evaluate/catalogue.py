"""The earthquakes that a catalogue says a recording holds."""

from datetime import UTC, datetime

import msgspec
from msgspec import Struct

from forewave.errors import FormatError
from forewave.formats.event_directory import EventInfo, Recording


class Quake(Struct, frozen=True):
    """An earthquake of the catalogue. depth_km None: the catalogue does not say."""

    time: float
    lat: float
    lon: float
    depth_km: float | None
    magnitude: float


class _Other(Struct):
    origin_time: str
    lat: float
    lon: float
    depth_km: float | None = None
    magnitude: float = float("nan")


class _Window(Struct):
    other_catalogue_events_in_window: tuple[_Other, ...] = ()


def catalogue_quake(info: EventInfo) -> Quake | None:
    """The catalogue's earthquake where the set is one; None for noise and distant earthquakes."""
    known = (info.origin_time, info.lat, info.lon, info.magnitude)
    if info.event_type != "earthquake" or any(value is None for value in known):
        return None
    time, lat, lon, magnitude = (float(value) for value in known if value is not None)
    return Quake(time, lat, lon, info.depth_km, magnitude)


def others(recording: Recording) -> tuple[Quake, ...]:
    """Other earthquakes that the set's event.json knows of in its window."""
    path = recording.path / "event.json"
    if not path.exists():  # a recording that was made, not read
        return ()
    try:
        window = msgspec.json.decode(path.read_bytes(), type=_Window)
        return tuple(
            Quake(_seconds(o.origin_time), o.lat, o.lon, o.depth_km, o.magnitude)
            for o in window.other_catalogue_events_in_window
        )
    except (OSError, ValueError, msgspec.MsgspecError) as reason:
        raise FormatError(f"{path}: other_catalogue_events_in_window: {reason}") from reason


def _seconds(text: str) -> float:
    time = datetime.fromisoformat(text)
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
