"""Gives inputs to a worker, and makes another one where an input ended it or holds it for ever."""

import multiprocessing
import multiprocessing.connection
import signal
import tempfile
import time
from collections.abc import Iterator

from tests.fuzz.target import Target
from tests.fuzz.worker import Batch, Fault, work

STUCK = 20.0  # seconds with one input, after which the worker is ended
BATCH = 500  # inputs between two reports


class Fuzzer:
    """A worker process and its orders. A context: it ends with it."""

    def __init__(self, targets: dict[str, Target], seed: int) -> None:
        self._targets, self._seed = targets, seed
        self._process: multiprocessing.process.BaseProcess | None = None

    def __enter__(self) -> "Fuzzer":
        self._folder = tempfile.TemporaryDirectory()
        return self

    def __exit__(self, *why: object) -> None:
        self._end()
        self._folder.cleanup()

    def batches(self, name: str, first: int, count: int) -> Iterator[Batch]:
        """The inputs of one target, from `first` on."""
        end = first + count
        while first < end:
            wanted = min(BATCH, end - first)
            batch = self._batch(name, first, wanted)
            yield batch
            first += batch.inputs

    def _batch(self, name: str, first: int, count: int) -> Batch:
        if self._process is None:
            self._begin()
        self._progress.value = first
        self._link.send((name, first, count))
        try:
            if self._answered():
                return self._link.recv()
            what = f"never ends (left after {STUCK:g} s)"
        except EOFError:
            self._process.join()
            what = f"ends the process ({_signal(self._process.exitcode)})"
        index = self._progress.value
        self._end()
        return Batch(name, index - first + 1, [Fault(name, index, what, "")], STUCK, 0)

    def _answered(self) -> bool:
        """Whether an answer comes; not if one input takes for ever."""
        seen, since = self._progress.value, time.monotonic()
        while not self._link.poll(0.2):
            if self._progress.value != seen:
                seen, since = self._progress.value, time.monotonic()
            elif time.monotonic() - since > STUCK:
                return False
        return True

    def _begin(self) -> None:
        context = multiprocessing.get_context("fork")
        self._link, other = context.Pipe()
        self._progress = context.Value("q", 0, lock=False)
        self._process = context.Process(
            target=work,
            args=(self._targets, self._seed, other, self._progress, self._folder.name),
            daemon=True,
        )
        self._process.start()
        other.close()

    def _end(self) -> None:
        if self._process is not None:
            self._link.close()
            self._process.kill()
            self._process.join()
            self._process = None


def _signal(code: int | None) -> str:
    return signal.Signals(-code).name if code is not None and code < 0 else f"exit code {code}"
