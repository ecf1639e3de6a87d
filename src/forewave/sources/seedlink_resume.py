"""What to ask a SeedLink server for after a loss: each station from where it was left.

A server counts packets station by station, so "XX.*" has no place to resume from. It is asked for
as before, for stations that are new, and besides it each station that is known to fit it is asked
for by name, from its own last packet.
"""

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import translate
from re import compile as compile_pattern

from msgspec.structs import replace

from forewave.sources.seedlink_dialogue import Wanted


def resumed(
    wanted: Sequence[Wanted], last: Mapping[str, int], ends: Mapping[str, float]
) -> list[Wanted]:
    """The requests of a connection that goes on where an earlier one ended.

    last: sequence number of each station's last packet; ends: where that is not known, up to where
    (POSIX seconds) we have its samples. Both by "NET_STA", and empty after a long loss.
    """
    named = {each.station for each in wanted}
    known = sorted((last.keys() | ends.keys()) - named)
    out: list[Wanted] = []
    for each in wanted:
        # A pattern comes before its stations: of two requests some servers obey the later one.
        out.append(_from(each, each.station, last, ends))
        out += [_from(each, station, last, ends) for station in _fitting(each.station, known)]
    return out


def is_pattern(station: str) -> bool:
    """Whether it stands for several stations."""
    return bool({"*", "?"} & set(station))


def _fitting(pattern: str, known: Sequence[str]) -> Iterator[str]:
    if is_pattern(pattern):
        fits = compile_pattern(translate(pattern)).match
        yield from (station for station in known if fits(station))


def _from(each: Wanted, station: str, last: Mapping[str, int], ends: Mapping[str, float]) -> Wanted:
    return replace(each, station=station, last=last.get(station), since=ends.get(station))
