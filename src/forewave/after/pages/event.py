"""The event report as blocks and sections of a document: the short part and the annex."""

from forewave.after.documents.document import (
    Block,
    Facts,
    Figure,
    Listing,
    Notice,
    Paragraph,
    Section,
    Table,
    Tone,
    row,
)
from forewave.after.figures.charts import intensities, magnitudes, warning_times
from forewave.after.figures.station_map import station_map
from forewave.after.pages import event_tables as tables
from forewave.after.pages.numbers import coordinates, magnitude, seconds
from forewave.after.report.final_message import utc
from forewave.after.report.report import Grade, Report

TONES: dict[Grade, Tone] = {"right": "good", "partly": "fair", "wrong": "bad", "unknown": "plain"}
MARKS: dict[Grade, str] = {
    "right": "Was the warning right? Yes.",
    "partly": "Was the warning right? In part.",
    "wrong": "Was the warning right? No.",
    "unknown": "Was the warning right? Not known yet.",
}
REPLAYED = "Nothing of this was sent"
SIMULATED = "Simulated earthquake"
IT_DID_NOT = "This earthquake did not happen. Everything on this page is an example."


def top(report: Report) -> tuple[Block, ...]:
    """What everybody reads: the verdict and the figures."""
    verdict = report.verdict
    blocks: list[Block] = [
        *([Notice(SIMULATED, IT_DID_NOT, "fair")] if report.simulated else []),
        Notice(MARKS[verdict.grade], verdict.sentence, TONES[verdict.grade]),
        facts(report),
    ]
    if report.replayed:
        blocks.append(Notice(REPLAYED, " ".join(report.notes)))
    return tuple(blocks)


def facts(report: Report) -> Facts:
    """Origin, magnitude and first message."""
    source = report.catalogue or report.solution
    pairs: list[tuple[str, str]] = []
    if source is not None:
        by = "catalogue" if report.catalogue is not None else "forewave"
        pairs += [
            ("Origin time", utc(source.time)),
            (f"Magnitude, {by}", magnitude(source.magnitude)),
            ("Epicentre", coordinates(source.lat, source.lon)),
        ]
    mine = [each for each in report.timeline if each.event == report.event]
    if report.event and mine:
        pairs.append(("First message after origin", seconds(mine[0].after)))
        pairs.append(
            (
                "Magnitude, first and last message",
                f"{mine[0].magnitude:.1f}, {mine[-1].magnitude:.1f}",
            )
        )
    if report.stations:
        pairs.append(("Stations with a usable record", str(len(report.stations))))
    return Facts(tuple(pairs))


def sections(report: Report) -> list[Section]:
    """The short part."""
    found = [
        Section("Right and wrong", _right_and_wrong(report)),
        Section("Final message", (Paragraph(report.final.text, lead=True),)),
        _warned(report),
        _observed(report),
    ]
    if report.felt:
        found.append(Section("What people felt", (tables.felt(report),)))
    if not report.replayed and report.notes:
        found.append(Section("About these data", tuple(Paragraph(note) for note in report.notes)))
    return [section for section in found if section.blocks]


def annex(report: Report) -> list[Section]:
    """The long tables."""
    messages: tuple[Block, ...] = _present(magnitudes(report)) + tables.timeline(report)
    found = [
        Section("Every message", messages, annex=True),
        Section("Where the time went", tables.budget(report) + tables.stages(report), annex=True),
        Section("Solutions compared", tables.solutions(report), annex=True),
        Section("All stations", tables.stations(report), annex=True),
        Section("All towns", tables.towns(report), annex=True),
    ]
    return [section for section in found if section.blocks]


def _present(*figures: Figure | None) -> tuple[Block, ...]:
    return tuple(figure for figure in figures if figure is not None)


def _right_and_wrong(report: Report) -> tuple[Block, ...]:
    verdict, parts = report.verdict, []
    if verdict.right:
        parts.append(Listing(verdict.right, "What was right", "good"))
    if verdict.wrong:
        parts.append(Listing(verdict.wrong, "What was wrong", "bad"))
    return tuple(parts)


def _warned(report: Report) -> Section:
    """Who could have been warned, and how early."""
    blocks: list[Block] = []
    if report.by_distance:
        blocks += [
            Paragraph(
                "A town counts as asked to act when a message forecast MMI V or more there, and as "
                "in time when that was before the S waves, which bring strong shaking. Delivery to "
                "devices is not included."
            ),
            tables.groups("Towns by distance from the epicentre", "distance", report.by_distance),
            tables.groups("Towns by forecast intensity", "MMI", report.by_intensity),
            *_present(warning_times(report)),
        ]
    return Section("Who could be warned, and how early", tuple(blocks))


def _observed(report: Report) -> Section:
    blocks: list[Block] = [*_present(station_map(report), intensities(report))]
    if report.stations:
        blocks.append(tables.levels(report))
    return Section("Forecast and observed shaking", tuple(blocks))


def outcome_words() -> Table:
    """What hit, late, missed and false mean."""
    return Table(
        "Words of the tables",
        ("word", "meaning"),
        (
            row("in time", "the level was forecast before the ground reached it"),
            row("late", "forecast after the ground had reached it"),
            row("missed", "reached, and not forecast"),
            row("false", "forecast, and the ground stayed more than half a unit below"),
        ),
    )
