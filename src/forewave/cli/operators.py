"""`forewave operators`, `forewave operator` and `forewave audit`: accounts, actions, and their log.

Heavy modules are imported by the command that needs them.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forewave.cli.option_types import Number, Source, Target, Text
from forewave.cli.options import OneLine, one_line_errors

if TYPE_CHECKING:
    from forewave.operators.client import OperatorClient

_file = click.option(
    "-f",
    "--file",
    type=Target("file"),
    default="operators.json",
    show_default=True,
    help="File of accounts, as operators.file in forewave.toml.",
)
_audit = click.option(
    "--audit",
    type=Target("file"),
    help="Audit log to note it in (default: audit.jsonl beside the file of accounts).",
)
_url = click.argument("url", type=Text("the address of the pages"))
_name = click.option(
    "--name", required=True, type=Text("the name of an account"), help="Name of your account."
)
_password = click.option(
    "--password",
    type=Text("a password"),
    envvar="FOREWAVE_OPERATOR_PASSWORD",
    prompt=True,
    hide_input=True,
    help="Password; asked for if it is neither given nor in FOREWAVE_OPERATOR_PASSWORD.",
)


@click.group(cls=OneLine)
def operators() -> None:
    """Add and remove accounts of operators, on the server.

    Operators may cancel an alert in force and start a drill, two of them together.
    """


@operators.command()
@click.argument("name", type=Text("the name of an account"))
@_file
@_audit
@click.option(
    "--password",
    type=Text("a password"),
    envvar="FOREWAVE_OPERATOR_PASSWORD",
    prompt=True,
    hide_input=True,
    confirmation_prompt=True,
    help="Password, at least 12 characters; asked for if it is not given.",
)
@one_line_errors
def add(name: str, file: Path, audit: Path | None, password: str) -> None:
    """Add an account, or give it another password."""
    from forewave.operators.accounts import Accounts

    accounts = Accounts(file)
    what = "account changed" if name in accounts.names() else "account added"
    accounts.check(name, password)
    _note(file, audit, what, name)
    accounts.add(name, password)
    click.echo(f"{file}: {what}: {name}")


@operators.command()
@click.argument("name", type=Text("the name of an account"))
@_file
@_audit
@one_line_errors
def remove(name: str, file: Path, audit: Path | None) -> None:
    """Remove an account; its sessions and proposals end at once."""
    from forewave.operators.accounts import Accounts

    accounts = Accounts(file)
    if name in accounts.names():
        _note(file, audit, "account removed", name)
    accounts.remove(name)
    click.echo(f"{file}: account removed: {name}")


@operators.command("list")
@_file
@one_line_errors
def names(file: Path) -> None:
    """Print the names of all accounts."""
    from forewave.operators.accounts import Accounts

    for name in Accounts(file).names():
        click.echo(name)


def _note(file: Path, audit: Path | None, what: str, name: str) -> None:
    import time

    from forewave.operators.audit import AuditLog

    AuditLog(audit or file.with_name("audit.jsonl"), time.time).add(what, account=name)


@click.group(cls=OneLine)
def operator() -> None:
    """Cancel an alert or start a drill on a running forewave.

    One operator proposes, another one confirms within 10 minutes. URL is the address of the pages;
    without TLS it must be this machine.

    \b
    Examples:
      forewave operator state http://127.0.0.1:8460 --name anna
      forewave operator cancel http://127.0.0.1:8460 20300512T062820 --name anna
      forewave operator confirm http://127.0.0.1:8460 p1 --name bob
    """


@operator.command()
@_url
@_name
@_password
@one_line_errors
def state(url: str, name: str, password: str) -> None:
    """Print alerts in force, open proposals and the drill, as JSON."""
    import json

    with _session(url, name, password) as session:
        click.echo(json.dumps(session.state(), indent=1))


@operator.command()
@_url
@click.argument("event", type=Text("the name of an event"))
@_name
@_password
@one_line_errors
def cancel(url: str, event: str, name: str, password: str) -> None:
    """Propose to cancel the alert of EVENT as false."""
    _propose(url, name, password, {"action": "cancel", "event": event})


@operator.command("drill")
@_url
@click.option("--lat", required=True, type=Number(-85, 85, "degrees"), help="Latitude.")
@click.option("--lon", required=True, type=Number(-180, 180, "degrees"), help="Longitude.")
@click.option(
    "--seconds",
    default=20.0,
    show_default=True,
    type=Number(0, 120, "s"),
    help="Seconds from the alert to the S wave at the place.",
)
@click.option(
    "--magnitude", default=7.3, show_default=True, type=Number(4, 9, ""), help="Magnitude."
)
@_name
@_password
@one_line_errors
def propose_drill(
    url: str, lat: float, lon: float, seconds: float, magnitude: float, name: str, password: str
) -> None:
    """Propose a drill for a place: an alert that all devices show as a drill."""
    facts = {"lat": lat, "lon": lon, "seconds": seconds, "magnitude": magnitude}
    _propose(url, name, password, {"action": "drill", **facts})


@operator.command()
@_url
@click.argument("proposal", type=Text("the number of a proposal"))
@_name
@_password
@one_line_errors
def confirm(url: str, proposal: str, name: str, password: str) -> None:
    """Confirm what another operator has proposed; it is done at once."""
    with _session(url, name, password) as session:
        done = session.post("confirm", {"id": proposal})
    click.echo(f"confirmed: {', '.join(f'{key} {value}' for key, value in done.items())}")


@operator.command()
@_url
@click.argument("proposal", type=Text("the number of a proposal"))
@_name
@_password
@one_line_errors
def drop(url: str, proposal: str, name: str, password: str) -> None:
    """Take a proposal back."""
    with _session(url, name, password) as session:
        session.post("drop", {"id": proposal})
    click.echo(f"dropped: {proposal}")


@operator.command("end-drill")
@_url
@_name
@_password
@one_line_errors
def end_drill(url: str, name: str, password: str) -> None:
    """End the drill that runs; one operator is enough."""
    with _session(url, name, password) as session:
        session.post("end-drill", {})
    click.echo("drill ended")


def _propose(url: str, name: str, password: str, action: dict[str, Any]) -> None:
    with _session(url, name, password) as session:
        made = session.post("propose", action)
    click.echo(f"proposed as {made['id']}: another operator has to confirm it within 10 minutes")
    click.echo(f"  forewave operator confirm {url} {made['id']} --name ...")


def _session(url: str, name: str, password: str) -> "OperatorClient":
    from forewave.operators.client import OperatorClient

    return OperatorClient(url, name, password)


@click.group(cls=OneLine)
def audit() -> None:
    """Check that the audit log has not been altered."""


@audit.command()
@click.argument("path", metavar="FILE", type=Source("file"))
@click.option(
    "--head",
    metavar="HASH",
    type=Text("a hash"),
    help="A hash that was noted before, which it must have.",
)
@one_line_errors
def verify(path: Path, head: str | None) -> None:
    """Check that no line of an audit log was changed, removed or inserted.

    Prints the hash of the last line: note it elsewhere, and give it to a later check as --head, so
    that lines taken away at the end are missed too. Exit code 1: the log was changed.
    """
    from forewave.errors import FormatError
    from forewave.operators.audit import verify as check

    found = check(path)
    if head is not None and head not in found.hashes:
        raise FormatError(
            f"{path}: has no line with the hash {head}: lines were taken away or changed"
        )
    for number in found.cut_off:
        click.echo(f"{path}: line {number} was cut off: the process ended while it was written")
    click.echo(f"{path}: {len(found.hashes)} lines, unchanged; head {found.head}")
