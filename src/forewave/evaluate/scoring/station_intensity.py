"""Forecast intensity against observed intensity at every station.

Intensities below II are not felt and count as II; a place without a forecast counts as forecast
II. With several events, the largest forecast counts.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from forewave.evaluate.scoring.playback import IssuedAlert
from forewave.evaluate.scoring.truth import Motion

SILENCE = 2.0  # MMI: not felt; also the value of a place without a forecast
FELT = 3.0


class Places(Struct, frozen=True):
    """Counts of all places, of those that observed MMI III or more, and of right forecasts.

    Right: within one unit."""

    all: int = 0
    right_first: int = 0
    right_final: int = 0
    felt: int = 0
    felt_right_first: int = 0
    felt_right_final: int = 0


def places_right(
    motions: Sequence[Motion], first: Sequence[IssuedAlert], final: Sequence[IssuedAlert]
) -> Places:
    """Counts by the first and by the final versions."""
    felt = [motion for motion in motions if motion.mmi >= FELT]
    return Places(
        len(motions),
        _right(motions, first),
        _right(motions, final),
        len(felt),
        _right(felt, first),
        _right(felt, final),
    )


def within_one(motions: Sequence[Motion], messages: Sequence[IssuedAlert]) -> float | None:
    """Share of places with a forecast within one unit. None without places."""
    return _right(motions, messages) / len(motions) if motions else None


def pooled(every: Iterable[Places]) -> Places:
    """Sums."""
    counts = [[getattr(p, name) for name in Places.__struct_fields__] for p in every]
    return Places(*(sum(column) for column in zip(*counts, strict=True))) if counts else Places()


def expected(station: str, messages: Sequence[IssuedAlert]) -> float:
    """The largest forecast for the station, at least II."""
    known = [m.forecasts[station].intensity for m in messages if station in m.forecasts]
    return max([SILENCE, *known])


def _right(motions: Sequence[Motion], messages: Sequence[IssuedAlert]) -> int:
    return sum(
        abs(expected(motion.station, messages) - max(SILENCE, motion.mmi)) <= 1.0
        for motion in motions
    )
