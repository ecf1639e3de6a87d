"""event.json: what a catalogue says of the recorded earthquake, or that there was none."""

from datetime import UTC, datetime
from math import isfinite
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from forewave.errors import FormatError

RANGES = {
    "lat": (-90.0, 90.0),
    "lon": (-180.0, 180.0),
    "depth_km": (-10.0, 800.0),
    "magnitude": (-5.0, 10.0),
}


class EventInfo(Struct, frozen=True):
    """The catalogue's origin; None where there is none or it does not say."""

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


def read(path: Path) -> EventInfo:
    """Read event.json; unknown keys are passed over. Raises FormatError naming file and key."""
    try:
        found = msgspec.json.decode(path.read_bytes())
    except OSError as error:
        raise FormatError(f"{path}: {error.strerror}") from None
    except (UnicodeError, msgspec.DecodeError) as error:
        raise FormatError(f"{path}: {error}") from None
    if not isinstance(found, dict):
        raise FormatError(f"{path}: expected an object, found {type(found).__name__}")
    known = {name: found[name] for name in EventInfo.__struct_fields__ if name in found}
    known.setdefault("id", path.parent.name)
    try:
        known["origin_time"] = _time(known.get("origin_time"))
        info = msgspec.convert(known, EventInfo)
    except (ValueError, OverflowError, msgspec.ValidationError) as error:
        raise FormatError(f"{path}: {error}") from None
    _check_ranges(path, info)
    return info


def write(path: Path, info: EventInfo) -> None:
    """Write event.json, the origin time as ISO 8601 to a microsecond."""
    content = msgspec.to_builtins(info)
    if info.origin_time is not None:
        time = datetime.fromtimestamp(info.origin_time, UTC)
        content["origin_time"] = time.isoformat(timespec="microseconds").replace("+00:00", "Z")
    path.write_bytes(msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n")


def _time(value: Any) -> float | None:
    if isinstance(value, str):
        time = datetime.fromisoformat(value)
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
    if value is None or (isinstance(value, int | float) and isfinite(value)):
        return value
    raise ValueError(f"origin_time is {value!r}, expected ISO 8601 or POSIX seconds")


def _check_ranges(path: Path, info: EventInfo) -> None:
    for name, (low, high) in RANGES.items():
        value = getattr(info, name)
        if value is not None and not low <= value <= high:
            raise FormatError(f"{path}: {name} is {value}, expected {low:g} to {high:g}")
