"""The record of a live machine: what it heard and said, in files of an hour, bounded.

`add` puts an entry into a bounded queue in memory and returns at once. A thread writes the queue
to disk, 0.1 s later at most. A disk that is slow, full or gone costs entries, which are counted,
and the record itself says where. `settle` waits, for a bounded time, until what was added would
survive the end of the process.
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
from forewave.formats import record
from forewave.formats.record import Began, Entry, Goes, Lost

SUFFIX = ".record"
PAUSE = 0.1  # seconds between two writes
EACH = 200  # entries of a block, which is unpacked as a whole
_LOG = logging.getLogger(__name__)
STAMP = "%Y%m%dT%H%M%S.%f"


class RecordLimits(Struct, frozen=True):
    """How much is kept, on disk (the oldest files go) and in memory until it is written.

    spare_gb: what is left free on the disk for everything else. file_s: seconds of a file.
    """

    days: float = 30.0
    gb: float = 10.0
    spare_gb: float = 1.0
    file_s: float = 3600.0
    waiting: int = 200_000


class Record:
    """Open it with what begins; `add` as it happens; `close` writes what is left."""

    def __init__(
        self,
        root: Path,
        limits: RecordLimits,
        clock: Callable[[], float],
        began: Began,
        on_file: Callable[[], object] = lambda: None,
    ) -> None:
        """on_file: called before each new file is opened; it may raise OSError."""
        self.root, self.limits, self._clock = root, limits, clock
        self.lost: Counter[str] = Counter()  # entries that were not kept, by countable reason
        self.written = 0  # entries
        self._setup, self._on_file = began.setup, on_file
        self._waiting: deque[Entry] = deque([began])
        self._gap = 0  # entries lost since the last one that was kept
        self._file: BinaryIO | None = None
        self._blocks = record.Blocks()
        self._opened = -inf
        self._wake, self._ends = threading.Event(), False
        self._added, self._taken, self._done = 1, 0, 0  # entries; done: written, or lost
        self._progress, self._stalled = threading.Condition(), False
        self._thread = threading.Thread(target=self._work, name="record", daemon=True)
        self._thread.start()

    def add(self, entry: Entry, urgent: bool = False) -> None:
        """Keep an entry; an urgent one is written without a pause. Returns at once."""
        if len(self._waiting) >= self.limits.waiting:
            self._lose("disk too slow", 1)
            return
        self._added += 1
        self._waiting.append(entry)
        if urgent:
            self._wake.set()

    def settle(self, seconds: float) -> bool:
        """Wait until all that was added is written or lost; False after that many seconds.

        Written, not synchronised: it survives SIGKILL, not a power cut. After a wait that ended
        with False nothing is waited for until the disk has taken something.
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
        """Write what is left and end. A disk that hangs is not waited for longer than 5 s."""
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
        """All that is waiting, mostly as one block."""
        entries = [self._waiting.popleft() for _ in range(len(self._waiting))]
        self._taken += len(entries)
        for first in range(0, len(entries), EACH):
            self._put(entries[first : first + EACH], urgent)
        if entries:
            self._note_done()

    def _put(self, entries: list[Entry], urgent: bool) -> None:
        """One block; if something in it cannot be written, each entry in a block of its own."""
        try:
            file = self._current()
            gap = [Lost(entries[0].now, self._gap)] if self._gap else []
            file.write(self._blocks.encode([*gap, *entries]))
            file.flush()
            self._note_done()  # before the disk itself is waited for
            if urgent:
                os.fsync(file.fileno())
        except OSError as error:
            self._file = None  # a block may be cut off there: go on in another file
            self._lose(error.strerror or "disk gone", len(entries))
        except Exception:  # what cannot be written must not end the record
            if len(entries) > 1:
                for entry in entries:
                    self._put([entry], urgent)
                return
            _LOG.exception("the record")
            self._file = None
            self._lose("fault in forewave", 1)
        else:
            self._gap -= sum(entry.moments for entry in gap)
            self.written += len(entries)

    def _note_done(self) -> None:
        with self._progress:
            self._done, self._stalled = self._taken, False
            self._progress.notify_all()

    def _current(self) -> BinaryIO:
        """The file to write to. Raises OSError where there is no room."""
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
        self._file, self._blocks = _fresh(self.root, now).open("xb"), record.Blocks()
        if self._opened > -inf:
            self._file.write(self._blocks.encode([Goes(now, self._setup)]))
        self._opened = now


def _fresh(root: Path, now: float) -> Path:
    """A file that is not there yet, named by its beginning."""
    begins = datetime.fromtimestamp(now, UTC)
    while (file := root / f"{begins.strftime(STAMP)}{SUFFIX}").exists():
        begins += timedelta(microseconds=1)
    return file


def files(root: Path) -> list[Path]:
    """The files of a record, the oldest first; nothing else that lies there."""
    return sorted(file for file in root.glob(f"*{SUFFIX}") if _began(file) > -inf)


def entries(root: Path, since: float = -inf, stateless: float = -inf) -> Iterator[Entry]:
    """What a record has from a time on, in order. Raises FormatError on what is no record.

    stateless: as in formats.record.read.
    """
    found = files(root)
    begins = [*map(_began, found), inf]
    for file, following in zip(found, begins[1:], strict=True):
        if following > since:
            with file.open("rb") as opened:
                kept = record.read(opened, stateless)
                yield from (entry for entry in kept if entry.now >= since)


def _began(file: Path) -> float:
    """When a file was begun, by its name; -inf of another file."""
    try:
        stamp = datetime.strptime(file.name.removesuffix(SUFFIX), STAMP)
    except ValueError:
        return -inf
    return stamp.replace(tzinfo=UTC).timestamp()
