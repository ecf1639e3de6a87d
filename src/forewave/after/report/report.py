"""The report of an event: records only. Times are seconds after the origin, unless they say UTC.

The origin is that of the catalogue where one is given, otherwise that of the last solution.
"""

from typing import Literal

from msgspec import Struct

from forewave.evaluate.scoring.users import Users

Grade = Literal["right", "partly", "wrong", "unknown"]
Ending = Literal["true", "corrected", "none", "missed", "quiet"]


class Source(Struct, frozen=True):
    """An origin and magnitude. time: POSIX seconds. sigma: of the magnitude; None: not stated."""

    time: float
    lat: float
    lon: float
    depth_km: float | None
    magnitude: float | None
    place: str
    by: str
    sigma: float | None = None


class Verdict(Struct, frozen=True):
    """Whether the warning was right: a grade, one sentence, and what was right and wrong."""

    grade: Grade
    sentence: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]


class FinalMessage(Struct, frozen=True):
    """What people are told afterwards. ending: which of the texts it is."""

    ending: Ending
    text: str


class TimelineRow(Struct, frozen=True):
    """One message. after: seconds after the origin. utc: POSIX seconds. change: since the last."""

    event: str
    version: int
    after: float
    utc: float
    kind: str
    level: str
    magnitude: float
    sigma: float
    place: str
    lat: float
    lon: float
    depth_km: float
    intensity: float | None
    stations: int
    change: str
    stages: "Stages"


class Stages(Struct, frozen=True):
    """When the stages behind a message ended, seconds after the origin; None: not known.

    onset: the newest pick of its solution, at the station. pick: that pick was known, so its
    packet had arrived. solution, alert, signed: issued.
    """

    onset: float | None
    pick: float | None
    solution: float | None
    alert: float
    signed: float | None = None


class BudgetRow(Struct, frozen=True):
    """A part of the time from the origin to the first alert. seconds: None where not kept."""

    stage: str
    meaning: str
    seconds: float | None


class TownRow(Struct, frozen=True):
    """A town. mmi: last forecast. seconds: from the first request to act to S; None: no request.

    banner_seconds: the same for the first message that was shown at all.
    """

    name: str
    lat: float
    lon: float
    distance_km: float
    population: int
    mmi: float
    s_arrival: float
    seconds: float | None
    banner_seconds: float | None


class WarnedGroup(Struct, frozen=True):
    """Towns of one class of distance or intensity.

    in_time, late, not_asked: towns that were asked to act before S, after it, or not at all.
    median_seconds: of those in time.
    """

    name: str
    towns: int
    people: int
    in_time: int
    late: int
    not_asked: int
    median_seconds: float | None


class StationRow(Struct, frozen=True):
    """Forecast and observed intensity at a station. outcomes: by level, as in scoring/users.py."""

    station: str
    lat: float
    lon: float
    distance_km: float | None
    observed: float
    first: float | None
    final: float | None
    outcomes: dict[str, str]
    lead_s: float | None


class FeltRow(Struct, frozen=True):
    """A cell with felt reports. mmi: their median. nearest: distance and place."""

    cell: str
    lat: float
    lon: float
    reports: int
    mmi: float
    place: str


class Comparison(Struct, frozen=True):
    """Last solution minus catalogue."""

    epicentre_km: float
    depth_km: float | None
    magnitude: float | None
    time_s: float


class Report(Struct, frozen=True):
    """The whole report. event: the event's id; "" where no alert was issued.

    time: POSIX seconds of the origin, otherwise of the first pick; None: neither is known.
    simulated: the earthquake is made, and did not happen.
    """

    id: str
    event: str
    time: float | None
    title: str
    simulated: bool
    replayed: bool
    verdict: Verdict
    final: FinalMessage
    solution: Source | None
    catalogue: Source | None
    comparison: Comparison | None
    timeline: tuple[TimelineRow, ...]
    budget: tuple[BudgetRow, ...]
    towns: tuple[TownRow, ...]
    by_distance: tuple[WarnedGroup, ...]
    by_intensity: tuple[WarnedGroup, ...]
    stations: tuple[StationRow, ...]
    left_out: tuple[tuple[str, str], ...]
    levels: dict[str, Users]
    felt: tuple[FeltRow, ...]
    notes: tuple[str, ...]
