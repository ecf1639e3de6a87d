"""The documents of a folder: the page of the report, and the PDF of everything."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from forewave.after.documents.document import Block, Document, Links, Section, Table, row
from forewave.after.pages import event, everybody
from forewave.after.pages.numbers import magnitude, number, seconds
from forewave.after.pages.part import Part
from forewave.after.report.report import Report
from forewave.after.versions import Versions

INDEX = "index.html"
DOWNLOADS = (
    ("report.pdf", "Report, PDF", "two pages and an annex, for printing and for mails"),
    ("report.json", "Report, data", "every figure of this page, for programs"),
)


class Documents(Struct, frozen=True):
    """pages: by file name, the report first. pdf: the short parts of all, then the annexes."""

    pages: dict[str, Document]
    pdf: Document


def documents(report: Report, now: Versions, parts: Sequence[Part] = ()) -> Documents:
    """All documents of a folder; each picture is drawn once.

    parts: beside the report; that with the report in other languages is always the last.
    """
    annex, changed = event.annex(report), changes(now)
    last = everybody.part(report, footer(report, now))
    short = [*(section for part in parts for section in part.short), *event.sections(report)]
    more = [section for part in parts for section in part.annex]
    files = tuple((name, name, about) for part in parts for name, about in part.about.items())
    index = Document(
        title=report.title,
        kind="Event report",
        about=report.verdict.sentence,
        top=event.top(report),
        sections=(*short, Section("Files", (Links((*DOWNLOADS, *files)),)), *changed, *annex),
        footer=footer(report, now),
    )
    pages = {INDEX: index} | {part.file: part.page for part in (*parts, last)}
    names = ((INDEX, "Report"), *((part.file, part.name) for part in (*parts, last)))
    linked = {name: replace(page, pages=names, here=name) for name, page in pages.items()}
    return Documents(linked, replace(index, sections=(*short, *changed, *more, *annex)))


def changes(now: Versions) -> list[Section]:
    """What changed since the version before; nothing in a first version."""
    if not now.changes:
        return []
    before = now.all[-2].number
    rows = tuple(row(c.name, c.before or "–", c.now or "–") for c in now.changes)
    blocks: tuple[Block, ...] = (
        Table(
            f"Figures that changed from version {before} to version {now.this.number}",
            ("figure", "before", "now"),
            rows,
        ),
    )
    return [Section("What changed", blocks)]


def figures(report: Report, parts: Sequence[Part] = ()) -> dict[str, str]:
    """The figures that people compare between versions."""
    own = _figures(report)
    return own | {name: text for part in parts for name, text in part.figures.items()}


def _figures(report: Report) -> dict[str, str]:
    source = report.catalogue or report.solution
    first = next((each for each in report.timeline if each.event == report.event), None)
    users = report.levels.get("IV")
    found = {
        "Was the warning right?": report.verdict.grade,
        "Final message": report.final.text,
        "Messages": str(len(report.timeline)),
        "First message after origin": "none" if first is None else seconds(first.after),
    }
    if source is not None:
        found["Magnitude"] = magnitude(source.magnitude)
        found["Epicentre"] = f"{number(source.lat, 3)}, {number(source.lon, 3)}"
        found["Solution by"] = source.by
    if users is not None:
        counts = f"{users.hit} in time, {users.late} late, {users.miss} missed, {users.false} false"
        found["Stations at MMI IV"] = counts
    return found


def footer(report: Report, now: Versions) -> str:
    """What stands at the end of each page."""
    name = report.event or report.id
    return f"Event {name}. Version {now.this.number} of this report. Made by forewave."


def date_of(report: Report) -> float:
    """The date of the document: that of the last message, otherwise of the earthquake."""
    return report.timeline[-1].utc if report.timeline else report.time or 0.0
