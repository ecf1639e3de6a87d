"""A document as a tagged PDF (PDF/UA-1), written by typst.

The content is given to typst as data, so text of users is never read as markup. Fonts: those of
matplotlib, which every installation has, and of the system for scripts that those lack. A character
that no font has is not dropped: it stands as its code point, and `unprintable` names the texts.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import msgspec
from msgspec import Struct

from forewave.after.documents.document import Document
from forewave.after.documents.fonts import Fonts, fonts, loaded
from forewave.after.documents.intensity_class import colour_of
from forewave.errors import ForewaveError

STANDARD: Literal["ua-1"] = "ua-1"
WIDE, NARROW = 26, 12  # characters from which a column wraps, and up to which it does not


class Pdf(Struct, frozen=True):
    """content: of the file. unprintable: texts with characters that no font has."""

    content: bytes
    unprintable: tuple[str, ...]


def pdf(document: Document, date: float) -> Pdf:
    """The PDF. date: POSIX seconds, the date of the document. Raises ForewaveError."""
    import typst

    content = msgspec.to_builtins(document)
    used = fonts(_texts(content))
    lost: dict[str, None] = {}
    data = _printable(content, used, lost)
    day = datetime.fromtimestamp(date, UTC)
    data |= {"fonts": list(used.families), "date": [day.year, day.month, day.day]}
    data["top"] = list(_blocks(data["top"]))
    for section in data["sections"]:
        section["blocks"] = list(_blocks(section["blocks"]))
    try:
        printed = typst.compile(
            _template(),
            font_paths=loaded(),
            sys_inputs={"document": msgspec.json.encode(data).decode()},
            pdf_standards=STANDARD,
            timestamp=int(date),
        )
    except typst.TypstError as error:
        raise ForewaveError(f"{document.title}: the PDF cannot be made: {error}") from None
    assert isinstance(printed, bytes)
    return Pdf(printed, tuple(lost))


@cache
def _template() -> bytes:
    return (files("forewave.after.documents") / "document.typ").read_bytes()


def _blocks(blocks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Blocks as the template wants them: figures in pairs, tables with widths, no links."""
    beside: list[dict[str, Any]] = []
    for block in blocks:
        if block["type"] == "figure" and not block["wide"]:
            beside.append(block)
            if len(beside) == 2:
                yield {"type": "pair", "figures": beside}
                beside = []
            continue
        if beside:
            yield {"type": "pair", "figures": beside}
            beside = []
        if block["type"] == "table":
            yield _table(block)
        elif block["type"] != "links":
            yield block
    if beside:
        yield {"type": "pair", "figures": beside}


def _table(table: dict[str, Any]) -> dict[str, Any]:
    """With a width for each column, 0 for as wide as its text, and colours for intensities."""
    columns = range(len(table["head"]))
    longest = [max([len(r[i]["text"]) for r in table["rows"]] or [0]) for i in columns]
    if not any(length > NARROW for length in longest):
        longest[0] = WIDE  # so that the table is as wide as the page
    for cells in table["rows"]:
        for cell in cells:
            cell["mmi"] = None if cell["mmi"] is None else list(colour_of(cell["mmi"]))
    widths = [0 if n <= NARROW else min(3.0, max(1.0, n / WIDE)) for n in longest]
    return {**table, "widths": widths}


PICTURES = ("light", "dark")  # of a figure, as SVG


def _texts(value: Any) -> Iterator[str]:
    """All texts of a document, without pictures."""
    match value:
        case str():
            yield value
        case list() | tuple():
            for item in value:
                yield from _texts(item)
        case dict():
            for key, item in value.items():
                yield from () if key in PICTURES else _texts(item)


def _printable(value: Any, used: Fonts, lost: dict[str, None]) -> Any:
    """The value with characters that no font has as their code points; pictures as they are."""
    match value:
        case str():
            shown = used.shown(value)
            if shown != value:
                lost[value] = None
            return shown
        case list() | tuple():
            return [_printable(item, used, lost) for item in value]
        case dict():
            return {
                key: item if key in PICTURES else _printable(item, used, lost)
                for key, item in value.items()
            }
    return value
