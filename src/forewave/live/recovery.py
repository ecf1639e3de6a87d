"""Rooms fed from the record: after a restart, and to decide a night again.

The record has every word that the stations said, every time at which the rooms behind them thought,
and what they said. To decide a night again they are fed all of it: the same alerts come out, byte
for byte. A process that was killed goes on faster: it is fed what the stations said, and takes
up each event from the last words on it. A replay does the same where the process did.
"""

from collections.abc import Callable, Iterable, Iterator
from math import inf
from pathlib import Path
from typing import TypeAlias, get_args

from msgspec import Struct

from forewave.archive.record import entries
from forewave.errors import FormatError
from forewave.formats import codec
from forewave.formats.record import Began, Goes, Lost, Step
from forewave.live import setup_journal
from forewave.pipeline import Decider, Heard
from forewave.types import Alert, Amplitude, Pick, Solution, Word

# Seconds of the record that make the rooms what they were: an event lives for 300 s.
MEMORY = 400.0
# Seconds of what stations say of themselves: each word takes the place of the one before.
STATES = 15.0
HEARD = get_args(Heard)
OnWord: TypeAlias = Callable[[float, Word], None]


class Rebuilt(Struct):
    """What the record's last minutes had: the last words on each event, and the picks.

    now: the last moment. amplitudes: the last of each station.
    """

    moments: int = 0
    now: float = -inf
    amplitudes: dict[str, float] = {}
    solutions: dict[str, Solution] = {}
    alerts: dict[str, Alert] = {}
    picks: list[Pick] = []


def rebuild(rooms: Decider, moments: Iterable[Step], now: float) -> Rebuilt:
    """Make new rooms what those were that had all this happen to them; nobody is told anything."""
    found = Rebuilt()
    for moment in moments:
        found.moments += 1
        found.now = moment.now
        for word in moment.words:
            if isinstance(word, HEARD):
                rooms.hear(word, moment.now)
            _note(found, word)
    for event, solution in found.solutions.items():
        rooms.resume(solution, found.alerts.get(event), now)
    return found


def recent(root: Path, since: float, began: Began | None, now: float) -> Iterator[Step]:
    """The moments of a record from a time until a process began, or to its end, for `rebuild`.

    Raises FormatError on what is no record.
    """
    for entry in entries(root, since, stateless=now - STATES):
        if entry == began:
            return
        if isinstance(entry, Step):
            yield entry


def _note(found: Rebuilt, word: Word) -> None:
    if isinstance(word, Amplitude):
        found.amplitudes[word.station] = word.time
    elif isinstance(word, Pick):
        found.picks.append(word)
    elif isinstance(word, Solution):
        found.solutions[word.event] = word
    elif isinstance(word, Alert):
        found.alerts[word.event] = word


def feed(rooms: Decider, moment: Step) -> list[Word]:
    """One moment again; all that the rooms say."""
    words: list[Word] = []
    for word in moment.words:
        if isinstance(word, HEARD):
            words.append(word)
            words += rooms.hear(word, moment.now)
    return words + rooms.tick(moment.now)


class Replayed(Struct):
    """How a record's alerts compare with those of its replay.

    exact: every moment from a process's beginning on is there. differ: alerts that the record
    has otherwise, or one has and the other has not.
    """

    alerts: int = 0
    differ: int = 0
    exact: bool = True
    stations: int = 0


def replay(root: Path, on_word: OnWord) -> Replayed:
    """The whole record once more; on_word is told of all that the rooms say.

    Raises FormatError where there is no record.
    """
    told, rooms = Replayed(), None
    for entry in entries(root):
        if isinstance(entry, Lost):
            told.exact = False
        elif isinstance(entry, Began) or (isinstance(entry, Goes) and rooms is None):
            setup = setup_journal.load(root, entry.setup)
            rooms, told.stations = _begin(setup, root, entry), len(setup.stations)
            told.exact &= isinstance(entry, Began)
        elif isinstance(entry, Step) and rooms is not None:
            words = feed(rooms, entry)
            for word in words:
                on_word(entry.now, word)
            _compare(told, words, entry)
    if rooms is None:
        raise FormatError(f"{root}: holds no record of a live machine")
    return told


def _begin(setup: setup_journal.Setup, root: Path, entry: Began | Goes) -> Decider:
    """New rooms, fed with what the process fed them before it began."""
    rooms = setup_journal.decider(setup)
    if isinstance(entry, Began) and entry.since is not None:
        rebuild(rooms, recent(root, entry.since, entry, entry.now), entry.now)
    return rooms


def _compare(told: Replayed, words: list[Word], moment: Step) -> None:
    again = [codec.encode(word) for word in words if isinstance(word, Alert)]
    before = [codec.encode(word) for word in moment.words if isinstance(word, Alert)]
    told.alerts += len(again)
    if again != before:
        told.differ += max(len(again), len(before))
