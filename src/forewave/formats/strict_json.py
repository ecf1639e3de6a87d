"""Strict JSON: no member name occurs twice in an object, as decoders differ on which one counts."""

import json
from typing import Any

from forewave.errors import FormatError


def check(data: bytes | str) -> None:
    """Raise FormatError unless it is JSON (RFC 8259) without repeated member names."""
    try:
        json.loads(data, object_pairs_hook=_once, parse_constant=_none)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"expected JSON: {error}") from None


def _once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in members:
        if name in found:
            raise ValueError(f"member {name[:40]!r} occurs twice in one object")
        found[name] = value
    return found


def _none(name: str) -> Any:
    raise ValueError(f"expected a number, found {name}")
