"""What came in last, on disk: from it the stations are made warm again after a crash.

The way of a packet only ever calls `add`, which puts it onto a bounded heap in memory; a thread
writes it away, a tenth of a second later at most. A file is followed by another when it is
`file_s` old, or large; then those go that are too old or too much. It need survive the process
only, not a power cut, so nothing waits for the disk itself. A disk that is slow, full or gone
costs pieces, which are counted.
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
from forewave.formats import tail
from forewave.formats.tail import JournalPacket
from forewave.types import Packet

SUFFIX = ".tail"
PAUSE = 0.1  # seconds between two writes
SHARE = 0.25  # of all that may be kept, from which on a file is large
_LOG = logging.getLogger(__name__)


class TailLimits(Struct, frozen=True):
    """How much is kept: the last `seconds`, in files of `file_s`, and no more than `mb` on disk.

    spare_gb: what is left free there for everything else. waiting: packets in memory until they
    are written.
    """

    seconds: float = 90.0
    file_s: float = 30.0
    mb: float = 400.0
    spare_gb: float = 1.0
    waiting: int = 50_000


class Tail:
    """`add` as it comes; `close` writes what is left."""

    def __init__(self, root: Path, limits: TailLimits, clock: Callable[[], float]) -> None:
        self.root, self.limits, self._clock = root, limits, clock
        self.lost: Counter[str] = Counter()  # packets that were not kept, by countable reason
        self._waiting: deque[tuple[float, Packet]] = deque()
        self._file: BinaryIO | None = None
        self._opened, self._size = -inf, 0
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._work, name="tail", daemon=True)
        self._thread.start()

    def add(self, packet: Packet, now: float) -> None:
        """Keep a packet that was given on now. Returns at once."""
        if len(self._waiting) >= self.limits.waiting:
            self.lost["disk too slow"] += 1
            return
        self._waiting.append((now, packet))

    def close(self) -> None:
        """Write what is left and end. A disk that hangs is not waited for longer than 5 s."""
        self._ends.set()
        self._thread.join(5.0)

    def _work(self) -> None:
        while not self._ends.wait(PAUSE):
            self.write()
        self.write()
        if self._file is not None:
            self._file.close()

    def write(self) -> None:
        """All that is waiting, as one block. For the thread."""
        given = [self._waiting.popleft() for _ in range(len(self._waiting))]
        if not given:
            return
        try:
            block = tail.encode(given)
            file = self._current()
            file.write(block)
            file.flush()
            self._size += len(block)
        except OSError as error:
            self._file = None  # a block may be cut off there: go on in another file
            self.lost[error.strerror or "disk gone"] += len(given)
        except Exception:  # what cannot be written must not end the tail
            _LOG.exception("the tail")
            self._file = None
            self.lost["fault in forewave"] += len(given)

    def _current(self) -> BinaryIO:
        """The file to write to. Raises OSError where there is no room."""
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
        most = limits.mb * 1e6 * (1.0 - SHARE)  # so that there is room for the next
        found = files(self.root)
        make_room(
            self.root, found, lambda file: file.stat().st_mtime < oldest, most, limits.spare_gb
        )
        number = 1 + max((int(file.stem) for file in files(self.root)), default=0)
        self._opened, self._size = now, 0
        return (self.root / f"{number:010d}{SUFFIX}").open("xb")


def files(root: Path) -> list[Path]:
    """The files of a tail, the oldest first; nothing else that lies there."""
    return sorted(file for file in root.glob(f"*{SUFFIX}") if file.stem.isdecimal())


def ended(root: Path) -> float | None:
    """When something was written last. Raises OSError where that cannot be read."""
    found = files(root)
    return found[-1].stat().st_mtime if found else None


def pieces(root: Path, since: float) -> list[JournalPacket]:
    """What was given on from a time on (a tenth of a second more), in order.

    Raises OSError, and FormatError where a file is not what was written.
    """
    found: list[JournalPacket] = []
    for file in files(root):
        if file.stat().st_mtime >= since:
            for block in tail.read(file.read_bytes(), since):
                found += block
    return found
