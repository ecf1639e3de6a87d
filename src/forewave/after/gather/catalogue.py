"""The solution of a catalogue to compare with: a file, or an answer of an FDSN event service."""

import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from forewave.after.gather.from_recording import Choose
from forewave.earth.distance import distance_km
from forewave.errors import ForewaveError, FormatError
from forewave.evaluate.scoring.match import WITHIN_KM, WITHIN_S
from forewave.fdsn.client import within
from forewave.fdsn.event import catalogue
from forewave.formats import bounded
from forewave.formats.recordings import event_info
from forewave.formats.recordings.event_info import EventInfo
from forewave.units import DEGREE_KM

MOST_BYTES = 5_000_000
TIMEOUT_S = 30.0
SCHEMES = ("http://", "https://")


def chooser(source: str) -> Choose:
    """Gives the solution of a source for an earthquake. Raises ForewaveError.

    source: as of `read`, or the address of an FDSN event service, which is asked for the events
    around the earthquake.
    """
    if source.startswith(SCHEMES) and "?" not in source:
        return partial(_asked, source)
    return partial(nearest, read(source))


def _asked(service: str, time: float | None, lat: float, lon: float) -> EventInfo:
    if time is None:
        raise ForewaveError(f"{service}: the time of the earthquake is not known")
    address = f"{service.rstrip('/').removesuffix('/query')}/query?{query(time, lat, lon)}"
    return nearest(read(address), time, lat, lon)


def query(time: float, lat: float, lon: float) -> str:
    """The parameters of an FDSN event service for the events that may be this earthquake."""
    begin, end = (
        datetime.fromtimestamp(time + off, UTC).strftime("%Y-%m-%dT%H:%M:%S")
        for off in (-WITHIN_S - 1.0, WITHIN_S + 1.0)
    )
    parameters = {
        "format": "text",
        "starttime": begin,
        "endtime": end,
        "latitude": f"{lat:.3f}",
        "longitude": f"{lon:.3f}",
        "maxradius": f"{WITHIN_KM / DEGREE_KM:.2f}",
    }
    return urllib.parse.urlencode(parameters)


def read(source: str) -> list[EventInfo]:
    """The events of a file or address.

    A file is an event.json, QuakeML or the text of an FDSN event service; an address is a query of
    such a service. Raises ForewaveError, one line.
    """
    if source.startswith(SCHEMES):
        return _parsed(source, _fetched(source))
    path = Path(source)
    if path.suffix.lower() == ".json":
        return [event_info.read(path)]
    try:
        return _parsed(source, bounded.read(path, MOST_BYTES))
    except OSError as error:
        raise FormatError(f"{path}: {error.strerror}") from None


def nearest(found: Sequence[EventInfo], time: float | None, lat: float, lon: float) -> EventInfo:
    """The event within 30 s and 100 km, the nearest in distance; of a single one nothing is asked.

    time: POSIX seconds, None where it is unknown. Raises ForewaveError if there is none.
    """
    if len(found) == 1:
        return found[0]
    near = []
    for info in found:
        if info.origin_time is None or info.lat is None or info.lon is None or time is None:
            continue
        away_km = float(distance_km(lat, lon, info.lat, info.lon))
        if abs(info.origin_time - time) <= WITHIN_S and away_km <= WITHIN_KM:
            near.append((away_km, info))
    if not near:
        what = f"none of {len(found)} events of the catalogue" if found else "no event"
        raise ForewaveError(f"{what} is within {WITHIN_KM:.0f} km and {WITHIN_S:.0f} s")
    return min(near, key=lambda each: each[0])[1]


def _parsed(source: str, data: bytes) -> list[EventInfo]:
    kind = "xml" if data.lstrip()[:1] == b"<" else "text"
    try:
        found = [info for info in catalogue(kind, data) if info.origin_time is not None]
    except ForewaveError as error:
        raise FormatError(f"{source}: {error}") from None
    if not found:
        raise FormatError(f"{source}: has no event with an origin")
    return found


def _fetched(address: str) -> bytes:
    def ask() -> bytes:
        request = urllib.request.Request(address, headers={"User-Agent": "forewave"})
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
            data: bytes = answer.read(MOST_BYTES + 1)
        return data

    try:
        data = within(2 * TIMEOUT_S, ask)
    except (OSError, ValueError, TimeoutError) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        raise ForewaveError(f"{address}: {' '.join(str(reason).split()) or 'no answer'}") from None
    if len(data) > MOST_BYTES:
        raise ForewaveError(f"{address}: expected at most {MOST_BYTES / 1e6:g} MB, found more")
    return data
