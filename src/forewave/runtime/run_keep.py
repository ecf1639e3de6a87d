"""What a live machine keeps of the night: waveforms, and the record of what was decided."""

import logging
import time
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from forewave.archive.record import Record, RecordLimits
from forewave.archive.waveforms import ArchiveLimits, WaveformArchive
from forewave.config import Settings
from forewave.errors import ForewaveError
from forewave.formats.record import Began, Moment
from forewave.pipeline import Decider
from forewave.runtime import log_rooms, log_setup
from forewave.runtime.log_rooms import HEARD, Rebuilt
from forewave.runtime.log_setup import Setup
from forewave.types import Alert, Outlook, Solution, Word

_LOG = logging.getLogger(__name__)


def waveforms(settings: Settings, root: Path) -> WaveformArchive | None:
    """The SDS archive, if one is wanted."""
    wanted = settings.waveforms
    if not wanted.folder:
        return None
    limits = ArchiveLimits(days=wanted.days, gb=wanted.gb)
    return WaveformArchive(root / wanted.folder, limits, time.time)


class Keeper:
    """The record, if one is wanted: it makes the rooms what they were, and takes what comes.

    A record that cannot be read or written is said, and costs no warning.
    """

    def __init__(self, settings: Settings, root: Path) -> None:
        wanted = settings.record
        self.root = root / wanted.folder if wanted.folder else None
        self._limits = RecordLimits(days=wanted.days, gb=wanted.gb)
        self.record: Record | None = None

    def begin(self, rooms: Decider, setup: Setup, *, past: bool) -> Rebuilt:
        """Rebuild the rooms from the last minutes, and begin to record."""
        if self.root is None:
            return Rebuilt()
        now = time.time()
        since = None if past else now - log_rooms.MEMORY
        found = Rebuilt()
        try:
            if since is not None:
                found = log_rooms.rebuild(rooms, log_rooms.recent(self.root, since, None, now), now)
            name = log_setup.keep(setup, self.root)
        except (OSError, ForewaveError) as error:
            _LOG.error("the record cannot be used: %s", error)
            name = log_setup.name_of(setup)
        began = Began(now, name, since if found.moments else None)
        self.record = Record(self.root, self._limits, time.time, began)
        return found

    def moment(self, now: float, words: Sequence[Word], thought: bool) -> None:
        """Take what was heard and said. Returns at once."""
        if self.record is None:
            return
        kept = tuple(_short(word) for word in words if isinstance(word, (*HEARD, *_SAID)))
        if kept or thought:
            urgent = any(isinstance(word, Alert) for word in kept)
            self.record.add(Moment(now, kept), urgent)

    def close(self) -> None:
        """Write what is left."""
        if self.record is not None:
            self.record.close()


_SAID = (Solution, Outlook, Alert)


def _short(word: Word) -> Word:
    """An outlook with its strongest forecast only: the others follow from what is kept."""
    if not isinstance(word, Outlook):
        return word
    strongest = max(word.forecasts, key=lambda forecast: forecast.intensity, default=None)
    return replace(word, forecasts=() if strongest is None else (strongest,))
