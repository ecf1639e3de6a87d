"""The parameters of the event service, and what they ask of the catalogue."""

from collections.abc import Iterable
from math import inf
from typing import Any, get_args
from urllib.parse import unquote

from msgspec import Struct

from forewave.archive.catalogue.query import EventQuery, Order
from forewave.archive.web_services.events.quakeml import AGENCY, NO_EVENT, event_of
from forewave.archive.web_services.parameters import (
    NODATA,
    choice,
    flag,
    number,
    read,
    table,
    text,
    when,
    whole,
)
from forewave.archive.web_services.places import PLACES, box, circle
from forewave.archive.web_services.refusal import RefusedError
from forewave.types import Mode

FORMATS = ("xml", "text", "geojson")
TYPES = ("earthquake", "not existing", "other event")
EVENT = table(
    when("starttime", "Origin at this time or after", "start"),
    when("endtime", "Origin at this time or before", "end"),
    *PLACES,
    number("mindepth", -100, 1000, "Least depth in km"),
    number("maxdepth", -100, 1000, "Greatest depth in km"),
    number("minmagnitude", -10, 12, "Least magnitude", "minmag"),
    number("maxmagnitude", -10, 12, "Greatest magnitude", "maxmag"),
    text("magnitudetype", "Kind of the magnitude, as Mw or Mpd", "magtype"),
    choice("eventtype", TYPES, "not existing: withdrawn events; other event: drills and tests"),
    flag("includeallorigins", "Every version of the origin, not only the last"),
    flag("includeallmagnitudes", "Every version of the magnitude, not only the last"),
    flag("includearrivals", "Picks and arrivals of the last version"),
    text("eventid", "One event, by its id or publicID; withdrawn ones too"),
    whole("limit", 1, "At most so many events"),
    whole("offset", 1, "The first event that is given", 1),
    choice("orderby", get_args(Order), "Newest, oldest, strongest or weakest first", "time"),
    text("catalog", "Name of a catalogue: forewave is the only one"),
    text("contributor", "Name of a contributor: forewave is the only one"),
    when("updatedafter", "Last version issued after this time"),
    choice("mode", (*get_args(Mode), "all"), "Of actual events, drills or tests", "actual"),
    choice("format", FORMATS, "QuakeML 1.2, text or GeoJSON", "xml"),
    NODATA,
)


class Asked(Struct, frozen=True):
    """A request to the event service. empty: nothing can fit it."""

    query: EventQuery
    format: str
    nodata: int
    origins: bool
    magnitudes: bool
    arrivals: bool
    empty: bool = False

    @property
    def full(self) -> bool:
        """Whether more than the last version is wanted of each event, or its picks."""
        return self.origins or self.magnitudes or self.arrivals


def asked(given: Iterable[tuple[str, str]]) -> Asked:
    """The request. Raises RefusedError."""
    values = read(given, EVENT)
    for least, most in (
        ("starttime", "endtime"),
        ("mindepth", "maxdepth"),
        ("minmagnitude", "maxmagnitude"),
    ):
        if values[least] is not None and values[most] is not None and values[least] > values[most]:
            raise RefusedError(400, f"{least}: expected at most {most}")
    others = [values["catalog"], values["contributor"]]
    empty = any(name is not None and name.lower() != AGENCY for name in others)
    return Asked(
        _query(values),
        values["format"],
        values["nodata"],
        values["includeallorigins"],
        values["includeallmagnitudes"],
        values["includearrivals"],
        empty or _contradicts(values),
    )


def _query(values: dict[str, Any]) -> EventQuery:
    def limit(name: str, otherwise: float) -> float:
        return otherwise if values[name] is None else float(values[name])

    mode, event = values["mode"], values["eventid"]
    if event is not None and (found := event_of(unquote(event))) is not None:
        mode, event = found
    kind = values["eventtype"]
    return EventQuery(
        begin=limit("starttime", -inf),
        end=limit("endtime", inf),
        box=box(values),
        circle=circle(values),
        min_depth_km=limit("mindepth", -inf),
        max_depth_km=limit("maxdepth", inf),
        min_magnitude=limit("minmagnitude", -inf),
        max_magnitude=limit("maxmagnitude", inf),
        magnitude_kind=values["magnitudetype"],
        updated_after=limit("updatedafter", -inf),
        event=event,
        withdrawn=kind == NO_EVENT,
        mode=None if mode == "all" else mode,
        order=values["orderby"],
        limit=values["limit"],
        offset=values["offset"],
    )


def _contradicts(values: dict[str, Any]) -> bool:
    """Whether mode and type of event exclude each other: only actual events are earthquakes."""
    kind, mode = values["eventtype"], values["mode"]
    return (kind == "earthquake" and mode not in ("actual", "all")) or (
        kind == "other event" and mode == "actual"
    )
