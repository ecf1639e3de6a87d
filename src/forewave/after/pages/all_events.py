"""The page of all reports of a folder: every event, right and wrong."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from forewave.after.documents.document import Cell, Document, Facts, Paragraph, Section, Table, row
from forewave.after.pages.event import TONES
from forewave.after.pages.numbers import UNKNOWN, magnitude
from forewave.after.report.final_message import utc
from forewave.after.report.report import Grade, Report
from forewave.formats import bounded

JSON = "report.json"
MOST_BYTES = 50_000_000
WORDS: dict[Grade, str] = {
    "right": "right",
    "partly": "right in part",
    "wrong": "wrong",
    "unknown": "not known yet",
}


def read(folder: Path) -> list[tuple[str, Report]]:
    """The reports in the folders of a folder with their names; what cannot be read is left out."""
    found = []
    for file in sorted(folder.glob(f"*/{JSON}")):
        try:
            content = bounded.read(file, MOST_BYTES)
            found.append((file.parent.name, msgspec.json.decode(content, type=Report)))
        except (OSError, ValueError):
            continue
    return found


def page(found: Sequence[tuple[str, Report]]) -> Document:
    """The page, the newest event first."""
    newest = sorted(found, key=lambda each: -(each[1].time or 0.0))
    grades = [report.verdict.grade for _, report in found]
    counts = tuple((WORDS[grade].capitalize(), str(grades.count(grade))) for grade in WORDS)
    table = Table(
        "All events with an alert, the newest first",
        ("event", "origin time", "magnitude", "was the warning right?", "in a sentence"),
        tuple(_row(name, report) for name, report in newest),
        numeric=(2,),
    )
    what = "Every event for which an alert was issued, the wrong ones as well as the right ones."
    return Document(
        title="Were the warnings right?",
        kind="Event reports",
        about=what,
        top=(Paragraph(what, lead=True), Facts(counts)),
        sections=(Section("Events", (table,)),),
        footer="Made by forewave.",
    )


def _row(name: str, report: Report) -> tuple[Cell, ...]:
    source = report.catalogue or report.solution
    verdict = report.verdict
    return row(
        Cell(report.title, href=f"{name}/index.html"),
        UNKNOWN if report.time is None else utc(report.time),
        magnitude(None if source is None else source.magnitude),
        Cell(WORDS[verdict.grade], TONES[verdict.grade]),
        verdict.sentence,
    )
