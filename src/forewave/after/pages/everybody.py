"""What everybody should know of an earthquake afterwards, in all languages of the pages."""

import tomllib
from functools import cache
from importlib.resources import files

from msgspec import Struct

from forewave.after.documents.document import Block, Document, Links, Listing, Paragraph, Section
from forewave.after.pages.part import Part
from forewave.after.report.final_message import utc
from forewave.after.report.report import Ending, Report
from forewave.after.report.verdict import LEVEL

FIRST, FILE = "en", "everybody.html"
ENDINGS: dict[Ending, str] = {
    "true": "true",
    "none": "none",
    "missed": "missed",
    "quiet": "quiet",
}
DIGITS = "0123456789"
# Unicode isolates: within a text from right to left a place keeps its own direction, and a time
# that of numbers.
PLACE, TIME, END = "\u2068", "\u2066", "\u2069"


class Language(Struct, frozen=True):
    """A language: its code (BCP 47), its name in itself, and its texts by key."""

    code: str
    name: str
    direction: str
    texts: dict[str, str]

    def text(self, key: str, **slots: str | int) -> str:
        """A text with its slots filled; numbers with the digits of the language."""
        return self.texts[key].format(
            **{name: self.number(str(value)) for name, value in slots.items()}
        )

    def number(self, text: str) -> str:
        """Digits, and the point of a decimal fraction, as the language writes them."""
        digits = str.maketrans(DIGITS, self.texts["digits"])
        return text.replace(".", self.texts["decimal"]).translate(digits)


@cache
def languages() -> tuple[Language, ...]:
    """All languages: English first, then by code."""
    found = []
    for file in files("forewave.after.words").iterdir():
        if file.name.endswith(".toml"):
            texts: dict[str, str] = tomllib.loads(file.read_text("utf-8"))
            code = file.name.removesuffix(".toml")
            found.append(Language(code, texts["name"], texts["direction"], texts))
    return tuple(sorted(found, key=lambda each: (each.code != FIRST, each.code)))


def part(report: Report, footer: str) -> Part:
    """The page as a part of the account."""
    return Part("In all languages", FILE, page(report, footer))


def page(report: Report, footer: str) -> Document:
    """The page: a part for each language, with links to all of them at the top."""
    known = languages()
    links = Links(tuple((f"#s-{each.code.lower()}", each.name, "") for each in known))
    parts = tuple(
        Section(
            f"{each.name}: {each.text('title')}",
            blocks(report, each),
            language=each.code,
            direction=each.direction,
        )
        for each in known
    )
    return Document(
        title=report.title,
        kind="Event report",
        about=report.final.text,
        top=(links,),
        sections=parts,
        footer=footer,
    )


def blocks(report: Report, language: Language) -> tuple[Block, ...]:
    """What happened and whether the warning was right, in a language."""
    said = [Paragraph(" ".join(_message(report, language)), lead=True)]
    answer = f"{language.text('question')} {language.text(report.verdict.grade)}"
    counts = _counts(report, language)
    return (*said, Listing(counts, answer)) if counts else (*said, Paragraph(answer))


def _message(report: Report, language: Language) -> list[str]:
    """The final message, sentence by sentence."""
    parts = [language.text("simulated")] if report.simulated else []
    source, ending = report.catalogue or report.solution, report.final.ending
    if ending not in ("none", "quiet") and source is not None:
        if source.magnitude is not None:
            parts.append(language.text("quake", magnitude=f"{source.magnitude:.1f}"))
        when = language.number(utc(source.time)[:-4])
        parts.append(f"{PLACE}{source.place}{END}.")
        parts.append(language.texts["time"].format(time=f"{TIME}{when}{END}"))
    if ending == "corrected":
        smaller = source is not None and _first(report) > (source.magnitude or 0.0)
        return [*parts, language.text("smaller" if smaller else "larger")]
    return [*parts, language.text(ENDINGS[ending])]


def _first(report: Report) -> float:
    """The magnitude of the first message."""
    return next((r.magnitude for r in report.timeline if r.event == report.event), 0.0)


def _counts(report: Report, language: Language) -> tuple[str, ...]:
    users = report.levels.get(LEVEL)
    if users is None:
        return ()
    reached = users.hit + users.late + users.miss
    parts = []
    if reached:
        kinds = {"reached": reached, "hit": users.hit, "late": users.late, "miss": users.miss}
        parts.append(language.text("counts", **kinds))
    if users.false:
        parts.append(language.text("false", false=users.false))
    return tuple(parts)
