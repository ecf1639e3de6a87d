"""The commands of a live network: run it, play one, set one up, fetch an earthquake of one.

Also what all commands share. Heavy modules are imported by the command that needs them.
"""

import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from forewave.errors import ConfigError, ForewaveError

FOLDER = click.Path(path_type=Path, file_okay=False)
FILE = click.Path(path_type=Path, dir_okay=False)
EX_CONFIG = 78  # sysexits.h: what systemd calls a configuration error

packet = click.option("--packet", "packet_s", default=1.0, show_default=True, help="Seconds held.")
latency = click.option("--latency", default=0.5, show_default=True, help="Seconds after the last.")
configuration = click.option("-c", "--config", type=FILE, help="A forewave.toml.")


def plainly(command: Callable[..., None]) -> Callable[..., None]:
    """Errors that are meant for people are one line, without a traceback."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except ForewaveError as error:
            raise click.ClickException(str(error)) from error

    return run


@click.command()
@click.option("-c", "--config", type=FILE, default="forewave.toml", show_default=True)
@plainly
def run(config: Path) -> None:
    """Live: from the sources in a forewave.toml to warnings, until it is stopped."""
    from forewave.runtime.run import run as live

    try:
        live(config, os.environ)
    except ConfigError as error:
        click.echo(f"Error: {error}", err=True)
        raise SystemExit(EX_CONFIG) from None


@click.command()
@click.argument("folders", type=FOLDER, metavar="DIR...", nargs=-1, required=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0: for everybody.")
@click.option("--port", default=18000, show_default=True, help="0: any free one.")
@click.option("--speed", default=1.0, show_default=True, help="A factor.")
@latency
@packet
@click.option("--keep-times", is_flag=True, help="Do not move what was recorded to now.")
@click.option("--wait", default=0.0, show_default=True, help="Seconds for a client to come.")
@click.option("--stay", type=float, help="Seconds open after the end; without: until Ctrl-C.")
@click.option("--tls-cert", type=FILE, help="Speak TLS only, with this certificate (PEM).")
@click.option("--tls-key", type=FILE, help="Its key, if it is not in the same file.")
@plainly
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
    tls_cert: Path | None,
    tls_key: Path | None,
) -> None:
    """Event directories as a live network: a SeedLink server that pushes on arrival."""
    from forewave.formats import event_directory
    from forewave.runtime import relay_play, relay_tls
    from forewave.runtime.interrupt import until_interrupted

    if tls_key and not tls_cert:
        raise click.UsageError("--tls-key needs --tls-cert")
    tls = relay_tls.context(tls_cert, tls_key) if tls_cert else None
    recordings = [event_directory.read(folder) for folder in folders]
    pace = relay_play.RelayPace(packet_s, latency, factor(str(speed), 1.0), keep_times, wait, stay)
    playing = relay_play.serve(recordings, pace, host=host, port=port, tls=tls, say=click.echo)
    until_interrupted(playing)


@click.command()
@click.option("--bbox", required=True, metavar="W,S,E,N", help="The region, in degrees.")
@click.option("--provider", required=True, help="An FDSN data centre: its name or its address.")
@click.option(
    "--seedlink",
    "servers",
    multiple=True,
    metavar="HOST[:PORT]",
    help="A SeedLink server that has the stations; several: the first packet wins.",
)
@click.option("-o", "--output", type=FILE, default="forewave.toml", show_default=True)
@click.option("--timeout", default=60.0, show_default=True, help="Seconds for each answer.")
@plainly
def init(bbox: str, provider: str, servers: tuple[str, ...], output: Path, timeout: float) -> None:
    """A forewave.toml with the stations of a region, from an FDSN station service."""
    from forewave.runtime.init import init as write
    from forewave.sources.entry_text import MANY

    made = write(_region(bbox), provider, output, servers=servers, timeout=timeout)
    click.echo(f"{made.config}: {len(made.stations)} stations in {made.inventory.name}")
    for reason, count in made.left_out.most_common():
        click.echo(f"  left out: {count} channels: {reason}")
    for server in made.servers:
        of = "" if servers else f", the public server of {provider}"
        click.echo(f"  packets: SeedLink from {server}{of}")
    if not made.servers:
        click.echo("  packets: from nowhere yet: name a server in [[sources]], or with --seedlink")
    elif len(made.stations) > MANY:
        click.echo("  a server that refuses so many stations wants stations_per_connection")
    click.echo(f"Next: forewave check {made.config}")


@click.command()
@click.argument("event", metavar="EVENT-ID")
@click.option("--provider", required=True, help="An FDSN data centre: its name or its address.")
@click.option("--events", help="Another one whose catalogue has the event.")
@click.option("-o", "--output", type=FOLDER, required=True, help="The event directory to write.")
@click.option("--radius", "radius_km", type=float, help="In km; without it by magnitude.")
@click.option("--before", default=60.0, show_default=True, help="Seconds before the origin.")
@click.option("--after", type=float, help="Seconds after it; without it until the waves are by.")
@click.option("--most", default=150, show_default=True, help="Stations, the nearest first.")
@click.option("--timeout", default=60.0, show_default=True, help="Seconds for each answer.")
@plainly
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


def _region(text: str) -> tuple[float, float, float, float]:
    try:
        west, south, east, north = (float(number) for number in text.split(","))
    except ValueError:
        raise click.BadParameter(
            f"{text!r}: expected west,south,east,north", param_hint="--bbox"
        ) from None
    return west, south, east, north


def factor(text: str, otherwise: float | None) -> float:
    """A factor above 0; "max" is infinite, or what `otherwise` says."""
    if text == "max":
        return otherwise or float("inf")
    try:
        times = float(text)
    except ValueError:
        times = 0.0
    if not times > 0:
        raise click.BadParameter(
            f"{text!r}: expected a factor above 0, or max", param_hint="--speed"
        )
    return times
