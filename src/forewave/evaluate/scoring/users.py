"""Every station as a user: was a level forecast before the ground reached it?

The forecast of a user is the largest of all alerts issued so far, of any event.
*hit*: forecast before the observed motion first reached the level; the lead time is the
difference. *late*: forecast afterwards. *miss*: reached, but not forecast. *false*: forecast, but
the observed intensity stayed more than half a unit below. Forecast, and observed less than half a
unit below: none of these.
"""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from forewave.evaluate.scoring.playback import IssuedAlert
from forewave.evaluate.scoring.truth import LEVELS, Motion, Truth

NEARLY = 0.5  # MMI below the level at which a forecast is not yet false


class Outcome(Struct, frozen=True):
    """One user at one level. lead_s: s from the forecast to the level, negative if late."""

    station: str
    level: str
    kind: str  # hit, late, miss, false or none
    lead_s: float | None = None


class Users(Struct, frozen=True):
    """Counts at one level, and the lead times of the hits."""

    hit: int
    late: int
    miss: int
    false: int
    lead_time_median_s: float | None
    lead_time_p90_s: float | None


def outcomes(truth: Truth, alerts: Sequence[IssuedAlert]) -> list[Outcome]:
    """Every station at every level."""
    return [
        outcome(motion, level, value, first_issued(motion.station, value, alerts))
        for motion in truth.motions
        for level, value in LEVELS.items()
    ]


def first_issued(station: str, intensity: float, alerts: Sequence[IssuedAlert]) -> float | None:
    """When this intensity or more was first forecast for the station."""
    times = [
        message.issued
        for message in alerts
        if station in message.forecasts and message.forecasts[station].intensity >= intensity
    ]
    return min(times, default=None)


def outcome(motion: Motion, level: str, value: float, issued: float | None) -> Outcome:
    """The kind, as defined above."""
    reached = motion.reached.get(level)
    if reached is None:
        wrong = issued is not None and motion.pga_mmi < value - NEARLY
        return Outcome(motion.station, level, "false" if wrong else "none")
    if issued is None:
        return Outcome(motion.station, level, "miss")
    return Outcome(motion.station, level, "hit" if issued < reached else "late", reached - issued)


def count(level: str, every: Sequence[Outcome]) -> Users:
    """Counts for one level."""
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
