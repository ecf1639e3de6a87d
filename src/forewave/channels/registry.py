"""The [[channels]] entries of a forewave.toml: each table is an entry of one type in CHANNELS.

The error of a wrong entry is one line with the file, the entry and what was expected.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from forewave.channels import people, webhook
from forewave.channels.actuators import command, modbus, relay
from forewave.channels.cap import channel as cap
from forewave.channels.cap.channel import CapSettings
from forewave.channels.card import Card, Channel, ChannelSettings, Context
from forewave.channels.datagrams import lora, multicast
from forewave.channels.home_assistant import channel as home_assistant
from forewave.channels.home_assistant.entities import identifier
from forewave.channels.home_assistant.settings import HomeAssistantSettings
from forewave.channels.push import web_push
from forewave.channels.push.web_push import WebPushSettings
from forewave.channels.shakealert import channel as shakealert
from forewave.errors import ConfigError
from forewave.sources import blocks
from forewave.sources.exposure import Exposure

CARDS = (
    *(webhook.CARD, home_assistant.CARD, people.CARD, command.CARD, relay.CARD, modbus.CARD),
    *(multicast.CARD, lora.CARD),
    *(web_push.CARD, cap.CARD, shakealert.CARD),
)
CHANNELS: dict[str, Card] = {card.kind: card for card in CARDS}


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
    shapes = {kind: card.settings for kind, card in CHANNELS.items()}
    found, faults = blocks.read_all(
        f"{where}channels",
        tables,
        lambda label, table: blocks.read(label, table, "type", shapes, folder, _ADDRESS_FAULTS),
    )
    for name, count in Counter(map(name_of, found)).items():
        if count > 1:
            faults.append(f"{where}channels: {count} entries are called {name!r}: set name")
    return tuple(found), faults + [f"{where}channels: {fault}" for fault in _clashes(found)]


def _clashes(entries: Iterable[ChannelSettings]) -> Iterable[str]:
    """One line for each entry that would overwrite what another one shows or keeps."""
    first: dict[str, str] = {}
    for entry in entries:
        alone, name = _alone(entry), name_of(entry)
        other = first.setdefault(alone, name) if alone else name
        if other != name:
            yield f"{other!r} and {name!r} would share {alone}"


def _alone(entry: ChannelSettings) -> str:
    """What no other entry may have; "": there is no such thing."""
    match entry:
        case HomeAssistantSettings():
            return f"the topics of {identifier(name_of(entry))!r}: set another name"
        case WebPushSettings():
            return "/push.json and the subscriptions: one web_push is enough"
        case CapSettings(feed=True):
            return "/cap/feed.atom: set feed = false in one of them"
    return ""


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


def _url_fault(value: Any) -> str:
    """What is wrong with a URL; empty if nothing is."""
    if _is_url(value):
        return ""
    return f"expected an address such as https://host/path, found {blocks.shown(value)}"


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


_ADDRESS_FAULTS = {"host": blocks.host_fault, "url": _url_fault}


def names(entries: Sequence[ChannelSettings]) -> str:
    """The names of all entries, for messages."""
    return ", ".join(map(name_of, entries)) or "none"
