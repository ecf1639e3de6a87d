"""Whether the motion at a station has stopped growing: how the end of a rupture shows itself.

A fixed duration by magnitude would need the magnitude, which is what is asked for. So the motion
itself decides: S has ended where its peaks were reached some time ago, and as long ago as they took
to be reached. A pause in a long rupture is shorter than what came before it.
"""

from collections.abc import Sequence
from typing import Literal

from forewave.types import Amplitude

NEARLY = 0.95  # share of a peak that counts as reached
SHORTEST = 1.0  # s of S before anything is said of its end, and without growth at least


def has_ended(history: Sequence[Amplitude], s_time: float) -> bool:
    """Whether horizontal acceleration and velocity of S have stopped growing.

    history: peaks since the pick, by time. s_time: arrival of S, POSIX seconds. Peaks from the time
    on at which the sensor clips are not used.
    """
    whole = [amplitude for amplitude in history if not amplitude.clipped]
    if not whole or whole[-1].time < s_time + SHORTEST:
        return False
    return all(_since(whole, quantity, s_time) for quantity in ("pga_ms2", "pgv_ms"))


def _since(
    whole: Sequence[Amplitude], quantity: Literal["pga_ms2", "pgv_ms"], s_time: float
) -> bool:
    peak = NEARLY * getattr(whole[-1], quantity)
    reached = next(a.time for a in whole if getattr(a, quantity) >= peak)
    return bool(whole[-1].time - reached >= max(SHORTEST, reached - s_time))
