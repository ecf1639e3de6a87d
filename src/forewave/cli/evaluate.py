"""Commands that measure: scoreboard, validation suite, benchmarks.

Heavy modules are imported by the command that needs them.
"""

import sys
from pathlib import Path
from typing import Any

import click

from forewave.cli.option_types import Choices, Number, Source, Target, Text, Whole, Wholes
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


@click.group()
def bench() -> None:
    """Measure the performance of this computer."""


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@one_line_errors
def ingest(as_json: bool) -> None:
    """Measure how many stations one core can process in real time.

    From miniSEED bytes to picks and amplitudes.
    """
    from forewave.evaluate.bench import ingest

    _print(ingest.measure(), as_json)


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option(
    "--stations",
    default=1000,
    show_default=True,
    type=Whole(20, 20_000),
    help="Number of stations of the simulated network.",
)
@click.option(
    "--quick", is_flag=True, help="Without the magnitude 8 earthquake and the hour after it."
)
@one_line_errors
def decide(as_json: bool, stations: int, quick: bool) -> None:
    """Measure the time from the decisive packet to the signed alert."""
    from forewave.evaluate.bench import decide

    figures = decide.measure if quick else decide.measure_all
    _print(figures(stations), as_json)


def _rows() -> tuple[str, ...]:
    from forewave.evaluate.bench.fanout.rows import NAMES

    return NAMES


_ROWS = (
    "some of floor, gateway, gateways, picows, websockets, starlette, aiohttp, nats and mosquitto, "
    "separated by commas"
)


@bench.command()
@click.option(
    "--clients",
    type=Wholes(10, 1_000_000, "clients"),
    default="1000,5000,10000,19000",
    show_default=True,
    help="Numbers of clients. Each needs a file descriptor in the server and in the load client.",
)
@click.option(
    "--rows",
    type=Choices(_rows, _ROWS),
    help="Servers to compare; the floor is always among them. Default: all.",
)
@click.option("--tls", is_flag=True, help="Measure with TLS as well.")
@click.option(
    "--processes",
    type=Whole(2, 64),
    default=2,
    show_default=True,
    help="Gateway processes on one port, in the row gateways.",
)
@click.option(
    "--repetitions", type=Whole(1, 100), default=3, show_default=True, help="Times all is measured."
)
@click.option(
    "--alerts",
    type=Whole(3, 60),
    default=10,
    show_default=True,
    help="Alerts in each measurement; the first two are not counted.",
)
@click.option("--json", "json_file", type=Target("file"), help="All figures, as JSON.")
@click.option("--chart", type=Target("file"), help="Chart to draw: .svg, .png or .pdf.")
@one_line_errors
def fanout(
    clients: tuple[int, ...],
    rows: tuple[str, ...] | None,
    tls: bool,
    processes: int,
    repetitions: int,
    alerts: int,
    json_file: Path | None,
    chart: Path | None,
) -> None:
    """Measure the time from publishing an alert to its last client.

    The gateway is compared with other servers in the same run, and with a server in C that does
    nothing but write. Needs Linux, and a C compiler or the package ziglang. Run it on a machine
    that does nothing else.
    """
    from forewave.evaluate.bench.fanout import benchmark, report

    plan = benchmark.Plan(
        clients, rows or _rows(), tls, processes, repetitions=repetitions, alerts=alerts
    )
    found = report.measured(plan)
    report.write(found, json_file, chart)
    click.echo(report.text(found))


@bench.command()
@click.option(
    "--measured",
    type=Source("file"),
    help="File of `forewave bench fanout --tls --json`. Default: that of this version.",
)
@click.option("--plain", is_flag=True, help="Use the figures without TLS.")
@click.option("--seed", type=Whole(0, 2**32 - 1), default=1, show_default=True, help="Random seed.")
@click.option(
    "--samples",
    type=Whole(1000, 20_000_000, "clients"),
    default=1_000_000,
    show_default=True,
    help="Clients that are drawn.",
)
@click.option(
    "--jitter",
    type=Number(0, 600, "s"),
    default=5.0,
    show_default=True,
    help="Longest random wait of a device that lost its gateway, before it connects to another.",
)
@click.option("--json", "json_file", type=Target("file"), help="All figures, as JSON.")
@click.option("--chart", type=Target("file"), help="Chart to draw: .svg, .png or .pdf.")
@one_line_errors
def fanout_tree(
    measured: Path | None,
    plain: bool,
    seed: int,
    samples: int,
    jitter: float,
    json_file: Path | None,
    chart: Path | None,
) -> None:
    """Simulate the delivery to 1 million, 100 million and 1 billion devices.

    The cost of a delivery and of a connection is measured (`forewave bench fanout`); networks and
    devices are assumptions, listed in the documentation. The same seed gives the same figures.
    """
    from forewave.evaluate.bench.tree import costs, report, table

    taken = costs.read(measured or costs.MEASURED, tls=not plain)
    found = report.variants(taken, seed, samples, jitter)
    report.write(found, json_file, chart)
    click.echo(table.text(found, taken))


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


def _print(figures: Any, as_json: bool) -> None:
    import msgspec

    click.echo(msgspec.json.encode(figures).decode() if as_json else str(figures))
