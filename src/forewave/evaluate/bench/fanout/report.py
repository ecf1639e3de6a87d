"""Runs the benchmark with a progress bar, and writes what was asked for."""

import signal
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from forewave.evaluate.bench.fanout import benchmark, chart, table
from forewave.evaluate.bench.fanout.result import Fanout

text = table.text


def measured(plan: benchmark.Plan) -> Fanout:
    """The figures, with progress on standard error. Raises ConfigError as `benchmark.check`."""
    benchmark.check(plan)  # before a bar is drawn
    signal.signal(signal.SIGTERM, _end)
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("compiling", total=None)
        return benchmark.measure(
            plan,
            lambda done, of, what: bar.update(task, completed=done, total=of, description=what),
        )


def _end(number: int, frame: object) -> None:
    """End as an interrupt does, so that servers that do not read their input end too."""
    raise SystemExit(128 + number)


def write(found: Fanout, json_file: Path | None, picture: Path | None) -> None:
    """Write figures and chart into files; parent folders are created."""
    for path in filter(None, (json_file, picture)):
        path.parent.mkdir(parents=True, exist_ok=True)
    if json_file:
        benchmark.write(found, json_file)
    if picture:
        chart.save(found, picture)
