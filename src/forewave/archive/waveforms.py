"""What came in, kept in an SDS archive of miniSEED day files, bounded by age and by size.

The way of a warning only ever calls `add`, which puts a packet onto a bounded heap in memory. A
thread writes the heap away every so many seconds. A disk that is slow, full or gone costs
samples of the archive, which are counted, and never a moment of the warning.
"""

import asyncio
import logging
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from forewave.archive.retention import refuse
from forewave.errors import FormatError
from forewave.formats import miniseed, sds, segments
from forewave.types import Packet, StreamId

_LOG = logging.getLogger(__name__)
PRUNE = 600.0  # seconds between two looks at age and size
SLOWEST = 1e-3  # samples/s of what has a place in files of a day


class ArchiveLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """How much is kept, on disk and in memory until it is written.

    spare_gb: what is left free on the disk for everything else. flush: seconds between writes.
    """

    days: float = 30.0
    gb: float = 50.0
    spare_gb: float = 1.0
    flush: float = 30.0
    waiting_samples: int = 100_000_000


class WaveformArchive:
    """`add` packets as they come; `run` writes them until it is cancelled."""

    def __init__(self, root: Path, limits: ArchiveLimits, clock: Callable[[], float]) -> None:
        self.root, self.limits, self.clock = root, limits, clock
        self.lost: Counter[str] = Counter()  # samples that were not kept, by countable reason
        self.written = 0  # samples
        self._waiting: list[Packet] = []
        self._samples = 0
        self._pruned = -PRUNE
        self._bytes = 0
        self._writing = threading.Lock()  # the last flush may meet one that is under way

    def add(self, packet: Packet) -> None:
        """Keep a packet. Returns at once, whatever the disk does."""
        count = len(packet.samples)
        if self._samples + count > self.limits.waiting_samples:
            self.lost["disk too slow"] += count
            return
        self._waiting.append(packet)
        self._samples += count

    async def run(self) -> None:
        """Write every `flush` seconds; what is left, when it ends."""
        try:
            while True:
                await asyncio.sleep(self.limits.flush)
                await asyncio.to_thread(self._safely, self._take())
        finally:
            self.flush()

    def flush(self) -> None:
        """Write all that is waiting, now. Never raises."""
        self._safely(self._take())

    def _safely(self, packets: list[Packet]) -> None:
        """A fault costs what was to be written, and is counted; the archive goes on."""
        try:
            self._write(packets)
        except Exception:
            _LOG.exception("the archive of waveforms")
            self.lost["fault in forewave"] += sum(len(packet.samples) for packet in packets)

    def _take(self) -> list[Packet]:
        """What is waiting; called where `add` is, so that neither sees the other half done."""
        packets, self._waiting, self._samples = self._waiting, [], 0
        return packets

    def _write(self, packets: list[Packet]) -> None:
        """What cannot be written is counted: neither a disk nor a packet ends the archive."""
        count = sum(len(p.samples) for p in packets)
        with self._writing:
            try:
                self._prune()
                reason = self._refused() if packets else ""
            except OSError as error:
                reason = error.strerror or "disk gone"
            if reason:
                self.lost[reason] += count
                return
            for place, run in self._by_file(packets).items():
                self._append(self.root / place, run)

    def _by_file(self, packets: Iterable[Packet]) -> dict[Path, list[Packet]]:
        """Joined pieces by the file they belong into; what crosses midnight is cut there."""
        possible = [packet for packet in packets if self._is_possible(packet)]
        joined, _ = segments.join(possible)
        pieces: dict[Path, list[Packet]] = defaultdict(list)
        for packet in joined:
            for piece in _days(packet):
                pieces[sds.place(piece.stream, piece.start)].append(piece)
        return pieces

    def _is_possible(self, packet: Packet) -> bool:
        """Whether it has a place in the archive; what has none is counted."""
        try:
            sds.place(packet.stream, packet.start)
            sds.place(packet.stream, packet.start + len(packet.samples) / packet.rate)
            if packet.rate >= SLOWEST:
                return True
        except (FormatError, ArithmeticError):
            pass
        self.lost["no miniSEED can be made of it"] += len(packet.samples)
        return False

    def _append(self, file: Path, pieces: list[Packet]) -> None:
        """One stream's new samples of one day, as one write."""
        count = sum(len(p.samples) for p in pieces)
        try:
            data = miniseed.encode(pieces, _version(pieces[0].stream))
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("ab") as target:
                target.write(data)
        except OSError as error:
            self.lost[error.strerror or "disk gone"] += count
        except Exception:  # what libmseed refuses must not end the archive
            self.lost["no miniSEED can be made of it"] += count
        else:
            self.written += count
            self._bytes += len(data)

    def _refused(self) -> str:
        """Why nothing can be written now, if so; countable."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            refuse(self.root, self.limits.spare_gb)
        except OSError as error:
            return error.strerror or "disk gone"
        return "archive full" if self._bytes >= self.limits.gb * 1e9 else ""

    def _prune(self) -> None:
        """Remove the oldest days while there is too much; now and then, or when it is full."""
        now = self.clock()
        if now - self._pruned < PRUNE and self._bytes < self.limits.gb * 1e9:
            return
        self._pruned = now
        sizes = [(day, file, _size(file)) for file, _, day in sds.files(self.root)]
        self._bytes = sum(size for _, _, size in sizes)
        oldest = now - (self.limits.days + 1) * sds.DAY
        # A tenth is freed at once, or else every flush would find the archive full again.
        goal = self.limits.gb * 1e9 * (0.9 if self._bytes >= self.limits.gb * 1e9 else 1.0)
        for day, file, size in sorted(sizes):
            if day < oldest or self._bytes > goal:
                self._bytes -= size if _remove(file, self.root) else 0


def _days(packet: Packet) -> Iterator[Packet]:
    while len(packet.samples):
        # Half a sample early: a first sample that is at midnight but for rounding is of that day.
        midnight = sds.next_day(packet.start + 0.5 / packet.rate)
        count = max(1, round((midnight - packet.start) * packet.rate))
        yield replace(packet, samples=packet.samples[:count])
        start = packet.start + count / packet.rate
        packet = replace(packet, start=start, samples=packet.samples[count:])


def _version(stream: StreamId) -> Literal[2, 3]:
    """2, which every tool reads, unless the names are too long for it."""
    return 2 if miniseed.fits_2(stream) else 3


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _remove(file: Path, root: Path) -> bool:
    """Remove a day and the folders that it leaves empty."""
    try:
        file.unlink()
    except OSError:
        return False
    for folder in file.parents:
        if folder == root:
            break
        try:
            folder.rmdir()
        except OSError:
            break
    return True
