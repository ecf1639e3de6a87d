"""The commands. Each reads its arguments, calls one function, and prints; nothing else.

Heavy modules are imported by the command that needs them, so that `forewave --help` is quick.
"""

import os
import sys
from pathlib import Path
from typing import Any

import click

from forewave import commands
from forewave.commands import FILE, FOLDER, configuration, factor, latency, packet, plainly

_LATITUDE = click.FloatRange(-89, 90)
_LONGITUDE = click.FloatRange(-180, 180)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="forewave")
def main() -> None:
    """Warns people of an earthquake before the strong waves reach them."""


@main.command()
@click.option("--scenario", default="sichuan", show_default=True, help="A built-in or a file.")
@click.option("--port", default=8460, show_default=True, help="Of the pages; stream: one above.")
@click.option("--wait", default=30.0, show_default=True, help="Seconds for a page to be opened.")
@click.option("--stay", default=20.0, show_default=True, help="Seconds open after the end.")
@plainly
def demo(scenario: str, port: int, wait: float, stay: float) -> None:
    """An earthquake on this machine, with a phone page and a TV page; nothing else is needed."""
    from rich.console import Console

    from forewave.runtime import show

    pace = show.Pace(patience=wait, stay=stay)
    show.demo(Console(), _settings(None, port), pace, scenario)


@main.command()
@click.option("--lat", default=30.66, type=_LATITUDE, show_default=True, help="Of the place.")
@click.option("--lon", default=104.06, type=_LONGITUDE, show_default=True, help="Of the place.")
@click.option("--seconds", default=20.0, show_default=True, help="Until S reaches the place.")
@click.option("--magnitude", default=7.3, show_default=True, help="From 75 km south of it.")
@click.option("--port", default=8460, show_default=True, help="Of the pages; stream: one above.")
@click.option("--json", "as_json", is_flag=True, help="Say where the pages are as an object.")
@plainly
def drill(
    lat: float, lon: float, seconds: float, magnitude: float, port: int, as_json: bool
) -> None:
    """An exercise on the pages: an earthquake that did not happen, and says so everywhere."""
    from forewave.runtime import drill as exercise
    from forewave.types import Place

    where = exercise.where_json if as_json else exercise.where
    exercise.exercise(
        Place("drill", lat, lon),
        seconds,
        magnitude,
        lambda gateway: click.echo(where(gateway)),
        port=port,
        stream_port=port + 1 if port else 0,
    )


@main.command()
@click.argument("folder", type=FOLDER, metavar="[DIR]", required=False)
@click.option("--from-log", "log", type=FOLDER, help="Decide a live machine's record again.")
@click.option("--speed", default="max", show_default=True, help="A factor; with --serve 1.")
@latency
@packet
@click.option("--serve", is_flag=True, help="Show it on the pages, as a drill.")
@click.option("--json", "as_json", is_flag=True, help="One object per alert, then a summary.")
@click.option("--port", default=8460, show_default=True, help="Of the pages; stream: one above.")
@click.option("--wait", default=30.0, show_default=True, help="Seconds for a page to be opened.")
@click.option("--stay", default=20.0, show_default=True, help="Seconds open after the end.")
@configuration
@plainly
def replay(
    folder: Path | None,
    log: Path | None,
    speed: str,
    latency: float,
    packet_s: float,
    serve: bool,
    as_json: bool,
    port: int,
    wait: float,
    stay: float,
    config: Path | None,
) -> None:
    """A recorded or made earthquake through the pipeline, with true packet timing."""
    if log is not None:
        _replay_log(log, as_json)
        return
    if folder is None:
        raise click.UsageError("expected an event directory, or --from-log with a record")
    from rich.console import Console

    from forewave.formats import event_directory
    from forewave.runtime import show, tell

    recording = event_directory.read(folder)
    settings, console = _settings(config, port), Console(stderr=as_json)
    times = factor(speed, 1.0 if serve else None)
    pace = show.Pace(packet_s, latency, times, patience=wait, stay=stay)
    lines = tell.JsonLines(recording, click.echo)
    if serve:
        printed = {"on_word": lines.on_word} if as_json else {}
        show.show(recording, console, settings, pace, **printed)
    elif as_json:
        tell.tell(recording, settings, pace, lines.on_word)
    else:
        tell.story(recording, settings, pace, console)
    if as_json:
        lines.end()


@main.command()
@click.argument("folders", type=FOLDER, metavar="DIR...", nargs=-1, required=True)
@click.option("--json", "json_file", type=FILE, help="Write the scoreboard here.")
@click.option("--report", type=FOLDER, help="Write HTML pages into this folder.")
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
    from forewave.evaluate import scoreboard
    from forewave.evaluate.run import Replay

    board = scoreboard.evaluate(
        folders, json_file=json_file, report=report, replay=Replay(packet_s, latency)
    )
    sys.exit(0 if board.cases else 1)


@main.command()
@click.option("--workers", type=click.IntRange(min=1), help="Processes; usually one a core.")
@click.option("--json", "json_file", type=FILE, help="Write the scoreboard here.")
@click.option("--report", type=FOLDER, help="Write HTML pages into this folder.")
@click.option("--data", type=FOLDER, help="Recorded sets; usually $FOREWAVE_DATA.")
@click.option("--only", metavar="PATTERN", help="Cases or groups so named, with * and ?.")
@click.option("--work", type=FOLDER, help="Where finished cases are kept for another run.")
@click.option("--against", type=FILE, help="A scoreboard of before, for a page of changes.")
@plainly
def suite(
    workers: int | None,
    json_file: Path | None,
    report: Path | None,
    data: Path | None,
    only: str | None,
    work: Path | None,
    against: Path | None,
) -> None:
    """The referee: all recorded and made cases in parallel, with goals and a report."""
    from forewave.evaluate import suite as referee

    board = referee.suite(
        workers=workers,
        json_file=json_file,
        report=report,
        data=data,
        only=only,
        work=work,
        against=against,
    )
    if board is None:
        sys.exit(referee.INTERRUPTED)
    sys.exit(0 if board.done else 1)


@main.command()
@click.argument("scenario")
@click.option("-o", "--output", type=FOLDER, required=True, help="The event directory to write.")
@plainly
def simulate(scenario: str, output: Path) -> None:
    """A made earthquake on a real or made network, as an event directory."""
    from rich.progress import Progress

    from forewave.formats import event_directory
    from forewave.simulate import simulator
    from forewave.simulate.scenario import load_scenario

    with Progress(transient=True) as progress:
        task = progress.add_task("Making an earthquake", total=None)
        made = simulator.simulate(
            load_scenario(scenario),
            lambda done, total: progress.update(task, completed=done, total=total),
        )
    event_directory.write(output, made.info, made.stations, made.segments, made.receipts)
    click.echo(f"{output}: {len(made.stations)} stations")


@main.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@click.option("--seconds", default=10.0, show_default=True, help="To listen; 0: open nothing.")
@plainly
def check(path: Path, seconds: float) -> None:
    """What would not work and why: of an event directory, or of a forewave.toml."""
    from forewave.runtime import check as checks

    if path.is_dir():
        found = checks.check_recording(path)
    else:
        found = checks.check_config(path, os.environ, seconds)
    for finding in found:
        click.echo(f"{finding.severity:8} {finding.subject}: {finding.what}; {finding.remedy}")
    errors = sum(finding.severity == "error" for finding in found)
    click.echo(f"findings: {len(found)}, of them errors: {errors}" if found else "all is well")
    sys.exit(1 if errors else 0)


for command in (commands.run, commands.relay, commands.init, commands.fetch):
    main.add_command(command)


@main.group()
def bench() -> None:
    """The performance figures, with the machine named."""


@bench.command()
@click.option("--json", "as_json", is_flag=True)
@plainly
def ingest(as_json: bool) -> None:
    """Stations in real time on one core, from miniSEED bytes to picks and amplitudes."""
    from forewave.evaluate import bench_ingest

    _print(bench_ingest.measure(), as_json)


@bench.command()
@click.option("--json", "as_json", is_flag=True)
@click.option("--stations", default=1000, show_default=True)
@click.option("--quick", is_flag=True, help="Without the magnitude 8 and its hour.")
@plainly
def decide(as_json: bool, stations: int, quick: bool) -> None:
    """Time from the deciding packet to the signed message."""
    from forewave.evaluate import bench_decide

    figures = bench_decide.measure if quick else bench_decide.measure_all
    _print(figures(stations), as_json)


def _replay_log(log: Path, as_json: bool) -> None:
    from forewave.runtime import log_tell

    log_tell.tell(log, click.echo, as_json)


def _print(figures: Any, as_json: bool) -> None:
    import msgspec

    click.echo(msgspec.json.encode(figures).decode() if as_json else str(figures))


def _settings(config: Path | None, port: int) -> Any:
    """The file's settings, or the usual ones, with the pages at a port."""
    from msgspec.structs import replace

    from forewave import config as reader

    settings = reader.read(config, os.environ) if config else reader.Settings()
    stream = port + 1 if port else 0
    return replace(settings, server=replace(settings.server, port=port, stream_port=stream))
