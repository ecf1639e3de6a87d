"""The commands that measure: the scoreboard, the suite of all cases, the benchmarks.

Heavy modules are imported by the command that needs them.
"""

import sys
from pathlib import Path
from typing import Any

import click

from forewave.cli.option_types import Source, Target, Text, Whole
from forewave.cli.options import latency, packet, plainly


@click.command()
@click.argument("folders", type=Source("folder"), metavar="DIR...", nargs=-1, required=True)
@click.option("--json", "json_file", type=Target("file"), help="Write the scoreboard here.")
@click.option("--report", type=Target("folder"), help="Write HTML pages into this folder.")
@latency
@packet
@plainly
def evaluate(
    folders: tuple[Path, ...],
    json_file: Path | None,
    report: Path | None,
    latency: float,
    packet_s: float,
) -> None:
    """The scoreboard over event directories, beside the published rules on the same input."""
    from forewave.evaluate.judge.playback import Replay
    from forewave.evaluate.report import scoreboard

    board = scoreboard.evaluate(
        folders, json_file=json_file, report=report, replay=Replay(packet_s, latency)
    )
    sys.exit(0 if board.cases else 1)


@click.command()
@click.option("--workers", type=Whole(1, 256), help="Processes (default one a core).")
@click.option("--json", "json_file", type=Target("file"), help="Write the scoreboard here.")
@click.option("--report", type=Target("folder"), help="Write HTML pages into this folder.")
@click.option(
    "--data", type=Source("folder"), help="Folder of recorded sets (default $FOREWAVE_DATA)."
)
@click.option(
    "--only",
    metavar="PATTERN",
    type=Text("the name of a case or a group, with * and ?"),
    help="Cases or groups so named, with * and ?.",
)
@click.option(
    "--work", type=Target("folder"), help="Where finished cases are kept for another run."
)
@click.option(
    "--against",
    type=Source("file"),
    help="The scoreboard.json of an earlier run; the report gets a page of changes.",
)
@click.option(
    "--random",
    type=Whole(1, 10_000),
    help="Judge so many random great earthquakes (M6.5 to 8.8) in place of the usual cases.",
)
@click.option(
    "--seed",
    default=1,
    show_default=True,
    type=Whole(0, 2**31 - 1),
    help="Seed of the random earthquakes.",
)
@plainly
def suite(
    workers: int | None,
    json_file: Path | None,
    report: Path | None,
    data: Path | None,
    only: str | None,
    work: Path | None,
    against: Path | None,
    random: int | None,
    seed: int,
) -> None:
    """The referee: all recorded and made cases in parallel, with goals and a report."""
    from forewave.evaluate.suite import suite as referee

    _require_cases(data, only)
    _require_scoreboard(against, report)
    board = referee.suite(
        workers=workers,
        json_file=json_file,
        report=report,
        data=data,
        only=only,
        work=work,
        against=against,
        random=None if random is None else (random, seed),
    )
    if board is None:
        sys.exit(referee.INTERRUPTED)
    sys.exit(0 if board.done else 1)


@click.group()
def bench() -> None:
    """The performance figures, with the machine named."""


@bench.command()
@click.option("--json", "as_json", is_flag=True)
@plainly
def ingest(as_json: bool) -> None:
    """Stations in real time on one core, from miniSEED bytes to picks and amplitudes."""
    from forewave.evaluate.bench import ingest

    _print(ingest.measure(), as_json)


@bench.command()
@click.option("--json", "as_json", is_flag=True)
@click.option(
    "--stations",
    default=1000,
    show_default=True,
    type=Whole(20, 20_000),
    help="Stations of the simulated network.",
)
@click.option("--quick", is_flag=True, help="Without the magnitude 8 and its hour.")
@plainly
def decide(as_json: bool, stations: int, quick: bool) -> None:
    """Time from the deciding packet to the signed message."""
    from forewave.evaluate.bench import decide

    figures = decide.measure if quick else decide.measure_all
    _print(figures(stations), as_json)


def _require_cases(data: Path | None, only: str | None) -> None:
    """Refuse a folder without recordings, and a pattern that no case or group has."""
    from forewave.evaluate.suite import task

    if data is not None and not task.recorded(data):
        raise click.BadParameter(
            f"{data}: expected a folder of event directories", param_hint="'--data'"
        )
    folder = task.data_folder(data)
    if only is not None and not task.tasks(folder, only):
        groups = ", ".join(dict.fromkeys(each.group for each in task.tasks(folder)))
        raise click.BadParameter(
            f"{only}: expected the name of a case or one of the groups {groups}",
            param_hint="'--only'",
        )


def _require_scoreboard(against: Path | None, report: Path | None) -> None:
    """Refuse what is no scoreboard, or has no report to be compared in."""
    from forewave.errors import FormatError
    from forewave.evaluate.suite import changes

    if against is None:
        return
    if report is None:
        raise click.UsageError(f"--against {against}: expected together with --report")
    try:
        changes.read(against)
    except FormatError as error:
        raise click.BadParameter(str(error), param_hint="'--against'") from None


def _print(figures: Any, as_json: bool) -> None:
    import msgspec

    click.echo(msgspec.json.encode(figures).decode() if as_json else str(figures))
