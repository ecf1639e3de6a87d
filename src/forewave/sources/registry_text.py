"""A [[sources]] block of a SeedLink server, as text for a forewave.toml."""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import ceil

import msgspec

from forewave.formats.seedlink_selection import stream_id_4
from forewave.types import Station, StreamId

MANY = 100  # stations in one connection that some servers refuse
FEW = 5  # connections at once: as many as EarthScope's server allows


def seedlink(server: str, stations: Sequence[Station]) -> list[str]:
    """The lines of a block that asks a server for exactly these stations and channels."""
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
    """The same, to be read only."""
    return [f"#  {line}" for line in lines]


def _limit(count: int) -> list[str]:
    """What to set where a server limits the stations of a connection: it may limit these too."""
    if count <= MANY:
        return []
    size = max(MANY, ceil(count / FEW))
    return [f"# stations_per_connection = {size}  # if the server refuses so many in one"]


def _selectors(station: Station) -> tuple[str, ...]:
    return tuple(sorted(_selector(channel.stream) for channel in station.channels))


def _selector(stream: StreamId) -> str:
    """In the way of version 3, unless the names are too long for it."""
    if len(stream.channel) == 3 and len(stream.location) in (0, 2):
        return (stream.location or "--") + stream.channel
    return stream_id_4(stream)


def _toml(value: object) -> str:
    return msgspec.json.encode(value).decode()
