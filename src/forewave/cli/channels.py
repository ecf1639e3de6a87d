"""Commands for the channels of a forewave.toml.

Heavy modules are imported by the command that needs them.
"""

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forewave.cli.option_types import Source, Text
from forewave.cli.options import OneLine, one_line_errors, seconds

if TYPE_CHECKING:
    from forewave.channels.card import ChannelSettings


@click.group(cls=OneLine)
def channels() -> None:
    """List and test the channels that pass alerts on."""


_config = click.option(
    "-c",
    "--config",
    type=Source("file"),
    default="forewave.toml",
    show_default=True,
    help="Settings file with [[channels]].",
)


@channels.command("list")
@_config
@one_line_errors
def listed(config: Path) -> None:
    """List the channels of a forewave.toml. Nothing is sent."""
    from forewave.channels import registry

    entries = _entries(config)
    for entry in entries:
        point = "" if entry.place is None else f"{entry.place[0]:g}, {entry.place[1]:g}"
        where = f"at {entry.place_name or point}" if point else "anywhere"
        kind, drills = registry.card_of(entry).kind, ", also drills" if entry.drills else ""
        name = registry.name_of(entry)
        click.echo(f"{name}: {kind}, from MMI {entry.min_mmi:g} {where}{drills}")
    if not entries:
        click.echo(f"{config}: no [[channels]]")


@channels.command()
@click.argument("name", type=Text("the name of a channel"))
@_config
@seconds("--stay", 3.0, "Seconds from the test alert to its cancel.", 60)
@one_line_errors
def test(name: str, config: Path, stay: float) -> None:
    """Send a test to one channel and report the outcome.

    NAME is the channel's name, by default its type. The receiver gets an alert and its cancel,
    both marked as a drill, and then nothing of them is left. Exit code 1: a step failed.
    """
    import time

    from forewave.channels import registry
    from forewave.channels.card import Context
    from forewave.channels.trial import trial
    from forewave.config import read
    from forewave.delivery import signing

    entries = {registry.name_of(entry): entry for entry in _entries(config)}
    if name not in entries:
        known = ", ".join(entries) or "none"
        raise click.BadParameter(f"{name}: no such channel; known: {known}", param_hint="'NAME'")
    settings = read(config, os.environ)
    keys = signing.generate()
    record = config.parent / settings.record.folder if settings.record.folder else None
    context = Context(
        time.time, config.parent, record, settings.language, lambda: keys.trusted, trial=True
    )
    channel = registry.make(entries[name], context)
    steps = asyncio.run(trial(channel, entries[name], stay))
    for step in steps:
        click.echo(f"{step.what:7} {step.seconds * 1000:6.0f} ms  {step.why or 'ok'}")
    sys.exit(any(step.why for step in steps))


def _entries(config: Path) -> "tuple[ChannelSettings, ...]":
    from forewave.channels import registry
    from forewave.config import read

    return registry.read(f"{config}: ", read(config, os.environ).channels, config.parent)
