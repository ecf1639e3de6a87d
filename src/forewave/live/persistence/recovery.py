"""Rooms restored from the event log: after a restart, and to replay a run of a live machine.

The event log has all observations of the stations, every time at which the rooms behind them were
evaluated, and their results. A replay feeds all of it: the same alerts come out, byte for byte. A
restart is faster: it feeds the observations only, and resumes each event from its last solution and
alert. A replay of a run that began with a restart does the same at that point.
"""

from collections.abc import Callable, Iterable, Iterator
from math import inf
from pathlib import Path
from typing import TypeAlias, get_args

from msgspec import Struct

from forewave.archive.event_log import entries
from forewave.errors import FormatError
from forewave.formats.storage import codec
from forewave.formats.storage.log_blocks import Began, Goes, Lost, Step
from forewave.live.persistence import setup_journal
from forewave.pipeline import Decider
from forewave.types import Alert, Amplitude, Input, Message, Pick, Solution

MEMORY = 400.0  # seconds of the event log that restore the rooms: an event lives for 300 s
STATES = 15.0  # seconds of station states that are read: each replaces the one before
OBSERVED = get_args(Input)  # the types of what the rooms are fed
OnWord: TypeAlias = Callable[[float, Message], None]


class Rebuilt(Struct):
    """What the last minutes of the event log had: the last results of each event, and the picks.

    steps: how many there were. now: time of the last one. amplitudes: time of the last one of each
    station.
    """

    steps: int = 0
    now: float = -inf
    amplitudes: dict[str, float] = {}
    solutions: dict[str, Solution] = {}
    alerts: dict[str, Alert] = {}
    picks: list[Pick] = []


def rebuild(rooms: Decider, steps: Iterable[Step], now: float) -> Rebuilt:
    """Bring new rooms into the state after these steps; nothing is published."""
    found = Rebuilt()
    for step in steps:
        found.steps += 1
        found.now = step.now
        for word in step.words:
            if isinstance(word, OBSERVED):
                rooms.observe(word, step.now)
            _note(found, word)
    for event, solution in found.solutions.items():
        rooms.resume(solution, found.alerts.get(event), now)
    return found


def recent(root: Path, since: float, began: Began | None, now: float) -> Iterator[Step]:
    """The steps of an event log from a time until a process began, or to its end, for `rebuild`.

    began: the process; None: to the end. now: station states older than STATES before it are left
    out. Raises FormatError on what is no event log.
    """
    for entry in entries(root, since, stateless=now - STATES):
        if entry == began:
            return
        if isinstance(entry, Step):
            yield entry


def _note(found: Rebuilt, word: Message) -> None:
    if isinstance(word, Amplitude):
        found.amplitudes[word.station] = word.time
    elif isinstance(word, Pick):
        found.picks.append(word)
    elif isinstance(word, Solution):
        found.solutions[word.event] = word
    elif isinstance(word, Alert):
        found.alerts[word.event] = word


def feed(rooms: Decider, step: Step) -> list[Message]:
    """Repeat one step: its observations, and everything that the rooms emit now."""
    output: list[Message] = []
    for word in step.words:
        if isinstance(word, OBSERVED):
            output.append(word)
            output += rooms.observe(word, step.now)
    return output + rooms.tick(step.now)


class Replayed(Struct):
    """How the alerts of an event log compare with those of its replay.

    alerts: of the replay. differ: alerts that are not the same in both, or are in one only. exact:
    the event log has every step since a process began. stations: of the process that began last.
    """

    alerts: int = 0
    differ: int = 0
    exact: bool = True
    stations: int = 0


def replay(root: Path, on_word: OnWord) -> Replayed:
    """Replay a whole event log. on_word: called with each output of the rooms, and its time.

    Raises FormatError where there is no event log.
    """
    found, rooms = Replayed(), None
    for entry in entries(root):
        if isinstance(entry, Lost):
            found.exact = False
        elif isinstance(entry, Began) or (isinstance(entry, Goes) and rooms is None):
            setup = setup_journal.load(root, entry.setup)
            rooms, found.stations = _begin(setup, root, entry), len(setup.stations)
            found.exact &= isinstance(entry, Began)
        elif isinstance(entry, Step) and rooms is not None:
            output = feed(rooms, entry)
            for word in output:
                on_word(entry.now, word)
            _compare(found, output, entry)
    if rooms is None:
        raise FormatError(f"{root}: holds no record of a live machine")
    return found


def _begin(setup: setup_journal.Setup, root: Path, entry: Began | Goes) -> Decider:
    """New rooms, restored as the process had restored its own when it began."""
    rooms = setup_journal.decider(setup)
    if isinstance(entry, Began) and entry.since is not None:
        rebuild(rooms, recent(root, entry.since, entry, entry.now), entry.now)
    return rooms


def _compare(found: Replayed, output: list[Message], step: Step) -> None:
    again = [codec.encode(word) for word in output if isinstance(word, Alert)]
    before = [codec.encode(word) for word in step.words if isinstance(word, Alert)]
    found.alerts += len(again)
    if again != before:
        found.differ += max(len(again), len(before))
