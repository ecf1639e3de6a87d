"""An earthquake from an FDSN event service: its preferred origin and magnitude."""

import io
from typing import Any

from msgspec.structs import replace

from forewave.errors import ForewaveError
from forewave.fdsn.client import FdsnError, Provider
from forewave.formats.recordings import fdsn_events
from forewave.formats.recordings.event_info import EventInfo


def event_info(provider: Provider, event: str) -> EventInfo:
    """The event with this id. Raises ForewaveError if there is none, or it has no origin."""
    try:
        kind, answer = provider.event(event)
    except FdsnError as why:
        by_number = "converted to type 'int'" in str(why)
        hint = "; event ids of this data centre are numbers" if by_number else ""
        raise ForewaveError(f"{provider.name}: event {event}: {why}{hint}") from None
    found = catalogue(kind, answer)
    if not found:
        raise ForewaveError(f"{provider.name}: has no event {event}")
    info = _of_that_name(provider, event, found)
    if info.origin_time is None or info.lat is None or info.lon is None:
        raise ForewaveError(f"{provider.name}: event {event} has no origin")
    return replace(info, id=event.rsplit("/", 1)[-1])


def _of_that_name(provider: Provider, event: str, found: list[EventInfo]) -> EventInfo:
    """The requested event: a service without the parameter eventid answers with many."""
    named = [info for info in found if info.id.endswith(event)]
    if len(found) > 1 and len(named) != 1:
        what = f"answered with {len(found)} events when asked for {event}"
        raise ForewaveError(f"{provider.name}: {what}; choose another data centre with --events")
    return named[0] if len(found) > 1 else found[0]


def catalogue(kind: str, answer: bytes) -> list[EventInfo]:
    """The events of an answer. kind: "text" or "xml" (QuakeML). Raises ForewaveError."""
    if not answer:
        return []
    if kind == "text":
        return fdsn_events.events(answer.decode("utf-8", "replace"))
    from obspy import read_events

    try:
        return [
            _quakeml(event) for event in read_events(io.BytesIO(answer), "QUAKEML") if event.origins
        ]
    except Exception as error:  # of as many kinds as there are ways to spoil XML
        raise ForewaveError(f"QuakeML that cannot be read: {error}") from None


def _quakeml(event: Any) -> EventInfo:
    """ObsPy's event, its preferred origin and magnitude."""
    origin = event.preferred_origin() or event.origins[0]
    magnitude = event.preferred_magnitude() or next(iter(event.magnitudes), None)
    return EventInfo(
        id=str(event.resource_id),
        origin_time=origin.time.timestamp,
        lat=origin.latitude,
        lon=origin.longitude,
        depth_km=None if origin.depth is None else origin.depth / 1000.0,
        magnitude=None if magnitude is None else magnitude.mag,
        magtype=None if magnitude is None else magnitude.magnitude_type,
        region=next((d.text for d in event.event_descriptions), None),
        event_type=event.event_type or "earthquake",
    )
