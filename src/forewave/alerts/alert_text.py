"""Text for alerts, the same in terminals and logs."""

from forewave.types import Alert

_LEVEL = {"aware": "be aware", "action": "take action"}
_REASON = {"false": "no earthquake", "smaller": "smaller than first thought"}


def title(alert: Alert) -> str:
    """Kind and level: "ALERT (take action)", "SINGLE-STATION ALERT (take action)"."""
    kind = "PHONE-ONLY " if alert.only_phones else "SINGLE-STATION " * (alert.stations == 1)
    return f"{kind}ALERT ({_LEVEL[alert.level]})"


def lowered(alert: Alert) -> str:
    """Text of an update below the level of the version before it."""
    return f"alert lowered ({_LEVEL[alert.level]})"


def cancelled(alert: Alert) -> str:
    """Text of a cancel, with its reason."""
    return f"alert cancelled ({reason(alert)})"


def reason(alert: Alert) -> str:
    """Why an alert was cancelled."""
    return _REASON.get(alert.why or "", "reason not given")


def basis(alert: Alert) -> str:
    """What it is based on. A solution resumed after a restart has no picks of its own yet."""
    if alert.only_phones:
        return "phones only"
    if alert.stations == 0:
        return "carried over from earlier picks"
    return f"{alert.stations} station{'s' * (alert.stations != 1)}"
