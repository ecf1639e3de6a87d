"""Work spread over processes, where a job that crashes or hangs ends alone.

Every worker is a fresh process that does one job at a time. What a job answers comes back through
its worker's pipe. A worker that dies, or is busy for longer than allowed, is replaced and its job
is named as failed; the others go on. The parent alone hears Ctrl-C, and ends them all.
"""

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

from msgspec import Struct

Job = TypeVar("Job")

LOOK_S = 0.5  # how often the parent looks for jobs that take too long


class Outcome(Struct, Generic[Job]):
    """What became of a job: its answer, or why there is none."""

    job: Job
    answer: Any = None
    failure: str | None = None


class Worker(Generic[Job]):
    """A process, its pipe, and the job that it does, since when."""

    def __init__(self, act: Callable[[Job], Any]) -> None:
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, act), daemon=True)
        self.process.start()
        theirs.close()
        self.job: Job | None = None
        self.since = 0.0

    def begin(self, job: Job) -> None:
        """Hand it a job."""
        self.job, self.since = job, time.monotonic()
        self.pipe.send(job)

    def end(self) -> None:
        """Stop the process, whatever it does."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


def spread(
    jobs: Sequence[Job],
    act: Callable[[Job], Any],
    workers: int,
    limit: float,
    on_running: Callable[[list[Job]], None] = lambda _: None,
) -> Iterator[Outcome[Job]]:
    """The outcomes as they come. act and jobs are pickled; limit: seconds that a job may take."""
    waiting = list(reversed(jobs))
    crew = [Worker(act) for _ in range(min(workers, len(jobs)))]
    try:
        while waiting or any(worker.job is not None for worker in crew):
            for worker in crew:
                if worker.job is None and waiting:
                    worker.begin(waiting.pop())
            on_running([worker.job for worker in crew if worker.job is not None])
            yield from _collect(crew, act, limit)
    finally:
        for worker in crew:
            worker.end()


def _collect(
    crew: list[Worker[Job]], act: Callable[[Job], Any], limit: float
) -> Iterator[Outcome[Job]]:
    """Wait a little; answer what has ended, and replace workers that are lost."""
    ready = wait([worker.pipe for worker in crew if worker.job is not None], LOOK_S)
    for index, worker in enumerate(crew):
        if worker.job is None:
            continue
        job, outcome = worker.job, None
        if worker.pipe in ready:
            outcome = _received(worker, job)
        elif time.monotonic() - worker.since > limit:
            outcome = Outcome(job, failure=f"took longer than {limit:g} s and was ended")
        if outcome is not None:
            worker.job = None
            if outcome.answer is None:
                worker.end()
                crew[index] = Worker(act)
            yield outcome


def _received(worker: Worker[Job], job: Job) -> Outcome[Job]:
    try:
        answer, failure = worker.pipe.recv()
    except (EOFError, OSError):
        worker.process.join()
        return Outcome(job, failure=f"its process ended with code {worker.process.exitcode}")
    return Outcome(job, answer, failure)


def _serve(pipe: Connection, act: Callable[[Any], Any]) -> None:
    """A worker's life: jobs in, answers out, until the parent closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            job = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            pipe.send((act(job), None))
        except Exception as error:  # whatever it is, the others go on
            pipe.send((None, f"{type(error).__name__}: {error}"))
