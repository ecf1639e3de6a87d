"""The signed message in fewer bytes, for radios that send at most 233 (LoRa, Meshtastic).

The encoding loses nothing: a receiver makes the canonical JSON of it again, and verifies the
signature that the server made over that, with the same public keys as every other device. So there
is no second signature, and a relay without a key can encode.

CBOR (RFC 8949): an array of [layout, values, signature, key, further fields]. Numbers are integers
in units of the last digit that the message has; cells are a byte string of 20 bits of geohash and
12 bits of intensity in tenths each. What does not fit into these units is a further field, by name.
A message of which something was left out could not be verified: one that is too long is refused.
"""

from collections.abc import Mapping
from typing import Any

import cbor2
import msgspec

from forewave.delivery.signing import base64url, from_base64url
from forewave.errors import FormatError
from forewave.formats.protocols.alert_message import encode

MOST_BYTES = 233  # of a Meshtastic packet
LAYOUT = 1
GEOHASH = "0123456789bcdefghjkmnpqrstuvwxyz"

MODES = ("actual", "drill", "test")
KINDS = ("new", "update", "cancel", "follow_up")
WHYS = (None, "false", "smaller")
LEVELS = ("aware", "action")
# Name of each number, and how many of it are one: 10,000 to a degree.
SCALES: dict[str, int] = {
    "n": 1, "t0": 1, "st": 100, "lat": 10_000, "lon": 10_000, "sxy": 10, "dep": 10, "sdep": 10,
    "m": 100, "sm": 100, "b": 10,
}  # fmt: skip
NEAR = (1000, 1000, 1)
LINE = (10_000, 10_000, 10_000, 10_000, 10)
CHOICES: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("mode", MODES), ("kind", KINDS), ("why", WHYS), ("level", LEVELS),
)  # fmt: skip
POSITIONAL = {"v", "id", "iss", "exp", "ns", "near", "line", "cells", "sig", "key", *SCALES}
POSITIONAL |= {name for name, _ in CHOICES}


def compact(message: bytes, most: int = MOST_BYTES) -> bytes:
    """The compact form of a signed message. Raises FormatError where it is longer than `most`."""
    fields = msgspec.json.decode(message, type=dict[str, Any])
    data = _packed(fields)
    if len(data) > most:
        raise FormatError(f"compact message: {len(data)} bytes, at most {most} are allowed")
    if expanded(data) != encode(fields):
        raise FormatError("compact message: it has values that cannot be encoded")
    return data


def expanded(data: bytes) -> bytes:
    """The signed message again, not yet verified: give it to `signing.unseal`.

    Raises FormatError where the bytes are not one.
    """
    try:
        layout, values, signature, key, *more = cbor2.loads(data)
        if layout != LAYOUT or len(data) > MOST_BYTES * 8:
            raise ValueError(f"layout {layout!r}")
        fields = _fields(values) | (more[0] if more else {})
        fields |= {"sig": base64url(signature), "key": base64url(key)}
        if _packed(fields) != data:
            raise ValueError("not the only encoding of its message")
        return encode(fields)
    except RecursionError:
        raise FormatError("compact message: nested") from None
    except Exception as error:  # CBOR has any types, and any of them may be wrong
        raise FormatError(f"compact message: {type(error).__name__}: {error}") from None


def _packed(fields: dict[str, Any]) -> bytes:
    more: dict[str, Any] = {name: v for name, v in fields.items() if name not in POSITIONAL}
    values = [fields["id"], _choices(fields), *_numbers(fields, more)]
    values += [fields["iss"] - fields["t0"], fields["exp"] - fields["iss"], fields.get("ns")]
    values += [
        _list(fields.get("near"), NEAR),
        _list(fields["line"], LINE),
        _cells(fields["cells"]),
    ]
    packed = [LAYOUT, values, from_base64url(fields["sig"]), from_base64url(fields["key"])]
    return cbor2.dumps([*packed, _plain(more)] if more else packed)


def _choices(fields: Mapping[str, Any]) -> int:
    number = 0
    for name, values in CHOICES:
        number = number * len(values) + values.index(fields[name])
    return number


def _chosen(number: int) -> dict[str, Any]:
    chosen = {}
    for name, values in reversed(CHOICES):
        number, index = divmod(number, len(values))
        chosen[name] = values[index]
    if number:
        raise ValueError("choice")
    return chosen


def _numbers(fields: Mapping[str, Any], more: dict[str, Any]) -> list[int | None]:
    """As integers; None where the message has none, or it is among `more` because it is finer."""
    numbers: list[int | None] = []
    for name, scale in SCALES.items():
        value = fields.get(name)
        whole = None if value is None else round(value * scale)
        if value is not None and (whole is None or _of(whole, scale) != value):
            more[name], whole = value, None
        numbers.append(whole)
    return numbers


def _of(whole: int, scale: int) -> float:
    return whole if scale == 1 else whole / scale


def _list(values: Any, scales: tuple[int, ...]) -> list[int] | None:
    if values is None:
        return None
    return [round(value * scale) for value, scale in zip(values, scales, strict=True)]


def _values(wholes: list[int] | None, scales: tuple[int, ...]) -> list[float] | None:
    if wholes is None:
        return None
    return [_of(whole, scale) for whole, scale in zip(wholes, scales, strict=True)]


def _cells(cells: Mapping[str, float]) -> bytes:
    """Four bytes a cell."""
    packed = b""
    for cell, mmi in cells.items():
        tenths, place = round(mmi * 10), 0
        for letter in cell:
            place = place * 32 + GEOHASH.index(letter)
        packed += (place << 12 | tenths & 0xFFF).to_bytes(4, "big")
    return packed


def _unpacked(packed: bytes) -> dict[str, float]:
    cells = {}
    for at in range(0, len(packed), 4):
        number = int.from_bytes(packed[at : at + 4], "big")
        place, tenths = number >> 12, number & 0xFFF
        letters = [GEOHASH[place >> shift & 31] for shift in (15, 10, 5, 0)]
        cells["".join(letters)] = tenths / 10
    return cells


def _fields(values: list[Any]) -> dict[str, Any]:
    identity, choices, *rest = values
    numbers, others = rest[: len(SCALES)], rest[len(SCALES) :]
    from_t0, lasts, stations, near, line, cells = others
    fields = {"v": 1, "id": identity, **_chosen(choices)}
    for (name, scale), whole in zip(SCALES.items(), numbers, strict=True):
        if whole is not None:
            fields[name] = _of(whole, scale)
    fields["iss"] = fields["t0"] + from_t0
    fields["exp"] = fields["iss"] + lasts
    fields |= {"ns": stations, "near": _values(near, NEAR), "line": _values(line, LINE)}
    return fields | {"cells": _unpacked(cells)}


def _plain(more: Mapping[str, Any]) -> dict[str, Any]:
    """In one order, so that the same message has the same bytes."""
    return dict(sorted(more.items()))
