"""`forewave keys`: signing keys, the offline root, and the list of keys that the root signs.

Heavy modules are imported by the command that needs them.
"""

import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forewave.cli.option_types import Source, Target, Text, Whole
from forewave.cli.options import OneLine, one_line_errors

if TYPE_CHECKING:
    from forewave.delivery.key_list import KeyList, ListedKey

DAY = 86_400.0
EARLY = 7 * DAY  # a key counts from before now on: clocks of devices differ

KEY, KEY_ID = Text("a key file or a public key"), Text("the id of a key")
KEY_LIKE = re.compile(r"-(?:[\w-]{7}|[\w-]{42})", re.ASCII)  # an id, or a public key
_root = click.option(
    "--root",
    type=Source("file"),
    required=True,
    help="Root key file, made with `forewave keys root`.",
)
_days = click.option(
    "--days",
    default=400,
    show_default=True,
    type=Whole(1, 3650),
    help="Days for which the list, and each key that is added, is valid.",
)


class OfKeys(click.Command):
    """A command on keys: one in 64, and its id, begins with "-", as options do."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click.Command, which takes what comes after "--" for arguments."""
        names = {name for option in self.get_params(ctx) for name in option.opts}
        before: list[str] = []
        keys: list[str] = []
        for previous, arg in zip(["", *args], args, strict=False):
            is_key = KEY_LIKE.fullmatch(arg) and arg not in names and previous not in names
            (keys if is_key and "--" not in before else before).append(arg)
        separator = ["--"] if keys and "--" not in before else []
        return super().parse_args(ctx, [*before, *separator, *keys])


@click.group(cls=OneLine)
def keys() -> None:
    """Make keys that sign alerts, and the list of those that devices trust.

    Alerts are signed with such a key (Ed25519); devices show only alerts with a valid signature.
    With a root key, kept offline, a list says which keys may sign; devices then trust no other.

    \b
    Examples:
      forewave keys new                                           a signing key, on the server
      forewave keys root                                          a root key, kept offline
      forewave keys sign --root root.key forewave.key             the first list of keys
      forewave keys rotate keys.json --root root.key next.key     the next list, with one more key
      forewave keys revoke keys.json --root root.key w3FU-lgr     the next list, without a key
    """


@keys.command()
@click.option(
    "-o",
    "--output",
    type=Target("file", new=True),
    default="forewave.key",
    show_default=True,
    help="Key file to write; only its owner can read it.",
)
@one_line_errors
def new(output: Path) -> None:
    """Write a new signing key. Needs no network."""
    from forewave.delivery import signing

    key = signing.generate()
    output.parent.mkdir(parents=True, exist_ok=True)
    key.save(output)
    click.echo(f"{output}: new signing key, id {key.id}; keep this file secret")


@keys.command()
@click.option(
    "-o",
    "--output",
    type=Target("file", new=True),
    default="root.key",
    show_default=True,
    help="Key file to write; only its owner can read it.",
)
@one_line_errors
def root(output: Path) -> None:
    """Write a new root key, to be kept offline. Needs no network.

    It signs lists of keys and nothing else. Keep it on a medium that is not in the server, and a
    copy elsewhere: without it no further list can be signed. The public key that is printed goes to
    devices that are to trust this root and no other.
    """
    from forewave.delivery import signing

    key = signing.generate()
    output.parent.mkdir(parents=True, exist_ok=True)
    key.save(output)
    click.echo(f"{output}: new root key; keep this file offline")
    click.echo(f"public root key: {signing.base64url(key.trusted[key.id])}")


@keys.command(cls=OfKeys)
@click.argument("added", metavar="KEY...", nargs=-1, required=True, type=KEY)
@_root
@click.option(
    "-o",
    "--output",
    type=Target("file", new=True),
    default="keys.json",
    show_default=True,
    help="Key list to write.",
)
@click.option(
    "--spare",
    multiple=True,
    metavar="KEY",
    type=KEY,
    help="Public key of a further root, which may sign later lists; may be repeated.",
)
@_days
@one_line_errors
def sign(
    added: tuple[str, ...], root: Path, output: Path, spare: tuple[str, ...], days: int
) -> None:
    """Sign the first list of keys. Needs no network.

    KEY is a key file, or a public key as `forewave keys list` prints it, so that the private key
    need not leave the server. Set keys.list in forewave.toml to the list and restart, or send
    SIGHUP.
    """
    from forewave.client.service import raw_keys
    from forewave.delivery import key_list, signing

    raw_keys(spare)
    now = time.time()
    data = key_list.make(
        signing.load(root),
        _entries(added, now, days),
        n=1,
        made=now,
        until=now + days * DAY,
        spare_roots=spare,
    )
    _require_readable(output, data)
    output.write_bytes(data)
    _print_list(output)


@keys.command(cls=OfKeys)
@click.argument("listed", metavar="LIST", type=Source("file"))
@click.argument("added", metavar="[KEY]...", nargs=-1, type=KEY)
@_root
@_days
@one_line_errors
def rotate(listed: Path, added: tuple[str, ...], root: Path, days: int) -> None:
    """Sign the next version of a list: further keys, and new dates. Needs no network.

    LIST is replaced. KEY is a key file or a public key; one that is listed gets new dates. Keys
    whose time is over are left out. To change the signing key: serve the next list with the old and
    the new key (SIGHUP), then let the server sign with the new one (keys.file, SIGHUP).
    """
    from forewave.errors import InputError

    now = time.time()

    def change(old: "KeyList") -> tuple[Sequence["ListedKey"], Sequence[str]]:
        fresh = _entries(added, now, days)
        kept = [key for key in old.keys if key.until / 1000.0 > now]
        known = {key.id for key in fresh}
        if known & set(old.revoked):
            raise InputError(f"{listed}: {', '.join(known & set(old.revoked))} is revoked for ever")
        return [*(key for key in kept if key.id not in known), *fresh], old.revoked

    _next(listed, root, days, now, change)


@keys.command(cls=OfKeys)
@click.argument("listed", metavar="LIST", type=Source("file"))
@click.argument("ids", metavar="ID...", nargs=-1, required=True, type=KEY_ID)
@_root
@_days
@one_line_errors
def revoke(listed: Path, ids: tuple[str, ...], root: Path, days: int) -> None:
    """Sign the next version of a list, in which keys are revoked. Needs no network.

    LIST is replaced. Devices refuse these keys as soon as they have the new list, also where it
    listed them before. Let the server sign with another listed key first.
    """
    from forewave.errors import InputError

    def change(old: "KeyList") -> tuple[Sequence["ListedKey"], Sequence[str]]:
        known = {key.id for key in old.keys} | set(old.revoked)
        for name in ids:
            if name not in known:
                raise InputError(
                    f"{listed}: lists no key {name}; it has {', '.join(sorted(known))}"
                )
        return [key for key in old.keys if key.id not in ids], (*old.revoked, *ids)

    _next(listed, root, days, time.time(), change)


@keys.command("list")
@click.argument("path", metavar="FILE", type=Source("file"))
@one_line_errors
def show(path: Path) -> None:
    """Print the public keys of a key file, or the contents of a key list."""
    from forewave.delivery import signing

    if path.read_bytes()[:1] == b"{":
        _print_list(path)
        return
    for name, raw in signing.load(path).trusted.items():
        click.echo(f"{name}  {signing.base64url(raw)}")


def _entries(added: Sequence[str], now: float, days: int) -> list["ListedKey"]:
    """The entries of key files and public keys."""
    from forewave.client.service import raw_keys
    from forewave.delivery import key_list, signing

    raw: dict[str, bytes] = {}
    for one in added:
        raw |= signing.load(Path(one)).trusted if Path(one).is_file() else raw_keys([one])
    return [key_list.listed(key, now - EARLY, now + days * DAY) for key in raw.values()]


def _next(
    path: Path, root: Path, days: int, now: float, change: Callable[["KeyList"], Any]
) -> None:
    """Replace a list by its next version. Raises FormatError where the root is not one of it."""
    from forewave.delivery import key_list, signing
    from forewave.errors import InputError
    from forewave.formats.storage import whole_file

    signer = signing.load(root)
    old = key_list.read_unverified(path.read_bytes())
    own = signing.base64url(signer.trusted[signer.id])
    if own not in old.roots:
        raise InputError(f"{root}: is no root of {path}; devices would refuse the list")
    key_list.read(path.read_bytes(), old.roots)
    entries, revoked = change(old)
    data = key_list.make(
        signer,
        entries,
        n=old.n + 1,
        made=now,
        until=now + days * DAY,
        revoked=revoked,
        spare_roots=old.roots,
    )
    _require_readable(path, data)
    whole_file.replace(path, data)
    _print_list(path)


def _require_readable(path: Path, data: bytes) -> None:
    """What devices could not read is not written. Raises InputError: too many keys, for example."""
    from forewave.delivery import key_list
    from forewave.errors import InputError

    try:
        key_list.read(data, key_list.read_unverified(data).roots)
    except key_list.RefusedListError as error:
        raise InputError(f"{path}: not written, devices would refuse it: {error}") from None


def _print_list(path: Path) -> None:
    from forewave.delivery import key_list

    data = path.read_bytes()
    found = key_list.read(data, key_list.read_unverified(data).roots)
    click.echo(f"{path}: key list, version {found.n}, valid until {_day(found.until)}")
    for key in found.keys:
        click.echo(f"  {key.id}  {key.key}  {_day(key.since)} to {_day(key.until)}")
    for name in found.revoked:
        click.echo(f"  {name}  revoked")
    for public in found.roots:
        click.echo(f"  root      {public}{'  (signed this)' if public == found.root else ''}")


def _day(millis: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(millis / 1000))
