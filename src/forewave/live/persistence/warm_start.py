"""After a crash: stations restored from the recent-packet journal, before the first packet arrives.

A detector that starts cold during an earthquake has no peaks of what was before, and measures none
until its next pick. So each is fed the packets that it was given last: first the stations that
picked last, from before their pick; the others as long as there is time. Observations that the
event log already has are dropped; those of packets too late for the event log are kept.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import inf
from typing import TypeAlias

from msgspec import Struct

from forewave.formats.storage import journal_blocks
from forewave.formats.storage.journal_blocks import JournalPacket
from forewave.live.persistence.recovery import Rebuilt
from forewave.pipeline import Pipeline
from forewave.sources.base import Left
from forewave.sources.intake.merge import Merge
from forewave.types import Amplitude, Dropped, Observation, Pick

STATION_SECONDS = 20_000.0  # seconds of samples that can be processed in two seconds
READ_SECONDS = 3.0 * STATION_SECONDS  # seconds of samples that can be read in addition
LEAST, MOST = 12.0, 90.0  # seconds per station; after 9 s its silence counts as calm
BEFORE_PICK = 15.0  # seconds before its last pick: the long-term average of its picker
LATE = 10.0  # seconds that the data of a station may end before the journal
ALIVE = 15.0  # seconds of reception in which a live stream had a packet
PAUSE = 2.0  # most seconds between two packets of a network while a process runs

Observations: TypeAlias = list[tuple[float, Observation]]


class Warmed(Struct):
    """How many stations are warm and cold. observations: observations not evaluated yet."""

    stations: int
    cold: int
    observations: list[Observation | Dropped]


def warm_up(
    pipeline: Pipeline,
    merge: Merge,
    packets: Iterable[JournalPacket],
    known: Rebuilt,
    may_go_on: Callable[[], bool] = lambda: True,
) -> Warmed:
    """Feed the detectors, and let Merge know which samples they had.

    known: what the event log has. may_go_on: whether there is time for another station.
    """
    stations, picks = _by_station(packets, pipeline), _by_station_picks(known.picks)
    observations: Observations = []
    warm = 0
    for code, begin in _begins(stations, picks):
        pipeline.detectors[code].know(picks.get(code, ()))
        if may_go_on():
            observations += _feed(
                pipeline, merge, (p for p in stations[code] if p.start >= begin), known
            )
            warm += 1
    observations.sort(key=lambda each: each[0])
    return Warmed(warm, len(pipeline.detectors) - warm, [word for _, word in observations])


def left(packets: Sequence[JournalPacket]) -> Left | None:
    """When the journal ends, and up to when each station has all streams; None: it is empty."""
    if not packets:
        return None
    at = packets[-1].now
    last = {(each.code, each.location, each.channel): each for each in _lately(packets)}
    ends: dict[str, float] = {}
    for each in last.values():
        ends[each.code] = min(ends.get(each.code, inf), journal_blocks.end_of(each))
    return Left(at, ends)


def _lately(packets: Sequence[JournalPacket]) -> Sequence[JournalPacket]:
    """The packets of the last ALIVE seconds, not counting time in which no process was running.

    A process that was killed soon after its start had caught up with some stations only.
    """
    first, received = len(packets) - 1, 0.0
    while first and received <= ALIVE:
        received += min(PAUSE, packets[first].now - packets[first - 1].now)
        first -= received <= ALIVE
    return packets[first:]


def since(end: float, stations: int, picks: Iterable[Pick]) -> float:
    """From when the journal is read, given its end: no more than there is time for."""
    most = min(MOST, max(LEAST + LATE, READ_SECONDS / max(1, stations)))
    begins = [pick.time - BEFORE_PICK for pick in picks if pick.time > end - MOST]
    return max(end - most, min([end - LATE - _span(stations), *begins]))


def _span(stations: int) -> float:
    """Seconds per station that there is time for."""
    return min(MOST, max(LEAST, STATION_SECONDS / max(1, stations)))


def _by_station(
    packets: Iterable[JournalPacket], pipeline: Pipeline
) -> dict[str, list[JournalPacket]]:
    """The packets of each station in use."""
    found: dict[str, list[JournalPacket]] = defaultdict(list)
    for each in packets:
        found[each.code].append(each)
    return {code: mine for code, mine in found.items() if code in pipeline.detectors}


def _by_station_picks(picks: Sequence[Pick]) -> dict[str, list[Pick]]:
    found: dict[str, list[Pick]] = defaultdict(list)
    for pick in picks:
        found[pick.station].append(pick)
    return found


def _begins(
    stations: Mapping[str, list[JournalPacket]], picks: Mapping[str, list[Pick]]
) -> Iterator[tuple[str, float]]:
    """Stations in the order in which to feed them, and from when on."""
    span = _span(len(stations))
    last = {code: max((p.time for p in picks.get(code, ())), default=-inf) for code in stations}
    for code in sorted(stations, key=lambda code: -last[code]):
        begin = stations[code][-1].start - span
        picked = last[code] - BEFORE_PICK
        yield code, min(begin, picked) if picked > begin - MOST else begin


def _feed(
    pipeline: Pipeline, merge: Merge, packets: Iterable[JournalPacket], known: Rebuilt
) -> Observations:
    """Feed one station; returns its observations that are new to the rooms."""
    observations: Observations = []
    for each in packets:
        packet = journal_blocks.packet(each)
        merge.resume(packet, each.now)
        words = pipeline.sense(packet, each.now)
        if each.now >= known.now:
            news = (w for w in words if not isinstance(w, Dropped) and _is_news(w, known))
            observations += [(each.now, word) for word in news]
    return observations


def _is_news(word: Observation, known: Rebuilt) -> bool:
    """Whether the event log lacks it, though it has others of the same step."""
    if not isinstance(word, Amplitude):
        return True
    return word.time > known.amplitudes.get(word.station, -inf)
