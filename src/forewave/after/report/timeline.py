"""The timeline: every message with what changed since the one before, and its stages."""

from math import isfinite

from forewave.after.history import EventHistory
from forewave.after.report.report import BudgetRow, Stages, TimelineRow
from forewave.alerts import alert_text
from forewave.earth.distance import distance_km
from forewave.earth.place_name import place_name
from forewave.evaluate.scoring.playback import IssuedAlert
from forewave.types import PHONES, Alert, Solution

MOVED_KM, GREW, STRONGER = 1.0, 0.05, 0.25  # smaller changes are not named


def timeline(history: EventHistory, origin_time: float) -> tuple[TimelineRow, ...]:
    """All messages, of any event, in the order of their issue. origin_time: POSIX seconds."""
    before: dict[str, Alert] = {}
    rows = []
    for issued in history.alerts:
        alert = issued.alert
        rows.append(_row(history, issued, before.get(alert.event), origin_time))
        before[alert.event] = alert
    return tuple(rows)


def _row(
    history: EventHistory, issued: IssuedAlert, before: Alert | None, origin_time: float
) -> TimelineRow:
    alert = issued.alert
    origin = alert.origin
    return TimelineRow(
        event=alert.event,
        version=alert.version,
        after=issued.issued - origin_time,
        utc=issued.issued,
        kind=alert.kind,
        level=alert.level,
        magnitude=alert.magnitude.value,
        sigma=alert.magnitude.sigma,
        place=place_name(origin.lat, origin.lon),
        lat=origin.lat,
        lon=origin.lon,
        depth_km=origin.depth_km,
        intensity=alert.max_intensity if isfinite(alert.max_intensity) else None,
        stations=alert.stations,
        change=change(before, alert),
        stages=_stages(history, issued, origin_time),
    )


def change(before: Alert | None, alert: Alert) -> str:
    """What an alert changes, in words."""
    if alert.kind == "cancel":
        return f"cancelled: {alert_text.reason(alert)}"
    if before is None:
        return f"first message, from {alert_text.basis(alert)}"
    if before.kind == "cancel":
        return "issued again after the cancellation"
    parts = [*_level(before, alert), *_figures(before, alert)]
    return ", ".join(parts) or "smaller changes only"


def _level(before: Alert, alert: Alert) -> list[str]:
    parts = []
    if before.level != alert.level:
        raised = alert.level == "action"
        parts.append("raised to “take action”" if raised else "lowered to “be aware”")
    if before.stations == 1 and alert.stations > 1:
        parts.append(f"confirmed by {alert_text.basis(alert)}")
    return parts


def _figures(before: Alert, alert: Alert) -> list[str]:
    parts = []
    if abs(alert.magnitude.value - before.magnitude.value) >= GREW:
        parts.append(f"magnitude {before.magnitude.value:.1f} to {alert.magnitude.value:.1f}")
    one, other = before.origin, alert.origin
    moved = float(distance_km(one.lat, one.lon, other.lat, other.lon))
    if moved >= MOVED_KM:
        parts.append(f"epicentre moved {moved:.0f} km")
    if abs(alert.max_intensity - before.max_intensity) >= STRONGER:
        parts.append(f"strongest shaking {before.max_intensity:.1f} to {alert.max_intensity:.1f}")
    if alert.rupture is not None and before.rupture is None:
        parts.append("rupture line added")
    return parts


def _stages(history: EventHistory, issued: IssuedAlert, origin_time: float) -> Stages:
    alert = issued.alert
    found = _solution(history, issued)
    onset, known = (None, None) if found is None else _newest_pick(history, found[1])
    signed = history.signed.get((alert.event, alert.version))

    def since(time: float | None) -> float | None:
        return None if time is None else time - origin_time

    return Stages(
        since(onset),
        since(known),
        None if found is None else since(found[0]),
        issued.issued - origin_time,
        since(signed),
    )


def _solution(history: EventHistory, issued: IssuedAlert) -> tuple[float, Solution] | None:
    """The last solution before a message, and when it was issued."""
    known = [
        (when, solution)
        for when, solution in history.solutions
        if solution.event == issued.alert.event and when <= issued.issued
    ]
    return known[-1] if known else None


def _newest_pick(history: EventHistory, solution: Solution) -> tuple[float | None, float | None]:
    """Onset of the newest pick of a solution, and when it was known."""
    used = [a for a in solution.picks if a.weight > 0.0 and a.station != PHONES]
    known = {pick.id: when for when, pick in history.picks}
    newest = max(used, key=lambda arrival: known.get(arrival.pick, arrival.time), default=None)
    return (None, None) if newest is None else (newest.time, known.get(newest.pick))


def budget(history: EventHistory, event: str, origin_time: float) -> tuple[BudgetRow, ...]:
    """Where the time until the first message of an event went; nothing without a message."""
    issued = [each for each in history.alerts if each.alert.event == event]
    found = _solution(history, issued[0]) if issued else None
    if not issued or found is None:
        return ()
    stages = _stages(history, issued[0], origin_time)
    onsets = [a.time for a in found[1].picks if a.weight > 0.0 and a.station != PHONES]
    first = min(onsets) - origin_time if onsets else None
    rows = (
        ("First P wave", "from the origin to the first station that picked it", first),
        ("Further P waves", "to the last pick of the first message", _less(stages.onset, first)),
        ("Packet", "until the packet with it had come and was picked", _packet(stages)),
        ("Solution", "location and magnitude", _less(stages.solution, stages.pick)),
        ("Decision", "shaking forecast and alert policy", _less(stages.alert, stages.solution)),
        ("Signature", "signed and handed to connections", _less(stages.signed, stages.alert)),
    )
    return tuple(BudgetRow(*each) for each in rows)


def _packet(stages: Stages) -> float | None:
    return _less(stages.pick, stages.onset)


def _less(end: float | None, begin: float | None) -> float | None:
    return None if end is None or begin is None else end - begin
