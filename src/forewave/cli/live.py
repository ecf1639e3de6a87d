"""The commands of a live network: run it, play one, set one up, fetch an earthquake of one.

Heavy modules are imported by the command that needs them.
"""

import os
from pathlib import Path
from typing import Any

import click

from forewave.cli.option_types import (
    PORT_MOST,
    DataCentre,
    Number,
    Region,
    Server,
    Source,
    Target,
    Text,
    Whole,
)
from forewave.cli.options import (
    DAY_S,
    OneLine,
    latency,
    packet,
    plainly,
    port,
    require_free,
    seconds,
)
from forewave.errors import ConfigError

EX_CONFIG = 78  # sysexits.h: what systemd calls a configuration error
_timeout = click.option(
    "--timeout",
    default=60.0,
    show_default=True,
    type=Number(0, 3600, "s", above=True),
    help="Seconds to wait for each answer.",
)


@click.command()
@click.option(
    "-c",
    "--config",
    type=click.Path(path_type=Path),
    default="forewave.toml",
    show_default=True,
    help="The settings; `forewave init` makes them.",
)
@plainly
def run(config: Path) -> None:
    """Live: from the sources in a forewave.toml to warnings, until it is stopped."""
    from forewave.live.run import run as live

    try:
        if not config.is_file():
            raise ConfigError(f"{config}: there is no such file; `forewave init` makes one")
        live(config, os.environ)
    except ConfigError as error:
        click.echo(f"Error: {error}", err=True)
        raise SystemExit(EX_CONFIG) from None


@click.group(cls=OneLine)
def keys() -> None:
    """Signing keys: devices show only alerts that such a key has signed."""


@keys.command()
@click.option(
    "-o",
    "--output",
    type=Target("file", new=True),
    default="forewave.key",
    show_default=True,
    help="The file to write; only its owner may read it.",
)
@plainly
def new(output: Path) -> None:
    """A new signing key. Needs no network."""
    from forewave.delivery import signing

    made = signing.generate()
    output.parent.mkdir(parents=True, exist_ok=True)
    made.save(output)
    click.echo(f"{output}: a new signing key, id {made.id}; keep the file secret")


@click.command()
@click.argument("folders", type=Source("folder"), metavar="DIR...", nargs=-1, required=True)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    type=Text("an address of this machine"),
    help="Address to listen at; 0.0.0.0: for everybody.",
)
@port(18000, PORT_MOST, "SeedLink port; 0: any free one.")
@click.option(
    "--speed",
    default=1.0,
    show_default=True,
    type=Number(0, 1e6, "times real time", above=True),
    help="Playback speed, multiple of real time.",
)
@latency
@packet
@click.option("--keep-times", is_flag=True, help="Do not move what was recorded to now.")
@seconds("--wait", 0.0, "Seconds to wait for a first client.")
@seconds("--stay", None, "Seconds open after the end (default until Ctrl-C).")
@click.option(
    "--tls-cert", type=Source("file"), help="Speak TLS only, with this certificate (PEM)."
)
@click.option("--tls-key", type=Source("file"), help="Its key, if it is not in the same file.")
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
    from forewave.process.signals import until_interrupted
    from forewave.relay import tls as relay_tls
    from forewave.replay import as_network

    if tls_key and not tls_cert:
        raise click.UsageError(f"--tls-key {tls_key}: expected together with --tls-cert")
    require_free(host, {"SeedLink server": port}, "--host")
    tls = relay_tls.context(tls_cert, tls_key) if tls_cert else None
    recordings = [event_directory.read(folder) for folder in folders]
    pace = as_network.RelayPace(packet_s, latency, speed, keep_times, wait, stay)
    playing = as_network.serve(recordings, pace, host=host, port=port, tls=tls, say=click.echo)
    until_interrupted(playing)


@click.command()
@click.option("--bbox", type=Region(), metavar="W,S,E,N", help="The region, in degrees.")
@click.option("--provider", type=DataCentre(), help="An FDSN data centre: its name or address.")
@click.option(
    "--stations",
    type=Source("file"),
    help="Without a network: a stations.csv or StationXML file, in place of --bbox, --provider.",
)
@click.option(
    "--seedlink",
    "servers",
    type=Server(),
    multiple=True,
    metavar="HOST[:PORT]",
    help="A SeedLink server that has the stations; several: the first packet wins.",
)
@click.option(
    "-o",
    "--output",
    type=Target("file", new=True),
    default="forewave.toml",
    show_default=True,
    help="The settings to write; the key is made beside them.",
)
@_timeout
@plainly
def init(
    bbox: tuple[float, float, float, float] | None,
    provider: str | None,
    stations: Path | None,
    servers: tuple[str, ...],
    output: Path,
    timeout: float,
) -> None:
    """A forewave.toml and a signing key: for a region of a data centre, or a stations file."""
    from forewave.fdsn import region as making

    if stations is not None and bbox is None and provider is None:
        made = making.from_file(stations, output, servers=servers)
    elif stations is None and bbox is not None and provider is not None:
        made = making.init(bbox, provider, output, servers=servers, timeout=timeout)
    else:
        raise click.UsageError("expected --bbox and --provider, or --stations alone")
    _tell(made, None if servers else provider)


def _tell(made: Any, provider: str | None) -> None:
    """What `init` wrote. provider: whose known server was taken, if none was named."""
    from forewave.sources.registry_text import MANY

    click.echo(f"{made.config}: {len(made.stations)} stations in {made.inventory.name}")
    for reason, count in made.left_out.most_common():
        click.echo(f"  left out: {count} channels: {reason}")
    for server in made.servers:
        of = "" if provider is None else f", the public server of {provider}"
        click.echo(f"  packets: SeedLink from {server}{of}")
    if not made.servers:
        click.echo("  packets: from nowhere yet: name a server in [[sources]], or with --seedlink")
    elif len(made.stations) > MANY:
        click.echo("  a server that refuses so many stations wants stations_per_connection")
    click.echo(f"Next: forewave check {made.config}")
    click.echo(
        '  mode = "actual" in [alerts]: devices show real alerts. In many countries only an agency'
    )
    click.echo(
        '  may warn the public; until you may, set mode = "test", which shows nothing on the pages'
    )


@click.command()
@click.argument("event", metavar="EVENT-ID", type=Text("the id of an event"))
@click.option(
    "--provider",
    required=True,
    type=DataCentre(),
    help="An FDSN data centre: its name or its address.",
)
@click.option("--events", type=DataCentre(), help="Another one whose catalogue has the event.")
@click.option(
    "-o",
    "--output",
    type=Target("folder", new=True),
    required=True,
    help="The event directory to write.",
)
@click.option(
    "--radius",
    "radius_km",
    type=Number(0, 20_000, "km", above=True),
    help="Largest distance of a station in km (default by magnitude).",
)
@seconds("--before", 60.0, "Seconds before the origin.")
@click.option(
    "--after",
    type=Number(0, DAY_S, "s", above=True),
    help="Seconds after the origin (default until the waves have passed).",
)
@click.option(
    "--most",
    default=150,
    show_default=True,
    type=Whole(1, 10_000),
    help="Largest number of stations; the nearest are taken.",
)
@_timeout
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

    from forewave.fdsn import client
    from forewave.fdsn import fetch as fetching

    with Progress(transient=True) as progress:
        task = progress.add_task("Asking for stations", total=None)
        fetched = fetching.fetch(
            event,
            output,
            client.Provider(provider, timeout),
            client.Provider(events, timeout) if events else None,
            fetching.Extent(radius_km, before, after, most),
            lambda done, total: progress.update(
                task, description="Fetching waveforms", completed=done, total=total
            ),
        )
    click.echo(f"{output}: {len(fetched.stations)} stations")
    for line in fetched.missing:
        click.echo(f"  not had: {line}", err=True)
