"""The room that decides to warn people: outlooks in, alerts out.

What an event's alert goes through:

    outlook             told nothing      told              cancelled (smaller)
    worth it, trusted   -> told: new      stays             -> told: update
    changed, a level    -                 stays: update     -
    below every level   -                 -> cancelled      -
    withdrawn           forgotten         -> closed: cancel -> closed
    expired             -                 -> closed         -> closed

An outlook of one station can be the first, and gives a notice (notice.py). After that it changes
nothing: a told notice waits for an outlook of several stations that is trusted (-> told: update,
at once), for one below every level (-> cancelled), or for its end.

A higher level goes out at once; any other change waits until some time has passed since the
last version (policy.next_time: soon where people are newly threatened), and then goes out with
what is known by then. Nothing follows a closed event.
"""

from typing import Literal, TypeAlias

from msgspec.structs import replace

from forewave.alerts import policy, single_station
from forewave.alerts.policy import AlertSettings
from forewave.types import Alert, Area, Kind, Level, Origin, Outlook

Why: TypeAlias = Literal["false", "smaller"] | None
_REMEMBERED = 3600.0  # seconds for which a closed event stays closed


class Issuer:
    """One region's decisions. Same outlooks at the same times: same alerts, ids included."""

    def __init__(self, settings: AlertSettings | None = None) -> None:
        self._settings = settings or AlertSettings()
        self._told: dict[str, Alert] = {}
        self._strongest: dict[str, float] = {}  # of all versions told
        self._closed: dict[str, float] = {}
        self._waiting: dict[str, Outlook] = {}

    def feed(self, item: Outlook, now: float) -> list[Alert]:
        """Take what is known of an event now; answer at most one alert."""
        self._expire(now)
        event = item.solution.event
        if event in self._closed:
            return []
        if item.solution.withdrawn is not None:
            return self._withdraw(event, now)
        if event in self._told:
            return self._review(item, now)
        return self._first(item, now)

    def resume(self, told: Alert, now: float) -> None:
        """Take up what people were told before this room was made; its versions count on."""
        if told.why == "false":
            self._closed[told.event] = told.issued
        else:
            self._remember(told)
        self._expire(now)

    def wait(self, outlook: Outlook) -> None:
        """Review an outlook of an event whose alert was resumed, as soon as a change may follow."""
        if outlook.solution.event in self._told:
            self._waiting[outlook.solution.event] = outlook

    def tick(self, now: float) -> list[Alert]:
        """Issue the changes that had to wait."""
        self._expire(now)
        due = [o for event, o in self._waiting.items() if self._may_follow(event) <= now]
        return [alert for outlook in due for alert in self._review(outlook, now)]

    def deadline(self) -> float | None:
        """When the next waiting change may go out."""
        return min(map(self._may_follow, self._waiting), default=None)

    def _may_follow(self, event: str) -> float:
        return self._next_time(event, self._waiting[event])

    def _next_time(self, event: str, outlook: Outlook) -> float:
        told, strongest = self._told[event], self._strongest[event]
        return policy.next_time(told, outlook, self._settings, strongest)

    def _first(self, outlook: Outlook, now: float) -> list[Alert]:
        if single_station.is_notice(outlook.solution):
            outlook = single_station.local(outlook)
        level = policy.level(outlook, self._settings)
        if level is None or not policy.trusted(outlook, self._settings):
            return []
        return [self._say("new", level, outlook, now)]

    def _review(self, outlook: Outlook, now: float) -> list[Alert]:
        """People have been told of this event: does this outlook change anything for them?"""
        event = outlook.solution.event
        if single_station.is_notice(outlook.solution) or self._is_echo(outlook):
            return []
        self._waiting.pop(event, None)
        if not policy.complete(outlook):
            return []
        told = self._told[event]
        held = None if told.kind == "cancel" else told.level
        level = policy.level(outlook, self._settings, held)
        if held is None or (level is not None and told.stations == 1):
            return self._again(level, outlook, now)
        urgent = policy.rises(held, level)
        if not urgent and level == held and not policy.differs(told, outlook):
            return []
        if not urgent and now < self._next_time(event, outlook):
            self._waiting[event] = outlook
            return []
        if level is None:
            return [self._say("cancel", held, outlook, now, "smaller")]
        return [self._say("update", level, outlook, now)]

    def _is_echo(self, outlook: Outlook) -> bool:
        """A solution without picks, as after a restart: no second station has confirmed it."""
        alone = self._told[outlook.solution.event].stations == 1
        return alone and single_station.stations(outlook.solution) == 0

    def _again(self, level: Level | None, outlook: Outlook, now: float) -> list[Alert]:
        """A notice confirmed, or called smaller and is not: with a first alert's certainty."""
        if level is None or not policy.trusted(outlook, self._settings):
            return []
        return [self._say("update", level, outlook, now)]

    def _withdraw(self, event: str, now: float) -> list[Alert]:
        told = self._told.get(event)
        self._close(event, now)
        if told is None or told.kind == "cancel":
            return []
        version = told.version + 1
        return [
            replace(
                told,
                id=_id(event, version),
                version=version,
                kind="cancel",
                why="false",
                issued=now,
                expires=now + policy.CANCEL_VALID,
            )
        ]

    def _say(
        self, kind: Kind, level: Level, outlook: Outlook, now: float, why: Why = None
    ) -> Alert:
        """The event's next version, remembered as what people have been told."""
        event = outlook.solution.event
        version = self._told[event].version + 1 if event in self._told else 1
        alert = _alert(kind, level, version, outlook, now, self._settings, why)
        if alert.stations == 0 and event in self._told:  # carried over: it stands on what it did
            alert = replace(alert, stations=self._told[event].stations)
        self._remember(alert)
        return alert

    def _remember(self, alert: Alert) -> None:
        """As what people have been told."""
        strong = policy.strength(alert.magnitude, alert.bias)
        self._strongest[alert.event] = max(strong, self._strongest.get(alert.event, strong))
        self._told[alert.event] = alert

    def _close(self, event: str, now: float) -> None:
        self._told.pop(event, None)
        self._strongest.pop(event, None)
        self._waiting.pop(event, None)
        self._closed[event] = now

    def _expire(self, now: float) -> None:
        for event in [e for e, alert in self._told.items() if policy.closes(alert) <= now]:
            self._close(event, now)
        for event in [e for e, closed in self._closed.items() if closed + _REMEMBERED <= now]:
            del self._closed[event]


def _alert(
    kind: Kind,
    level: Level,
    version: int,
    outlook: Outlook,
    now: float,
    settings: AlertSettings,
    why: Why,
) -> Alert:
    solution = outlook.solution
    where = policy.area(outlook, settings)
    intensity, source = policy.peak(outlook)
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
        field=policy.field(outlook),
        max_intensity=intensity,
        stations=single_station.stations(solution),
        source=source,
        why=why,
        bias=outlook.bias,
        only_phones=single_station.only_phones(solution),
    )


def _expires(kind: Kind, origin: Origin, where: Area, now: float) -> float:
    return now + policy.CANCEL_VALID if kind == "cancel" else policy.expiry(origin, where, now)


def _id(event: str, version: int) -> str:
    return f"{event}.{version}"
