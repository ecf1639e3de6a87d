"""JSON in which no object names a member twice: else two readers may read two different things."""

import json
from typing import Any

from forewave.errors import FormatError


def check(data: bytes | str) -> None:
    """Raises FormatError where it is no JSON (RFC 8259), or a name stands twice in one object."""
    try:
        json.loads(data, object_pairs_hook=_once, parse_constant=_none)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"not JSON: {error}") from None


def _once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(members)
    if len(found) < len(members):
        raise ValueError("a name stands twice in one object")
    return found


def _none(name: str) -> Any:
    raise ValueError(f"{name} is no number")
