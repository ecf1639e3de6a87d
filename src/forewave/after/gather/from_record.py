"""The history of an event from the record of a live machine: what was decided and sent.

Solutions and alerts are those of the event log, exactly as they were. Of the shaking forecasts the
log has the strongest place only, so those of all places are computed again from the recorded
observations. Observed motion is that of the stations' amplitudes; the waveforms are not read.
"""

from collections.abc import Iterator, Sequence
from math import inf
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from forewave.after.gather import motions
from forewave.after.gather.collector import Collector
from forewave.after.gather.from_recording import Choose
from forewave.after.gather.reports import felt_reports
from forewave.after.history import EventHistory
from forewave.archive import alert_archive, event_log, travel_time
from forewave.archive.event_log import entries
from forewave.errors import FormatError
from forewave.evaluate.scoring.catalogue import catalogue_quake
from forewave.evaluate.scoring.truth import Truth
from forewave.formats.protocols import alert_message
from forewave.formats.recordings.event_info import EventInfo
from forewave.formats.storage import log_blocks
from forewave.formats.storage.log_blocks import Began, Entry, Goes, Lost, Step
from forewave.live.persistence import setup_journal
from forewave.live.persistence.setup_journal import Setup
from forewave.shaking.forecaster import Forecaster
from forewave.stations.gain import Gains
from forewave.types import Alert, Amplitude, Message, Mode, ShakingForecast, Solution, StationState

BEFORE_S, AFTER_S = 120.0, 900.0  # of the event log around an origin time
MOST_NAMES = 5
GAPS = "The event log has gaps in this time: messages or observations may be missing."
RECOMPUTED = (
    "Messages and solutions are those of the event log. Forecasts at single places are computed "
    "again from the recorded observations; observed shaking comes from the stations' peak values."
)


def is_record(folder: Path) -> bool:
    """Whether a folder is the record of a live machine."""
    return bool(event_log.files(folder))


class Issued(Struct, frozen=True):
    """The last alert of an event: its origin (time in POSIX seconds), and when it was issued."""

    time: float
    lat: float
    lon: float
    issued: float
    version: int
    mode: Mode


def events(root: Path) -> dict[str, Issued]:
    """The origins of the events for which alerts were issued, by event, the oldest first.

    From the signed messages; without these the whole event log is searched, which may take minutes.
    """
    found = sent(root)
    if not found:
        for entry in entries(root, stateless=inf):
            words = entry.words if isinstance(entry, Step) else ()
            found |= {word.event: _issued(word) for word in words if isinstance(word, Alert)}
    return dict(sorted(found.items(), key=lambda each: each[1].time))


def sent(root: Path) -> dict[str, Issued]:
    """The same from the signed messages alone, in the order of the first message."""
    found: dict[str, Issued] = {}
    for line in alert_archive.read(root / alert_archive.NAME, alert_archive.WAITING):
        try:
            message, _ = alert_message.read(line)
        except FormatError:
            continue
        found[message.id] = Issued(
            message.t0 / 1000.0,
            message.lat,
            message.lon,
            message.iss / 1000.0,
            message.n,
            message.mode,
        )
    return found


def _issued(alert: Alert) -> Issued:
    origin = alert.origin
    return Issued(origin.time, origin.lat, origin.lon, alert.issued, alert.version, alert.mode)


def history(root: Path, event: str | None, choose: Choose | None = None) -> EventHistory:
    """Read one event. event: None where the record has only one.

    choose: gives the catalogue's solution. Raises FormatError.
    """
    known = events(root)
    name = _chosen(root, known, event)
    origin = known[name]
    around = origin.time - BEFORE_S, origin.time + AFTER_S
    setup, steps, exact = _read(root, *around)
    found = Collector()
    for now, word in _words(setup, steps):
        found.on_word(now, word)
    info = EventInfo(name)
    if choose is not None:
        info = replace(choose(origin.time, origin.lat, origin.lon), id=name)
    quake = catalogue_quake(info)
    solution = next((s for _, s in reversed(found.solutions) if s.event == name), None)
    observed = [
        (step.now, word) for step in steps for word in step.words if isinstance(word, Amplitude)
    ]
    seen, left_out = motions.motions(setup.stations, observed, quake, solution)
    return EventHistory(
        info=info,
        replayed=False,
        stations=setup.stations,
        places=setup.places,
        picks=tuple(found.picks),
        solutions=tuple(found.solutions),
        alerts=tuple(found.alerts),
        last=found.last,
        truth=Truth(quake, (), seen, left_out),
        felt=felt_reports(root, origin.time),
        notes=(RECOMPUTED,) if exact else (RECOMPUTED, GAPS),
    )


def _chosen(root: Path, known: dict[str, Issued], event: str | None) -> str:
    if not known:
        raise FormatError(f"{root}: the record has no alert")
    if event is None and len(known) == 1:
        return next(iter(known))
    if event in known:
        return str(event)
    newest = ", ".join(list(known)[-MOST_NAMES:])
    more = f", and {len(known) - MOST_NAMES} older ones" if len(known) > MOST_NAMES else ""
    wanted = (
        "the record has several events" if event is None else f"the record has no event {event}"
    )
    raise FormatError(f"{root}: {wanted}; expected one of {newest}{more}")


def _read(root: Path, since: float, until: float) -> tuple[Setup, list[Step], bool]:
    """The setup and the steps of a time, and whether no step is missing."""
    name, steps, exact = _setup_before(root, since), [], True
    for entry in _until(entries(root, since), until):
        if isinstance(entry, Began | Goes):
            name = entry.setup
        elif isinstance(entry, Lost):
            exact = False
        else:
            steps.append(entry)
    if name is None:
        raise FormatError(f"{root}: holds no record of a live machine")
    return setup_journal.load(root, name), steps, exact


def _until(found: Iterator[Entry], until: float) -> Iterator[Entry]:
    for entry in found:
        if entry.now > until:
            return
        yield entry


def _setup_before(root: Path, since: float) -> str | None:
    """The name of the setup that was in force: each file of the log begins with it."""
    last = None
    for file in event_log.files(root):
        with file.open("rb") as opened:
            first = next(log_blocks.read(opened), None)
        if not isinstance(first, Began | Goes) or first.now > since:
            continue
        last = first.setup
    return last


def _words(setup: Setup, steps: Sequence[Step]) -> Iterator[tuple[float, Message]]:
    """The recorded words, with a shaking forecast for all places before each alert."""
    forecaster = Forecaster(
        setup.places, travel_time.load(), setup.settings.shaking, setup.stations
    )
    gains = Gains((station.code for station in setup.stations), setup.gains)
    for step in steps:
        for word in step.words:
            if isinstance(word, ShakingForecast):
                continue
            if isinstance(word, Solution):
                for shaking in forecaster.feed(word, step.now):
                    yield step.now, shaking
            elif isinstance(word, Amplitude | StationState):
                usable = gains.usable(word)
                if usable is not None:
                    forecaster.feed(usable, step.now)
            elif isinstance(word, Alert):
                yield from _reviewed(forecaster, step.now)
            yield step.now, word
        yield from _reviewed(forecaster, step.now)


def _reviewed(forecaster: Forecaster, now: float) -> Iterator[tuple[float, Message]]:
    deadline = forecaster.deadline()
    if deadline is not None and deadline <= now:
        for shaking in forecaster.tick(now):
            yield now, shaking
