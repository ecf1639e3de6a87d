"""The other earthquakes under way, as one event must see them.

Two things are asked of them: which picks they explain already, and from when on the motion at a
station may be theirs and no longer the event's. The second decides between a foreshock that grows
because its mainshock has come, and a mainshock that is still growing.
"""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from forewave.events.event import Event
from forewave.events.relations import cua_heaton_2007 as envelopes

ALIKE = 0.3  # log10 by which motion may fall short of another's and still be taken for it
AFTER = 1.0  # s after a pick from which what comes is not the pick's own wave
CODA_DECAY, CODA_FROM = 1.5, 10.0  # coda falls with time to this power, from so many seconds on


class Company:
    """Events other than one; those taken back, and those of phones only, have no say."""

    def __init__(self, events: Sequence[Event], apart: Event | None = None) -> None:
        self.events = [e for e in events if e is not apart and e.stands()]

    @cached_property
    def explained(self) -> dict[str, bool]:
        """Picks that they explain, and whether these are but in their wakes."""
        found: dict[str, bool] = {}
        for event in self.events:
            for pick, member in event.members.items():
                found[pick] = found.get(pick, True) and member.role == "coda"
        return found

    def until(self, station: int, since: float, log_pa: float) -> float:
        """When another's waves that could make such a peak come to a station; inf: never.

        station: its index. since: of the pick. log_pa: log10 of the vertical acceleration seen
        since then. Before `since`: what is seen may be another's altogether.
        """
        return min((_until(e, station, since, log_pa) for e in self.events), default=np.inf)


def _until(event: Event, station: int, since: float, log_pa: float) -> float:
    p, s = event.arrivals.p[station], event.arrivals.s[station]
    if not np.isfinite(s):
        return np.inf
    slant = envelopes.slant_km(event.arrivals.distance_km[station], event.origin.depth_km)
    level = float(envelopes.log_amplitude(envelopes.S_ZA, event.magnitude.value, slant))
    late = max(0.0, since - s) / CODA_FROM
    if log_pa > level - CODA_DECAY * np.log10(1.0 + late) + ALIKE:
        return np.inf
    ahead = [time for time in (p, s) if time > since + AFTER]
    return min(ahead, default=-np.inf)
