"""Names of streams as every reader takes them, so that waveforms and inventories agree.

Blanks around a code, and the dashes or underscores that stand for an empty location, are no part
of it; capitals do not matter. Which component is the vertical: its code ends in Z; a code that
does not say (1, 2, 3, U ...) is decided by the dip. Source: SEED manual 2.4, appendix A; FDSN
Source Identifiers 1.0.
"""

import re

from forewave.types import StreamId

# Network, station, location and channel as they may stand in names of files: ASCII letters, digits,
# hyphen and underscore. FDSN Source Identifiers allow 8 characters; ids of devices are longer.
PATTERN = r"([A-Za-z0-9]{1,8})\.([A-Za-z0-9_-]{1,24})\.([A-Za-z0-9_-]{0,8})\.([A-Za-z0-9_-]{1,12})"
_PATTERN = re.compile(PATTERN)
STEEP = 45.0  # degrees of dip from which a component counts as vertical
LETTERS = 3  # of a channel's code: band, instrument, component
_BLANKS = " \t\r\n\0\xa0\ufeff"


def is_printable(byte: int) -> bool:
    """Whether a byte of a record's header may stand in a code: printable ASCII, blank or zero."""
    return 32 <= byte < 127 or byte == 0


def code(text: str) -> str:
    """A network, station or channel."""
    return text.strip(_BLANKS).upper()


def location(text: str) -> str:
    """A location; empty for the signs that are written where there is none."""
    read = code(text)
    return "" if not read.strip("-_") else read


def stream(network: str, station: str, place: str, channel: str) -> StreamId:
    """The name of a stream, however it was written."""
    return StreamId(code(network), code(station), location(place), _channel(channel))


def is_named(name: StreamId) -> bool:
    """Whether there is a station code, and a channel code of more than the component."""
    return bool(name.station) and len(name.channel) >= 2


def is_safe(name: StreamId) -> bool:
    """Whether its parts are of the letters and the length that names may have: no path, no dots."""
    return _PATTERN.fullmatch(str(name)) is not None


def is_usual(name: StreamId) -> bool:
    """Whether the channel code has three letters: band, instrument, component."""
    return len(name.channel) == LETTERS


def is_vertical(name: StreamId, dip: float | None) -> bool:
    """dip: degrees down from the horizontal, None where it is not known. The code's Z wins."""
    return name.channel.endswith("Z") or (
        not name.channel.endswith(("N", "E")) and dip is not None and abs(dip) > STEEP
    )


def contradiction(name: StreamId, dip: float | None) -> str | None:
    """The contradiction between code and dip, if there is one."""
    if dip is None:
        return None
    steep = abs(dip) > STEEP
    if name.channel.endswith("Z") and not steep:
        return f"dip {dip:g}, but its code ends in Z"
    if name.channel.endswith(("N", "E")) and steep:
        return f"dip {dip:g}, but its code ends in {name.channel[-1]}"
    return None


def _channel(text: str) -> str:
    """Without what separates single letters: H_N_Z and "H Z" are written HNZ and HZ."""
    read = code(text)
    parts = read.replace(" ", "_").split("_")
    return "".join(parts) if all(len(part) <= 1 for part in parts) else read
