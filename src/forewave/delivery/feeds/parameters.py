"""The parameters of requests: checked, with an error that names the parameter.

There is none for a place. What an alert means at a place is worked out where the place is known.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeAlias, get_args

from msgspec import Meta, Struct

from forewave.types import Mode

LONGEST = 64  # letters of a value
LATEST = 253_402_300_799.0  # the last second of the year 9999
USUAL_LIMIT, MOST_LIMIT = 100, 500

Chosen: TypeAlias = Mode | Literal["all"]
Versions: TypeAlias = Literal["all", "latest"]
Period: TypeAlias = Literal["hour", "day", "week", "month", "all"]
SECONDS: dict[Period, float] = {
    "hour": 3_600.0,
    "day": 86_400.0,
    "week": 7 * 86_400.0,
    "month": 30 * 86_400.0,
    "all": math.inf,
}


class ParameterError(ValueError):
    """A parameter that cannot be used. parameter: its name."""

    def __init__(self, parameter: str, why: str) -> None:
        super().__init__(f"{parameter}: {why}")
        self.parameter = parameter


class Parameter(Struct, frozen=True):
    """How a parameter is read, and how the description of the API shows it."""

    read: Callable[[str], Any]
    default: Any
    schema: dict[str, Any]
    about: str


class AlertQuery(Struct, frozen=True):
    """Which alerts are wanted. since, before: POSIX seconds of issue."""

    since: float = -math.inf
    before: float = math.inf
    limit: int = USUAL_LIMIT
    mode: Chosen = "actual"
    event: str | None = None
    versions: Versions = "all"


class EventQuery(Struct, frozen=True):
    """Which events are wanted. since: POSIX seconds of the last change."""

    period: Period = "month"
    minmagnitude: float = -math.inf
    since: float = -math.inf
    limit: int = USUAL_LIMIT
    mode: Chosen = "actual"
    significant: bool = False


Limit = Annotated[int, Meta(ge=1, le=MOST_LIMIT)]


def time(text: str) -> float:
    """ISO 8601 with a time zone, or POSIX seconds."""
    try:
        found = float(text)
    except ValueError:
        # A plus that was not escaped arrives as a blank.
        moment = datetime.fromisoformat(text.replace(" ", "+"))
        if moment.tzinfo is None:
            raise ValueError from None
        found = moment.timestamp()
    if not 0.0 <= found <= LATEST:
        raise ValueError
    return found


def _whole(most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdecimal()) or not 1 <= int(text) <= most:
            raise ValueError
        return int(text)

    return read


def _span(unit: str, usual: int, most: int) -> Parameter:
    schema = {"type": "integer", "minimum": 1, "maximum": most, "default": usual}
    return Parameter(_whole(most), usual, schema, f"Of the last so many {unit}, 1 to {most}.")


def _magnitude(text: str) -> float:
    found = float(text)
    if not -2.0 <= found <= 11.0:
        raise ValueError
    return found


def _event(text: str) -> str:
    if not text:
        raise ValueError
    return text


def _one_of(words: Sequence[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError
        return text

    return read


def _choice(words: Sequence[str], default: str, about: str) -> Parameter:
    schema = {"type": "string", "enum": list(words), "default": default}
    return Parameter(_one_of(words), default, schema, about)


_MODES = (*get_args(Mode), "all")
_TIME = {"type": "string", "examples": ["2026-01-31T12:00:00Z", "1769860800"]}
_WHOLE = {"type": "integer", "minimum": 1, "maximum": MOST_LIMIT, "default": USUAL_LIMIT}
_LIMIT = Parameter(_whole(MOST_LIMIT), USUAL_LIMIT, _WHOLE, f"At most so many, 1 to {MOST_LIMIT}.")
_MODE = _choice(_MODES, "actual", "Which kind. Drills and tests are marked as such.")
_WHEN = "ISO 8601 with a time zone, or POSIX seconds."
ALERTS: dict[str, Parameter] = {
    "since": Parameter(time, -math.inf, _TIME, f"Issued after this time. {_WHEN}"),
    "before": Parameter(time, math.inf, _TIME, f"Issued before this time. {_WHEN}"),
    "limit": _LIMIT,
    "mode": _MODE,
    "event": Parameter(_event, None, {"type": "string", "maxLength": LONGEST}, "Of this event."),
    "versions": _choice(get_args(Versions), "all", "All versions, or the latest of each event."),
}
ATOM = {name: each for name, each in ALERTS.items() if name != "versions"}
ONE_EVENT = {"mode": _MODE}
FELT = {"hours": _span("hours", 1, 168)}
DRILLS = {"days": _span("days", 30, 366)}
EVENTS: dict[str, Parameter] = {
    "period": _choice(get_args(Period), "month", "Origin time within the last hour, day, ..."),
    "minmagnitude": Parameter(
        _magnitude, -math.inf, {"type": "number", "minimum": -2, "maximum": 11}, "Least magnitude."
    ),
    "since": Parameter(time, -math.inf, _TIME, f"Changed after this time. {_WHEN}"),
    "limit": _LIMIT,
    "mode": _MODE,
}


def read(
    given: Sequence[tuple[str, str]], known: Mapping[str, Parameter], kind: type[Struct]
) -> Any:
    """The query that was asked. given: names and values. Raises ParameterError."""
    values: dict[str, Any] = {}
    for name, text in given:
        shown = name[:LONGEST]
        if name not in known:
            allowed = ", ".join(known) or "none"
            raise ParameterError(shown, f"no such parameter; expected one of: {allowed}")
        if name in values:
            raise ParameterError(shown, "given more than once")
        values[name] = _value(name, text, known[name])
    return kind(**values)


def _value(name: str, text: str, parameter: Parameter) -> Any:
    try:
        if len(text) > LONGEST:
            raise ValueError
        return parameter.read(text)
    except (ValueError, OverflowError):
        raise ParameterError(
            name, f"{text[:LONGEST]!r} cannot be used. {expected(parameter)}"
        ) from None


def expected(parameter: Parameter) -> str:
    """What values it takes, in words."""
    words = parameter.schema.get("enum")
    return f"Expected one of: {', '.join(words)}." if words else f"Expected: {parameter.about}"


def moment(seconds: float) -> str:
    """ISO 8601 in UTC, to the millisecond."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")[:-6] + "Z"
