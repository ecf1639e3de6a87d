"""The command that receives the alerts of a running forewave for one place."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forewave.cli.option_types import Checked, Number, Source, Target, Text
from forewave.cli.options import one_line_errors, seconds

if TYPE_CHECKING:
    import ssl

    from forewave.client.service import Service
    from forewave.types import Place


class Where(Checked):
    """A place: LAT,LON in degrees, or the name of a town."""

    name = "place"
    allowed = "LAT,LON in degrees, as 30.66,104.06, or a town, as Chengdu or 'Chengdu, CN'"

    def parse(self, value: object) -> "tuple[float, float] | str":
        """Two numbers, or the name."""
        text = str(value).strip()
        numbers = _numbers(text)
        if numbers is None:
            return text
        lat, lon = numbers
        if not (-90.0 <= lat <= 90.0 and -180.0 <= lon <= 180.0):
            raise ValueError
        return lat, lon


def _numbers(text: str) -> list[float] | None:
    """The numbers of a list with commas; None for a name. ValueError for neither."""
    try:
        return [float(number) for number in text.split(",")]
    except ValueError:
        if any(letter.isalpha() for letter in text):
            return None
        raise


@click.command()
@click.argument("url", type=Text("the address of the pages, such as http://127.0.0.1:8460"))
@click.option("--place", "where", type=Where(), required=True, help="Where: LAT,LON or a town.")
@click.option(
    "--vs30", "vs30_ms", type=Number(100, 3000, "m/s"), help="Vs30 at the place (default: 400 m/s)."
)
@click.option(
    "--min-mmi",
    type=Number(1, 10, "MMI"),
    help="Pass on alerts of this intensity at the place, and all later versions of these.",
)
@click.option("--drills", is_flag=True, help="Pass on drills too, which say so.")
@click.option(
    "--key",
    "keys",
    multiple=True,
    type=Text("a public key in base64url"),
    help="Trust this public key only (default: those that the server lists). May be repeated.",
)
@click.option(
    "--root",
    "roots",
    multiple=True,
    type=Text("a public root key in base64url"),
    help="Trust only keys of a list that this root has signed (default: the root of the first"
    " list). May be repeated.",
)
@click.option(
    "--key-file",
    type=Target("file"),
    help="Keep the newest key list here, so that an older one is refused after a restart too.",
)
@click.option("--ca", type=Source("file"), help="Certificates to trust (PEM), for https.")
@click.option("--text", is_flag=True, help="Print lines for people instead of JSON.")
@click.option(
    "--exec",
    "command",
    type=Text("a command"),
    help="Run a command for each version, with the JSON line on stdin and ALERT_* variables.",
)
@click.option(
    "--exec-timeout",
    default=30.0,
    show_default=True,
    type=Number(0.1, 3600, "s"),
    help="Seconds after which a command is ended.",
)
@click.option(
    "--mqtt",
    type=Text("an address such as mqtt://USER:PASSWORD@HOST:1883/TOPIC"),
    help="Publish the JSON line to a broker (topic: forewave/alert).",
)
@click.option("--once", is_flag=True, help="End after the first alert.")
@seconds("--timeout", None, "End after so many seconds.")
@one_line_errors
def listen(
    url: str,
    where: tuple[float, float] | str,
    vs30_ms: float | None,
    min_mmi: float | None,
    drills: bool,
    keys: tuple[str, ...],
    roots: tuple[str, ...],
    key_file: Path | None,
    ca: Path | None,
    text: bool,
    command: str | None,
    exec_timeout: float,
    mqtt: str | None,
    once: bool,
    timeout: float | None,
) -> None:
    """Receive verified alerts for one place.

    URL is the address of the pages of a running forewave. Prints one JSON object per version of an
    alert, with the intensity (MMI) and the seconds until S at the place, which stays on this
    computer. The state of the connection is written to stderr. Ends with exit code 0 on Ctrl-C or
    when an alert was printed. At the --timeout without an alert: 3, or 4 if none could have been
    received. Other codes: 1 error, 2 wrong use.
    """
    from forewave.client import program
    from forewave.client.service import Service
    from forewave.types import Place

    tls = _tls(ca)
    if isinstance(where, str):
        town = _town(where, Service(url, tls))
        place = Place(town.name, town.lat, town.lon, vs30_ms=vs30_ms)
    else:
        place = Place(f"{where[0]:g},{where[1]:g}", *where, vs30_ms=vs30_ms)
    wanted = program.Wanted(
        min_mmi=min_mmi,
        drills=drills,
        keys=keys or None,
        roots=roots or None,
        key_file=key_file,
        text=text,
        command=command,
        command_timeout=exec_timeout,
        mqtt=mqtt,
        once=once,
        timeout=timeout,
    )
    sys.exit(program.run(url, place, wanted, tls))


def _tls(ca: Path | None) -> "ssl.SSLContext | None":
    import ssl

    try:
        return None if ca is None else ssl.create_default_context(cafile=str(ca))
    except ssl.SSLError as error:
        raise click.BadParameter(f"{ca}: {error.reason or error}", param_hint="'--ca'") from None


def _town(name: str, service: "Service") -> "Place":
    """The whole list of towns is asked for, so that the server does not learn which is meant."""
    from forewave.client.town import find_town
    from forewave.earth.towns import all_towns
    from forewave.errors import FormatError, InputError
    from forewave.types import Place

    try:
        towns = service.towns()
    except (OSError, FormatError) as error:
        click.echo(f"forewave listen: {error}; using the towns of this installation", err=True)
        towns = [Place(f"{town.name}, {town.country}", town.lat, town.lon) for town in all_towns()]
    try:
        return find_town(name, towns)
    except InputError as error:
        raise click.BadParameter(str(error), param_hint="'--place'") from None
