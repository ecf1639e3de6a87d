"""The event log of a live run: what was received and decided, in files of an hour, bounded.

`add` puts an entry into a bounded queue in memory and returns at once. A thread writes the queue to
disk within 0.1 s. If the disk is slow, full or removed, entries are lost and counted, and the log
itself contains the number lost at that position. `settle` waits, for a limited time, until all
entries would survive the end of the process.
"""

import logging
import os
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from math import inf
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from forewave.archive.retention import is_there, make_room
from forewave.formats.storage import log_blocks
from forewave.formats.storage.log_blocks import Began, Entry, Goes, Lost

SUFFIX = ".record"
PAUSE = 0.1  # seconds between two writes
EACH = 200  # entries of a block, which is decoded as a whole
_LOG = logging.getLogger(__name__)
STAMP = "%Y%m%dT%H%M%S.%f"


class EventLogLimits(Struct, frozen=True):
    """Limits on disk (`days`, `gb`; the oldest files are removed) and in memory (`waiting`).

    spare_gb: space left free on the disk. file_s: seconds of a file.
    """

    days: float = 30.0
    gb: float = 10.0
    spare_gb: float = 1.0
    file_s: float = 3600.0
    waiting: int = 200_000


class EventLog:
    """`add` entries as they occur; `close` writes the rest.

    began: the first entry. lost: entries that were not kept, by reason. written: entries.
    """

    def __init__(
        self,
        root: Path,
        limits: EventLogLimits,
        clock: Callable[[], float],
        began: Began,
        on_file: Callable[[], object] = lambda: None,
    ) -> None:
        """on_file: called before each new file is opened; it may raise OSError."""
        self.root, self.limits, self._clock = root, limits, clock
        self.lost: Counter[str] = Counter()
        self.written = 0
        self._setup, self._on_file = began.setup, on_file
        self._waiting: deque[Entry] = deque([began])
        self._gap = 0  # entries lost since the last one that was kept
        self._file: BinaryIO | None = None
        self._blocks = log_blocks.Blocks()
        self._opened = -inf
        self._wake, self._ends = threading.Event(), False
        self._added, self._taken, self._done = 1, 0, 0  # entries; done: written, or lost
        self._progress, self._stalled = threading.Condition(), False
        self._thread = threading.Thread(target=self._work, name="event log", daemon=True)
        self._thread.start()

    def add(self, entry: Entry, urgent: bool = False) -> None:
        """Add an entry; an urgent one is written without delay. Returns at once."""
        if len(self._waiting) >= self.limits.waiting:
            self._lose("disk too slow", 1)
            return
        self._added += 1
        self._waiting.append(entry)
        if urgent:
            self._wake.set()

    def settle(self, seconds: float) -> bool:
        """Wait until all added entries are written or lost; False after `seconds` seconds.

        Written, not synchronised: they survive SIGKILL but not a power failure. After a wait that
        returned False, further calls return False at once until the disk has written something.
        """
        if self._stalled:
            return False
        wanted = self._added
        self._wake.set()
        with self._progress:
            settled = self._progress.wait_for(lambda: self._done >= wanted, seconds)
            self._stalled = not settled
        return settled

    def close(self) -> None:
        """Write the rest and end the thread; waits at most 5 s for the disk."""
        self._ends = True
        self._wake.set()
        self._thread.join(5.0)

    def _lose(self, reason: str, count: int) -> None:
        self.lost[reason] += count
        self._gap += count

    def _work(self) -> None:
        while not self._ends:
            urgent = self._wake.wait(PAUSE)
            self._wake.clear()
            self._write(urgent)
        self._write(True)
        if self._file is not None:
            self._file.close()

    def _write(self, urgent: bool) -> None:
        """Write all waiting entries, in blocks of EACH."""
        entries = [self._waiting.popleft() for _ in range(len(self._waiting))]
        self._taken += len(entries)
        for first in range(0, len(entries), EACH):
            self._put(entries[first : first + EACH], urgent)
        if entries:
            self._note_done()

    def _put(self, entries: list[Entry], urgent: bool) -> None:
        """Write one block; if an entry cannot be encoded, each entry as a block of its own."""
        try:
            file = self._current()
            gap = [Lost(entries[0].now, self._gap)] if self._gap else []
            file.write(self._blocks.encode([*gap, *entries]))
            file.flush()
            self._note_done()  # before synchronising
            if urgent:
                os.fsync(file.fileno())
        except OSError as error:
            self._file = None  # the last block may be incomplete: begin another file
            self._lose(error.strerror or "disk gone", len(entries))
        except Exception:  # an entry that cannot be written must not end the thread
            if len(entries) > 1:
                for entry in entries:
                    self._put([entry], urgent)
                return
            _LOG.exception("the event log")
            self._file = None
            self._lose("fault in forewave", 1)
        else:
            self._gap -= sum(entry.steps for entry in gap)
            self.written += len(entries)

    def _note_done(self) -> None:
        with self._progress:
            self._done, self._stalled = self._taken, False
            self._progress.notify_all()

    def _current(self) -> BinaryIO:
        """The file to write to. Raises OSError if there is no space."""
        now = self._clock()
        old = now - self._opened >= self.limits.file_s
        if self._file is None or old or not is_there(self._file):
            self._open(now)
        assert self._file is not None
        return self._file

    def _open(self, now: float) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
        limits, oldest = self.limits, now - self.limits.days * 86_400.0 - self.limits.file_s
        found = files(self.root)
        make_room(
            self.root, found, lambda file: _began(file) < oldest, limits.gb * 1e9, limits.spare_gb
        )
        self._on_file()
        self._file, self._blocks = _fresh(self.root, now).open("xb"), log_blocks.Blocks()
        if self._opened > -inf:
            self._file.write(self._blocks.encode([Goes(now, self._setup)]))
        self._opened = now


def _fresh(root: Path, now: float) -> Path:
    """A new file, named by its start time."""
    begins = datetime.fromtimestamp(now, UTC)
    while (file := root / f"{begins.strftime(STAMP)}{SUFFIX}").exists():
        begins += timedelta(microseconds=1)
    return file


def files(root: Path) -> list[Path]:
    """The files of an event log, oldest first; other files are ignored."""
    return sorted(file for file in root.glob(f"*{SUFFIX}") if _began(file) > -inf)


def entries(root: Path, since: float = -inf, stateless: float = -inf) -> Iterator[Entry]:
    """The entries of an event log from `since` on, in order. Raises FormatError.

    stateless: as in formats.storage.log_blocks.read.
    """
    for file in files_since(root, since):
        with file.open("rb") as opened:
            kept = log_blocks.read(opened, stateless)
            yield from (entry for entry in kept if entry.now >= since)


def files_since(root: Path, since: float) -> list[Path]:
    """The files of an event log that may have entries from a time on, oldest first."""
    found = files(root)
    begins = [*map(_began, found), inf]
    return [file for file, following in zip(found, begins[1:], strict=True) if following > since]


def _began(file: Path) -> float:
    """Start time of a file, from its name; -inf for other files."""
    try:
        stamp = datetime.strptime(file.name.removesuffix(SUFFIX), STAMP)
    except ValueError:
        return -inf
    return stamp.replace(tzinfo=UTC).timestamp()
