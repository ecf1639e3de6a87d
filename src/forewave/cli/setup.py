"""Commands before a run: write settings, download recorded earthquakes.

Heavy modules are imported by the command that needs them.
"""

from pathlib import Path
from typing import Any

import click

from forewave.cli.option_types import (
    DataCentre,
    Number,
    Region,
    Server,
    Source,
    Target,
    Text,
    Whole,
)
from forewave.cli.options import DAY_S, one_line_errors, seconds

_timeout = click.option(
    "--timeout",
    default=60.0,
    show_default=True,
    type=Number(0, 3600, "s", above=True),
    help="Seconds to wait for each answer of a data centre.",
)


@click.command()
@click.option(
    "--bbox", type=Region(), metavar="W,S,E,N", help="Region: west,south,east,north in degrees."
)
@click.option(
    "--provider", type=DataCentre(), help="FDSN data centre, by name (IRIS, GEOFON) or address."
)
@click.option(
    "--stations",
    type=Source("file"),
    help="A stations.csv or StationXML file, instead of --bbox and --provider; needs no network.",
)
@click.option(
    "--seedlink",
    "servers",
    type=Server(),
    multiple=True,
    metavar="HOST[:PORT]",
    help="SeedLink server with data of the stations; may be repeated, the first packet is used.",
)
@click.option(
    "-o",
    "--output",
    type=Target("file", new=True),
    default="forewave.toml",
    show_default=True,
    help="Settings file to write; a signing key is written beside it.",
)
@_timeout
@one_line_errors
def init(
    bbox: tuple[float, float, float, float] | None,
    provider: str | None,
    stations: Path | None,
    servers: tuple[str, ...],
    output: Path,
    timeout: float,
) -> None:
    """Write a forewave.toml and a signing key.

    For the stations of a region, as an FDSN data centre lists them now, or of a file.

    \b
    Examples:
      forewave init --bbox 20,34,28,42 --provider NOA
      forewave init --stations stations.csv --seedlink localhost:18000
    """
    from forewave.fdsn import region

    if stations is not None and bbox is None and provider is None:
        written = region.from_file(stations, output, servers=servers)
    elif stations is None and bbox is not None and provider is not None:
        written = region.init(bbox, provider, output, servers=servers, timeout=timeout)
    else:
        raise click.UsageError("expected --bbox and --provider, or --stations alone")
    _report(written, None if servers else provider)


def _report(written: Any, provider: str | None) -> None:
    """Print what `init` wrote. provider: the data centre whose SeedLink server was chosen."""
    from forewave.process.plural import counted
    from forewave.sources.registry_text import MANY

    stations = counted(len(written.stations), "station")
    click.echo(f"{written.config}: {stations} in {written.inventory.name}")
    for reason, count in written.left_out.most_common():
        click.echo(f"  left out: {count} channels: {reason}")
    for server in written.servers:
        of = "" if provider is None else f", the public server of {provider}"
        click.echo(f"  packets: SeedLink from {server}{of}")
    if not written.servers:
        click.echo("  packets: no source yet; name a server in [[sources]], or with --seedlink")
    elif len(written.stations) > MANY:
        click.echo("  if the server refuses so many stations: set stations_per_connection")
    click.echo(f"Next: forewave check {written.config}")
    click.echo(
        '  mode = "actual" in [alerts]: devices show real alerts. In many countries only an agency'
    )
    click.echo(
        '  may warn the public; until you may, set mode = "test", which shows nothing on the pages'
    )


@click.command()
@click.argument("event", metavar="EVENT-ID", type=Text("the id of an event in the catalogue"))
@click.option(
    "--provider",
    required=True,
    type=DataCentre(),
    help="FDSN data centre, by name (IRIS, GEOFON) or address.",
)
@click.option("--events", type=DataCentre(), help="Data centre of the catalogue, if another one.")
@click.option(
    "-o",
    "--output",
    type=Target("folder", new=True),
    required=True,
    help="Event directory to write.",
)
@click.option(
    "--radius",
    "radius_km",
    type=Number(0, 20_000, "km", above=True),
    help="Largest epicentral distance of a station in km (default: by magnitude, 60 to 800).",
)
@seconds("--before", 60.0, "Seconds of waveforms before the origin.")
@click.option(
    "--after",
    type=Number(0, DAY_S, "s", above=True),
    help="Seconds after the origin (default: until surface waves have passed all stations).",
)
@click.option(
    "--most",
    default=150,
    show_default=True,
    type=Whole(1, 10_000),
    help="Largest number of stations; the nearest are used.",
)
@_timeout
@one_line_errors
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
    """Download an earthquake from FDSN data centres.

    Origin, stations and waveforms are written as an event directory, which the commands replay,
    check, evaluate and relay read.

    \b
    Example:
      forewave fetch ci38457511 --provider SCEDC -o ridgecrest
    """
    from rich.progress import Progress

    from forewave.fdsn import client
    from forewave.fdsn import fetch as download

    with Progress(transient=True) as progress:
        task = progress.add_task("Requesting stations", total=None)
        fetched = download.fetch(
            event,
            output,
            client.Provider(provider, timeout),
            client.Provider(events, timeout) if events else None,
            download.Extent(radius_km, before, after, most),
            lambda done, total: progress.update(
                task, description="Fetching waveforms", completed=done, total=total
            ),
        )
    click.echo(f"{output}: {len(fetched.stations)} stations")
    for line in fetched.missing:
        click.echo(f"  missing: {line}", err=True)
