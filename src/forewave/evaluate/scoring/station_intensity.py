"""Every station as a place: is its forecast within one unit of the intensity it observed?

Below II nothing is felt, so both sides count as II there; a place that was told nothing was
told II. Where several events were told, the strongest forecast counts.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from forewave.evaluate.scoring.playback import Told
from forewave.evaluate.scoring.truth import Motion

SILENCE = 2.0  # MMI: what nobody feels, and what a place that is told nothing is told
FELT = 3.0


class Places(Struct, frozen=True):
    """How many places there were, how many felt III or more, and how many forecasts are right."""

    all: int = 0
    right_first: int = 0
    right_final: int = 0
    felt: int = 0
    felt_right_first: int = 0
    felt_right_final: int = 0


def places_right(motions: Sequence[Motion], first: Sequence[Told], final: Sequence[Told]) -> Places:
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


def within_one(motions: Sequence[Motion], messages: Sequence[Told]) -> float | None:
    """Share of places whose forecast is right. None without places."""
    return _right(motions, messages) / len(motions) if motions else None


def pooled(every: Iterable[Places]) -> Places:
    """Sums."""
    counts = [[getattr(p, name) for name in Places.__struct_fields__] for p in every]
    return Places(*(sum(column) for column in zip(*counts, strict=True))) if counts else Places()


def expected(station: str, messages: Sequence[Told]) -> float:
    """What the station was told by these messages, at least II."""
    known = [m.forecasts[station].intensity for m in messages if station in m.forecasts]
    return max([SILENCE, *known])


def _right(motions: Sequence[Motion], messages: Sequence[Told]) -> int:
    return sum(
        abs(expected(motion.station, messages) - max(SILENCE, motion.mmi)) <= 1.0
        for motion in motions
    )
