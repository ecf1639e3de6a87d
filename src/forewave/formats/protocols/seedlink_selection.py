"""Selection of stations and streams by a SeedLink client, in the patterns of versions 3 and 4.

    version 3   [LL]CCC[.T], e.g. "00BHZ", "HH?", "--BHZ" (no location), "BH?.D"
    version 4   LOC_BAND_SOURCE_SUBSOURCE[.F[S]][:filter], e.g. "00_B_H_Z", "*_H_N_?"

`?` matches one character, `*` any number; "!" before a pattern excludes what it matches. The only
type here is data (D). Sources: SeisComP's documentation of SeedLink 3; FDSN SeedLink 4.0, SELECT.
"""

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase

from forewave.types import StreamId

_V3 = re.compile(r"!?(?:[A-Z0-9?*-]{2})?[A-Z0-9?*]{3}(?:\.[A-Z?*])?")
_V4 = re.compile(
    r"!?[A-Z0-9?*-]*_[A-Z0-9?*]*_[A-Z0-9?*]*_[A-Z0-9?*]*(?:\.[A-Z0-9?*]{1,2})?(?::\S+)?"
)
_ALL = re.compile(r"!?\*(?:\.[A-Z0-9?*]{1,2})?(?::\S+)?")


def is_selector(text: str) -> bool:
    """Whether it is a pattern of version 3 or 4."""
    return any(known.fullmatch(text) for known in (_V3, _V4, _ALL))


def selects(selectors: Sequence[str], stream: StreamId) -> bool:
    """Whether these selectors select the stream. Without selectors, all streams are selected."""
    wanted = [s for s in selectors if not s.startswith("!")]
    refused = [s[1:] for s in selectors if s.startswith("!")]
    if any(_fits(selector, stream) for selector in refused):
        return False
    return not wanted or any(_fits(selector, stream) for selector in wanted)


def form_wanted(selectors: Sequence[str], stream: StreamId) -> str:
    """Format ("2" or "3") requested for a stream ("00_H_H_Z.2D"); empty: either."""
    for selector in selectors:
        kind = to_4(selector).partition(":")[0].partition(".")[2]
        if kind[:1] in ("2", "3") and _fits(selector, stream):
            return kind[0]
    return ""


def selects_station(pattern: str, station: str) -> bool:
    """Whether "NET_STA" matches a pattern of that form."""
    return fnmatchcase(station, pattern)


def to_4(selector: str) -> str:
    """A pattern of version 3 in the form of version 4; others unchanged."""
    if not _V3.fullmatch(selector):
        return selector
    sign, body = ("!", selector[1:]) if selector.startswith("!") else ("", selector)
    code, _, kind = body.partition(".")
    location = code[:-3].replace("-", "") if len(code) > 3 else "*"
    channel = "_".join(code[-3:])
    return f"{sign}{location}_{channel}" + (f".{kind}" if kind else "")


def to_3(selector: str) -> str | None:
    """A pattern of version 4 in the form of version 3; None if version 3 has no such pattern."""
    if _V3.fullmatch(selector):
        return selector
    sign, body = ("!", selector[1:]) if selector.startswith("!") else ("", selector)
    parts = body.partition(":")[0].partition(".")[0].split("_")
    if len(parts) != 4 or any(len(part) != 1 for part in parts[1:]):
        return None
    location = {"": "--", "*": ""}.get(parts[0], parts[0])
    if len(location) not in (0, 2):
        return None
    return sign + location + "".join(parts[1:]).replace("*", "?")


def _fits(selector: str, stream: StreamId) -> bool:
    if selector == "*":
        return True
    pattern, _, kind = to_4(selector).partition(":")[0].partition(".")
    return _is_data(kind) and fnmatchcase(stream_id_4(stream), pattern)


def _is_data(kind: str) -> bool:
    """Whether a type or format includes data: none, D, 2D, 3?, ..."""
    return not kind or kind[-1] in "D23?*"


def stream_id_4(stream: StreamId) -> str:
    """LOC_BAND_SOURCE_SUBSOURCE of a stream."""
    channel = stream.channel
    letters = "_".join(channel) if len(channel) == 3 else channel
    return f"{stream.location}_{letters}"
