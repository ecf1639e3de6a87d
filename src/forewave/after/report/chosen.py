"""Which of the issued events a report is about, and the source that times are counted from."""

from collections.abc import Sequence

from forewave.after.history import EventHistory
from forewave.after.report.report import Source
from forewave.earth.place_name import place_name
from forewave.evaluate.scoring.match import is_single_station
from forewave.evaluate.scoring.playback import IssuedAlert
from forewave.evaluate.scoring.score import matching_of
from forewave.types import Solution


def event_of(history: EventHistory) -> str:
    """The event that is the catalogue's earthquake; "" where no event is.

    Without a catalogue: the event with most messages, of those that were not cancelled as false.
    """
    if history.truth.quake is not None:
        return matching_of(history.truth, history.alerts).found or ""
    names = list(dict.fromkeys(issued.alert.event for issued in history.alerts))
    stand = [name for name in names if messages(history, name)[-1].alert.why != "false"]
    return max(stand or names, key=lambda name: len(messages(history, name)), default="")


def messages(history: EventHistory, event: str) -> list[IssuedAlert]:
    """All messages of an event, cancellations too."""
    return [issued for issued in history.alerts if issued.alert.event == event]


def versions(history: EventHistory, event: str) -> list[IssuedAlert]:
    """Messages of an event with forecasts for all places: no cancellation, no single station."""
    return [
        issued
        for issued in messages(history, event)
        if issued.alert.kind != "cancel" and not is_single_station(issued.alert)
    ]


def last_solution(history: EventHistory, event: str) -> Solution | None:
    """The last solution of an event that was not withdrawn."""
    known = [s for _, s in history.solutions if s.event == event and s.withdrawn is None]
    return known[-1] if known else None


def own_source(history: EventHistory, event: str) -> Source | None:
    """The last solution of forewave, or the last message where no solution was kept."""
    solution = last_solution(history, event)
    issued: Sequence[IssuedAlert] = messages(history, event)
    last = solution or (issued[-1].alert if issued else None)
    if last is None:
        return None
    origin, magnitude = last.origin, last.magnitude
    return Source(
        time=origin.time,
        lat=origin.lat,
        lon=origin.lon,
        depth_km=origin.depth_km,
        magnitude=magnitude.value,
        place=place_name(origin.lat, origin.lon),
        by="forewave, last solution",
        sigma=magnitude.sigma,
    )


def catalogue_source(history: EventHistory) -> Source | None:
    """The solution of the catalogue; None without an origin."""
    info = history.info
    if info.origin_time is None or info.lat is None or info.lon is None:
        return None
    if info.event_type not in ("earthquake", "unknown"):
        return None
    return Source(
        time=info.origin_time,
        lat=info.lat,
        lon=info.lon,
        depth_km=info.depth_km,
        magnitude=info.magnitude,
        place=_one_line(info.region) or place_name(info.lat, info.lon),
        by=_one_line(info.source) or "catalogue",
    )


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())
