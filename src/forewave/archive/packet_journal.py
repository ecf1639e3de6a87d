"""The recent-packet journal on disk, from which the detectors' state is rebuilt after a crash.

`add` puts a packet into a bounded queue in memory; a thread writes it within a tenth of a second. A
new file is begun when the current one is `file_s` old or large; then files that are too old or too
many are removed. The journal must survive the process but not a power failure, so writes are not
synchronised. If the disk is slow, full or removed, packets are lost and counted.
"""

import logging
import threading
from collections import Counter, deque
from collections.abc import Callable
from math import inf
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from forewave.archive.retention import is_there, make_room
from forewave.formats.storage import journal_blocks
from forewave.formats.storage.journal_blocks import JournalPacket
from forewave.types import Packet

SUFFIX = ".tail"
PAUSE = 0.1  # seconds between two writes
SHARE = 0.25  # share of the allowed size from which on a file is large
_LOG = logging.getLogger(__name__)


class JournalLimits(Struct, frozen=True):
    """Limits: the last `seconds` are kept, in files of `file_s` seconds and at most `mb` MB.

    spare_gb: space left free on the disk. waiting: packets that may wait in memory.
    """

    seconds: float = 90.0
    file_s: float = 30.0
    mb: float = 400.0
    spare_gb: float = 1.0
    waiting: int = 50_000


class PacketJournal:
    """`add` packets as they are merged; `close` writes the rest. lost: packets by reason."""

    def __init__(self, root: Path, limits: JournalLimits, clock: Callable[[], float]) -> None:
        self.root, self.limits, self._clock = root, limits, clock
        self.lost: Counter[str] = Counter()
        self._waiting: deque[tuple[float, Packet]] = deque()
        self._file: BinaryIO | None = None
        self._opened, self._size = -inf, 0
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._work, name="packet journal", daemon=True)
        self._thread.start()

    def add(self, packet: Packet, now: float) -> None:
        """Keep a packet that was passed to the detectors now. Returns at once."""
        if len(self._waiting) >= self.limits.waiting:
            self.lost["disk too slow"] += 1
            return
        self._waiting.append((now, packet))

    def close(self) -> None:
        """Write the rest and end the thread; waits at most 5 s for the disk."""
        self._ends.set()
        self._thread.join(5.0)

    def _work(self) -> None:
        while not self._ends.wait(PAUSE):
            self.write()
        self.write()
        if self._file is not None:
            self._file.close()

    def write(self) -> None:
        """Write all waiting packets as one block; called by the thread."""
        given = [self._waiting.popleft() for _ in range(len(self._waiting))]
        if not given:
            return
        try:
            block = journal_blocks.encode(given)
            file = self._current()
            file.write(block)
            file.flush()
            self._size += len(block)
        except OSError as error:
            self._file = None  # the last block may be incomplete: begin another file
            self.lost[error.strerror or "disk gone"] += len(given)
        except Exception:  # a packet that cannot be written must not end the thread
            _LOG.exception("the recent-packet journal")
            self._file = None
            self.lost["fault in forewave"] += len(given)

    def _current(self) -> BinaryIO:
        """The file to write to. Raises OSError if there is no space."""
        now, limits = self._clock(), self.limits
        done = self._size >= limits.mb * 1e6 * SHARE or now - self._opened >= limits.file_s
        if self._file is None or done or not is_there(self._file):
            self._file = self._fresh(now)
        return self._file

    def _fresh(self, now: float) -> BinaryIO:
        if self._file is not None:
            self._file.close()
            self._file = None
        limits, oldest = self.limits, now - self.limits.seconds
        most = limits.mb * 1e6 * (1.0 - SHARE)  # with space for the next file
        found = files(self.root)
        make_room(
            self.root, found, lambda file: file.stat().st_mtime < oldest, most, limits.spare_gb
        )
        number = 1 + max((int(file.stem) for file in files(self.root)), default=0)
        self._opened, self._size = now, 0
        return (self.root / f"{number:010d}{SUFFIX}").open("xb")


def files(root: Path) -> list[Path]:
    """The files of a journal, oldest first; other files are ignored."""
    return sorted(file for file in root.glob(f"*{SUFFIX}") if file.stem.isdecimal())


def last_write(root: Path) -> float | None:
    """Time of the last write (POSIX seconds); None: no journal. Raises OSError."""
    found = files(root)
    return found[-1].stat().st_mtime if found else None


def read(root: Path, since: float) -> list[JournalPacket]:
    """The packets from `since` on (up to 0.1 s more), in order.

    Raises OSError, and FormatError if a file is damaged.
    """
    found: list[JournalPacket] = []
    for file in files(root):
        if file.stat().st_mtime >= since:
            for block in journal_blocks.read(file.read_bytes(), since):
                found += block
    return found
