"""Which cells are sent a version of an alert. Pure."""

from collections.abc import Mapping
from math import isnan

from msgspec import Struct

from forewave.channels.card import Reason

STEP = 0.5  # MMI by which the expected shaking of a cell changes before it is sent again
HELD = 0.3  # MMI below the threshold at which a cell that was sent an alert still counts
MOST_EVENTS = 100


class _Sent(Struct):
    """What a cell was sent last."""

    mmi: float
    level: str


class Versions:
    """What each cell was sent of each event, so that a device gets few versions.

    A cell is sent the first version that reaches `min_mmi` there, what changes it by STEP or the
    level, that it is no longer reached, and each cancel and end.
    """

    def __init__(self, min_mmi: float) -> None:
        self._min_mmi = min_mmi
        self._events: dict[str, dict[str, _Sent]] = {}

    def due(self, event: str, reason: Reason, level: str, mmi: Mapping[str, float]) -> list[str]:
        """The cells to send to, in the order of `mmi`, which is by cell; nan: not reached."""
        if reason in ("cancel", "final"):
            sent = self._events.get(event)
            if sent is None:  # sent before a restart: to those who must have got it
                return [cell for cell, value in mmi.items() if self._is_reached(value, True)]
            return [cell for cell in mmi if cell in sent]
        sent = self._events.setdefault(event, {})
        while len(self._events) > MOST_EVENTS:
            del self._events[next(iter(self._events))]
        cells = [cell for cell, value in mmi.items() if self._is_due(sent.get(cell), value, level)]
        for cell in cells:
            if self._is_reached(mmi[cell], cell in sent):
                sent[cell] = _Sent(mmi[cell], level)
            else:
                sent[cell] = _Sent(float("nan"), level)
        return cells

    def forget(self, event: str) -> None:
        """The event is over."""
        self._events.pop(event, None)

    def _is_reached(self, mmi: float, before: bool) -> bool:
        return mmi >= self._min_mmi - HELD * before

    def _is_due(self, sent: _Sent | None, mmi: float, level: str) -> bool:
        if sent is None or isnan(sent.mmi):
            return self._is_reached(mmi, False)
        if not self._is_reached(mmi, True):
            return True
        return abs(mmi - sent.mmi) >= STEP or level != sent.level
