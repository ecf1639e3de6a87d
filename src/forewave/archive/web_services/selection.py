"""Which streams and times a request asks for, by GET or by POST: of stations and of waveforms."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct
from starlette.requests import ClientDisconnect, Request

from forewave.archive.web_services.parameters import Table, pattern_of, read
from forewave.archive.web_services.refusal import RefusedError
from forewave.formats.dates import posix
from forewave.types import StreamId

LONGEST = 1_000_000  # bytes of a POST
MOST_LINES = 5_000
CODES = ("network", "station", "location", "channel")
ANY = re.compile(".*")


class Selection(Struct, frozen=True):
    """Patterns of the four codes, and from when to when, POSIX seconds; None: not limited."""

    network: re.Pattern[str] = ANY
    station: re.Pattern[str] = ANY
    location: re.Pattern[str] = ANY
    channel: re.Pattern[str] = ANY
    begin: float | None = None
    end: float | None = None

    def has(self, stream: StreamId) -> bool:
        """Whether a stream fits its patterns."""
        return all(getattr(self, name).fullmatch(getattr(stream, name)) for name in CODES)


async def asked(request: Request, known: Table) -> tuple[dict[str, Any], list[Selection]]:
    """The parameters of a request, and its selections: one of GET, one a line of POST.

    Raises RefusedError.
    """
    if request.method != "POST":
        values = read(request.query_params.multi_items(), known)
        return values, [_of_parameters(values)]
    lines = (await _body(request)).splitlines()
    given = [line.split("=", 1) for line in lines if "=" in line]
    forbidden = (*CODES, "starttime", "endtime", "start", "end", "net", "sta", "loc", "cha")
    for name, _ in given:
        if name.strip().lower() in forbidden:
            raise RefusedError(400, f"{name.strip()[:20]}: in a POST it stands in the lines")
    values = read([(name.strip(), value.strip()) for name, value in given], known)
    chosen = [line for line in lines if line.strip() and "=" not in line]
    if not chosen:
        raise RefusedError(400, "expected lines with NET STA LOC CHAN START END, found none")
    if len(chosen) > MOST_LINES:
        raise RefusedError(413, f"{len(chosen)} lines, at most {MOST_LINES}")
    return values, [_of_line(number, line) for number, line in enumerate(chosen, 1)]


def _of_parameters(values: Mapping[str, Any]) -> Selection:
    patterns = {name: values[name] for name in CODES if values[name] is not None}
    return _checked(Selection(**patterns, begin=values["starttime"], end=values["endtime"]))


def _of_line(number: int, line: str) -> Selection:
    cells = line.split()
    if len(cells) != 6:
        why = f"expected NET STA LOC CHAN START END, found {line.strip()[:60]!r}"
        raise RefusedError(400, f"line {number}: {why}")
    try:
        codes = {name: pattern_of(cell) for name, cell in zip(CODES, cells[:4], strict=True)}
        begin, end = (None if cell == "*" else posix(cell) for cell in cells[4:])
    except ValueError as error:
        raise RefusedError(400, f"line {number}: {error}") from None
    return _checked(Selection(**codes, begin=begin, end=end))


def _checked(selection: Selection) -> Selection:
    begin, end = selection.begin, selection.end
    if begin is not None and end is not None and begin > end:
        raise RefusedError(400, "starttime: expected at most endtime")
    return selection


async def _body(request: Request) -> str:
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LONGEST:
                raise RefusedError(413, f"more than {LONGEST} bytes")
        return body.decode("ascii")
    except UnicodeDecodeError:
        raise RefusedError(400, "expected ASCII text") from None
    except ClientDisconnect:
        raise RefusedError(400, "the request was not sent to its end") from None


def any_has(selections: Sequence[Selection], stream: StreamId) -> bool:
    """Whether one of them has a stream."""
    return any(each.has(stream) for each in selections)
