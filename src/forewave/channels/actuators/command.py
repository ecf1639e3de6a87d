"""A program that is run for each notification: JSON on standard input, the gist in variables.

It runs without a shell. What it starts in the background is ended with it; a program that should
go on for longer has to leave the process group (setsid).
"""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import msgspec

from forewave.channels.actuators.program import run
from forewave.channels.card import Card, ChannelSettings, Context, Notification
from forewave.channels.texts.payload import payload
from forewave.channels.texts.words import Words
from forewave.errors import ConfigError
from forewave.field import about
from forewave.sources.exposure import Exposure

VARIABLES = (
    "type", "reason", "active", "event", "version", "cancelled", "level", "mmi", "seconds",
    "magnitude", "place", "title", "text",
)  # fmt: skip


class CommandSettings(ChannelSettings, frozen=True, kw_only=True, tag="command"):
    """A program that is run for each notification."""

    command: Annotated[
        tuple[str, ...], about("The program and its arguments; no shell interprets them")
    ]


class Command:
    """One program. Raises ConfigError where it is not there."""

    def __init__(self, settings: CommandSettings, context: Context) -> None:
        self.name = settings.name or "command"
        self._command = found(settings.command, context.folder, "command")
        self._seconds, self._words = settings.timeout * 0.8, Words(context.language)

    async def open(self) -> None:
        """Nothing."""

    async def send(self, notification: Notification) -> None:
        """Run the program to its end."""
        fields = payload(notification, self._words)
        await run(self._command, self._seconds, msgspec.json.encode(fields), variables(fields))

    async def expire(self, event: str) -> None:
        """Nothing: the final notification has been sent."""

    async def close(self) -> None:
        """Nothing runs any more."""


def variables(fields: Mapping[str, object]) -> dict[str, str]:
    """FOREWAVE_REASON and so on; true and false as 1 and 0, unknown numbers empty."""
    return {f"FOREWAVE_{name.upper()}": _text(fields[name]) for name in VARIABLES}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(int(value))
    return "" if value is None else str(value).replace("\0", "")


def found(command: tuple[str, ...], folder: Path, key: str) -> tuple[str, ...]:
    """The command with the path of its program, which may be relative to the forewave.toml."""
    if not command or not command[0]:
        raise ConfigError(f"{key}: expected a program and its arguments")
    name = command[0]
    path = shutil.which(str(folder / name) if "/" in name else name)
    if path is None:
        raise ConfigError(f"{key}: {name}: no such program, or it cannot be run")
    return (str(Path(path).absolute()), *command[1:])


def _exposure(settings: CommandSettings) -> Iterator[Exposure]:
    return iter(())


CARD = Card("command", CommandSettings, Command, _exposure)
