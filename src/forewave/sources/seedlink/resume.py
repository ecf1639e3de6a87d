"""The requests to a SeedLink server after an interruption: each station from its last packet.

Sequence numbers count the packets of one station, so a pattern such as "XX.*" has none to resume
from. The pattern is requested as before, for new stations, and in addition each known station that
matches it by name, from its own last packet.
"""

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import translate
from re import compile as compile_pattern

from msgspec.structs import replace

from forewave.sources.seedlink.dialogue import Wanted


def resumed(
    wanted: Sequence[Wanted], last: Mapping[str, int], ends: Mapping[str, float]
) -> list[Wanted]:
    """The requests of a connection that continues an earlier one.

    last: sequence number of each station's last packet. ends: end of the samples received (POSIX
    seconds), used where `last` is not known. Both by "NET_STA", empty after a long interruption.
    """
    named = {each.station for each in wanted}
    known = sorted((last.keys() | ends.keys()) - named)
    out: list[Wanted] = []
    for each in wanted:
        # A pattern comes before its stations: some servers use the later of two requests.
        out.append(_from(each, each.station, last, ends))
        out += [_from(each, station, last, ends) for station in _fitting(each.station, known)]
    return out


def is_pattern(station: str) -> bool:
    """Whether a station code contains wildcards."""
    return bool({"*", "?"} & set(station))


def _fitting(pattern: str, known: Sequence[str]) -> Iterator[str]:
    if is_pattern(pattern):
        fits = compile_pattern(translate(pattern)).match
        yield from (station for station in known if fits(station))


def _from(each: Wanted, station: str, last: Mapping[str, int], ends: Mapping[str, float]) -> Wanted:
    return replace(each, station=station, last=last.get(station), since=ends.get(station))
