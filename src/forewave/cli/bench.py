"""Commands that measure: benchmarks of this computer.

Heavy modules are imported by the command that needs them.
"""

from pathlib import Path
from typing import Any

import click

from forewave.cli.option_types import Choices, Number, Source, Target, Whole, Wholes
from forewave.cli.options import one_line_errors

_as_json = click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
_json_file = click.option("--json", "json_file", type=Target("file"), help="All figures, as JSON.")
_chart = click.option("--chart", type=Target("file"), help="Chart to draw: .svg, .png or .pdf.")


@click.group()
def bench() -> None:
    """Measure the performance of this computer."""


@bench.command()
@_as_json
@one_line_errors
def ingest(as_json: bool) -> None:
    """Measure how many stations one core can process in real time.

    From miniSEED bytes to picks and amplitudes.
    """
    from forewave.evaluate.bench import ingest

    _print(ingest.measure(), as_json)


@bench.command()
@_as_json
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
@_json_file
@_chart
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
@_json_file
@_chart
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


def _print(figures: Any, as_json: bool) -> None:
    import msgspec

    click.echo(msgspec.json.encode(figures).decode() if as_json else str(figures))
