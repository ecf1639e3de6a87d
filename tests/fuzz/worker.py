"""The process in which inputs are worked on: whatever one of them does to it, the others go on."""

import gc
import itertools
import random
import resource
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

from tests.fuzz.mutate import mutated
from tests.fuzz.target import Take, Target, seeds

SLOWEST = 0.1  # seconds of processor time for one input
MOST_BYTES = 200 * 1024 * 1024  # by which the process may grow
ROOM_BYTES = 1024 * 1024 * 1024  # of addresses beyond that: then MemoryError, not the machine's end
KIB, PAGE = 1024, resource.getpagesize()
STATM = Path("/proc/self/statm")


class Fault(NamedTuple):
    """An input that a target does not bear. index: of the input, by which it is made again."""

    target: str
    index: int
    what: str
    where: str


class Batch(NamedTuple):
    """What came of some inputs of a target."""

    target: str
    inputs: int
    faults: list[Fault]
    slowest: float
    grown: int


def make(name: str, seed: int, index: int) -> bytes:
    """The input: first the good ones as they are, then changed ones."""
    good = seeds(name)
    if index < len(good):
        return good[index]
    return mutated(random.Random(f"{seed}/{name}/{index}"), good)


def work(
    targets: dict[str, Target], seed: int, link: Connection, progress: Any, folder: str
) -> None:
    """Take orders (target, first, count) until there is none; progress: the index under way."""
    takes: dict[str, Take] = {}
    gc.collect()
    gc.freeze()
    scratch = Path(tempfile.mkdtemp(dir=folder))
    while (order := link.recv()) is not None:
        name, first, count = order
        if name not in takes:
            (scratch / name).mkdir()
            takes[name] = targets[name].make(scratch / name)
        runner = _Runner(name, targets[name], takes[name], seed)
        link.send(runner.batch(first, count, progress))


class _Runner:
    """One target."""

    def __init__(self, name: str, target: Target, take: Take, seed: int) -> None:
        self._name, self._target, self._take, self._seed = name, target, take, seed
        self._good = seeds(name)
        for data in self._good:  # what is imported or built at first use is not the input's
            self._tried(data)
        self._base = _resident()
        _limit_addresses()

    def batch(self, first: int, count: int, progress: Any) -> Batch:
        """The inputs from `first` on."""
        faults, slowest = [], 0.0
        for index in itertools.islice(itertools.count(first), count):
            progress.value = index
            data = self._input(index)
            what, where, seconds = self._tried(data)
            if seconds > SLOWEST:  # twice in a row, or it was something else
                _, _, seconds = min(self._tried(data), self._tried(data), key=lambda each: each[2])
            slowest = max(slowest, seconds)
            if not what and seconds > SLOWEST:
                what = f"takes {seconds:.2f} s"
            if not what and _peak() - self._base > MOST_BYTES:
                what = f"grows by {(_peak() - self._base) >> 20} MB"
                self._base = _peak()
            if what:
                faults.append(Fault(self._name, index, what, where))
        return Batch(self._name, count, faults, slowest, max(0, _peak() - self._base))

    def _input(self, index: int) -> bytes:
        if index < len(self._good):
            return self._good[index]
        return mutated(random.Random(f"{self._seed}/{self._name}/{index}"), self._good)

    def _tried(self, data: bytes) -> tuple[str, str, float]:
        """(what is wrong, where, seconds) of one input."""
        began = time.process_time()
        try:
            held = self._take(data)
        except self._target.allowed:
            held = None
        except BaseException as fault:
            return f"{type(fault).__name__}: {fault}"[:200], _place(fault), 0.0
        if isinstance(held, float):
            return "", "", held
        return "", "", time.process_time() - began


def _place(fault: BaseException) -> str:
    """The innermost line of ours, or of whoever raised it."""
    frames = list(_frames(fault))
    ours = [each for each in frames if "/src/forewave/" in each.filename]
    last = (ours or frames)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"


def _frames(fault: BaseException) -> Iterator[traceback.FrameSummary]:
    yield from traceback.extract_tb(fault.__traceback__)


def _resident() -> int:
    """Bytes in memory now; at most so far, where the system does not say it."""
    return int(STATM.read_text().split()[1]) * PAGE if STATM.exists() else _peak()


def _peak() -> int:
    """Bytes in memory at most, so far."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * KIB


def _limit_addresses() -> None:
    """Where the system says how many are in use."""
    if not STATM.exists():
        return
    used = int(STATM.read_text().split()[0]) * PAGE
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (used + MOST_BYTES + ROOM_BYTES, hard))
