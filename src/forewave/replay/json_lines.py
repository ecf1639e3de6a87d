"""The output of `forewave replay --json`: one object per alert, then a summary.

Nothing in it depends on the computer or its clock: the same recording gives the same bytes.
"""

import json
import math
from collections import Counter
from typing import Any

from forewave.types import Alert, Dropped, Message, Pick, Solution


def alert_line(alert: Alert, origin_time: float | None) -> str:
    """One alert. origin_time: of the catalogue, POSIX seconds; None: unknown."""
    origin = alert.origin
    return json.dumps(
        {
            "type": "alert",
            "kind": alert.kind,
            "event": alert.event,
            "version": alert.version,
            "issued": _number(alert.issued, 3),
            "t_after_origin": _after(alert.issued, origin_time),
            "lat": _number(origin.lat, 4),
            "lon": _number(origin.lon, 4),
            "depth_km": _number(origin.depth_km, 1),
            "mag": _number(alert.magnitude.value, 2),
            "mag_sigma": _number(alert.magnitude.sigma, 2),
            "stations": alert.stations,
            "rupture_km": _number(alert.rupture.length_km, 1) if alert.rupture else None,
            "max_intensity": _number(alert.max_intensity, 2),
            "source": alert.source,
        }
    )


class Tally:
    """Counts the output of a replay, for its summary."""

    def __init__(self) -> None:
        self._words: Counter[str] = Counter()
        self._dropped: Counter[str] = Counter()
        self._kinds: Counter[str] = Counter()
        self._events: set[str] = set()
        self._first: float | None = None

    def add(self, word: Message) -> None:
        """Count one output of the pipeline."""
        match word:
            case Pick():
                self._words["picks"] += 1
            case Solution():
                self._words["solutions"] += 1
            case Dropped(reason=reason):
                self._dropped[reason] += 1
            case Alert():
                self._add_alert(word)

    def _add_alert(self, alert: Alert) -> None:
        self._kinds[alert.kind] += 1
        self._events.add(alert.event)
        if self._first is None:
            self._first = alert.issued

    def summary_line(self, origin_time: float | None, **more: Any) -> str:
        """The last object. more: further fields, e.g. id and stations."""
        return json.dumps(
            {
                "type": "summary",
                **more,
                "events": len(self._events),
                "alerts": {kind: self._kinds[kind] for kind in ("new", "update", "cancel")},
                "first_alert_s": _after(self._first, origin_time),
                "picks": self._words["picks"],
                "solutions": self._words["solutions"],
                "dropped": dict(sorted(self._dropped.items())),
            }
        )


def _after(time: float | None, origin_time: float | None) -> float | None:
    return None if time is None or origin_time is None else _number(time - origin_time, 3)


def _number(value: float, digits: int) -> float | None:
    return round(value, digits) if math.isfinite(value) else None
