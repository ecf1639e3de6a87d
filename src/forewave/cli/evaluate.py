"""Commands that judge: scoreboard and validation suite.

Heavy modules are imported by the command that needs them.
"""

import sys
from pathlib import Path

import click

from forewave.cli.option_types import Source, Target, Text, Whole
from forewave.cli.options import latency, one_line_errors, packet


@click.command()
@click.argument("folders", type=Source("folder"), metavar="DIR...", nargs=-1, required=True)
@click.option("--json", "json_file", type=Target("file"), help="Scoreboard to write, as JSON.")
@click.option("--report", type=Target("folder"), help="Folder for an HTML report.")
@latency
@packet
@one_line_errors
def evaluate(
    folders: tuple[Path, ...],
    json_file: Path | None,
    report: Path | None,
    latency: float,
    packet_s: float,
) -> None:
    """Score replays of event directories against the catalogue.

    Published reference algorithms are run on the same input and shown beside. Exit code 1: no event
    directory could be used.
    """
    from forewave.evaluate.report import scoreboard
    from forewave.evaluate.scoring.playback import Replay

    board = scoreboard.evaluate(
        folders, json_file=json_file, report=report, replay=Replay(packet_s, latency)
    )
    sys.exit(0 if board.cases else 1)


@click.command()
@click.option("--workers", type=Whole(1, 256), help="Number of processes (default: one per core).")
@click.option("--json", "json_file", type=Target("file"), help="Scoreboard to write, as JSON.")
@click.option("--report", type=Target("folder"), help="Folder for an HTML report.")
@click.option(
    "--data", type=Source("folder"), help="Folder of event directories (default: $FOREWAVE_DATA)."
)
@click.option(
    "--only",
    metavar="PATTERN",
    type=Text("the name of a case or a group, with * and ?"),
    help="Only cases or groups with this name; * and ? are wildcards.",
)
@click.option(
    "--work",
    type=Target("folder"),
    help="Folder for results of cases; another run does not repeat these.",
)
@click.option(
    "--against",
    type=Source("file"),
    help="Scoreboard of an earlier run; the report then has a page of changes.",
)
@click.option(
    "--random",
    type=Whole(1, 10_000),
    help="Number of random simulated earthquakes (M6.5 to 8.8) to run instead of the usual cases.",
)
@click.option(
    "--seed",
    default=1,
    show_default=True,
    type=Whole(0, 2**31 - 1),
    help="Seed of the random earthquakes.",
)
@one_line_errors
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
    """Run the validation suite: all recorded and simulated cases.

    Cases run in parallel; the results are compared with the goals. Exit code 1: no case
    could be run.
    """
    from forewave.evaluate.suite import suite as validation

    _require_cases(data, only)
    _require_scoreboard(against, report)
    board = validation.suite(
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
        sys.exit(validation.INTERRUPTED)
    sys.exit(0 if board.done else 1)


def _require_cases(data: Path | None, only: str | None) -> None:
    """Refuse a folder without event directories, and a pattern that no case or group matches."""
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
    """Refuse a file that is no scoreboard, and --against without --report."""
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
