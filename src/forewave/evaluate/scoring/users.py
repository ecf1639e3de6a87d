"""Every station as a user: was it told of a level before its ground reached it?

A user hears every alert, of whatever event, and takes the strongest that it was ever told.
*hit*: told the level before the observed motion first reached it; the lead time is the
difference. *late*: told after. *miss*: reached, never told. *false*: told, but the observed
intensity stayed more than half a unit below. Told, and observed less than half a unit below,
is none of these.
"""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from forewave.evaluate.scoring.playback import Told
from forewave.evaluate.scoring.truth import LEVELS, Motion, Truth

NEARLY = 0.5  # so far below the level is still as good as forecast


class Outcome(Struct, frozen=True):
    """One user at one level. lead_s is there where it was told and reached, negative if late."""

    station: str
    level: str
    kind: str  # hit, late, miss, false or none
    lead_s: float | None = None


class Users(Struct, frozen=True):
    """Counts at one level, and the lead times of its hits."""

    hit: int
    late: int
    miss: int
    false: int
    lead_time_median_s: float | None
    lead_time_p90_s: float | None


def outcomes(truth: Truth, told: Sequence[Told]) -> list[Outcome]:
    """Every station at every level."""
    return [
        outcome(motion, level, value, first_told(motion.station, value, told))
        for motion in truth.motions
        for level, value in LEVELS.items()
    ]


def first_told(station: str, intensity: float, told: Sequence[Told]) -> float | None:
    """When the station was first told of this intensity or more."""
    times = [
        message.issued
        for message in told
        if station in message.forecasts and message.forecasts[station].intensity >= intensity
    ]
    return min(times, default=None)


def outcome(motion: Motion, level: str, value: float, told: float | None) -> Outcome:
    """The kind, by the definitions on top of this page."""
    reached = motion.reached.get(level)
    if reached is None:
        wrong = told is not None and motion.pga_mmi < value - NEARLY
        return Outcome(motion.station, level, "false" if wrong else "none")
    if told is None:
        return Outcome(motion.station, level, "miss")
    return Outcome(motion.station, level, "hit" if told < reached else "late", reached - told)


def count(level: str, every: Sequence[Outcome]) -> Users:
    """The row of the scoreboard for one level."""
    here = [o for o in every if o.level == level]
    kinds = [o.kind for o in here]
    leads = [o.lead_s for o in here if o.kind == "hit" and o.lead_s is not None]
    return Users(
        kinds.count("hit"),
        kinds.count("late"),
        kinds.count("miss"),
        kinds.count("false"),
        float(np.median(leads)) if leads else None,
        float(np.percentile(leads, 90)) if leads else None,
    )


def table(every: Sequence[Outcome]) -> dict[str, Users]:
    """Counts by level."""
    return {level: count(level, every) for level in LEVELS}
