"""The alert message to devices: numbers only, signed, at most 1000 bytes.

docs/reference/message.md describes what each field means to a device. The bytes that are signed are
all fields but "sig" in the canonical form of RFC 8785 (JSON Canonicalization Scheme): keys in
order, no spaces, numbers as ECMAScript prints them. Fields that a reader does not know are signed
like the others and otherwise ignored.
"""

import json
import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from forewave.errors import FormatError
from forewave.types import PHONES, Alert, Kind, Level, Mode, Rupture

MAX_BYTES = 1000
_SIGNATURE_BYTES = len(',"sig":""') + 86  # 64 bytes in base64url without padding
_EXACT = 2**53  # beyond it a device's numbers are no longer exact

Whole = Annotated[int, Meta(ge=0, le=_EXACT)]
Sigma = Annotated[float, Meta(ge=0)]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]
Geohash = Annotated[str, Meta(pattern="^[0-9b-hjkmnp-z]{4}$")]


class Message(Struct, frozen=True, kw_only=True):
    """The fields of a message on the wire. Times are integer milliseconds.

    Fields with a default were added later and are missing in messages of older senders.
    """

    v: Literal[1]
    id: Annotated[str, Meta(min_length=1, max_length=64)]
    n: Annotated[int, Meta(ge=1, le=_EXACT)]
    mode: Mode
    kind: Kind
    why: Literal["false", "smaller"] | None
    level: Level
    t0: Whole
    st: Sigma
    lat: Latitude
    lon: Longitude
    sxy: Sigma
    dep: Annotated[float, Meta(ge=-10, le=1000)]
    sdep: Sigma
    m: Annotated[float, Meta(ge=-2, le=11)]
    sm: Sigma
    line: tuple[Latitude, Longitude, Latitude, Longitude, float] | None
    cells: dict[Geohash, float]
    iss: Whole
    exp: Whole
    key: Annotated[str, Meta(min_length=1, max_length=32)]
    b: Annotated[float, Meta(ge=-5, le=5)] = 0.0
    ns: Whole | None = None
    by: Literal["phones"] | None = None
    near: tuple[Latitude, Longitude, Annotated[float, Meta(gt=0, le=1000)]] | None = None
    sig: Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{86}$")]


def to_message(alert: Alert, key: str) -> dict[str, Any]:
    """The unsigned fields of an alert, without the weakest cells if the message would be too long.

    key: id of the signing key. Raises ValueError if a number is not finite.
    """
    origin, magnitude = alert.origin, alert.magnitude
    fields = {
        "v": 1,
        "id": alert.event,
        "n": alert.version,
        "mode": alert.mode,
        "kind": alert.kind,
        "why": alert.why,
        "level": alert.level,
        "t0": _milliseconds(origin.time),
        "st": round(origin.time_sigma, 2),
        "lat": round(origin.lat, 4),
        "lon": round(origin.lon, 4),
        "sxy": round(origin.epicentre_sigma_km, 1),
        "dep": round(origin.depth_km, 1),
        "sdep": round(origin.depth_sigma_km, 1),
        "m": round(magnitude.value, 2),
        "sm": round(magnitude.sigma, 2),
        "line": _line(alert.rupture),
        "cells": {cell: round(intensity, 1) for cell, intensity in alert.field},
        "iss": _milliseconds(alert.issued),
        "exp": _milliseconds(alert.expires),
        "key": key,
        "b": round(alert.bias, 1),
        "ns": alert.stations,
        "near": _near(alert),
    }
    if alert.only_phones:
        fields["by"] = PHONES
    return _trimmed(fields)


def canonical(fields: Mapping[str, Any]) -> bytes:
    """The bytes to sign: every field but "sig", by RFC 8785. Raises ValueError for nan and inf."""
    return encode({name: value for name, value in fields.items() if name != "sig"})


def encode(value: Any) -> bytes:
    """RFC 8785 for numbers without an exponent (1e-4 to 1e16), the only ones in messages."""
    text = json.dumps(
        _plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode()


def read(data: bytes | str) -> tuple[Message, dict[str, Any]]:
    """A received message with validated fields (not its signature), and its whole content.

    Raises FormatError of one line with the field and what is wrong.
    """
    try:
        fields = msgspec.json.decode(data, type=dict[str, Any])
        message = msgspec.convert(fields, Message)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise FormatError(f"alert message: {error}") from None
    if message.exp <= message.iss:
        raise FormatError("alert message: expected exp after iss - at `$.exp`")
    if message.t0 > message.exp:
        raise FormatError("alert message: expected t0 not after exp - at `$.t0`")
    return message, fields


def _milliseconds(time: float) -> int:
    return round(time * 1000)


def _line(rupture: Rupture | None) -> list[float] | None:
    if rupture is None:
        return None
    ends = (rupture.lat1, rupture.lon1, rupture.lat2, rupture.lon2)
    return [*(round(degrees, 4) for degrees in ends), round(rupture.top_km, 1)]


def _near(alert: Alert) -> list[float] | None:
    """Area of a single-station alert; None for other alerts, which concern all places."""
    if alert.stations != 1:
        return None
    return [round(alert.area.lat, 3), round(alert.area.lon, 3), round(alert.area.radius_km)]


def _trimmed(fields: dict[str, Any]) -> dict[str, Any]:
    """Drop the weakest cells until the signed message fits into MAX_BYTES."""
    strongest = sorted(fields["cells"].items(), key=lambda cell: (-cell[1], cell[0]))
    while len(encode(fields)) + _SIGNATURE_BYTES > MAX_BYTES and strongest:
        strongest.pop()
        fields = {**fields, "cells": dict(strongest)}
    return fields


def _plain(value: Any) -> Any:
    """The value with numbers as RFC 8785 requires: 24.0 as 24 and -0.0 as 0."""
    match value:
        case dict():
            return {name: _plain(item) for name, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case float() if value.is_integer() and abs(value) < _EXACT:
            return int(value)
        case float() if math.isfinite(value) and "e" in repr(value):
            raise ValueError(f"{value!r} needs an exponent, which messages do not use")
    return value
