"""Jobs in parallel processes; a job that crashes or does not end affects no other.

Each worker is a spawned process that runs one job at a time and returns results through a pipe. A
worker that exits, or exceeds the time limit, is replaced, and its job is reported as failed. The
parent alone handles Ctrl-C and ends all workers.
"""

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

from msgspec import Struct

Job = TypeVar("Job")

POLL_S = 0.5  # s between checks of the time limit


class Outcome(Struct, Generic[Job]):
    """Result of a job, or the reason of its failure."""

    job: Job
    answer: Any = None
    failure: str | None = None


class Worker(Generic[Job]):
    """A process, its pipe, the current job and its start."""

    def __init__(self, act: Callable[[Job], Any]) -> None:
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, act), daemon=True)
        self.process.start()
        theirs.close()
        self.job: Job | None = None
        self.since = 0.0

    def begin(self, job: Job) -> None:
        """Start a job."""
        self.job, self.since = job, time.monotonic()
        self.pipe.send(job)

    def end(self) -> None:
        """Kill the process."""
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
    """Outcomes in the order of completion. act and jobs are pickled; limit: s for each job."""
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
    """Wait up to POLL_S for results, and replace workers that failed."""
    ready = wait([worker.pipe for worker in crew if worker.job is not None], POLL_S)
    for index, worker in enumerate(crew):
        if worker.job is None:
            continue
        job, outcome = worker.job, None
        if worker.pipe in ready:
            outcome = _received(worker, job)
        elif time.monotonic() - worker.since > limit:
            outcome = Outcome(job, failure=f"exceeded the time limit of {limit:g} s")
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
        return Outcome(job, failure=f"worker process exited with code {worker.process.exitcode}")
    return Outcome(job, answer, failure)


def _serve(pipe: Connection, act: Callable[[Any], Any]) -> None:
    """The loop of a worker: jobs in, results out, until the parent closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            job = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            pipe.send((act(job), None))
        except Exception as error:  # of any kind: other jobs continue
            pipe.send((None, f"{type(error).__name__}: {error}"))
