"""Commands of a live network: process its data, or play recordings as one.

Heavy modules are imported by the command that needs them.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forewave.cli.cluster import require_nats
from forewave.cli.option_types import (
    PORT_MOST,
    Number,
    OneOf,
    Source,
    Text,
)
from forewave.cli.options import (
    latency,
    one_line_errors,
    packet,
    port,
    require_free,
    seconds,
)
from forewave.errors import ConfigError

if TYPE_CHECKING:
    from forewave.cluster.wire import Role

EX_CONFIG = 78  # sysexits.h: what systemd calls a configuration error


@click.command()
@click.option(
    "-c",
    "--config",
    type=click.Path(path_type=Path),
    default="forewave.toml",
    show_default=True,
    help="Settings file; `forewave init` writes one.",
)
@click.option(
    "--role",
    type=OneOf("ingest", "decide", "gateway", "record"),
    help="Only this part, of a cluster over NATS; default: everything in one process.",
)
@click.option(
    "--bus",
    type=Text("NATS nodes"),
    help="NATS nodes of the cluster: nats://HOST:PORT,HOST:PORT...",
)
@click.option(
    "--shard",
    type=Text("NUMBER/COUNT such as 1/3"),
    help="Stations of this ingest, NUMBER/COUNT such as 1/3.",
)
@click.option("--name", type=Text("a name"), help="Name of this process in the cluster.")
@one_line_errors
def run(
    config: Path, role: "Role | None", bus: str | None, shard: str | None, name: str | None
) -> None:
    """Process live data and issue alerts.

    Receives waveforms from the sources in a forewave.toml, locates earthquakes and issues signed
    alerts, until it is interrupted. SIGHUP reads sources and certificates again. Exit code 78:
    the settings cannot be used.
    """
    from forewave.live.run import run as live

    wanted = {"bus": bus, "shard": shard, "name": name}
    given = {key: value for key, value in wanted.items() if value is not None}
    if given and role is None:
        raise click.UsageError(f"--{next(iter(given))}: expected together with --role")
    try:
        if config.is_dir():
            why = "is a folder, expected a settings file"
            raise ConfigError(f"{config} {why} such as {config / 'forewave.toml'}")
        if not config.is_file():
            raise ConfigError(f"{config}: no such file; `forewave init` writes one")
        if role is None:
            live(config, os.environ)
        else:
            require_nats()
            from forewave.cluster.run import run as run_role

            run_role(config, os.environ, role, given)
    except ConfigError as error:
        click.echo(f"Error: {error}", err=True)
        raise SystemExit(EX_CONFIG) from None


@click.command()
@click.argument("folders", type=Source("folder"), metavar="DIR...", nargs=-1, required=True)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    type=Text("an address of this computer"),
    help="Address to listen on; 0.0.0.0: all IPv4 addresses.",
)
@port(18000, PORT_MOST, "SeedLink port. 0: any free port.")
@click.option(
    "--speed",
    default=1.0,
    show_default=True,
    type=Number(0, 1e6, "times real time", above=True),
    help="Playback speed, multiple of real time.",
)
@latency
@packet
@click.option(
    "--keep-times",
    is_flag=True,
    help="Keep the recorded times; by default they are shifted to now.",
)
@seconds("--wait", 0.0, "Seconds to wait for the first client before playing.")
@seconds("--stay", None, "Seconds to stay open after the end (default: until Ctrl-C).")
@click.option(
    "--tls-cert", type=Source("file"), help="Certificate (PEM); the server then accepts TLS only."
)
@click.option(
    "--tls-key", type=Source("file"), help="Key of the certificate (PEM), if in another file."
)
@one_line_errors
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
    """Serve event directories as a live network.

    A SeedLink server (versions 3 and 4) that sends each packet at the time at which it arrived,
    for tests of `forewave run` and of other clients.
    """
    from forewave.formats.recordings import event_directory
    from forewave.process.signals import until_interrupted
    from forewave.relay.tls import server_context
    from forewave.replay import as_network

    if tls_key and not tls_cert:
        raise click.UsageError(f"--tls-key {tls_key}: expected together with --tls-cert")
    require_free(host, {"SeedLink server": port}, "--host")
    context = server_context(tls_cert, tls_key) if tls_cert else None
    recordings = [event_directory.read(folder) for folder in folders]
    pace = as_network.RelayPace(packet_s, latency, speed, keep_times, wait, stay)
    playing = as_network.serve(
        recordings, pace, host=host, port=port, tls=context, report=click.echo
    )
    until_interrupted(playing)
