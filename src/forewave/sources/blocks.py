"""Blocks of a list in forewave.toml, such as [[sources]]: each has the keys of its kind.

The error of a wrong block is one line with where it is, the key and what was expected.
"""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, get_type_hints
from unicodedata import category

import msgspec
from msgspec import Struct
from msgspec.structs import fields, replace

from forewave import field
from forewave.errors import ConfigError
from forewave.sources import address

MOST_FAULTS = 50  # errors of a file that are listed
# Keys that mean the same in the settings of every kind (base.Card says so too).
PATHS = ("path", "tls_ca")  # keys that name a file, relative to the forewave.toml

S = TypeVar("S", bound=Struct)
Fault = Callable[[Any], str]  # what is wrong with a value; empty if nothing is


def read_all(
    where: str, tables: Iterable[Mapping[str, Any]], read_one: Callable[[str, Mapping[str, Any]], S]
) -> tuple[list[S], list[str]]:
    """The settings of each valid table, and one line for each that is not.

    read_one: the settings of a table, given where it is; raises ConfigError.
    """
    found: list[S] = []
    faults: list[str] = []
    for number, table in enumerate(tables, 1):
        if len(faults) >= MOST_FAULTS:
            break
        try:
            found.append(read_one(f"{where} {number}", table))
        except ConfigError as error:
            faults.append(str(error))
    return found, faults


def read(
    where: str,
    table: Mapping[str, Any],
    key: str,
    shapes: Mapping[str, type[S]],
    folder: Path,
    address_faults: Mapping[str, Fault],
) -> S:
    """The settings of a table. Raises ConfigError, one line.

    key: names the kind. shapes: the settings of each kind. folder: what paths are relative to.
    address_faults: what is wrong with the value, for each key that is an address.
    """
    kind = table.get(key)
    if not isinstance(kind, str) or kind not in shapes:
        kinds = ", ".join(f'"{name}"' for name in shapes)
        raise ConfigError(f"{where}: {key}: expected one of {kinds}, found {shown(kind)}")
    settings = _converted(where, table, key, kind, shapes[kind])
    for name, value in table.items():
        if has_control(value):
            raise ConfigError(f"{where}: {name}: expected text in one line, found {shown(value)}")
        if name in address_faults and (fault := address_faults[name](value)):
            raise ConfigError(f"{where}: {name}: {fault}")
    rooted = {p: str(folder / value) for p in PATHS if (value := getattr(settings, p, "")) != ""}
    return replace(settings, **rooted)


def host_fault(value: Any) -> str:
    """What is wrong with a host; empty if nothing is."""
    if address.is_host(value):
        return ""
    return f"expected a host name or an IP address, without a port, found {shown(value)}"


def has_control(value: Any) -> bool:
    """Whether a text, or any text within a table or list, contains control characters.

    These could end a line of a protocol, or make a path invalid.
    """
    if isinstance(value, str):
        return any(category(letter) == "Cc" for letter in value)
    if isinstance(value, Mapping):
        return any(has_control(each) for pair in value.items() for each in pair)
    return isinstance(value, list | tuple) and any(map(has_control, value))


def shown(value: Any) -> str:
    """A value as shown in an error, at most 200 characters."""
    try:
        return "nothing" if value is None else msgspec.json.encode(value).decode()[:200]
    except RecursionError:
        return "tables within tables"


def _converted(where: str, table: Mapping[str, Any], key: str, kind: str, shape: type[S]) -> S:
    hints = get_type_hints(shape, include_extras=True)
    required = [each.name for each in fields(shape) if each.required]
    for name in (*table, *required):
        if name != key:
            _check(where, name, table.get(name), hints, kind)
    try:
        return msgspec.convert(table, shape)
    except ValueError as error:
        raise ConfigError(f"{where}: {error}") from None


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
