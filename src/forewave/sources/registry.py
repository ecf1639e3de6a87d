"""The [[sources]] entries of a forewave.toml: each table is an entry of one kind in SOURCES.

The error of a wrong entry is one line with the file, the entry and what was expected.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_type_hints
from unicodedata import category

import msgspec
from msgspec import Struct
from msgspec.structs import fields, replace

from forewave import field
from forewave.errors import ConfigError
from forewave.sources import SOURCES, address
from forewave.sources.archive import ArchiveSettings
from forewave.sources.base import Source
from forewave.sources.exposure import Exposure
from forewave.sources.mqtt.source import MqttSettings, MqttSource

MOST_FAULTS = 50  # errors of a file that are listed
# Keys that mean the same in the settings of every kind (base.Card says so too).
PATHS = ("path", "tls_ca")  # keys that name a file, relative to the forewave.toml
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
    read_here: list[Struct] = []
    faults: list[str] = []
    for number, table in enumerate(tables, 1):
        if len(faults) >= MOST_FAULTS:
            break
        try:
            read_here.append(_entry(f"{where}: sources {number}", table, folder))
        except ConfigError as error:
            faults.append(str(error))
    return tuple(read_here), faults


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


def _entry(where: str, table: Mapping[str, Any], folder: Path) -> Struct:
    kind = table.get("kind")
    if not isinstance(kind, str) or kind not in SOURCES:
        kinds = ", ".join(f'"{name}"' for name in SOURCES)
        raise ConfigError(f"{where}: kind: expected one of {kinds}, found {shown(kind)}")
    shape = SOURCES[kind].settings
    hints = get_type_hints(shape, include_extras=True)
    required = [each.name for each in fields(shape) if each.required]
    for key in (*table, *required):
        if key != "kind":
            _check(where, key, table.get(key), hints, kind)
    try:
        entry = msgspec.convert(table, shape)
    except ValueError as error:
        raise ConfigError(f"{where}: {error}") from None
    for key, value in table.items():
        if has_control(value):
            raise ConfigError(f"{where}: {key}: expected text in one line, found {shown(value)}")
        if fault := _address_fault(key, value):
            raise ConfigError(f"{where}: {key}: {fault}")
    rooted = {key: str(folder / value) for key in PATHS if (value := getattr(entry, key, "")) != ""}
    return replace(entry, **rooted)


def has_control(value: Any) -> bool:
    """Whether a text, or any text within a table or list, contains control characters.

    These could end a line of a protocol, or make a path invalid.
    """
    if isinstance(value, str):
        return any(category(letter) == "Cc" for letter in value)
    if isinstance(value, Mapping):
        return any(has_control(each) for pair in value.items() for each in pair)
    return isinstance(value, list | tuple) and any(map(has_control, value))


def _address_fault(key: str, value: Any) -> str:
    """What is wrong with the address of a server or interface; empty if nothing is."""
    if key == HOST and not address.is_host(value):
        return f"expected a host name or an IP address, without a port, found {shown(value)}"
    if key == ADDRESS:
        try:
            address.split(value, 1)
        except ConfigError as error:
            return str(error)
    return ""


def _check(where: str, key: str, value: Any, hints: Mapping[str, Any], kind: str) -> None:
    """Raises ConfigError unless the kind has such a key, and it may have the value."""
    if key not in hints:
        near = get_close_matches(key, hints, 1)
        guess = f"did you mean {near[0]}?" if near else f"known are {', '.join(hints)}"
        raise ConfigError(f"{where}: {key}: {kind} has no such key; {guess}")
    try:
        msgspec.convert(value, hints[key])
    except ValueError:
        problem = f"expected {field.expected(hints[key])}, found {shown(value)}"
        raise ConfigError(f"{where}: {key}: {problem}") from None


def shown(value: Any) -> str:
    """A value as shown in an error, at most 200 characters."""
    try:
        return "nothing" if value is None else msgspec.json.encode(value).decode()[:200]
    except RecursionError:
        return "tables within tables"
