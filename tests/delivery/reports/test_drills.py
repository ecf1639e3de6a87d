"""How many took part, by drill and day."""

from forewave.delivery.reports.drills import DrillCount, counts
from forewave.delivery.reports.tally import Row

DAY = 1440


def test_pages_and_people_are_summed_by_drill_and_day():
    rows = [
        *(Row(0, "d1", 1, 4), Row(5, "d1", 30, 2)),
        *(Row(DAY, "d1", 1, 1), Row(DAY, "own", 2, 1)),
    ]
    assert counts(rows).drills == (
        DrillCount("own", "1970-01-02", 1, 2),
        DrillCount("d1", "1970-01-02", 1, 1),
        DrillCount("d1", "1970-01-01", 6, 64),
    )
