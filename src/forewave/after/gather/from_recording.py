"""The history of a recorded or simulated earthquake: its recording is replayed.

Nothing of it depends on the speed of the computer: compute time is left out, so the same recording
gives the same report. `forewave evaluate` measures with compute time.
"""

from collections.abc import Callable
from math import inf
from typing import TypeAlias

from msgspec.structs import replace

from forewave.after.gather.collector import Collector
from forewave.after.history import EventHistory
from forewave.archive import travel_time
from forewave.config import Settings
from forewave.evaluate.scoring.truth import truth
from forewave.formats.recordings.event_directory import Recording
from forewave.formats.recordings.event_info import EventInfo
from forewave.replay.on_pages import Pace
from forewave.replay.player import OnWord
from forewave.replay.terminal import play_through
from forewave.types import Message

# Gives the catalogue's solution for an earthquake at this time (POSIX seconds), lat and lon.
Choose: TypeAlias = Callable[[float | None, float, float], EventInfo]
NO_COMPUTE = (
    "The messages come from a replay of the recording: none was sent to people. "
    "Times include recorded or assumed telemetry, but no computing and no sending."
)


def history(
    recording: Recording,
    settings: Settings | None = None,
    pace: Pace | None = None,
    choose: Choose | None = None,
    on_word: OnWord = lambda now, word: None,
) -> EventHistory:
    """Replay a recording.

    choose: gives the solution to compare with, instead of that in event.json. pace: packet length
    and latency of stations without recorded times of arrival; its speed is not used. on_word:
    called with each output of the pipeline, and its time.
    """
    pace = replace(pace or Pace(), speed=inf)
    found = Collector()

    def each_output(now: float, word: Message) -> None:
        found.on_word(now, word)
        on_word(now, word)

    places = play_through(recording, settings or Settings(), pace, each_output)
    if choose is not None:
        compared = choose(*_about(recording.info, found))
        recording = replace(recording, info=_with(recording.info, compared))
    return EventHistory(
        info=recording.info,
        replayed=True,
        stations=recording.stations,
        places=tuple(places),
        picks=tuple(found.picks),
        solutions=tuple(found.solutions),
        alerts=tuple(found.alerts),
        last=found.last,
        truth=truth(recording, travel_time.load()),
        notes=(NO_COMPUTE,),
    )


def _about(info: EventInfo, found: Collector) -> tuple[float | None, float, float]:
    """Time and place of the earthquake: of event.json, otherwise of the last solution."""
    if info.origin_time is not None and info.lat is not None and info.lon is not None:
        return info.origin_time, info.lat, info.lon
    if not found.solutions:
        return None, 0.0, 0.0
    origin = found.solutions[-1][1].origin
    return origin.time, origin.lat, origin.lon


def _with(info: EventInfo, catalogue: EventInfo) -> EventInfo:
    """The recording's entry with another solution; its id and its further events stay."""
    return replace(
        catalogue,
        id=info.id,
        region=catalogue.region or info.region,
        other_catalogue_events_in_window=info.other_catalogue_events_in_window,
        complete=info.complete,
        rupture=info.rupture,
    )
