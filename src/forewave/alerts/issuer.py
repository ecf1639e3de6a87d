"""The room that issues alerts: shaking forecasts in, alerts out.

decision.py decides what follows a forecast. This room keeps the last alert of each event, changes
that wait until the next version may follow, and closed events, for which no more is issued.
"""

import math

from msgspec.structs import replace

from forewave.alerts import policy, single_station
from forewave.alerts.decision import Decision, Why, decide
from forewave.alerts.policy import AlertSettings
from forewave.types import (
    Alert,
    Area,
    Dropped,
    Kind,
    Level,
    OperatorCancel,
    Origin,
    ShakingForecast,
)

_REMEMBERED = 3600.0  # seconds for which a closed event stays closed


class Issuer:
    """Issues the alerts of one region: the same input at the same times gives the same alerts."""

    def __init__(self, settings: AlertSettings | None = None) -> None:
        self._settings = settings or AlertSettings()
        self._issued: dict[str, Alert] = {}
        self._strongest: dict[str, float] = {}  # of all versions issued
        self._closed: dict[str, float] = {}
        self._waiting: dict[str, ShakingForecast] = {}
        self._cancelled: dict[str, float] = {}  # by operators, to be issued in the next tick

    def feed(self, item: ShakingForecast, now: float) -> list[Alert]:
        """Take the forecast of an event; return at most one alert."""
        self._expire(now)
        event = item.solution.event
        if event in self._closed:
            return []
        return self._follow(item, now)

    def cancel(self, item: OperatorCancel, now: float) -> list[Dropped]:
        """Cancel the event's alert as false in the next tick; nothing follows it."""
        self._expire(now)
        last = self._issued.get(item.event)
        if last is None or last.kind == "cancel":
            return [Dropped(item.event, "operators cancelled what is not in force")]
        self._cancelled[item.event] = now
        return []

    def resume(self, last: Alert, now: float) -> None:
        """Resume an event from its last alert, issued by an earlier process; versions continue."""
        if last.why == "false":
            self._closed[last.event] = last.issued
        else:
            self._remember(last)
        self._expire(now)

    def wait(self, shaking: ShakingForecast) -> None:
        """Review the forecast of an event whose alert was resumed, once a change may follow."""
        if shaking.solution.event in self._issued:
            self._waiting[shaking.solution.event] = shaking

    def tick(self, now: float) -> list[Alert]:
        """Issue the changes whose waiting time is over."""
        self._expire(now)
        cancelled = [self._withdraw(event, now) for event in tuple(self._cancelled)]
        due = [o for event, o in self._waiting.items() if self._may_follow(event) <= now]
        return cancelled + [alert for shaking in due for alert in self._follow(shaking, now)]

    def deadline(self) -> float | None:
        """When the next waiting change may be issued, or operators cancel."""
        times = (*self._cancelled.values(), *map(self._may_follow, self._waiting))
        return min(times, default=None)

    def _may_follow(self, event: str) -> float:
        last, strongest = self._issued[event], self._strongest[event]
        return policy.next_time(last, self._waiting[event], self._settings, strongest)

    def _follow(self, shaking: ShakingForecast, now: float) -> list[Alert]:
        """Carry out the decision on a forecast; at most one alert."""
        event = shaking.solution.event
        last = self._issued.get(event)
        if last is None and single_station.is_single_station(shaking.solution):
            shaking = single_station.local(shaking)
        strongest = self._strongest.get(event, -math.inf)
        decision = decide(last, shaking, now, self._settings, strongest)
        if decision.act != "ignore":
            self._waiting.pop(event, None)
        if decision.act == "wait":
            self._waiting[event] = shaking
        if decision.act == "close":
            self._close(event, now)
        return [self._issue(decision, shaking, now)] if decision.act == "issue" else []

    def _issue(self, decision: Decision, shaking: ShakingForecast, now: float) -> Alert:
        if decision.why == "false":
            return self._withdraw(shaking.solution.event, now)
        assert decision.level is not None
        return self._say(decision.kind, decision.level, shaking, now, decision.why)

    def _withdraw(self, event: str, now: float) -> Alert:
        """Cancel the event's last alert as false; nothing follows it."""
        last = self._issued[event]
        self._close(event, now)
        version = last.version + 1
        return replace(
            last,
            id=_id(event, version),
            version=version,
            kind="cancel",
            why="false",
            issued=now,
            expires=now + policy.CANCEL_VALID,
        )

    def _say(
        self, kind: Kind, level: Level, shaking: ShakingForecast, now: float, why: Why = None
    ) -> Alert:
        """Make the event's next version and keep it as the last alert issued."""
        event = shaking.solution.event
        version = self._issued[event].version + 1 if event in self._issued else 1
        alert = _alert(kind, level, version, shaking, now, self._settings, why)
        if alert.stations == 0 and event in self._issued:  # resumed after a restart: as before
            alert = replace(alert, stations=self._issued[event].stations)
        self._remember(alert)
        return alert

    def _remember(self, alert: Alert) -> None:
        """Keep an alert as the last one of its event."""
        strong = policy.strength(alert.magnitude, alert.bias)
        self._strongest[alert.event] = max(strong, self._strongest.get(alert.event, strong))
        self._issued[alert.event] = alert

    def _close(self, event: str, now: float) -> None:
        self._issued.pop(event, None)
        self._strongest.pop(event, None)
        self._waiting.pop(event, None)
        self._cancelled.pop(event, None)
        self._closed[event] = now

    def _expire(self, now: float) -> None:
        for event in [e for e, alert in self._issued.items() if policy.closes(alert) <= now]:
            self._close(event, now)
        for event in [e for e, closed in self._closed.items() if closed + _REMEMBERED <= now]:
            del self._closed[event]


def _alert(
    kind: Kind,
    level: Level,
    version: int,
    shaking: ShakingForecast,
    now: float,
    settings: AlertSettings,
    why: Why,
) -> Alert:
    solution = shaking.solution
    where = policy.area(shaking, settings)
    intensity, source = policy.peak(shaking)
    return Alert(
        id=_id(solution.event, version),
        event=solution.event,
        version=version,
        kind=kind,
        mode=settings.mode,
        level=level,
        area=where,
        issued=now,
        expires=_expires(kind, solution.origin, where, now),
        origin=solution.origin,
        magnitude=solution.magnitude,
        rupture=solution.rupture,
        field=policy.field(shaking),
        max_intensity=intensity,
        stations=single_station.stations(solution),
        source=source,
        why=why,
        bias=shaking.bias,
        only_phones=single_station.only_phones(solution),
    )


def _expires(kind: Kind, origin: Origin, where: Area, now: float) -> float:
    return now + policy.CANCEL_VALID if kind == "cancel" else policy.expiry(origin, where, now)


def _id(event: str, version: int) -> str:
    return f"{event}.{version}"
