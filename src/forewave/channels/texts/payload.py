"""A notification as JSON, for programs: one object with the same fields for every channel."""

import json
from datetime import UTC, datetime
from math import isnan
from typing import Any

import msgspec

from forewave.channels.card import Notification
from forewave.channels.texts.words import Words

ROUNDED = {"mmi": 1, "mmi_sigma": 1, "seconds": 1, "distance_km": 1, "s_sigma": 1}  # digits
TIMES = ("issued", "expires", "origin_time", "p_arrival", "s_arrival", "shaking_until")


def payload(notification: Notification, words: Words) -> dict[str, Any]:
    """All that is known; null where there is no valid value, times in ISO 8601 UTC.

    `message` is the signed message as it was received, for programs that verify it themselves.
    The coordinates of the channel's place are not in it.
    """
    text = words.text(notification)
    alert = {
        name: _shown(name, value)
        for name, value in msgspec.structs.asdict(notification.alert).items()
    }
    return {
        "type": "drill" if notification.alert.drill else "alert",
        "reason": notification.reason,
        "active": notification.active,
        **alert,
        "swarm": list(notification.swarm),
        "title": text.title,
        "text": text.body,
        "message": json.loads(notification.message),
    }


def encoded(notification: Notification, words: Words) -> bytes:
    """The same as bytes."""
    return msgspec.json.encode(payload(notification, words))


def _shown(name: str, value: Any) -> Any:
    if value == "" or (isinstance(value, float) and isnan(value)):
        return None
    if name in TIMES:
        return iso(value)
    return round(value, ROUNDED[name]) if name in ROUNDED and value is not None else value


def iso(time: float) -> str:
    """POSIX seconds as ISO 8601 in UTC, with milliseconds; at most the end of the year 9999."""
    return datetime.fromtimestamp(min(time, 253_402_300_799.0), UTC).isoformat(
        timespec="milliseconds"
    )
