"""What forewave received and issued around one earthquake: the input of the event report."""

from msgspec import Struct

from forewave.delivery.reports.felt import FeltCells
from forewave.evaluate.scoring.playback import IssuedAlert
from forewave.evaluate.scoring.truth import Truth
from forewave.formats.recordings.event_info import EventInfo
from forewave.types import Forecast, Pick, Place, Solution, Station


class EventHistory(Struct, frozen=True):
    """The messages around one earthquake, what was observed, and what a catalogue says.

    info: the catalogue's solution, with None for what is unknown. replayed: the messages come from
    a replay of the recording, so nothing was sent to people. picks: with the time at which each
    was known. solutions: with the time of issue. last: last forecast of each place and event.
    signed: POSIX seconds at which a message was signed, by event and version, where it was kept.
    exact: no step of the event log is missing. notes: what a reader has to know about the data.
    """

    info: EventInfo
    replayed: bool
    stations: tuple[Station, ...]
    places: tuple[Place, ...]
    picks: tuple[tuple[float, Pick], ...]
    solutions: tuple[tuple[float, Solution], ...]
    alerts: tuple[IssuedAlert, ...]
    last: dict[str, dict[str, Forecast]]
    truth: Truth
    signed: dict[tuple[str, int], float] = {}
    felt: FeltCells | None = None
    notes: tuple[str, ...] = ()
