"""The picks of the last minutes, numbered, and which of them an event uses. Pure."""

from collections import OrderedDict
from typing import TypeAlias

from msgspec import Struct

from forewave.types import Arrival, Pick, PickWithdrawn

KEPT = 300.0  # seconds
MOST = 10_000

Arrivals: TypeAlias = list[tuple[int, float, bool]]


class ShownPick(Struct, frozen=True, array_like=True):
    """n: its number, from 1. row: of its station. at: ms."""

    n: int
    row: int
    phase: str
    at: int


class Picks:
    """Picks by id. index: row of each station by code."""

    def __init__(self, index: dict[str, int]) -> None:
        self._index = index
        self._kept: OrderedDict[str, ShownPick] = OrderedDict()
        self._made = 0
        self._new: list[ShownPick] = []
        self._gone: list[int] = []

    def add(self, pick: Pick) -> None:
        """Take a pick; of stations that are not listed none."""
        row = self._index.get(pick.station)
        if row is None:
            return
        self._made += 1
        shown = ShownPick(self._made, row, pick.phase, round(pick.time * 1000))
        self._kept[pick.id] = shown
        self._new.append(shown)
        if len(self._kept) > MOST:
            self._kept.popitem(last=False)
            del self._new[:-MOST]

    def withdraw(self, item: PickWithdrawn) -> None:
        """Forget a pick."""
        gone = self._kept.pop(item.pick, None)
        if gone is not None:
            self._gone.append(gone.n)

    def arrivals(self, found: tuple[Arrival, ...]) -> Arrivals:
        """Number, residual in seconds, and whether it is used, of an event's picks."""
        known = ((self._kept.get(each.pick), each) for each in found)
        return [
            (pick.n, round(each.residual, 2), each.weight > 0.0)
            for pick, each in known
            if pick is not None
        ]

    def changes(self, now: float) -> tuple[list[ShownPick], list[int]]:
        """New picks and the numbers of withdrawn ones since the last call."""
        before = (now - KEPT) * 1000
        while self._kept and next(iter(self._kept.values())).at < before:
            self._kept.popitem(last=False)
        new, gone = self._new, self._gone
        self._new, self._gone = [], []
        return new, gone

    def all(self) -> list[ShownPick]:
        """Those that are kept, as of the last `changes`."""
        return list(self._kept.values())
