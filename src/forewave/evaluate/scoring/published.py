"""What others reach on the same recordings, and the goals for each.

`published.csv` holds replays of the published rules of EPIC (to the letter; "lenient" without
the two rules that hurt on these recordings), PLUM and JMA's single station, of OpenEEW's own
package on its own network, and of SeisComP in real time, all on the input that `evaluate` takes:
1 s packets 0.5 s late, or the real receive times. The row "goal" is what forewave wants to
reach. Magnitude errors are signed except in goals. Intensities: EPIC by Allen et al. 2012,
OpenEEW's source by Boore et al. 2014.
"""

import csv
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

GOAL = "goal"


class Published(Struct, frozen=True):
    """One system on one set. None: not known or does not apply. Seconds are after origin."""

    set: str
    system: str
    first_alert_s: float | None = None
    first_epicentre_km: float | None = None
    final_epicentre_km: float | None = None
    first_magnitude_error: float | None = None
    final_magnitude_error: float | None = None
    within_1_percent: float | None = None
    iv_hit: int | None = None
    iv_late: int | None = None
    iv_miss: int | None = None
    iv_false: int | None = None
    v_hit: int | None = None
    v_late: int | None = None
    v_miss: int | None = None
    v_false: int | None = None
    later_events: int | None = None
    note: str = ""


@cache
def every() -> tuple[Published, ...]:
    """All rows of published.csv."""
    text = (files("forewave.evaluate.scoring") / "published.csv").read_text("utf-8")
    rows = [
        {key: value for key, value in row.items() if value != ""}
        for row in csv.DictReader(text.splitlines())
    ]
    return tuple(msgspec.convert(rows, list[Published], strict=False))


@cache
def figures() -> tuple[tuple[str, str, str, str], ...]:
    """What others published of themselves: what, figure, system and source."""
    text = (files("forewave.evaluate.scoring") / "published_figures.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple((row["what"], row["figure"], row["system"], row["source"]) for row in rows)


def beside(set_id: str) -> tuple[Published, ...]:
    """The rows of one set, the goal first; none where nobody else was measured."""
    return tuple(row for row in every() if row.set == set_id)


def find(set_id: str, system: str) -> Published | None:
    """One system's row of one set."""
    return next((row for row in beside(set_id) if row.system == system), None)
