"""Problems of [[channels]]: wrong entries, what cannot be used, and what others could read.

Nothing is sent; `forewave channels test NAME` does that.
"""

import time
from collections.abc import Iterator
from pathlib import Path

from forewave.channels import registry
from forewave.channels.card import ChannelSettings, Context
from forewave.check.finding import Finding
from forewave.delivery import signing
from forewave.delivery.guard import is_loopback
from forewave.errors import ConfigError
from forewave.settings import Settings

CORRECT = "correct the entry: see docs/reference/channels.md"


def channel_findings(settings: Settings, path: Path) -> Iterator[Finding]:
    """All of them. path: the forewave.toml."""
    entries, faults = registry.read_all("", settings.channels, path.parent)
    for fault in faults:
        subject, _, what = fault.partition(": ")
        yield Finding("error", subject, what, CORRECT)
    for entry in entries:
        yield from _unusable(entry, path.parent, settings.language)
        yield from _silent(entry)
        for each in registry.exposures(entry):
            if not (each.host and is_loopback(each.host)):
                yield Finding(each.severity, each.subject, each.what, each.remedy)


def _unusable(entry: ChannelSettings, folder: Path, language: str) -> Iterator[Finding]:
    """A channel that cannot be made; it is not opened."""
    keys = signing.generate()
    context = Context(time.time, folder, None, language, lambda: keys.trusted)
    try:
        registry.make(entry, context)
    except ConfigError as error:
        subject = f"channels: {registry.name_of(entry)}"
        yield Finding("error", subject, str(error).removeprefix(f"{subject}: "), CORRECT)


def _silent(entry: ChannelSettings) -> Iterator[Finding]:
    """A channel that hears of every earthquake, however far, because it has no place."""
    if entry.place is None and registry.card_of(entry).people:
        what = "has no place: people are told of every earthquake, however far it is"
        yield Finding(
            "note", f"channels: {registry.name_of(entry)}", what, "set place = [lat, lon]"
        )
