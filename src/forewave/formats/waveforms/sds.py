"""The SeisComP Data Structure (SDS): the file of a stream and day in an archive.

YEAR/NET/STA/CHAN.D/NET.STA.LOC.CHAN.D.YEAR.DOY, days of UTC.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from forewave.errors import FormatError
from forewave.formats import codes
from forewave.types import StreamId

DAY = 86_400.0
NAME = re.compile(codes.PATTERN + r"\.D\.([0-9]{4})\.([0-9]{3})")


def place(stream: StreamId, time: float) -> Path:
    """The file of a stream at a POSIX time, relative to the archive.

    Raises FormatError for a name that could lead out of the archive, or a time out of range.
    """
    if not codes.is_safe(stream):
        raise FormatError(
            f"{stream!s:.80}: expected a stream as NET.STA.LOC.CHA of letters and digits"
        )
    try:
        day = datetime.fromtimestamp(time, UTC)
    except (ValueError, OverflowError, OSError):
        raise FormatError(f"{stream}: expected a time in POSIX seconds, found {time:g}") from None
    year, number = f"{day:%Y}", f"{day:%j}"
    folder = Path(year, stream.network, stream.station, f"{stream.channel}.D")
    return folder / f"{stream}.D.{year}.{number}"


def named(file: Path) -> tuple[StreamId, float] | None:
    """Stream and start of the day of a file, by its name; None for other files."""
    match = NAME.fullmatch(file.name)
    if match is None or not 1 <= int(match[6]) <= 366:
        return None
    day = datetime(int(match[5]), 1, 1, tzinfo=UTC) + timedelta(int(match[6]) - 1)
    return StreamId(*match.groups()[:4]), day.timestamp()


def next_day(time: float) -> float:
    """The first midnight (UTC) after a POSIX time."""
    return (time // DAY + 1) * DAY


def files(root: Path) -> Iterator[tuple[Path, StreamId, float]]:
    """(file, stream, start of its day) of every file in the archive."""
    for file in sorted(root.glob("[0-9][0-9][0-9][0-9]/*/*/*.D/*.D.*")):
        known = named(file)
        if known is not None:
            yield file, *known
