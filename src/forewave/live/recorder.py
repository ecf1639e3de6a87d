"""What a live machine keeps of the night: waveforms, the record of what was decided, the tail."""

import logging
import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from forewave.archive import retention, tail
from forewave.archive.record import Record, RecordLimits
from forewave.archive.tail import Tail, TailLimits
from forewave.archive.waveforms import ArchiveLimits, WaveformArchive
from forewave.config import Settings
from forewave.errors import ConfigError, ForewaveError
from forewave.formats.record import Began, Step
from forewave.formats.tail import Piece
from forewave.live import recovery, setup_journal, warm_start
from forewave.live.recovery import HEARD, Rebuilt
from forewave.live.setup_journal import Setup
from forewave.pipeline import Decider
from forewave.types import Alert, Outlook, Packet, Solution, Word

JOURNAL = "tail"  # the folder beside the record's files
LOST = 30.0  # seconds after which it is too old: a gap so long leaves nothing to go on with
# Seconds for which an alert waits to be written before it is issued. A process that is killed
# between the two repeats it after its restart; in the other order it would issue another one.
SETTLE = 0.02
_LOG = logging.getLogger(__name__)


def waveforms(
    settings: Settings, root: Path, clock: Callable[[], float] = time.time
) -> WaveformArchive | None:
    """The SDS archive, if one is wanted. clock: by which its files are old."""
    wanted = settings.waveforms
    if not wanted.folder:
        return None
    limits = ArchiveLimits(days=wanted.days, gb=wanted.gb)
    return WaveformArchive(root / wanted.folder, limits, clock)


class Recorder:
    """The record, if one is wanted: it makes the rooms what they were, and takes what comes.

    Beside it the tail, which makes the stations what they were. What cannot be read or written
    is said, and costs no warning.
    """

    def __init__(self, settings: Settings, root: Path) -> None:
        wanted = settings.record
        self.root = root / wanted.folder if wanted.folder else None
        self._limits = RecordLimits(days=wanted.days, gb=wanted.gb)
        self.record: Record | None = None
        self.tail: Tail | None = None
        self._past = False
        self._held: int | None = None  # the folder, which no other process may have

    def begin(
        self,
        rooms: Decider,
        setup: Setup,
        *,
        past: bool,
        begin_anew: Callable[[], None] = lambda: None,
    ) -> Rebuilt:
        """Rebuild the rooms from the last minutes, and begin to record.

        begin_anew: makes new rooms of those that a fault in the record has left half fed. Raises
        ConfigError where another live machine has the folder: each would take the other's versions
        for its own after a restart.
        """
        self._past = past
        if self.root is None:
            return Rebuilt()
        try:
            self._held = retention.hold(self.root)
        except BlockingIOError:
            why = "another live machine keeps its record there; give each its own record.folder"
            raise ConfigError(f"{self.root}: {why}") from None
        now = time.time()
        since = None if past else now - recovery.MEMORY
        found = Rebuilt()
        try:
            if since is not None:
                found = recovery.rebuild(rooms, recovery.recent(self.root, since, None, now), now)
        except Exception as error:  # whatever is wrong with a file: the rooms begin cold
            _tell("the record cannot be used", error)
            begin_anew()
        try:
            name = setup_journal.keep(setup, self.root)
        except (OSError, ForewaveError) as error:
            _LOG.error("the record cannot be used: %s", error)
            name = setup_journal.name_of(setup)
        began = Began(now, name, since if found.moments else None)
        self.record = Record(self.root, self._limits, time.time, began)
        return found

    def recent_packets(self, known: Rebuilt, stations: int) -> list[Piece]:
        """What came in last before the process began, if another had ended just before.

        known: what the rooms were rebuilt from. stations: how many there are.
        """
        if self.root is None or not known.moments:
            return []
        folder = self.root / JOURNAL
        try:
            end = tail.ended(folder)
            if end is None or end < time.time() - LOST:
                return []
            return tail.pieces(folder, warm_start.since(end, stations, known.picks))
        except Exception as error:  # whatever is wrong with a file: the stations begin cold
            _tell("the tail cannot be read, stations begin cold", error)
            return []

    def begin_journal(self) -> None:
        """From now on `piece` keeps what comes in, unless it is the past that plays."""
        if self.root is not None and not self._past:
            self.tail = Tail(self.root / JOURNAL, TailLimits(), time.time)

    def piece(self, piece: Packet, now: float) -> None:
        """Take what was given on to a station. Returns at once."""
        if self.tail is not None:
            self.tail.add(piece, now)

    def moment(self, now: float, words: Sequence[Word], thought: bool) -> None:
        """Take what was heard and said. Returns at once, with an alert after SETTLE s at most."""
        if self.record is None:
            return
        kept = tuple(_short(word) for word in words if isinstance(word, (*HEARD, *_SAID)))
        if kept or thought:
            urgent = any(isinstance(word, Alert) for word in kept)
            self.record.add(Step(now, kept), urgent)
            if urgent:
                self.record.settle(SETTLE)

    def lost(self) -> dict[str, Mapping[str, int]]:
        """What could not be kept, and why."""
        kept = {"record": self.record, "tail": self.tail}
        return {name: dict(each.lost) for name, each in kept.items() if each is not None}

    def close(self) -> None:
        """Write what is left."""
        for kept in (self.record, self.tail):
            if kept is not None:
                kept.close()
        if self._held is not None:
            os.close(self._held)
            self._held = None


_SAID = (Solution, Outlook, Alert)


def _tell(what: str, error: Exception) -> None:
    """What a file may have is one line; a fault in forewave has its traceback."""
    known = isinstance(error, OSError | ForewaveError)
    _LOG.error("%s: %s", what, error, exc_info=None if known else error)


def _short(word: Word) -> Word:
    """An outlook with its strongest forecast only: the others follow from what is kept."""
    if not isinstance(word, Outlook):
        return word
    strongest = max(word.forecasts, key=lambda forecast: forecast.intensity, default=None)
    return replace(word, forecasts=() if strongest is None else (strongest,))
