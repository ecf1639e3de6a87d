"""Parameters of the services: their names and short names, how each is read, and what it means."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import inf
from typing import Any

from msgspec import Struct

from forewave.archive.web_services.refusal import RefusedError
from forewave.formats.dates import posix

LONGEST = 1000  # letters of a value
SHOWN = 60  # letters of a value that are repeated
_CODES = re.compile(r"[A-Za-z0-9*?_-]{1,40}")


class Parameter(Struct, frozen=True):
    """kind: as in WADL. options: the values that are taken, if these are few."""

    name: str
    read: Callable[[str], Any]
    kind: str
    about: str
    default: Any = None
    short: str = ""
    options: tuple[str, ...] = ()


Table = Mapping[str, Parameter]


def table(*known: Parameter) -> Table:
    """By name."""
    return {each.name: each for each in known}


def read(given: Iterable[tuple[str, str]], known: Table) -> dict[str, Any]:
    """The value of each parameter, or its default. Raises RefusedError."""
    names = {each.short: each.name for each in known.values() if each.short}
    values: dict[str, Any] = {}
    for asked, text in given:
        lower = asked.lower()
        name = names.get(lower, lower)
        if name not in known:
            allowed = ", ".join(known)
            raise RefusedError(400, f"{asked[:SHOWN]}: no such parameter; there are: {allowed}")
        if name in values:
            raise RefusedError(400, f"{name}: given more than once")
        values[name] = _value(known[name], text)
    return {name: values.get(name, each.default) for name, each in known.items()}


def _value(parameter: Parameter, text: str) -> Any:
    try:
        if len(text) > LONGEST:
            raise ValueError("too long")
        return parameter.read(text)
    except (ValueError, OverflowError):
        allowed = f"one of {', '.join(parameter.options)}" if parameter.options else parameter.about
        found = repr(text[:SHOWN])
        raise RefusedError(400, f"{parameter.name}: found {found}, expected {allowed}") from None


def when(name: str, about: str, short: str = "", default: float | None = None) -> Parameter:
    """A time: ISO 8601 in UTC, with or without a time of day."""
    about = f"{about} (as 2026-01-31T12:00:00, UTC)"
    return Parameter(name, _time, "xs:dateTime", about, default, short)


def number(
    name: str, least: float, most: float, about: str, short: str = "", default: Any = None
) -> Parameter:
    """A number within limits."""

    def read(text: str) -> float:
        found = float(text)
        if not least <= found <= most:
            raise ValueError
        return found

    limits = f"{least:g} to {most:g}" if most < inf else f"{least:g} or more"
    return Parameter(name, read, "xs:float", f"{about} ({limits})", default, short)


def whole(name: str, least: int, about: str, default: int | None = None) -> Parameter:
    """A whole number."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdecimal()) or not least <= int(text) < 2**31:
            raise ValueError
        return int(text)

    return Parameter(name, read, "xs:int", f"{about} ({least} or more)", default)


def flag(name: str, about: str, default: bool = False) -> Parameter:
    """True or false."""
    answers = {"true": True, "false": False}

    def read(text: str) -> bool:
        if text.lower() not in answers:
            raise ValueError
        return answers[text.lower()]

    return Parameter(name, read, "xs:boolean", about, default, options=("true", "false"))


def absent(name: str, about: str) -> Parameter:
    """A flag of the specification that may only be false here."""

    def read(text: str) -> bool:
        if text.lower() != "false":
            raise ValueError
        return False

    about = f"{about}; not served"
    return Parameter(name, read, "xs:boolean", about, False, options=("false",))


def choice(name: str, options: Sequence[str], about: str, default: str | None = None) -> Parameter:
    """One of some words."""
    lower = {each.lower(): each for each in options}

    def read(text: str) -> str:
        if text.lower() not in lower:
            raise ValueError
        return lower[text.lower()]

    return Parameter(name, read, "xs:string", about, default, options=tuple(options))


def text(name: str, about: str, short: str = "") -> Parameter:
    """Any printable text."""

    def read(given: str) -> str:
        if not given or not given.isprintable():
            raise ValueError
        return given

    return Parameter(name, read, "xs:string", about, None, short)


def patterns(name: str, about: str, short: str) -> Parameter:
    """Codes with * and ?, several with commas; "--" is the empty one."""
    about = f"{about}: * and ? are wildcards, commas divide several"
    return Parameter(name, pattern_of, "xs:string", about, None, short)


NODATA = Parameter(
    "nodata", lambda text: {"204": 204, "404": 404}.get(text) or _refuse(), "xs:int",
    "Status when nothing fits", 204, options=("204", "404"),
)  # fmt: skip


def pattern_of(text: str) -> re.Pattern[str]:
    """Matches any of the codes, whole. Raises ValueError."""
    parts = []
    for each in text.split(","):
        code = each.strip()
        if code in ("--", ""):
            if code == "" and text.strip():
                raise ValueError("an empty code")
            parts.append("")
        elif not _CODES.fullmatch(code):
            raise ValueError("no code")
        else:
            parts.append(re.escape(code.upper()).replace(r"\*", ".*").replace(r"\?", "."))
    return re.compile("|".join(f"(?:{part})" for part in parts) or "(?:)")


def _time(text: str) -> float:
    found = posix(text)
    if found == inf:
        raise ValueError
    return found


def _refuse() -> int:
    raise ValueError
