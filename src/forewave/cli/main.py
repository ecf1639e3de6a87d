"""The commands. Each reads its arguments, calls one function, and prints; nothing else.

Heavy modules are imported by the command that needs them, so that `forewave --help` is quick.
"""

import math
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from forewave.cli import evaluate, live
from forewave.cli.option_types import BuiltInOrFile, Number, Source, Speed, Target
from forewave.cli.options import (
    OneLine,
    configuration,
    latency,
    packet,
    plainly,
    port,
    require_free,
    seconds,
)

if TYPE_CHECKING:
    from forewave.formats.event_directory import Recording


@click.group(cls=OneLine, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="forewave")
def main() -> None:
    """Warns people of an earthquake before the strong waves reach them."""


@main.command()
@click.option(
    "--scenario",
    default="sichuan",
    show_default=True,
    type=BuiltInOrFile(),
    help="A built-in scenario or a file.",
)
@port()
@seconds("--wait", 30.0, "Seconds to wait for a page to be opened.")
@seconds("--stay", 20.0, "Seconds for which the pages stay open after the end.")
@plainly
def demo(scenario: str, port: int, wait: float, stay: float) -> None:
    """An earthquake on this machine, with a phone page and a TV page; nothing else is needed."""
    from rich.console import Console

    from forewave.replay import on_pages

    settings = _settings(None, port)
    _require_pages(settings)
    pace = on_pages.Pace(patience=wait, stay=stay)
    on_pages.demo(Console(), settings, pace, scenario)


@main.command()
@click.option(
    "--lat",
    default=30.66,
    show_default=True,
    type=Number(-89, 90, "degrees"),
    help="Latitude of the place.",
)
@click.option(
    "--lon",
    default=104.06,
    show_default=True,
    type=Number(-180, 180, "degrees"),
    help="Longitude of the place.",
)
@seconds("--seconds", 20.0, "Seconds until S waves reach the place.", most=300)
@click.option(
    "--magnitude",
    default=7.3,
    show_default=True,
    type=Number(3, 9.5),
    help="Magnitude, 75 km south of the place.",
)
@port()
@click.option("--json", "as_json", is_flag=True, help="Say where the pages are as an object.")
@plainly
def drill(
    lat: float, lon: float, seconds: float, magnitude: float, port: int, as_json: bool
) -> None:
    """An exercise on the pages: an earthquake that did not happen, and says so everywhere."""
    from forewave.replay import drill as exercise
    from forewave.types import Place

    _require_pages(_settings(None, port))
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
@click.argument("folder", type=Source("folder"), metavar="[DIR]", required=False)
@click.option(
    "--from-log", "log", type=Source("folder"), help="Decide a live machine's record again."
)
@click.option(
    "--speed",
    default="max",
    show_default=True,
    type=Speed(),
    help="Playback speed, multiple of real time, or max; with --serve max is 1.",
)
@latency
@packet
@click.option("--serve", is_flag=True, help="Show it on the pages, as a drill.")
@click.option("--json", "as_json", is_flag=True, help="One object per alert, then a summary.")
@port()
@seconds("--wait", 30.0, "With --serve: seconds to wait for a page to be opened.")
@seconds("--stay", 20.0, "With --serve: seconds for which the pages stay open after the end.")
@configuration
@plainly
def replay(
    folder: Path | None,
    log: Path | None,
    speed: float,
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
    if log is not None and (folder is not None or serve):
        what = f"the event directory {folder}" if folder is not None else "--serve"
        raise click.UsageError(f"--from-log {log}: expected without {what}")
    if log is not None:
        _replay_log(log, as_json)
        return
    if folder is None:
        raise click.UsageError("expected an event directory, or --from-log with a record")
    from rich.console import Console

    from forewave.formats import event_directory
    from forewave.replay import on_pages, terminal

    settings, console = _settings(config, port), Console(stderr=as_json)
    if serve:
        _require_pages(settings)
    recording = event_directory.read(folder)
    _warn_of_recorded_times(recording)
    times = 1.0 if serve and math.isinf(speed) else speed
    pace = on_pages.Pace(packet_s, latency, times, patience=wait, stay=stay)
    lines = terminal.JsonLines(recording, click.echo)
    if serve:
        printed = {"on_word": lines.on_word} if as_json else {}
        on_pages.show(recording, console, settings, pace, **printed)
    elif as_json:
        terminal.tell(recording, settings, pace, lines.on_word)
    else:
        terminal.story(recording, settings, pace, console)
    if as_json:
        lines.end()


def _warn_of_recorded_times(recording: "Recording") -> None:
    """Where packets arrive as they were recorded, options that say how they arrive do nothing."""
    context = click.get_current_context()
    given = [
        f"--{name.removesuffix('_s')}"
        for name in ("packet_s", "latency")
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    ]
    known = {receipt.station for receipt in recording.receipts or ()}
    if given and all(station.code in known for station in recording.stations):
        what = "packets arrive as they were recorded"
        click.echo(f"{' and '.join(given)}: without effect here, {what}", err=True)


@main.command()
@click.argument("scenario", type=BuiltInOrFile())
@click.option(
    "-o",
    "--output",
    type=Target("folder", new=True),
    required=True,
    help="The event directory to write: nothing is there yet, or an empty folder.",
)
@plainly
def simulate(scenario: str, output: Path) -> None:
    """A made earthquake on a real or made network, as an event directory."""
    from rich.progress import Progress

    from forewave.formats import event_directory
    from forewave.simulate import simulator
    from forewave.simulate.scenario import load_scenario

    played = load_scenario(scenario)
    with Progress(transient=True) as progress:
        task = progress.add_task("Simulating an earthquake", total=None)
        made = simulator.simulate(
            played,
            lambda done, total: progress.update(task, completed=done, total=total),
        )
    event_directory.write(output, made.info, made.stations, made.segments, made.receipts)
    click.echo(f"{output}: {len(made.stations)} stations")


@main.command()
@click.argument("path", type=Source("file or folder"))
@seconds("--seconds", 10.0, "Seconds to listen to each source; 0: sources are not opened.", 3600)
@plainly
def check(path: Path, seconds: float) -> None:
    """What would not work and why: of an event directory, or of a forewave.toml."""
    from forewave.check import check as checks

    if path.is_dir():
        found = checks.check_recording(path)
    else:
        found = checks.check_config(path, os.environ, seconds)
    for finding in found:
        click.echo(f"{finding.severity:8} {finding.subject}: {finding.what}; {finding.remedy}")
    errors = sum(finding.severity == "error" for finding in found)
    click.echo(f"findings: {len(found)}, of them errors: {errors}" if found else "all is well")
    sys.exit(1 if errors else 0)


for command in (
    *(evaluate.evaluate, evaluate.suite, evaluate.bench),
    *(live.run, live.keys, live.relay, live.init, live.fetch),
):
    main.add_command(command)


def _require_pages(settings: Any) -> None:
    """Refuse --port where the pages or their stream cannot be opened."""
    server = settings.server
    require_free(server.host, {"pages": server.port, "stream": server.stream_port})


def _replay_log(log: Path, as_json: bool) -> None:
    from forewave.replay import from_record

    from_record.tell(log, click.echo, as_json)


def _settings(config: Path | None, port: int) -> Any:
    """The file's settings, or the usual ones, with the pages at a port."""
    from msgspec.structs import replace

    from forewave import config as reader

    settings = reader.read(config, os.environ) if config else reader.Settings()
    stream = port + 1 if port else 0
    return replace(settings, server=replace(settings.server, port=port, stream_port=stream))
