"""The [[channels]] entries of a forewave.toml: each table is an entry of one type in CHANNELS.

The error of a wrong entry is one line with the file, the entry and what was expected.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import urlsplit

import msgspec
from msgspec.structs import fields, replace

from forewave import field
from forewave.channels import (
    command,
    home_assistant,
    lora,
    modbus,
    multicast,
    people,
    relay,
    webhook,
)
from forewave.channels.cap import channel as cap
from forewave.channels.card import Card, Channel, ChannelSettings, Context
from forewave.channels.push import web_push
from forewave.channels.shakealert import channel as shakealert
from forewave.errors import ConfigError
from forewave.sources import address
from forewave.sources.exposure import Exposure
from forewave.sources.registry import has_control, shown

CARDS = (
    *(webhook.CARD, home_assistant.CARD, people.CARD, command.CARD, relay.CARD, modbus.CARD),
    *(multicast.CARD, lora.CARD),
    *(web_push.CARD, cap.CARD, shakealert.CARD),
)
CHANNELS: dict[str, Card] = {card.kind: card for card in CARDS}

MOST_FAULTS = 50  # errors of a file that are listed
PATHS = ("path", "tls_ca")  # keys that name a file, relative to the forewave.toml


def read(where: str, tables: Any, folder: Path) -> tuple[ChannelSettings, ...]:
    """The settings of each entry. Raises ConfigError, one line."""
    settings, faults = read_all(where, tables, folder)
    if faults:
        raise ConfigError(faults[0])
    return settings


def read_all(
    where: str, tables: Any, folder: Path
) -> tuple[tuple[ChannelSettings, ...], list[str]]:
    """The settings of each valid entry, and one line for each that is not."""
    entries: list[ChannelSettings] = []
    faults: list[str] = []
    for number, table in enumerate(tables, 1):
        if len(faults) >= MOST_FAULTS:
            break
        try:
            entries.append(_entry(f"{where}channels {number}", table, folder))
        except ConfigError as error:
            faults.append(str(error))
    for name, count in Counter(map(name_of, entries)).items():
        if count > 1:
            faults.append(f"{where}channels: {count} entries are called {name!r}: set name")
    return tuple(entries), faults


def make_all(entries: Iterable[ChannelSettings], context: Context) -> list[Channel]:
    """The channels of all entries, not yet open. Raises ConfigError, one line."""
    return [make(entry, context) for entry in entries]


def make(entry: ChannelSettings, context: Context) -> Channel:
    """The channel of one entry, not yet open. Raises ConfigError, one line."""
    with_language = msgspec.structs.replace(context, language=entry.language or context.language)
    try:
        return card_of(entry).make(entry, with_language)
    except ConfigError as error:
        raise ConfigError(f"channels: {name_of(entry)}: {error}") from None


def card_of(entry: ChannelSettings) -> Card:
    """The card of an entry."""
    return CHANNELS[str(entry.__struct_config__.tag)]


def name_of(entry: ChannelSettings) -> str:
    """The name of an entry: its own, or that of its type."""
    return entry.name or str(entry.__struct_config__.tag)


def exposures(entry: ChannelSettings) -> Iterable[Exposure]:
    """What others on the network could read or do because of an entry."""
    return card_of(entry).exposure(entry)


def _entry(where: str, table: Mapping[str, Any], folder: Path) -> ChannelSettings:
    kind = table.get("type")
    if not isinstance(kind, str) or kind not in CHANNELS:
        types = ", ".join(f'"{name}"' for name in CHANNELS)
        raise ConfigError(f"{where}: type: expected one of {types}, found {shown(kind)}")
    shape = CHANNELS[kind].settings
    hints = get_type_hints(shape, include_extras=True)
    required = [each.name for each in fields(shape) if each.required]
    for key in (*table, *required):
        if key != "type":
            _check(where, key, table.get(key), hints, kind)
    try:
        entry: ChannelSettings = msgspec.convert(table, shape)
    except ValueError as error:
        raise ConfigError(f"{where}: {error}") from None
    for key, value in table.items():
        if has_control(value):
            raise ConfigError(f"{where}: {key}: expected text in one line, found {shown(value)}")
        if fault := _address_fault(key, value):
            raise ConfigError(f"{where}: {key}: {fault}")
    rooted = {key: str(folder / value) for key in PATHS if (value := getattr(entry, key, "")) != ""}
    return replace(entry, **rooted)


def _check(where: str, key: str, value: Any, hints: Mapping[str, Any], kind: str) -> None:
    """Raises ConfigError unless the type has such a key, and it may have the value."""
    if key not in hints:
        near = get_close_matches(key, hints, 1)
        guess = f"did you mean {near[0]}?" if near else f"known are {', '.join(hints)}"
        raise ConfigError(f"{where}: {key}: {kind} has no such key; {guess}")
    try:
        msgspec.convert(value, hints[key])
    except ValueError:
        said = f"expected {field.expected(hints[key])}, found {shown(value)}"
        raise ConfigError(f"{where}: {key}: {said}") from None


def _address_fault(key: str, value: Any) -> str:
    """What is wrong with a host or URL; empty if nothing is."""
    if key == "host" and not address.is_host(value):
        return f"expected a host name or an IP address, without a port, found {shown(value)}"
    if key == "url" and not _is_url(value):
        return f"expected an address such as https://host/path, found {shown(value)}"
    return ""


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def names(entries: Sequence[ChannelSettings]) -> str:
    """The names of all entries, for messages."""
    return ", ".join(map(name_of, entries)) or "none"
