"""Swarms: after a few light earthquakes within minutes, people get one summary and no more tones.

The rule of the pages, web/core/alert/swarm.ts. Pure; times are seconds of one clock that never
steps.
"""

from typing import Literal

from msgspec import Struct

WINDOW, FEW, STRONGER_MMI = 600.0, 3, 0.5
LIGHT_MMI = 5.0  # from here on every earthquake is sent: the rule is about notices

Kind = Literal["own", "summary", "quiet"]


class Tone(Struct, frozen=True):
    """An earthquake of which people received, perhaps by a summary, or did not ("quiet")."""

    at: float
    mmi: float
    event: str
    kind: Kind


class Swarm:
    """The earthquakes of the last WINDOW seconds at one place."""

    def __init__(self) -> None:
        self._tones: list[Tone] = []

    def add(self, event: str, mmi: float, now: float, kind: Kind) -> None:
        """An earthquake was sent on its own, in a summary, or left to one."""
        self._tones = [*self._recent(now), Tone(now, mmi, event, kind)]

    def has(self, mmi: float, now: float) -> bool:
        """Whether one of this intensity is another light one, not clearly stronger than all."""
        if mmi >= LIGHT_MMI:
            return False
        recent = self._recent(now)
        sent = [tone for tone in recent if tone.kind != "quiet"]
        return len(recent) >= FEW and any(mmi < tone.mmi + STRONGER_MMI for tone in sent)

    def has_summary(self, now: float) -> bool:
        """Whether a summary was sent."""
        return any(tone.kind == "summary" for tone in self._recent(now))

    def others(self, event: str, now: float) -> tuple[str, ...]:
        """The other events, the oldest first."""
        names = (tone.event for tone in self._recent(now))
        return tuple(dict.fromkeys(name for name in names if name != event))

    def _recent(self, now: float) -> list[Tone]:
        return [tone for tone in self._tones if now - tone.at < WINDOW]


def stays_quiet(mmi: float, left_mmi: float) -> bool:
    """Whether one that was left to a summary at left_mmi is still not clearly stronger."""
    return mmi < min(LIGHT_MMI, left_mmi + STRONGER_MMI)
