"""The [[sources]] entries of a forewave.toml: each table is an entry of one kind in SOURCES.

The error of a wrong entry is one line with the file, the entry and what was expected.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from forewave.errors import ConfigError
from forewave.sources import SOURCES, address, blocks
from forewave.sources.archive import ArchiveSettings
from forewave.sources.base import Source
from forewave.sources.exposure import Exposure
from forewave.sources.mqtt.source import MqttSettings, MqttSource

ADDRESS, HOST = "server", "host"  # keys that name a host, the first perhaps with a port
NOTE = (  # for a new forewave.toml
    "# Sources of packets: one block for each server, broker, port or archive.",
    "# Kinds and their keys: docs/reference/configuration.md.",
    "# A station may come from several sources: the first packet is used.",
)
EXAMPLE = (
    *NOTE,
    "#",
    "#  [[sources]]",
    '#  kind = "seedlink"',
    '#  server = "geofon.gfz.de:18000"',
    '#  stations = ["GE.WLF", "GE.*"]',
    '#  selectors = ["HH?"]',
)


def read(where: str, tables: Any, folder: Path) -> tuple[Struct, ...]:
    """The settings of each entry. Raises ConfigError, one line."""
    settings, faults = read_all(where, tables, folder)
    if faults:
        raise ConfigError(faults[0])
    return settings


def read_all(where: str, tables: Any, folder: Path) -> tuple[tuple[Struct, ...], list[str]]:
    """The settings of each valid entry, and one line for each that is not."""
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        return (), [f"{where}: sources: expected blocks that begin with [[sources]]"]
    shapes = {kind: card.settings for kind, card in SOURCES.items()}
    found, faults = blocks.read_all(
        f"{where}: sources",
        tables,
        lambda label, table: blocks.read(label, table, "kind", shapes, folder, _ADDRESS_FAULTS),
    )
    return tuple(found), faults


def open_all(entries: Iterable[Struct], rates: Mapping[str, float] | None = None) -> list[Source]:
    """The sources of all entries. rates: the inventory's samples/s by station.

    Raises ConfigError, one line, also if two entries have the same name.
    """
    sources = [source for entry in entries for source in open_one(entry, rates)]
    refuse_duplicates(sources)
    return sources


def open_one(entry: Struct, rates: Mapping[str, float] | None = None) -> list[Source]:
    """The sources of one entry. Raises ConfigError, one line."""
    if isinstance(entry, MqttSettings):
        return [MqttSource(entry, rates)]
    return list(SOURCES[str(entry.__struct_config__.tag)].open(entry))


def refuse_duplicates(sources: Iterable[Source]) -> None:
    """Raise ConfigError if two sources have the same name."""
    for name, count in Counter(source.name for source in sources).items():
        if count > 1:
            raise ConfigError(f"sources: two entries are {name!r}: combine them into one")


def exposures(entry: Struct) -> Iterable[Exposure]:
    """What others on the network could read or do because of an entry."""
    return SOURCES[str(entry.__struct_config__.tag)].exposure(entry)


def is_past(entry: Struct) -> bool:
    """Whether an entry plays recorded packets with their own arrival times."""
    return isinstance(entry, ArchiveSettings) or (
        isinstance(entry, MqttSettings) and entry.replayed
    )


def _server_fault(value: Any) -> str:
    """What is wrong with the address of a server; empty if nothing is."""
    try:
        address.split(value, 1)
    except ConfigError as error:
        return str(error)
    return ""


_ADDRESS_FAULTS = {ADDRESS: _server_fault, HOST: blocks.host_fault}
