"""/api/events: one feature per event that was alerted of, in the layout of the USGS summary feeds.

Source: https://earthquake.usgs.gov/earthquakes/feed/v1.0/geojson.php and GeoJSON (RFC 7946). The
properties have the names and units of that layout, so that programs for it read these too. What
forewave does not know is null. An event whose alert was cancelled as false is left out, as USGS
leaves out deleted events.
"""

from collections.abc import Sequence
from typing import Literal
from urllib.parse import quote

from msgspec import Struct

from forewave.delivery.feeds.history import Entry, latest
from forewave.delivery.feeds.parameters import SECONDS, EventQuery
from forewave.earth.place_name import place_name
from forewave.types import Level, Mode

NET = "forewave"
SIGNIFICANT = 600  # as in the "significant" feeds
MARKS: dict[Mode, str] = {"actual": "", "drill": "DRILL - ", "test": "TEST - "}


class Geometry(Struct, frozen=True, tag_field="type", tag="Point"):
    """Longitude and latitude in degrees, depth in km."""

    coordinates: tuple[float, float, float]


class Properties(Struct, frozen=True, kw_only=True):
    """Of the USGS layout; times are ms since 1970. The last four are forewave's own.

    type is "earthquake" for actual events only; drills and tests have their mode there.
    """

    mag: float
    place: str
    time: int
    updated: int
    tz: None
    url: str
    detail: str
    felt: None
    cdi: None
    mmi: None
    alert: None
    status: Literal["automatic"]
    tsunami: Literal[0]
    sig: int
    net: str
    code: str
    ids: str
    sources: str
    types: str
    nst: int | None
    dmin: None
    rms: None
    gap: None
    magType: str  # noqa: N815 (a name of the layout)
    type: Literal["earthquake", "drill", "test"]
    title: str
    mode: Mode
    level: Level
    version: int
    magError: float  # noqa: N815 (as in USGS' CSV)


class Feature(Struct, frozen=True, tag_field="type", tag="Feature"):
    """One event."""

    properties: Properties
    geometry: Geometry
    id: str


class Metadata(Struct, frozen=True):
    """Of the answer. generated: ms of the last change."""

    generated: int
    url: str
    title: str
    status: Literal[200]
    api: str
    count: int


class FeatureCollection(Struct, frozen=True, omit_defaults=True, tag_field="type"):
    """The answer. bbox: least and greatest longitude, latitude and depth; none without events."""

    metadata: Metadata
    features: tuple[Feature, ...]
    bbox: tuple[float, float, float, float, float, float] | None = None


class Chosen(Struct, frozen=True):
    """The events of a query, newest first. changed: when the choice last changed, POSIX seconds."""

    entries: tuple[Entry, ...]
    changed: float


def choose(entries: Sequence[Entry], query: EventQuery, now: float) -> Chosen:
    """The last version of each event that was asked for. now: by the server's clock."""
    kept = [entry for entry in latest(entries).values() if _is_wanted(entry, query)]
    oldest = now - SECONDS[query.period]
    within = [entry for entry in kept if entry.message.t0 / 1000.0 >= oldest]
    newest_first = sorted(within, key=lambda entry: -entry.message.t0)
    left = [entry.message.t0 / 1000.0 for entry in kept if entry.message.t0 / 1000.0 < oldest]
    dropped = max(left) + SECONDS[query.period] if left else 0.0
    issued = (e.issued for e in entries if query.mode in (e.message.mode, "all"))
    changed = max(dropped, max(issued, default=0.0))
    return Chosen(tuple(newest_first[: query.limit]), changed)


def collection(chosen: Chosen, base: str, url: str, title: str) -> FeatureCollection:
    """The answer. base: address of the server with a slash at its end. url: of this answer."""
    features = tuple(feature(entry, base) for entry in chosen.entries)
    generated = round(max(0.0, chosen.changed) * 1000)
    metadata = Metadata(generated, url, title, 200, "1.0", len(features))
    return FeatureCollection(metadata, features, _box(features))


def feature(entry: Entry, base: str) -> Feature:
    """One event."""
    message = entry.message
    place, mark = place_name(message.lat, message.lon), MARKS[message.mode]
    detail = f"{base}api/events/{quote(message.id, safe='')}" + (
        "" if not mark else f"?mode={message.mode}"
    )
    properties = Properties(
        mag=message.m,
        place=mark + place,
        time=message.t0,
        updated=message.iss,
        tz=None,
        url=detail,
        detail=detail,
        felt=None,
        cdi=None,
        mmi=None,
        alert=None,
        status="automatic",
        tsunami=0,
        sig=significance(message.m),
        net=NET,
        code=message.id,
        ids=f",{message.id},",
        sources=f",{NET},",
        types=",origin,",
        nst=message.ns,
        dmin=None,
        rms=None,
        gap=None,
        magType="m",
        type="earthquake" if message.mode == "actual" else message.mode,
        title=f"{mark}M {message.m:.1f} - {place}",
        mode=message.mode,
        level=message.level,
        version=message.n,
        magError=message.sm,
    )
    return Feature(properties, Geometry((message.lon, message.lat, message.dep)), message.id)


def significance(magnitude: float) -> int:
    """The part of USGS' `sig` that the magnitude gives: 100 m^2 / 6.5."""
    return round(magnitude * 100.0 * (magnitude / 6.5))


def _is_wanted(entry: Entry, query: EventQuery) -> bool:
    message = entry.message
    false = message.kind == "cancel" and message.why == "false"
    return (
        not false
        and query.mode in (message.mode, "all")
        and message.m >= query.minmagnitude
        and entry.issued > query.since
        and (not query.significant or significance(message.m) >= SIGNIFICANT)
    )


def _box(
    features: Sequence[Feature],
) -> tuple[float, float, float, float, float, float] | None:
    if not features:
        return None
    lon, lat, depth = zip(*(f.geometry.coordinates for f in features), strict=True)
    return min(lon), min(lat), min(depth), max(lon), max(lat), max(depth)
