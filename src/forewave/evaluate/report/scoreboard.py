"""`forewave evaluate`: score event directories, print the table, write scoreboard and report."""

import sys
import time
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from forewave.alerts.policy import AlertSettings
from forewave.archive import travel_time
from forewave.earth.travel_time import TravelTimes
from forewave.errors import ForewaveError
from forewave.evaluate.report import index as pages
from forewave.evaluate.report import table
from forewave.evaluate.report.case import Case, evaluate_folder
from forewave.evaluate.report.section import traces
from forewave.evaluate.scoring.playback import USUAL, Clock, Replay
from forewave.evaluate.scoring.summary import summary
from forewave.pipeline import PipelineSettings
from forewave.stations.kernel import compile_kernels

DRILL = PipelineSettings(alerts=AlertSettings(mode="drill"))  # of recordings
WIDE = 170  # columns of the table if the output is not a terminal
DIGITS = 4  # decimals of the scoreboard's values


class Scoreboard(Struct, frozen=True):
    """The evaluated recordings in the order given, and (name, reason) of the others."""

    cases: tuple[Case, ...]
    failed: tuple[tuple[str, str], ...]
    replay: Replay

    def content(self) -> dict[str, Any]:
        """Content of scoreboard.json; `failed` only if a folder could not be evaluated."""
        rows = [row for case in self.cases for row in case.rows]
        outcomes = [o for case in self.cases for o in case.outcomes]
        content = {
            "forewave": version("forewave"),
            "settings": msgspec.to_builtins(self.replay),
            "events": rows,
            "summary": summary(rows, outcomes),
        }
        if self.failed:
            content["failed"] = [{"id": name, "reason": why} for name, why in self.failed]
        plain: dict[str, Any] = rounded(msgspec.to_builtins(content, enc_hook=float))
        return plain

    def encode(self) -> bytes:
        """The JSON file."""
        return msgspec.json.format(msgspec.json.encode(self.content()), indent=1) + b"\n"


def evaluate(
    folders: Sequence[Path],
    *,
    json_file: Path | None = None,
    report: Path | None = None,
    replay: Replay = USUAL,
    settings: PipelineSettings = DRILL,
    travel_times: TravelTimes | None = None,
    console: Console | None = None,
    clock: Clock = time.process_time,
) -> Scoreboard:
    """Score each folder; those that cannot be read are listed with the reason."""
    console = console or Console(width=None if sys.stdout.isatty() else WIDE)
    travel_times = travel_times or travel_time.load()
    compile_kernels()  # before times are measured, as at the start of a live run
    cases: list[Case] = []
    failed: list[tuple[str, str]] = []
    for folder in _shown(folders, console):
        try:
            case, recording = evaluate_folder(folder, settings, travel_times, replay, clock)
        except (ForewaveError, OSError) as reason:
            failed.append((folder.resolve().name, str(reason)))
            continue
        cases.append(case)
        if report is not None:
            pages.write_page(report, case, traces(case, recording))
    board = Scoreboard(tuple(cases), tuple(failed), replay)
    _write(board, json_file, report)
    table.show(console, cases, failed)
    return board


def _write(board: Scoreboard, json_file: Path | None, report: Path | None) -> None:
    if json_file is not None:
        json_file.parent.mkdir(parents=True, exist_ok=True)
        json_file.write_bytes(board.encode())
    if report is not None:
        (report / "scoreboard.json").write_bytes(board.encode())
        pages.write_index(report, board.cases, board.failed, board.replay)


def _shown(folders: Sequence[Path], console: Console) -> Iterator[Path]:
    """The folders one by one, with a progress bar."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task("", total=len(folders))
        for folder in folders:
            bar.update(task, description=folder.name)
            yield folder
            bar.advance(task)


def rounded(value: Any) -> Any:
    """All numbers rounded to DIGITS decimals, at any depth."""
    if isinstance(value, float):
        return round(value, DIGITS)
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [rounded(item) for item in value]
    return value
