"""Puts the report of an event together. Pure: the same history gives the same report."""

from math import isfinite

from forewave.after.history import EventHistory
from forewave.after.report import chosen, observed, warned
from forewave.after.report.final_message import final_message
from forewave.after.report.report import Comparison, Report, Source
from forewave.after.report.timeline import budget, timeline
from forewave.after.report.verdict import LEVEL, Evidence, verdict
from forewave.earth.distance import distance_km
from forewave.earth.travel_time import TravelTimes
from forewave.evaluate.scoring.score import matching_of
from forewave.evaluate.scoring.users import outcomes, table
from forewave.simulate.simulator import SOURCE as SIMULATED

OWN = (
    "No catalogue is compared with yet: that there was an earthquake, its magnitude and its "
    "epicentre are forewave's own estimate."
)
QUIET = ("noise", "teleseism", "not_earthquake")  # kinds of recordings without a local earthquake


def report(history: EventHistory, travel_times: TravelTimes, event: str | None = None) -> Report:
    """The report. event: which issued event it is about; None: the catalogue's earthquake."""
    event = chosen.event_of(history) if event is None else event
    own, catalogue = chosen.own_source(history, event), chosen.catalogue_source(history)
    source = catalogue or own
    quiet = catalogue is None and history.info.event_type in QUIET
    origin_time = _origin_time(history, source)
    towns = () if source is None else warned.towns(history, event, source, travel_times)
    levels = table(outcomes(history.truth, history.alerts))
    messages = chosen.messages(history, event)
    compared = _comparison(own, catalogue)
    return Report(
        id=history.info.id,
        event=event,
        time=_time(history, source),
        title=_title(history, source),
        simulated=_is_simulated(history),
        replayed=history.replayed,
        verdict=verdict(_evidence(history, event, own, catalogue, quiet)),
        final=final_message(source, quiet, messages, _is_simulated(history)),
        solution=own,
        catalogue=catalogue,
        comparison=compared,
        timeline=timeline(history, origin_time),
        budget=budget(history, event, origin_time),
        towns=towns,
        by_distance=warned.by_distance(towns),
        by_intensity=warned.by_intensity(towns),
        stations=observed.stations(history, event),
        left_out=history.truth.left_out,
        levels=levels,
        felt=observed.felt(history),
        notes=history.notes if catalogue or own is None else (*history.notes, OWN),
    )


def _evidence(
    history: EventHistory, event: str, own: Source | None, catalogue: Source | None, quiet: bool
) -> Evidence:
    matching = matching_of(history.truth, history.alerts)
    messages = chosen.messages(history, event)
    source = catalogue or own
    first = messages[0].issued - source.time if messages and source is not None else None
    known = catalogue is not None or quiet
    return Evidence(
        catalogue=catalogue,
        quiet=quiet,
        messages=messages,
        own=own,
        comparison=_comparison(own, catalogue),
        users=table(outcomes(history.truth, history.alerts))[LEVEL],
        observed=len(history.truth.motions),
        false=len(matching.false) if known else 0,
        duplicates=len(matching.duplicates) if known else 0,
        first_after=first,
    )


def _comparison(own: Source | None, catalogue: Source | None) -> Comparison | None:
    if own is None or catalogue is None:
        return None
    both = own.depth_km is not None and catalogue.depth_km is not None
    sized = own.magnitude is not None and catalogue.magnitude is not None
    return Comparison(
        epicentre_km=float(distance_km(own.lat, own.lon, catalogue.lat, catalogue.lon)),
        depth_km=(own.depth_km or 0.0) - (catalogue.depth_km or 0.0) if both else None,
        magnitude=(own.magnitude or 0.0) - (catalogue.magnitude or 0.0) if sized else None,
        time_s=own.time - catalogue.time,
    )


def _time(history: EventHistory, source: Source | None) -> float | None:
    if source is not None:
        return source.time
    return min((pick.time for _, pick in history.picks), default=None)


def _origin_time(history: EventHistory, source: Source | None) -> float:
    if source is not None and isfinite(source.time):
        return source.time
    return history.alerts[0].alert.origin.time if history.alerts else 0.0


def _title(history: EventHistory, source: Source | None) -> str:
    if source is None:
        return " ".join((history.info.region or history.info.id).split())
    size = "Earthquake" if source.magnitude is None else f"Magnitude {source.magnitude:.1f}"
    return f"{'Simulated: ' * _is_simulated(history)}{size}, {source.place}"


def _is_simulated(history: EventHistory) -> bool:
    return history.info.source == SIMULATED
