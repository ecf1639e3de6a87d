"""The tables of an event report."""

from collections.abc import Sequence
from itertools import pairwise

from forewave.after.documents.document import Block, Cell, Paragraph, Table, Tone, row
from forewave.after.documents.intensity_class import label
from forewave.after.pages.numbers import UNKNOWN, coordinates, magnitude, number, people, seconds
from forewave.after.report.final_message import utc
from forewave.after.report.report import Report, Source, StationRow, TimelineRow, WarnedGroup
from forewave.after.report.verdict import away

KINDS = {"new": "alert", "update": "update", "cancel": "cancelled", "follow_up": "final message"}
LEVELS = {"aware": "be aware", "action": "take action"}
OUTCOMES: dict[str, tuple[str, Tone]] = {
    "hit": ("in time", "good"),
    "late": ("late", "bad"),
    "miss": ("missed", "bad"),
    "false": ("false", "fair"),
    "none": ("–", "plain"),
}


def intensity(mmi: float | None) -> Cell:
    """A cell in the colour of its class."""
    return Cell(UNKNOWN) if mmi is None else Cell(label(mmi), mmi=mmi)


def timeline(report: Report) -> tuple[Block, ...]:
    """Every message."""
    if not report.timeline:
        return (Paragraph("No message was issued."),)
    rows = []
    for each in report.timeline:
        rows.append(
            row(
                _version(report, each),
                seconds(each.after),
                utc(each.utc)[11:19],
                KINDS[each.kind]
                if each.kind == "cancel"
                else f"{KINDS[each.kind]}, {LEVELS[each.level]}",
                magnitude(each.magnitude, each.sigma),
                each.place,
                intensity(each.intensity),
                str(each.stations),
                each.change,
            )
        )
    return (
        Table(
            "Messages in the order of their issue",
            ("version", "after origin", "UTC", "kind", "magnitude", "epicentre",
             "strongest", "stations", "what changed"),
            tuple(rows),
            numeric=(1, 4, 7),
        ),
    )  # fmt: skip


def stages(report: Report) -> tuple[Block, ...]:
    """How long each stage behind each message took."""
    rows = []
    for each in report.timeline:
        when = each.stages
        ends = (when.onset, when.pick, when.solution, when.alert, when.signed)
        taken = [_between(*pair) for pair in pairwise(ends)]
        rows.append(row(_version(report, each), _stage(when.onset), *taken, seconds(each.after, 2)))
    if not rows:
        return ()
    return (
        Table(
            "Stages behind each message, seconds",
            ("version", "newest pick after origin", "packet and pick", "solution", "alert",
             "signature", "issued after origin"),
            tuple(rows),
            numeric=(1, 2, 3, 4, 5, 6),
            folded=len(rows) > 12,
            note="Packet and pick: from the onset of the newest pick of the solution until its "
            "packet had come and was picked. Solution: from then until the solution was issued, "
            "which for later messages waits for more data. A signature is given where its time was "
            "kept.",
        ),
    )  # fmt: skip


def _between(begin: float | None, end: float | None) -> str:
    return "not kept" if begin is None or end is None else seconds(end - begin, 2)


def _stage(after: float | None) -> str:
    return "not kept" if after is None else seconds(after, 2)


def _version(report: Report, each: TimelineRow) -> str:
    """The number of a message, with its event where the report has several."""
    several = len({one.event for one in report.timeline}) > 1
    return f"{each.version} of {each.event}" if several else str(each.version)


def budget(report: Report) -> tuple[Block, ...]:
    """From the origin to the first message, by stage."""
    if not report.budget:
        return ()
    rows = []
    for each in report.budget:
        kept = "not kept" if each.seconds is None else seconds(each.seconds, 2)
        rows.append(row(each.stage, each.meaning, kept))
    known = sum(each.seconds for each in report.budget if each.seconds is not None)
    rows.append(row("First message", "sum of the stages", seconds(known, 2)))
    return (
        Table(
            "From the origin to the first message",
            ("stage", "what it is", "seconds"),
            tuple(rows),
            numeric=(2,),
        ),
    )


def solutions(report: Report) -> tuple[Block, ...]:
    """The last solution beside the catalogue's."""
    rows = [
        _solution(name, source)
        for name, source in (("forewave", report.solution), ("catalogue", report.catalogue))
        if source is not None
    ]
    off = report.comparison
    if off is not None:
        rows.append(
            row(
                "difference",
                seconds(off.time_s),
                f"{away(off.epicentre_km)} apart",
                number(off.depth_km, 0, "km"),
                number(off.magnitude),
                "",
            )
        )
    if not rows:
        return ()
    head = ("solution", "origin time", "epicentre", "depth", "magnitude", "by")
    return (Table("Solutions", head, tuple(rows), numeric=(3, 4)),)


def _solution(name: str, source: Source) -> tuple[Cell, ...]:
    return row(
        name,
        utc(source.time),
        coordinates(source.lat, source.lon),
        number(source.depth_km, 0, "km"),
        magnitude(source.magnitude, source.sigma),
        source.by,
    )


def groups(caption: str, first: str, found: Sequence[WarnedGroup]) -> Table:
    """Groups of towns."""
    rows = [
        row(
            each.name,
            str(each.towns),
            people(each.people),
            Cell(str(each.in_time), "good" if each.in_time else "plain"),
            Cell(str(each.late), "bad" if each.late else "plain"),
            str(each.not_asked),
            "–" if each.median_seconds is None else seconds(each.median_seconds, 0),
        )
        for each in found
    ]
    head = (first, "towns", "people", "in time", "late", "not asked to act", "median warning")
    return Table(caption, head, tuple(rows), numeric=(1, 2, 3, 4, 5, 6))


def levels(report: Report) -> Table:
    """Counts of stations by level."""
    rows = []
    for name, users in report.levels.items():
        lead = users.lead_time_median_s
        rows.append(
            row(
                name,
                Cell(str(users.hit), "good" if users.hit else "plain"),
                Cell(str(users.late), "bad" if users.late else "plain"),
                Cell(str(users.miss), "bad" if users.miss else "plain"),
                Cell(str(users.false), "fair" if users.false else "plain"),
                "–" if lead is None else seconds(lead),
            )
        )
    return Table(
        "Stations by level of intensity (MMI)",
        ("level", "in time", "late", "missed", "false", "median warning"),
        tuple(rows),
        numeric=(1, 2, 3, 4, 5),
        note="In time: the level was forecast before the ground at the station reached it. Late: "
        "after. Missed: reached, and not forecast. False: forecast, and the ground stayed more "
        "than half a unit below.",
    )


def stations(report: Report) -> tuple[Block, ...]:
    """Every station, and those that were left out."""
    blocks: list[Block] = []
    if report.stations:
        blocks.append(
            Table(
                "Forecast and observed intensity (MMI) at every station",
                ("station", "distance", "observed", "first forecast", "last forecast",
                 "IV", "V", "VI", "warning"),
                tuple(_station(each) for each in report.stations),
                numeric=(1, 8),
                folded=len(report.stations) > 12,
                note="Warning: from the forecast of the highest level that the ground reached "
                "until it reached it; below zero it came too late.",
            )
        )  # fmt: skip
    if report.left_out:
        blocks.append(
            Table(
                "Stations without a usable record",
                ("station", "reason"),
                tuple(row(code, reason) for code, reason in report.left_out),
                folded=len(report.left_out) > 12,
            )
        )
    return tuple(blocks)


def _station(each: StationRow) -> tuple[Cell, ...]:
    kinds = [Cell(*OUTCOMES[each.outcomes.get(level, "none")]) for level in ("IV", "V", "VI")]
    return row(
        each.station,
        number(each.distance_km, 0, "km"),
        intensity(each.observed),
        intensity(each.first),
        intensity(each.final),
        *kinds,
        "–" if each.lead_s is None else seconds(each.lead_s),
    )


def towns(report: Report) -> tuple[Block, ...]:
    """Every town with felt shaking."""
    rows = tuple(
        row(
            each.name,
            number(each.distance_km, 0, "km"),
            people(each.population),
            intensity(each.mmi),
            seconds(each.s_arrival),
            _warning(each.seconds),
            "–" if each.banner_seconds is None else seconds(each.banner_seconds, 0),
        )
        for each in report.towns
    )
    if not rows:
        return ()
    return (
        Table(
            "Towns with a forecast of MMI 3.5 or more",
            ("town", "distance", "people", "last forecast", "S waves after origin",
             "asked to act before S", "first shown before S"),
            rows,
            numeric=(1, 2, 4, 5, 6),
            folded=len(rows) > 12,
            note="Below zero: the S waves came first. Names and people: GeoNames, CC BY 4.0.",
        ),
    )  # fmt: skip


def _warning(value: float | None) -> Cell:
    if value is None:
        return Cell("not asked")
    return Cell(seconds(value, 0), "good" if value > 0.0 else "bad")


def felt(report: Report) -> Table:
    """Reports by cell."""
    rows = tuple(
        row(each.place, coordinates(each.lat, each.lon), str(each.reports), intensity(each.mmi))
        for each in report.felt
    )
    head = ("middle of the cell", "coordinates", "reports", "median intensity")
    return Table("Felt reports by cell", head, rows, numeric=(2,))
