"""The text of a [[sources]] block of a SeedLink server, for a forewave.toml."""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import ceil

import msgspec

from forewave.formats.protocols.seedlink_selection import stream_id_4
from forewave.types import Station, StreamId

MANY = 100  # stations per connection that every server accepts
FEW = 5  # connections: as many as EarthScope's server allows


def seedlink(server: str, stations: Sequence[Station]) -> list[str]:
    """The lines of a block that requests exactly these stations and channels."""
    chosen = {station.code: _selectors(station) for station in stations}
    usual = Counter(chosen.values()).most_common(1)[0][0]
    named = [
        code if own == usual else f"{code}:{' '.join(own)}" for code, own in sorted(chosen.items())
    ]
    return [
        "[[sources]]",
        'kind = "seedlink"',
        f"server = {_toml(server)}",
        f"selectors = {_toml(usual)}",
        *_limit(len(stations)),
        "stations = [",
        *(f"  {_toml(each)}," for each in named),
        "]",
    ]


def commented(lines: Iterable[str]) -> list[str]:
    """The same lines as comments."""
    return [f"#  {line}" for line in lines]


def _limit(count: int) -> list[str]:
    """A commented setting for servers that limit the stations of a connection."""
    if count <= MANY:
        return []
    size = max(MANY, ceil(count / FEW))
    return [f"# stations_per_connection = {size}  # if the server limits stations per connection"]


def _selectors(station: Station) -> tuple[str, ...]:
    return tuple(sorted(_selector(channel.stream) for channel in station.channels))


def _selector(stream: StreamId) -> str:
    """A selector of SeedLink 3, or of 4 where the codes are too long for 3."""
    if len(stream.channel) == 3 and len(stream.location) in (0, 2):
        return (stream.location or "--") + stream.channel
    return stream_id_4(stream)


def _toml(value: object) -> str:
    return msgspec.json.encode(value).decode()
