"""After a crash: the stations made warm again from the tail, before the first packet comes.

A detector that begins cold amid an earthquake has no peaks of what came before, and measures none
until its next pick. So each is fed the last pieces that it was given before: those that picked
last come first, from before their pick on; all for as long as there is time. What they say of
pieces that the rooms have heard of already is not told again; what came so late that the
record lacks it is.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import inf
from typing import TypeAlias

from msgspec import Struct

from forewave.formats import tail
from forewave.formats.tail import Piece
from forewave.live.recovery import Rebuilt
from forewave.pipeline import Heard, Pipeline
from forewave.sources.base import Left
from forewave.sources.merge import Merge
from forewave.types import Amplitude, Dropped, Pick

STATION_SECONDS = 20_000.0  # of samples: about what two seconds of work are enough for
READ_SECONDS = 3.0 * STATION_SECONDS  # of samples, that can be read besides
LEAST, MOST = 12.0, 90.0  # seconds that a station is fed; 9 s make its silence count as calm
BEFORE_PICK = 15.0  # seconds before its last pick: its long average of energy
LATE = 10.0  # seconds by which a station's present may lie before the end
ALIVE = 15.0  # seconds of receiving, before the end, in which a stream that is alive had a packet
PAUSE = 2.0  # seconds between two packets of a network, at most; beyond that no process was running

Said: TypeAlias = list[tuple[float, Heard]]


class Warmed(Struct):
    """How many stations are warm, how many began cold, and what the rooms have not heard yet."""

    stations: int
    cold: int
    said: list[Heard | Dropped]


def warm_up(
    pipeline: Pipeline,
    merge: Merge,
    pieces: Iterable[Piece],
    known: Rebuilt,
    may_go_on: Callable[[], bool] = lambda: True,
) -> Warmed:
    """Feed the detectors, and let Merge know what they had.

    known: what the rooms have heard, from the record. may_go_on: whether there is time for more.
    """
    stations, picks = _by_station(pieces, pipeline), _by_station_picks(known.picks)
    said: Said = []
    warm = 0
    for code, begin in _begins(stations, picks):
        pipeline.detectors[code].know(picks.get(code, ()))
        if may_go_on():
            said += _told(pipeline, merge, (p for p in stations[code] if p.start >= begin), known)
            warm += 1
    said.sort(key=lambda each: each[0])
    return Warmed(warm, len(pipeline.detectors) - warm, [word for _, word in said])


def left(pieces: Sequence[Piece]) -> Left | None:
    """When the tail ends, and up to where each station has all its streams; None: it is empty."""
    if not pieces:
        return None
    at = pieces[-1].now
    last = {(piece.code, piece.location, piece.channel): piece for piece in _lately(pieces)}
    ends: dict[str, float] = {}
    for piece in last.values():
        ends[piece.code] = min(ends.get(piece.code, inf), tail.end_of(piece))
    return Left(at, ends)


def _lately(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """The pieces of the last ALIVE seconds, without the time in which no process was running.

    One that was killed soon after its start had received what it missed from some stations only.
    """
    first, received = len(pieces) - 1, 0.0
    while first and received <= ALIVE:
        received += min(PAUSE, pieces[first].now - pieces[first - 1].now)
        first -= received <= ALIVE
    return pieces[first:]


def since(end: float, stations: int, picks: Iterable[Pick]) -> float:
    """From when on the tail is wanted that has this end: no more than there is time for."""
    most = min(MOST, max(LEAST + LATE, READ_SECONDS / max(1, stations)))
    begins = [pick.time - BEFORE_PICK for pick in picks if pick.time > end - MOST]
    return max(end - most, min([end - LATE - _span(stations), *begins]))


def _span(stations: int) -> float:
    """Seconds that there is time for, of each of so many stations."""
    return min(MOST, max(LEAST, STATION_SECONDS / max(1, stations)))


def _by_station(pieces: Iterable[Piece], pipeline: Pipeline) -> dict[str, list[Piece]]:
    """Of the stations that there are."""
    found: dict[str, list[Piece]] = defaultdict(list)
    for piece in pieces:
        found[piece.code].append(piece)
    return {code: mine for code, mine in found.items() if code in pipeline.detectors}


def _by_station_picks(picks: Sequence[Pick]) -> dict[str, list[Pick]]:
    found: dict[str, list[Pick]] = defaultdict(list)
    for pick in picks:
        found[pick.station].append(pick)
    return found


def _begins(
    stations: Mapping[str, list[Piece]], picks: Mapping[str, list[Pick]]
) -> Iterator[tuple[str, float]]:
    """In which order, and from when on. The last pieces of a station say what is its present."""
    span = _span(len(stations))
    last = {code: max((p.time for p in picks.get(code, ())), default=-inf) for code in stations}
    for code in sorted(stations, key=lambda code: -last[code]):
        begin = stations[code][-1].start - span
        picked = last[code] - BEFORE_PICK
        yield code, min(begin, picked) if picked > begin - MOST else begin


def _told(pipeline: Pipeline, merge: Merge, pieces: Iterable[Piece], known: Rebuilt) -> Said:
    """Feed one station; what it says that is news to the rooms."""
    said: Said = []
    for piece in pieces:
        packet = tail.packet(piece)
        merge.resume(packet, piece.now)
        words = pipeline.sense(packet, piece.now)
        if piece.now >= known.now:
            news = (w for w in words if not isinstance(w, Dropped) and _is_news(w, known))
            said += [(piece.now, word) for word in news]
    return said


def _is_news(word: Heard, known: Rebuilt) -> bool:
    """Whether the rooms have not heard of it, though others of the same moment."""
    if not isinstance(word, Amplitude):
        return True
    return word.time > known.amplitudes.get(word.station, -inf)
