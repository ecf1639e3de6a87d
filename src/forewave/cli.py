"""The commands. Each reads its arguments, calls one function, and prints; nothing else.

Heavy modules are imported by the command that needs them, so that `forewave --help` is quick.
"""

import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from forewave.errors import ForewaveError

_FOLDER = click.Path(path_type=Path, file_okay=False)
_FILE = click.Path(path_type=Path, dir_okay=False)
_LATITUDE = click.FloatRange(-89, 90)
_LONGITUDE = click.FloatRange(-180, 180)

packet = click.option("--packet", "packet_s", default=1.0, show_default=True, help="Seconds held.")
latency = click.option("--latency", default=0.5, show_default=True, help="Seconds after the last.")
configuration = click.option("-c", "--config", type=_FILE, help="A forewave.toml.")


def _plainly(command: Callable[..., None]) -> Callable[..., None]:
    """Errors that are meant for people are one line, without a traceback."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except ForewaveError as error:
            raise click.ClickException(str(error)) from error

    return run


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="forewave")
def main() -> None:
    """Warns people of an earthquake before the strong waves reach them."""


@main.command()
@click.option("--scenario", default="sichuan", show_default=True, help="A built-in or a file.")
@click.option("--port", default=8460, show_default=True, help="Of the pages; stream: one above.")
@click.option("--wait", default=30.0, show_default=True, help="Seconds for a page to be opened.")
@click.option("--stay", default=20.0, show_default=True, help="Seconds open after the end.")
@_plainly
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
@_plainly
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
@click.argument("folder", type=_FOLDER, metavar="DIR")
@click.option("--speed", default="max", show_default=True, help="A factor; with --serve 1.")
@latency
@packet
@click.option("--serve", is_flag=True, help="Show it on the pages, as a drill.")
@click.option("--json", "as_json", is_flag=True, help="One object per alert, then a summary.")
@click.option("--port", default=8460, show_default=True, help="Of the pages; stream: one above.")
@click.option("--wait", default=30.0, show_default=True, help="Seconds for a page to be opened.")
@click.option("--stay", default=20.0, show_default=True, help="Seconds open after the end.")
@configuration
@_plainly
def replay(
    folder: Path,
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
    from rich.console import Console

    from forewave.formats import event_directory
    from forewave.runtime import show, tell

    recording = event_directory.read(folder)
    settings, console = _settings(config, port), Console(stderr=as_json)
    factor = _speed(speed, 1.0 if serve else None)
    pace = show.Pace(packet_s, latency, factor, patience=wait, stay=stay)
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
@click.argument("folders", type=_FOLDER, metavar="DIR...", nargs=-1, required=True)
@click.option("--json", "json_file", type=_FILE, help="Write the scoreboard here.")
@click.option("--report", type=_FOLDER, help="Write HTML pages into this folder.")
@latency
@packet
@_plainly
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
@click.option("--json", "json_file", type=_FILE, help="Write the scoreboard here.")
@click.option("--report", type=_FOLDER, help="Write HTML pages into this folder.")
@click.option("--data", type=_FOLDER, help="Recorded sets; usually $FOREWAVE_DATA.")
@click.option("--only", metavar="PATTERN", help="Cases or groups so named, with * and ?.")
@click.option("--work", type=_FOLDER, help="Where finished cases are kept for another run.")
@click.option("--against", type=_FILE, help="A scoreboard of before, for a page of changes.")
@_plainly
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
@click.option("-o", "--output", type=_FOLDER, required=True, help="The event directory to write.")
@_plainly
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
@_plainly
def check(path: Path) -> None:
    """What would not work and why: of an event directory, or of a forewave.toml."""
    from forewave.runtime import check as checks

    found = checks.check_recording(path) if path.is_dir() else checks.check_config(path, os.environ)
    for finding in found:
        click.echo(f"{finding.severity:8} {finding.subject}: {finding.what}; {finding.remedy}")
    errors = sum(finding.severity == "error" for finding in found)
    click.echo(f"findings: {len(found)}, of them errors: {errors}" if found else "all is well")
    sys.exit(1 if errors else 0)


@main.command()
@click.argument("folders", type=_FOLDER, metavar="DIR...", nargs=-1, required=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0: for everybody.")
@click.option("--port", default=18000, show_default=True, help="0: any free one.")
@click.option("--speed", default=1.0, show_default=True, help="A factor.")
@latency
@packet
@click.option("--keep-times", is_flag=True, help="Do not move what was recorded to now.")
@click.option("--wait", default=0.0, show_default=True, help="Seconds for a client to come.")
@click.option("--stay", type=float, help="Seconds open after the end; without: until Ctrl-C.")
@_plainly
def relay(
    folders: tuple[Path, ...],
    host: str,
    port: int,
    speed: float,
    latency: float,
    packet_s: float,
    keep_times: bool,
    wait: float,
    stay: float | None,
) -> None:
    """Event directories as a live network: a SeedLink server that pushes on arrival."""
    from forewave.formats import event_directory
    from forewave.runtime import relay_play
    from forewave.runtime.interrupt import until_interrupted

    recordings = [event_directory.read(folder) for folder in folders]
    factor = _speed(str(speed), 1.0)
    pace = relay_play.RelayPace(packet_s, latency, factor, keep_times, wait, stay)
    playing = relay_play.serve(recordings, pace, host=host, port=port, say=click.echo)
    until_interrupted(playing)


@main.command()
@click.option("--bbox", required=True, metavar="W,S,E,N", help="The region, in degrees.")
@click.option("--provider", required=True, help="An FDSN data centre: its name or its address.")
@click.option("-o", "--output", type=_FILE, default="forewave.toml", show_default=True)
@click.option("--timeout", default=60.0, show_default=True, help="Seconds for each answer.")
@_plainly
def init(bbox: str, provider: str, output: Path, timeout: float) -> None:
    """A forewave.toml with the stations of a region, from an FDSN station service."""
    from forewave.runtime.init import init as write

    made = write(_region(bbox), provider, output, timeout=timeout)
    click.echo(f"{made.config}: {len(made.stations)} stations in {made.inventory.name}")
    for reason, count in made.left_out.most_common():
        click.echo(f"  left out: {count} channels: {reason}")
    click.echo(f"Next: forewave check {made.config}")


@main.command()
@click.argument("event", metavar="EVENT-ID")
@click.option("--provider", required=True, help="An FDSN data centre: its name or its address.")
@click.option("--events", help="Another one whose catalogue has the event.")
@click.option("-o", "--output", type=_FOLDER, required=True, help="The event directory to write.")
@click.option("--radius", "radius_km", type=float, help="In km; without it by magnitude.")
@click.option("--before", default=60.0, show_default=True, help="Seconds before the origin.")
@click.option("--after", type=float, help="Seconds after it; without it until the waves are by.")
@click.option("--most", default=150, show_default=True, help="Stations, the nearest first.")
@click.option("--timeout", default=60.0, show_default=True, help="Seconds for each answer.")
@_plainly
def fetch(
    event: str,
    provider: str,
    events: str | None,
    output: Path,
    radius_km: float | None,
    before: float,
    after: float | None,
    most: int,
    timeout: float,
) -> None:
    """An earthquake's waveforms, stations and origin from FDSN data centres."""
    from rich.progress import Progress

    from forewave.runtime import fdsn
    from forewave.runtime import fetch as fetching

    with Progress(transient=True) as progress:
        task = progress.add_task("Asking for stations", total=None)
        fetched = fetching.fetch(
            event,
            output,
            fdsn.Provider(provider, timeout),
            fdsn.Provider(events, timeout) if events else None,
            fetching.Extent(radius_km, before, after, most),
            lambda done, total: progress.update(
                task, description="Fetching waveforms", completed=done, total=total
            ),
        )
    click.echo(f"{output}: {len(fetched.stations)} stations")
    for line in fetched.missing:
        click.echo(f"  not had: {line}", err=True)


@main.group()
def bench() -> None:
    """The performance figures, with the machine named."""


@bench.command()
@click.option("--json", "as_json", is_flag=True)
@_plainly
def ingest(as_json: bool) -> None:
    """Stations in real time on one core, from miniSEED bytes to picks and amplitudes."""
    from forewave.evaluate import bench_ingest

    _print(bench_ingest.measure(), as_json)


@bench.command()
@click.option("--json", "as_json", is_flag=True)
@click.option("--stations", default=1000, show_default=True)
@click.option("--quick", is_flag=True, help="Without the magnitude 8 and its hour.")
@_plainly
def decide(as_json: bool, stations: int, quick: bool) -> None:
    """Time from the deciding packet to the signed message."""
    from forewave.evaluate import bench_decide

    figures = bench_decide.measure if quick else bench_decide.measure_all
    _print(figures(stations), as_json)


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


def _region(text: str) -> tuple[float, float, float, float]:
    try:
        west, south, east, north = (float(number) for number in text.split(","))
    except ValueError:
        raise click.BadParameter(
            f"{text!r}: expected west,south,east,north", param_hint="--bbox"
        ) from None
    return west, south, east, north


def _speed(text: str, otherwise: float | None) -> float:
    """A factor above 0; "max" is infinite, or what `otherwise` says."""
    if text == "max":
        return otherwise or float("inf")
    try:
        factor = float(text)
    except ValueError:
        factor = 0.0
    if not factor > 0:
        raise click.BadParameter(
            f"{text!r}: expected a factor above 0, or max", param_hint="--speed"
        )
    return factor
