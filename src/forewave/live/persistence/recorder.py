"""What a live machine writes to disk: waveforms, the event log, the recent-packet journal."""

import logging
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from forewave.archive import alert_archive, packet_journal, retention
from forewave.archive.alert_archive import AlertArchive
from forewave.archive.catalogue.address import address
from forewave.archive.catalogue.catalogue import Catalogue, nothing
from forewave.archive.catalogue.records import AlertRecord, Record, SolutionRecord
from forewave.archive.event_log import EventLog, EventLogLimits
from forewave.archive.packet_journal import JournalLimits, PacketJournal
from forewave.archive.waveforms import ArchiveLimits, WaveformArchive
from forewave.config import Settings
from forewave.errors import ConfigError, ForewaveError
from forewave.formats.storage.journal_blocks import JournalPacket
from forewave.formats.storage.log_blocks import Began, Step
from forewave.live.persistence import log_records, recovery, setup_journal, warm_start
from forewave.live.persistence.recovery import OBSERVED, Rebuilt
from forewave.live.persistence.setup_journal import Setup
from forewave.pipeline import Decider
from forewave.types import Alert, Message, Packet, ShakingForecast, Solution

JOURNAL = "tail"  # folder of the recent-packet journal, beside the files of the event log
TOO_OLD = 30.0  # seconds after its end from which the journal is not used: the gap is too long
# Seconds for which an alert waits to be written before it is issued. A process that is killed
# between the two repeats it after its restart; in the other order it would issue another one.
SETTLE = 0.02
_LOG = logging.getLogger(__name__)


def waveforms(
    settings: Settings, root: Path, clock: Callable[[], float] = time.time
) -> WaveformArchive | None:
    """The SDS archive, if the settings want one. clock: gives the age of its files."""
    wanted = settings.waveforms
    if not wanted.folder:
        return None
    limits = ArchiveLimits(days=wanted.days, gb=wanted.gb)
    return WaveformArchive(root / wanted.folder, limits, clock)


class Recorder:
    """Writes event log, recent-packet journal and catalogue, if wanted, and restores from them.

    What cannot be read or written is logged, and has no effect on alerts. database: address of the
    catalogue, "" if none is kept. Raises ConfigError where that cannot be one.
    """

    def __init__(self, settings: Settings, root: Path) -> None:
        wanted = settings.record
        self.root = root / wanted.folder if wanted.folder else None
        self._limits = EventLogLimits(days=wanted.days, gb=wanted.gb)
        self.record: EventLog | None = None
        self.tail: PacketJournal | None = None
        self.alerts: AlertArchive | None = None
        self._mode = settings.alerts.mode
        self.database = address(settings.catalogue.database, self.root)
        self.catalogue = Catalogue(self.database, self._log_records) if self.database else None
        self._past = False
        self._held: int | None = None  # lock on the folder: one process at a time

    def begin(
        self,
        rooms: Decider,
        setup: Setup,
        *,
        past: bool,
        begin_anew: Callable[[], None] = lambda: None,
    ) -> Rebuilt:
        """Restore the rooms from the last minutes of the event log, and begin to record.

        past: the sources play an archive, so nothing is restored. begin_anew: resets rooms that a
        fault in the event log has left half restored. Raises ConfigError where another live machine
        uses the folder: after a restart each would take the versions of the other for its own.
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
            _log_error("the record cannot be used", error)
            begin_anew()
        keep_setup = partial(setup_journal.keep, setup, self.root)
        try:
            name = keep_setup()
        except (OSError, ForewaveError) as error:
            _LOG.error("the record cannot be used: %s", error)
            name = setup_journal.name_of(setup)
        began = Began(now, name, since if found.steps else None)
        self.record = EventLog(self.root, self._limits, time.time, began, on_file=keep_setup)
        self.alerts = AlertArchive(self.root / alert_archive.NAME)
        return found

    def recent_packets(self, known: Rebuilt, stations: int) -> list[JournalPacket]:
        """Packets that an earlier process received last, if it ended less than TOO_OLD s ago.

        known: what the rooms were rebuilt from. stations: how many there are.
        """
        if self.root is None or not known.steps:
            return []
        folder = self.root / JOURNAL
        try:
            end = packet_journal.last_write(folder)
            if end is None or end < time.time() - TOO_OLD:
                return []
            return packet_journal.read(folder, warm_start.since(end, stations, known.picks))
        except Exception as error:  # whatever is wrong with a file: the stations begin cold
            _log_error("the recent-packet journal cannot be read, stations begin cold", error)
            return []

    def begin_catalogue(self) -> None:
        """Write the catalogue from now on, and what it has waited with. Returns at once."""
        if self.catalogue is not None:
            self.catalogue.start()

    def begin_journal(self) -> None:
        """Write a journal of merged packets from now on, unless the sources play the past."""
        if self.root is not None and not self._past:
            self.tail = PacketJournal(self.root / JOURNAL, JournalLimits(), time.time)

    def merged(self, packet: Packet, now: float) -> None:
        """Write a packet that was passed on to its station. Returns at once."""
        if self.tail is not None:
            self.tail.add(packet, now)

    def step(self, now: float, output: Sequence[Message], due: bool) -> None:
        """Write a step: observations and results. Returns at once, with an alert after SETTLE s.

        due: whether deadlines of the rooms were due; a step is then written even if it is empty.
        """
        if self.record is not None:
            self._log_step(self.record, now, output, due)
        if self.catalogue is not None:
            for each in output:
                if isinstance(each, Solution):
                    self.catalogue.add(SolutionRecord(each, now, self._mode))

    def _log_step(self, record: EventLog, now: float, output: Sequence[Message], due: bool) -> None:
        kept = tuple(_short(each) for each in output if isinstance(each, (*OBSERVED, *_RESULTS)))
        if kept or due:
            urgent = any(isinstance(each, Alert) for each in kept)
            record.add(Step(now, kept), urgent)
            if urgent:
                record.settle(SETTLE)

    def past_alerts(self, most: int) -> list[bytes]:
        """The last signed messages of earlier runs."""
        return [] if self.root is None else alert_archive.read(self.root / alert_archive.NAME, most)

    def sent(self, message: bytes) -> None:
        """Write a signed message. Returns at once."""
        if self.alerts is not None:
            self.alerts.add(message)
        if self.catalogue is not None:
            self.catalogue.add(AlertRecord(message))

    def lost(self) -> dict[str, Mapping[str, int]]:
        """How much could not be written, by what it was and by reason."""
        kept = {
            "record": (self.record, self.alerts),
            "tail": (self.tail,),
            "catalogue": (self.catalogue,),
        }
        return {
            name: dict(sum((each.lost for each in parts if each is not None), Counter[str]()))
            for name, parts in kept.items()
            if parts[0] is not None
        }

    def catalogue_counts(self) -> dict[str, int]:
        """How much the catalogue has taken, and what waits for its database."""
        return {} if self.catalogue is None else self.catalogue.counts()

    def waits(self) -> dict[str, str]:
        """Why what is to be written waits in memory now, by what it is; "": it does not."""
        return {} if self.catalogue is None else {"catalogue": self.catalogue.fault}

    def close(self) -> None:
        """Write what is left."""
        for kept in (self.record, self.tail, self.alerts, self.catalogue):
            if kept is not None:
                kept.close()
        if self._held is not None:
            os.close(self._held)
            self._held = None

    def _log_records(self, since: float | None) -> Iterable[Record]:
        """For the catalogue. Times of a machine that plays the past are not those of its marks."""
        if self.root is None:
            return nothing(since)
        return log_records.log_records(self.root, None if self._past else since)


_RESULTS = (Solution, ShakingForecast, Alert)


def _log_error(what: str, error: Exception) -> None:
    """One line for a fault of a file; with the traceback for a fault in forewave."""
    known = isinstance(error, OSError | ForewaveError)
    _LOG.error("%s: %s", what, error, exc_info=None if known else error)


def _short(word: Message) -> Message:
    """A shaking forecast with its strongest place only: the others follow from what is kept."""
    if not isinstance(word, ShakingForecast):
        return word
    strongest = max(word.forecasts, key=lambda forecast: forecast.intensity, default=None)
    return replace(word, forecasts=() if strongest is None else (strongest,))
