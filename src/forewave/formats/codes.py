"""Stream names normalised in the same way by every reader, so that waveforms match inventories.

Blanks around a code are removed, an empty location may be written with dashes or underscores, and
letters become upper case. A component is vertical if its code ends in Z; for codes that state no
direction (1, 2, 3, U ...) the dip decides. Source: SEED manual 2.4, appendix A; FDSN
Source Identifiers 1.0.
"""

import re

from forewave.types import StreamId

# Network, station, location and channel that are allowed in file names: ASCII letters, digits,
# hyphen and underscore. FDSN Source Identifiers allow 8 characters; ids of devices are longer.
PATTERN = r"([A-Za-z0-9]{1,8})\.([A-Za-z0-9_-]{1,24})\.([A-Za-z0-9_-]{0,8})\.([A-Za-z0-9_-]{1,12})"
_PATTERN = re.compile(PATTERN)
STEEP = 45.0  # degrees of dip from which a component counts as vertical
LETTERS = 3  # of a channel's code: band, instrument, component
_BLANKS = " \t\r\n\0\xa0\ufeff"


def is_printable(byte: int) -> bool:
    """Whether a byte may be part of a code in a record's header: printable ASCII, blank or zero."""
    return 32 <= byte < 127 or byte == 0


def code(text: str) -> str:
    """A network, station or channel code without blanks, in upper case."""
    return text.strip(_BLANKS).upper()


def location(text: str) -> str:
    """A location code; empty if only dashes or underscores were written."""
    read = code(text)
    return "" if not read.strip("-_") else read


def stream(network: str, station: str, place: str, channel: str) -> StreamId:
    """The normalised name of a stream."""
    return StreamId(code(network), code(station), location(place), _channel(channel))


def is_named(name: StreamId) -> bool:
    """Whether it has a station code, and a channel code of at least two characters."""
    return bool(name.station) and len(name.channel) >= 2


def is_safe(name: StreamId) -> bool:
    """Whether it fits PATTERN, and so cannot lead out of a folder when used in a path."""
    return _PATTERN.fullmatch(str(name)) is not None


def is_usual(name: StreamId) -> bool:
    """Whether the channel code has three letters: band, instrument, component."""
    return len(name.channel) == LETTERS


def is_vertical(name: StreamId, dip: float | None) -> bool:
    """dip: degrees below the horizontal, None if unknown. A code that ends in Z decides."""
    return name.channel.endswith("Z") or (
        not name.channel.endswith(("N", "E")) and dip is not None and abs(dip) > STEEP
    )


def contradiction(name: StreamId, dip: float | None) -> str | None:
    """How code and dip contradict each other; None if they agree."""
    if dip is None:
        return None
    steep = abs(dip) > STEEP
    if name.channel.endswith("Z") and not steep:
        return f"dip {dip:g}, but its code ends in Z"
    if name.channel.endswith(("N", "E")) and steep:
        return f"dip {dip:g}, but its code ends in {name.channel[-1]}"
    return None


def _channel(text: str) -> str:
    """Single letters joined: "H_N_Z" gives HNZ, "H Z" gives HZ."""
    read = code(text)
    parts = read.replace(" ", "_").split("_")
    return "".join(parts) if all(len(part) <= 1 for part in parts) else read
