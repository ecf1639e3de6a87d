"""event.json: the catalogue entry of the recorded earthquake, or that there was none."""

from datetime import UTC, datetime
from math import isfinite
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from forewave.errors import FormatError
from forewave.formats import bounded
from forewave.formats.dates import posix
from forewave.types import Rupture

RANGES = {
    "lat": (-90.0, 90.0),
    "lon": (-180.0, 180.0),
    "depth_km": (-10.0, 800.0),
    "magnitude": (-5.0, 10.0),
}

OTHERS = "other_catalogue_events_in_window"


class OtherEvent(Struct, frozen=True):
    """Another earthquake of the catalogue in the time of the recording."""

    origin_time: float
    lat: float
    lon: float
    depth_km: float | None = None
    magnitude: float | None = None


class EventInfo(Struct, frozen=True):
    """The catalogue entry; values are None if there is none or they are unknown.

    complete: whether all earthquakes of the recording are listed, as in a simulated one.
    rupture: the line of the rupture, if known.
    """

    id: str
    origin_time: float | None = None
    lat: float | None = None
    lon: float | None = None
    depth_km: float | None = None
    magnitude: float | None = None
    magtype: str | None = None
    region: str | None = None
    source: str | None = None
    event_type: str = "unknown"
    other_catalogue_events_in_window: tuple[OtherEvent, ...] = ()
    complete: bool = False
    rupture: Rupture | None = None


def read(path: Path) -> EventInfo:
    """Read event.json; unknown keys are ignored. Raises FormatError that names file and key."""
    try:
        with bounded.faults_of(path):
            found = msgspec.json.decode(bounded.text(path, bounded.SETTINGS))
    except OSError as error:
        raise FormatError(f"{path}: {error.strerror}") from None
    if not isinstance(found, dict):
        raise FormatError(f"{path}: expected a JSON object, found {type(found).__name__}")
    known = {name: found[name] for name in EventInfo.__struct_fields__ if name in found}
    known.setdefault("id", path.parent.name)
    try:
        known["origin_time"] = _time(known.get("origin_time"))
        known[OTHERS] = _with_times(known.get(OTHERS))
        info = msgspec.convert(known, EventInfo)
    except (ValueError, OverflowError, msgspec.ValidationError) as error:
        raise FormatError(f"{path}: {error}") from None
    _check_ranges(path, info)
    return info


def write(path: Path, info: EventInfo) -> None:
    """Write event.json, with origin times as ISO 8601 to 1 microsecond."""
    content = msgspec.to_builtins(info)
    for origin in (content, *content[OTHERS]):
        origin["origin_time"] = _iso(origin["origin_time"])
    for key in (OTHERS, "complete", "rupture"):
        if not content[key]:
            del content[key]
    path.write_bytes(msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n")


def _iso(time: float | None) -> str | None:
    if time is None:
        return None
    text = datetime.fromtimestamp(time, UTC).isoformat(timespec="microseconds")
    return text.replace("+00:00", "Z")


def _with_times(others: Any) -> Any:
    """The events with times in seconds; anything but a list of objects is refused later by type."""
    if not isinstance(others, list) or not all(isinstance(other, dict) for other in others):
        return others or ()
    return [other | {"origin_time": _time(other.get("origin_time"))} for other in others]


def _time(value: Any) -> float | None:
    if isinstance(value, str):
        return posix(value) if value.strip() else None
    if value is None or (isinstance(value, int | float) and isfinite(value)):
        return value
    raise ValueError(f"origin_time is {value!r}, expected ISO 8601 or POSIX seconds")


def _check_ranges(path: Path, info: EventInfo) -> None:
    for name, (low, high) in RANGES.items():
        value = getattr(info, name)
        if value is not None and not low <= value <= high:
            raise FormatError(f"{path}: {name} is {value}, expected {low:g} to {high:g}")
