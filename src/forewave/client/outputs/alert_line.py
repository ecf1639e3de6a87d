"""An alert at a place as one JSON object, as environment variables, and as a line for people.

The fields of the object are those of `PlaceAlert`, after `type`. They are stable: later versions
may add fields, and neither rename nor remove one.
"""

import json
from datetime import UTC, datetime
from math import floor, isfinite
from typing import Any

import msgspec

from forewave.client.place_alert import PlaceAlert

PREFIX = "ALERT_"  # of environment variables; FOREWAVE_ is that of the settings
DIGITS = 4  # a tenth of a millisecond, ten metres of a coordinate
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


def fields(alert: PlaceAlert) -> dict[str, Any]:
    """The object. Unknown numbers are None; the signed message is text, as it was received."""
    plain = {name: _plain(value) for name, value in msgspec.structs.asdict(alert).items()}
    return {"type": "alert", **plain}


def json_line(alert: PlaceAlert) -> str:
    """The object in one line of ASCII."""
    return json.dumps(fields(alert), allow_nan=False)


def environment(alert: PlaceAlert) -> dict[str, str]:
    """Its fields as ALERT_EVENT, ALERT_MMI and so on: yes and no are 1 and 0, unknown is empty."""
    return {PREFIX + name.upper(): _word(value) for name, value in fields(alert).items()}


def text_line(alert: PlaceAlert) -> str:
    """For people, the most important first; what is no earthquake says so before all else."""
    issued = datetime.fromtimestamp(alert.issued, UTC).strftime("%H:%M:%S")
    drill = "DRILL, there is no earthquake: " if alert.drill else ""
    earthquake = f"M {alert.magnitude:.1f}, {alert.distance_km:.0f} km from {alert.place}"
    what = "cancelled, there is no earthquake" if alert.cancelled else _expected(alert)
    return f"{issued} {drill}{what}; {earthquake} ({alert.event} version {alert.version})"


def _expected(alert: PlaceAlert) -> str:
    weak = "" if isfinite(alert.mmi) else "no intensity known here"
    mmi = weak or f"MMI {alert.mmi:.1f} ({_ROMAN[round(alert.mmi) - 1]})"
    when = "" if alert.seconds is None else f", {_when(alert.seconds)}"
    unsure = ", single-station alert, may be false" if alert.single_station else ""
    phones = ", phones only" if alert.only_phones else ""
    return f"{mmi}{when}{unsure}{phones}"


def _when(seconds: float) -> str:
    return f"S in {floor(seconds)} s" if seconds > 0 else f"S was {floor(-seconds)} s ago"


def _plain(value: Any) -> Any:
    match value:
        case float():
            return round(value, DIGITS) if isfinite(value) else None
        case bytes():
            return value.decode()
    return value


def _word(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(int(value))
    return str(value)
