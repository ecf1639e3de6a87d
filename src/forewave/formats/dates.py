"""Dates and times of inventories and catalogues, in POSIX seconds.

ISO 8601 in its usual forms, also with slashes, and SEED's year and day of the year. Surrounding
blanks are ignored. Second 60 (a leap second) is the beginning of the next minute, as in POSIX
time, and 24:00:00 the beginning of the next day.
"""

import re
from datetime import UTC, datetime, timedelta
from math import inf

_FORM = re.compile(
    r"(?P<year>\d{4})(?:(?P<day_of_year>[-/,.]?\d{3})|[-/.]?(?P<month>\d{1,2})[-/.]?(?P<day>\d{1,2}))"
    r"(?:(?:\s*[T,\s]\s*)(?P<hour>\d{1,2})(?::?(?P<minute>\d{2})(?::?(?P<second>\d{2})"
    r"(?:[.,](?P<fraction>\d+))?)?)?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?",
    re.IGNORECASE,
)


def posix(text: str) -> float:
    """POSIX seconds of a date or time; UTC if it names no zone. Raises ValueError of one line.

    Times after the year 9999 (open ends) are `inf`.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text.strip()!r}: expected a date as 2020-12-31T23:59:59")
    try:
        time = _date(found) + _time(found)
    except OverflowError:
        return inf
    except ValueError as why:
        raise ValueError(f"{text.strip()!r}: {why}") from None
    return (time - _zone(found["zone"] or "Z")).timestamp()


def posix_or(text: str | None, otherwise: float) -> float:
    """As `posix`; `otherwise` if the text is None or blank."""
    return posix(text) if text and text.strip() else otherwise


def _date(found: re.Match[str]) -> datetime:
    year = int(found["year"])
    if not found["day_of_year"]:
        return datetime(year, int(found["month"]), int(found["day"]), tzinfo=UTC)
    number = int(found["day_of_year"].lstrip("-/,."))
    if not 1 <= number <= 366:
        raise ValueError("expected a day of the year from 1 to 366")
    return datetime(year, 1, 1, tzinfo=UTC) + timedelta(number - 1)


def _time(found: re.Match[str]) -> timedelta:
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    whole_day = hour == 24 and minute == second == 0
    if not ((hour <= 23 or whole_day) and minute <= 59 and second <= 60):
        raise ValueError("expected a time from 00:00:00 to 24:00:00")
    part = float(f"0.{found['fraction'] or 0}")
    return timedelta(hours=hour, minutes=minute, seconds=second, microseconds=round(part * 1e6))


def _zone(text: str) -> timedelta:
    if text[0] not in "+-":
        return timedelta()
    digits = text[1:].replace(":", "").ljust(4, "0")
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -ahead if text[0] == "-" else ahead
