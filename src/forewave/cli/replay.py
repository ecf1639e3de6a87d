"""Commands that play an earthquake: a simulated one, a drill, a recording or an event log.

Heavy modules are imported by the command that needs them.
"""

import math
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from forewave.cli.option_types import BuiltInOrFile, Number, Source, Speed, Target
from forewave.cli.options import (
    configuration,
    latency,
    one_line_errors,
    packet,
    port,
    require_free,
    seconds,
)

if TYPE_CHECKING:
    from forewave.formats.recordings.event_directory import Recording


@click.command()
@click.option(
    "--scenario",
    default="sichuan",
    show_default=True,
    type=BuiltInOrFile(),
    help="Built-in scenario, or a scenario file.",
)
@port()
@seconds("--wait", 30.0, "Seconds to wait for the first page to be opened.")
@seconds("--stay", 20.0, "Seconds for which the pages stay open after the end.")
@click.option(
    "--after",
    "aftermath",
    is_flag=True,
    help="Write what follows an earthquake instead: report, pages, PDF (scenario: hayward).",
)
@click.option(
    "--out",
    default="forewave-demo",
    show_default=True,
    type=Target("folder"),
    help="With --after: folder to write.",
)
@one_line_errors
def demo(scenario: str, port: int, wait: float, stay: float, aftermath: bool, out: Path) -> None:
    """Show a simulated earthquake on a phone page and a TV page.

    Simulates waveforms, processes them in real time and serves the pages; needs no data, settings
    or network. With --after nothing is served: the earthquake is processed at once, and a folder
    with all that follows it is written.
    """
    from rich.console import Console

    if aftermath:
        _demo_after(scenario, out)
        return
    if _given("out"):
        raise click.UsageError(f"--out {out}: expected together with --after")
    from forewave.replay import on_pages

    settings = _settings(None, port)
    _require_pages(settings)
    pace = on_pages.Pace(patience=wait, stay=stay)
    on_pages.demo(Console(), settings, pace, scenario)


def _demo_after(scenario: str, out: Path) -> None:
    from rich.console import Console

    from forewave.after.demo import demo as after
    from forewave.cli.after import print_done

    if given := _given("port", "wait", "stay"):
        raise click.UsageError(f"{' and '.join(given)}: expected without --after")
    chosen = scenario if _given("scenario") else after.SCENARIO
    print_done(after.demo(Console(), out, chosen), out)


@click.command()
@click.option(
    "--lat",
    default=30.66,
    show_default=True,
    type=Number(-89, 90, "degrees"),
    help="Latitude of the place, north positive.",
)
@click.option(
    "--lon",
    default=104.06,
    show_default=True,
    type=Number(-180, 180, "degrees"),
    help="Longitude of the place, east positive.",
)
@seconds("--seconds", 20.0, "Seconds from the alert to the S arrival at the place.", most=300)
@click.option(
    "--magnitude",
    default=7.3,
    show_default=True,
    type=Number(3, 9.5),
    help="Magnitude of the earthquake, 75 km south of the place.",
)
@port()
@click.option("--json", "as_json", is_flag=True, help="Print the address of the pages as JSON.")
@one_line_errors
def drill(
    lat: float, lon: float, seconds: float, magnitude: float, port: int, as_json: bool
) -> None:
    """Show a drill on the pages.

    Publishes one alert for a fictitious earthquake as soon as a page is open. It is signed as a
    drill, and the pages show it as one.
    """
    from forewave.replay import drill as exercise

    settings = _settings(None, port)
    _require_pages(settings)
    place = exercise.place_at(lat, lon)
    mmi, least = exercise.intensity_at(place, magnitude), settings.alerts.aware_intensity
    if mmi < least:
        what = f"MMI {mmi:.1f} at the place, and pages show nothing below {least:g}"
        why = f"{magnitude:g}: {what}; expected a larger magnitude"
        raise click.BadParameter(why, param_hint="'--magnitude'")
    where = exercise.where_json if as_json else exercise.where
    exercise.exercise(
        place,
        seconds,
        magnitude,
        lambda gateway: click.echo(where(gateway)),
        port=port,
    )


@click.command()
@click.argument("folder", type=Source("folder"), metavar="[DIR]", required=False)
@click.option(
    "--from-log",
    "log",
    type=Source("folder"),
    help="Replay the event log of `forewave run` (its record folder) instead of a DIR.",
)
@click.option(
    "--speed",
    default="max",
    show_default=True,
    type=Speed(),
    help="Playback speed, multiple of real time; max: as fast as possible, with --serve real time.",
)
@latency
@packet
@click.option("--serve", is_flag=True, help="Show the alerts on the pages, as drills.")
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print JSON lines: one object per alert, then a summary.",
)
@port()
@seconds("--wait", 30.0, "With --serve: seconds to wait for the first page to be opened.")
@seconds("--stay", 20.0, "With --serve: seconds for which the pages stay open after the end.")
@configuration
@one_line_errors
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
    """Process a recorded or simulated earthquake.

    Feeds the waveforms of an event directory to the pipeline as they arrived, and shows which
    alerts are issued when.

    \b
    Examples:
      forewave replay ridgecrest                 alerts and warning times, as fast as possible
      forewave replay ridgecrest --serve         in real time, on the pages
      forewave replay ridgecrest --json          for programs
      forewave replay --from-log record          what a live machine did
    """
    if log is not None:
        _replay_log(log, folder, serve, as_json)
        return
    if folder is None:
        raise click.UsageError("expected an event directory, or --from-log with a record folder")
    from forewave.replay import on_pages

    settings = _settings(config, port)
    if serve:
        _require_pages(settings)
    times = 1.0 if serve and math.isinf(speed) else speed
    pace = on_pages.Pace(packet_s, latency, times, patience=wait, stay=stay)
    _replay(folder, settings, pace, serve, as_json, config.parent if config else Path())


def _replay(folder: Path, settings: Any, pace: Any, serve: bool, as_json: bool, root: Path) -> None:
    from rich.console import Console

    from forewave.formats.recordings import event_directory
    from forewave.replay import on_pages, terminal

    console = Console(stderr=as_json)
    recording = event_directory.read(folder)
    _warn_of_recorded_times(recording)
    if not serve and (given := _given("wait", "stay", "port")):
        click.echo(f"{' and '.join(given)}: no effect without --serve", err=True)
    lines = terminal.JsonLines(recording, click.echo)
    if serve:
        printed: dict[str, Any] = {"on_word": lines.on_word} if as_json else {}
        on_pages.show(recording, console, settings, pace, folder=root, **printed)
    elif as_json:
        terminal.play_through(recording, settings, pace, lines.on_word)
    else:
        terminal.story(recording, settings, pace, console)
    if as_json:
        lines.end()


def _warn_of_recorded_times(recording: "Recording") -> None:
    """Options for the timing of packets have no effect where it was recorded: warn."""
    given = _given("packet_s", "latency")
    known = {receipt.station for receipt in recording.receipts or ()}
    if given and all(station.code in known for station in recording.stations):
        what = "the recording has the times at which packets arrived"
        click.echo(f"{' and '.join(given)}: no effect, {what}", err=True)


def _given(*names: str) -> list[str]:
    """Those of the options that were typed, as typed."""
    source = click.get_current_context().get_parameter_source
    typed = [name for name in names if source(name) is ParameterSource.COMMANDLINE]
    return [f"--{name.removesuffix('_s')}" for name in typed]


def _require_pages(settings: Any) -> None:
    """Refuse --port if the port of the pages cannot be opened."""
    require_free(settings.server.host, {"pages": settings.server.port})


def _replay_log(log: Path, folder: Path | None, serve: bool, as_json: bool) -> None:
    from forewave.replay import from_record

    if folder is not None or serve:
        what = "--serve" if folder is None else f"the event directory {folder}"
        raise click.UsageError(f"--from-log {log}: expected without {what}")
    from_record.replay(log, click.echo, as_json)


def _settings(config: Path | None, port: int) -> Any:
    """Settings of a file, by default the built-in ones, with another port of the pages."""
    from msgspec.structs import replace

    from forewave import config as reader

    settings = reader.read(config, os.environ) if config else reader.Settings()
    return replace(settings, server=replace(settings.server, port=port, stream_port=0))
