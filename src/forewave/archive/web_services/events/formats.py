"""Events of the catalogue as FDSN's text, and as GeoJSON in the layout of USGS' feeds."""

from collections.abc import Sequence
from math import isfinite
from urllib.parse import quote

import msgspec

from forewave.archive.catalogue.query import Event
from forewave.archive.web_services.events.quakeml import AGENCY, MARKS, iso, public_id, type_of

HEAD = (
    "#EventID|Time|Latitude|Longitude|Depth/km|Author|Catalog|Contributor|ContributorID|"
    "MagType|Magnitude|MagAuthor|EventLocationName|EventType\n"
)
SIGNIFICANT = 100.0 / 6.5  # USGS' `sig` by m^2


def as_text(events: Sequence[Event], names: Sequence[str]) -> bytes:
    """One event a line."""
    lines = [_line(event, name) for event, name in zip(events, names, strict=True)]
    return (HEAD + "".join(lines)).encode()


def as_geojson(events: Sequence[Event], names: Sequence[str], base: str, created: float) -> bytes:
    """A feature collection. base: address of the event service. created: POSIX seconds."""
    pairs = zip(events, names, strict=True)
    metadata = {
        "generated": round(created * 1000),
        "title": AGENCY,
        "status": 200,
        "api": "1.2.0",
        "count": len(events),
    }
    features = [_feature(event, name, base) for event, name in pairs]
    found = {"type": "FeatureCollection", "metadata": metadata, "features": features}
    return msgspec.json.encode(found)


def _line(event: Event, name: str) -> str:
    latest = event.latest
    cells = (
        event.id,
        iso(latest.origin.time)[:-1],
        f"{latest.origin.lat:.4f}",
        f"{latest.origin.lon:.4f}",
        f"{latest.origin.depth_km:.1f}",
        *(AGENCY, AGENCY, AGENCY),
        event.id,
        latest.magnitude.kind,
        f"{latest.magnitude.value:.2f}",
        AGENCY,
        MARKS[event.mode] + name,
        type_of(event),
    )
    return "|".join(cell.replace("|", "/") for cell in cells) + "\n"


def _feature(event: Event, name: str, base: str) -> dict[str, object]:
    latest, mark = event.latest, MARKS[event.mode]
    origin, magnitude = latest.origin, latest.magnitude
    detail = f"{base}query?eventid={quote(public_id(event), safe='')}&format=geojson"
    properties = {
        "mag": round(magnitude.value, 2),
        "place": mark + name,
        "time": round(origin.time * 1000),
        "updated": round(event.updated * 1000),
        "url": detail,
        "detail": detail,
        "status": "automatic" if latest.withdrawn is None else "deleted",
        "tsunami": 0,
        "sig": round(SIGNIFICANT * magnitude.value**2),
        "net": AGENCY,
        "code": event.id,
        "ids": f",{event.id},",
        "sources": f",{AGENCY},",
        "types": ",origin,",
        "nst": magnitude.stations,
        "magType": magnitude.kind,
        "type": type_of(event) if event.mode == "actual" else event.mode,
        "title": f"{mark}M {magnitude.value:.1f} - {name}",
        "mode": event.mode,
        "version": latest.number,
        "magError": round(magnitude.sigma, 3) if isfinite(magnitude.sigma) else None,
    }
    point = [round(origin.lon, 5), round(origin.lat, 5), round(origin.depth_km, 3)]
    return {
        "type": "Feature",
        "id": event.id,
        "geometry": {"type": "Point", "coordinates": point},
        "properties": properties,
    }
