"""Results of published systems on the same recordings, and the goals.

`published.csv` has replays of the published rules of EPIC (as published; "lenient": without the
two rules that suppress alerts on these recordings), PLUM and JMA's single-station method, of the
OpenEEW package on its own network, and of SeisComP in real time. All had the input of `evaluate`:
packets of 1 s with a latency of 0.5 s, or recorded arrival times. The row "goal" is the target
for forewave. Magnitude errors are signed except in goals. Intensities: EPIC by Allen et al. 2012,
OpenEEW's source by Boore et al. 2014.
"""

import csv
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

GOAL = "goal"
SYSTEMS = ("EPIC rules", "EPIC lenient", "OpenEEW", "PLUM 60 km", "SeisComP")


class Published(Struct, frozen=True):
    """Results of one system on one recording; times are s after origin. None: unknown, or none."""

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
    """Published performance: quantity, value, system and source."""
    text = (files("forewave.evaluate.scoring") / "published_figures.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple((row["what"], row["figure"], row["system"], row["source"]) for row in rows)


def beside(set_id: str) -> tuple[Published, ...]:
    """The rows of one recording, the goal first; empty without published results."""
    return tuple(row for row in every() if row.set == set_id)


def systems(set_ids: Iterable[str]) -> tuple[str, ...]:
    """The goal and the systems that have a row for at least one of these recordings."""
    known = {row.system for set_id in set_ids for row in beside(set_id)}
    return tuple(name for name in (GOAL, *SYSTEMS) if name in known)


def find(set_id: str, system: str) -> Published | None:
    """The row of one system and recording."""
    return next((row for row in beside(set_id) if row.system == system), None)
