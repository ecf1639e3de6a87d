"""/drills: how many took part in a drill, counted without names, and /api/drills: the sums."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

from msgspec import Meta, Struct

from forewave.delivery.reports.tally import Row

OWN = "own"  # a drill that a page began by itself
MOST_PEOPLE = 500  # of one page, such as that of a class


class DrillReport(Struct, frozen=True, forbid_unknown_fields=True):
    """As a page sends it: drill is the id of the drill's messages, or "own"."""

    drill: Annotated[str, Meta(min_length=1, max_length=64)]
    people: Annotated[int, Meta(ge=1, le=MOST_PEOPLE)]


class DrillCount(Struct, frozen=True):
    """Of a drill on a day (UTC): how many pages reported, and how many people in all."""

    drill: str
    day: str
    pages: int
    people: int


class DrillCounts(Struct, frozen=True):
    """The answer, the newest first."""

    drills: tuple[DrillCount, ...]


def counts(rows: Sequence[Row]) -> DrillCounts:
    """The sums by drill and day."""
    of: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        day = datetime.fromtimestamp(row.minute * 60, UTC).date().isoformat()
        of[day, row.subject].append(row)
    found = [
        DrillCount(
            drill,
            day,
            sum(row.count for row in each),
            sum(row.count * row.value for row in each),
        )
        for (day, drill), each in sorted(of.items(), reverse=True)
    ]
    return DrillCounts(tuple(found))
