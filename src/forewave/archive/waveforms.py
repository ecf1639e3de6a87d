"""The received packets in an SDS archive of miniSEED day files, bounded by age and by size.

`add` puts a packet into a bounded queue in memory and returns at once; a thread writes the queue
every `flush` seconds. If the disk is slow, full or removed, samples are not archived and are
counted; alerts are never delayed.
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

from forewave.archive.retention import check_writable
from forewave.errors import FormatError
from forewave.formats.waveforms import miniseed, sds, segments
from forewave.types import Packet, StreamId

_LOG = logging.getLogger(__name__)
PRUNE = 600.0  # seconds between two checks of age and size
SLOWEST = 1e-3  # samples/s of a stream in day files


class ArchiveLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """Limits on disk (`days`, `gb`) and in memory (`waiting_samples`).

    spare_gb: space left free on the disk. flush: seconds between writes.
    """

    days: float = 30.0
    gb: float = 50.0
    spare_gb: float = 1.0
    flush: float = 30.0
    waiting_samples: int = 100_000_000


class WaveformArchive:
    """`add` packets as they arrive; `run` writes them until it is cancelled.

    lost: samples that were not kept, by reason. written: samples.
    """

    def __init__(self, root: Path, limits: ArchiveLimits, clock: Callable[[], float]) -> None:
        self.root, self.limits, self.clock = root, limits, clock
        self.lost: Counter[str] = Counter()
        self.written = 0
        self._waiting: list[Packet] = []
        self._samples = 0
        self._pruned = -PRUNE
        self._bytes = 0
        self._writing = threading.Lock()  # the last flush may overlap with another

    def add(self, packet: Packet) -> None:
        """Keep a packet. Returns at once."""
        count = len(packet.samples)
        if self._samples + count > self.limits.waiting_samples:
            self.lost["disk too slow"] += count
            return
        self._waiting.append(packet)
        self._samples += count

    async def run(self) -> None:
        """Write every `flush` seconds, and the rest when cancelled."""
        try:
            while True:
                await asyncio.sleep(self.limits.flush)
                await asyncio.to_thread(self._safely, self._take())
        finally:
            self.flush()

    def flush(self) -> None:
        """Write all waiting packets now. Never raises."""
        self._safely(self._take())

    def _safely(self, packets: list[Packet]) -> None:
        """Write; an unexpected exception is logged and its samples are counted as lost."""
        try:
            self._write(packets)
        except Exception:
            _LOG.exception("the waveform archive")
            self.lost["fault in forewave"] += sum(len(packet.samples) for packet in packets)

    def _take(self) -> list[Packet]:
        """Empty the queue. Called in the same thread as `add`."""
        packets, self._waiting, self._samples = self._waiting, [], 0
        return packets

    def _write(self, packets: list[Packet]) -> None:
        """Write packets to their files; what cannot be written is counted."""
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
        """Contiguous segments by file; segments that cross midnight are split."""
        possible = [packet for packet in packets if self._is_possible(packet)]
        joined, _ = segments.join(possible)
        by_file: dict[Path, list[Packet]] = defaultdict(list)
        for packet in joined:
            for day in _days(packet):
                by_file[sds.place(day.stream, day.start)].append(day)
        return by_file

    def _is_possible(self, packet: Packet) -> bool:
        """Whether a packet can be archived; if not, its samples are counted."""
        try:
            sds.place(packet.stream, packet.start)
            sds.place(packet.stream, packet.start + len(packet.samples) / packet.rate)
            if packet.rate >= SLOWEST:
                return True
        except (FormatError, ArithmeticError):
            pass
        self.lost["no miniSEED can be made of it"] += len(packet.samples)
        return False

    def _append(self, file: Path, day_segments: list[Packet]) -> None:
        """Append the new samples of one stream and day in one write."""
        count = sum(len(p.samples) for p in day_segments)
        try:
            data = miniseed.encode(day_segments, _version(day_segments[0].stream))
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("ab") as target:
                target.write(data)
        except OSError as error:
            self.lost[error.strerror or "disk gone"] += count
        except Exception:  # libmseed refuses it
            self.lost["no miniSEED can be made of it"] += count
        else:
            self.written += count
            self._bytes += len(data)

    def _refused(self) -> str:
        """The reason for which nothing can be written now; empty: it can."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            check_writable(self.root, self.limits.spare_gb)
        except OSError as error:
            return error.strerror or "disk gone"
        return "archive full" if self._bytes >= self.limits.gb * 1e9 else ""

    def _prune(self) -> None:
        """Remove the oldest days beyond the limits, every PRUNE seconds or when it is full."""
        now = self.clock()
        if now - self._pruned < PRUNE and self._bytes < self.limits.gb * 1e9:
            return
        self._pruned = now
        sizes = [(day, file, _size(file)) for file, _, day in sds.files(self.root)]
        self._bytes = sum(size for _, _, size in sizes)
        oldest = now - (self.limits.days + 1) * sds.DAY
        # A tenth is freed at once, so that not every flush finds the archive full.
        goal = self.limits.gb * 1e9 * (0.9 if self._bytes >= self.limits.gb * 1e9 else 1.0)
        for day, file, size in sorted(sizes):
            if day < oldest or self._bytes > goal:
                self._bytes -= size if _remove(file, self.root) else 0


def _days(packet: Packet) -> Iterator[Packet]:
    while len(packet.samples):
        # Half a sample early: a sample at midnight within rounding belongs to the new day.
        midnight = sds.next_day(packet.start + 0.5 / packet.rate)
        count = max(1, round((midnight - packet.start) * packet.rate))
        yield replace(packet, samples=packet.samples[:count])
        start = packet.start + count / packet.rate
        packet = replace(packet, start=start, samples=packet.samples[count:])


def _version(stream: StreamId) -> Literal[2, 3]:
    """miniSEED version: 2, which every tool reads, or 3 if the names are too long for it."""
    return 2 if miniseed.fits_2(stream) else 3


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _remove(file: Path, root: Path) -> bool:
    """Remove a day file and the folders that become empty."""
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
