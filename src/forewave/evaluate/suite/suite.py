"""`forewave suite`: the validation suite over all recorded and simulated cases, in parallel.

The scoreboard is byte-identical for any number of workers: each case is evaluated by itself,
without compute time, and rows are in the order of the cases. Results are stored by case, so an
interrupted run continues where it stopped.
"""

import os
import sys
import time
from collections.abc import Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from forewave.archive import travel_time
from forewave.evaluate.report.scoreboard import WIDE, rounded
from forewave.evaluate.scoring.playback import USUAL
from forewave.evaluate.scoring.summary import summary
from forewave.evaluate.suite import report as suite_report
from forewave.evaluate.suite import table
from forewave.evaluate.suite.goals import Goal, goals
from forewave.evaluate.suite.pool import Outcome, spread
from forewave.evaluate.suite.result_store import CaseResult, Folder
from forewave.evaluate.suite.task import Task, data_folder, drawn, tasks
from forewave.evaluate.suite.worker import perform
from forewave.stations.kernel import compile_kernels

LIMIT_S = 300.0  # time limit of a case
Reasons = tuple[tuple[str, str], ...]
INTERRUPTED = 130  # exit code after Ctrl-C


class Board(Struct, frozen=True):
    """The finished cases in the order of their tasks, and (name, reason) of the others.

    failed: what crashed or hung. unread: recordings that cannot be replayed.
    """

    done: tuple[CaseResult, ...]
    failed: Reasons
    unread: Reasons

    @property
    def goals(self) -> list[Goal]:
        """Targets and measured values."""
        return goals([row for case in self.done for row in case.rows], self.failed)

    def content(self) -> dict[str, Any]:
        """Content of scoreboard.json."""
        rows = [row for case in self.done for row in case.rows]
        groups = dict.fromkeys(case.group for case in self.done)
        content = {
            "forewave": version("forewave"),
            "settings": msgspec.to_builtins(USUAL),
            "events": rows,
            "summary": summary(rows, [o for case in self.done for o in case.outcomes]),
            "groups": {name: self._of(name) for name in groups},
            "goals": self.goals,
            "failed": [{"id": name, "reason": why} for name, why in self.failed],
            "unread": [{"id": name, "reason": why} for name, why in self.unread],
        }
        plain: dict[str, Any] = rounded(msgspec.to_builtins(content, enc_hook=float))
        return plain

    def _of(self, group: str) -> dict[str, Any]:
        cases = [case for case in self.done if case.group == group]
        rows = [row for case in cases for row in case.rows]
        return summary(rows, [o for case in cases for o in case.outcomes])

    def encode(self) -> bytes:
        """The JSON file."""
        return msgspec.json.format(msgspec.json.encode(self.content()), indent=1) + b"\n"


def suite(
    *,
    workers: int | None = None,
    json_file: Path | None = None,
    report: Path | None = None,
    data: Path | None = None,
    only: str | None = None,
    work: Path | None = None,
    against: Path | None = None,
    random: tuple[int, int] | None = None,
    console: Console | None = None,
) -> Board | None:
    """Evaluate all cases; None after Ctrl-C.

    random: number of random large earthquakes and their seed, instead of the usual cases.
    """
    console = console or Console(width=None if sys.stdout.isatty() else WIDE)
    every = _cases(data, only, console) if random is None else drawn(*random)
    kept = Folder(work or work_folder())
    try:
        failed, unread = run(every, kept, workers or cores(), report is not None, console)
    except KeyboardInterrupt:
        console.print(
            "Interrupted. Finished cases are stored; the same command continues from here."
        )
        return None
    found = [(task, kept.load(task, report is not None)) for task in every]
    board = Board(tuple(done for _, done in found if done is not None), failed, unread)
    if json_file is not None:
        json_file.parent.mkdir(parents=True, exist_ok=True)
        json_file.write_bytes(board.encode())
    if report is not None:
        pages = {task.name: kept.page(task) for task, done in found if done is not None}
        lost = suite_report.Lost(failed, unread)
        suite_report.write(report, board.done, board.goals, lost, pages, against)
        (report / "scoreboard.json").write_bytes(board.encode())
    kept.tidy()
    table.show(console, board.done, board.goals, failed, unread)
    return board


def run(
    every: Sequence[Task], kept: Folder, workers: int, with_page: bool, console: Console
) -> tuple[Reasons, Reasons]:
    """Run the missing cases; (name, reason) of failures and of unreadable recordings."""
    missing = [task for task in every if kept.load(task, with_page) is None]
    if len(missing) < len(every):
        console.print(
            f"{len(every) - len(missing)} of {len(every)} cases are stored from earlier runs."
        )
    if not missing:
        return (), ()
    _prepare()
    begun = time.monotonic()
    outcomes = _watched(missing, partial(perform, kept=kept, with_page=with_page), workers, console)
    took = time.monotonic() - begun
    console.print(f"{len(missing)} cases in {took:.0f} s with {workers} workers.")
    failed = {o.job.name: o.failure for o in outcomes if o.failure is not None}
    unread = {o.job.name: o.answer for o in outcomes if o.answer}
    return _in_order(missing, failed), _in_order(missing, unread)


def _in_order(every: Sequence[Task], why: dict[str, str]) -> Reasons:
    return tuple((task.name, why[task.name]) for task in every if task.name in why)


def _prepare() -> None:
    """Compile kernels and build the travel-time table once, before the workers start."""
    compile_kernels()
    travel_time.load()


def _watched(
    missing: Sequence[Task], act: Any, workers: int, console: Console
) -> list[Outcome[Task]]:
    """All outcomes, with a progress bar of running cases and remaining time."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    outcomes: list[Outcome[Task]] = []
    with Progress(
        *columns, TimeElapsedColumn(), TimeRemainingColumn(), console=console, transient=True
    ) as bar:
        task = bar.add_task("starting", total=len(missing))

        def show(running: list[Task]) -> None:
            bar.update(task, description=", ".join(job.name for job in running)[:60])

        for outcome in spread(missing, act, workers, LIMIT_S, show):
            outcomes.append(outcome)
            bar.advance(task)
    return outcomes


def _cases(data: Path | None, only: str | None, console: Console) -> list[Task]:
    folder = data_folder(data)
    if folder is None:
        console.print("No folder of recordings (--data or $FOREWAVE_DATA): simulated cases only.")
    every = tasks(folder, only)
    names = [task.name for task in every]
    assert len(set(names)) == len(names), "a case has the name of another"
    return every


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def work_folder() -> Path:
    """Default folder for finished cases."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "forewave" / "suite"
