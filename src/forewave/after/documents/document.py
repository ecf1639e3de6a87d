"""The description of a document, from which HTML and PDF are written.

All text is plain: it is escaped by whatever writes it. A figure always has its text, and what it
shows stands in a table too.
"""

from typing import Literal, TypeAlias

from msgspec import Struct

Tone = Literal["plain", "good", "fair", "bad"]


class Cell(Struct, frozen=True, tag="cell"):
    """A table cell. mmi: shown as the colour of its class. href: address of a page or file."""

    text: str
    tone: Tone = "plain"
    mmi: float | None = None
    href: str | None = None


class Table(Struct, frozen=True, tag="table"):
    """A table; the first cell of a row is its header. numeric: columns aligned as numbers.

    folded: long, and folded at first where the medium can. note: stands below it.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric: tuple[int, ...] = ()
    folded: bool = False
    note: str = ""


class Figure(Struct, frozen=True, tag="figure"):
    """A picture as SVG, for a light and for a dark page. alt: all that it shows, in words.

    wide: takes the whole width; otherwise two stand side by side where there is room.
    """

    title: str
    alt: str
    light: str
    dark: str
    wide: bool = False


class Paragraph(Struct, frozen=True, tag="paragraph"):
    """Text. lead: larger, at the begin of a document."""

    text: str
    lead: bool = False


class Listing(Struct, frozen=True, tag="list"):
    """A list with a title ("" for none)."""

    items: tuple[str, ...]
    title: str = ""
    tone: Tone = "plain"


class Facts(Struct, frozen=True, tag="facts"):
    """Names and values, shown large."""

    pairs: tuple[tuple[str, str], ...]


class Notice(Struct, frozen=True, tag="notice"):
    """What a reader must not miss. title: names its kind, since colour alone does not."""

    title: str
    text: str
    tone: Tone = "plain"


class Links(Struct, frozen=True, tag="links"):
    """Files and pages beside this one: address, name, what is in it. Not in the PDF."""

    items: tuple[tuple[str, str, str], ...]


Block: TypeAlias = Table | Figure | Paragraph | Listing | Facts | Notice | Links


class Section(Struct, frozen=True, tag="section"):
    """A part with a heading. annex: long tables, which stand after all other parts.

    language, direction: of this part, where they are not those of the document.
    """

    title: str
    blocks: tuple[Block, ...]
    annex: bool = False
    language: str = ""
    direction: str = ""


class Document(Struct, frozen=True):
    """A document. kind: such as "Event report". about: one sentence, for lists of files.

    language: BCP 47. pages: address and name of every page of the set. here: address of this one.
    """

    title: str
    kind: str
    about: str
    top: tuple[Block, ...]
    sections: tuple[Section, ...]
    language: str = "en"
    direction: Literal["ltr", "rtl"] = "ltr"
    pages: tuple[tuple[str, str], ...] = ()
    here: str = ""
    footer: str = ""


def row(*cells: "str | Cell") -> tuple[Cell, ...]:
    """A row of a table; strings are plain cells."""
    return tuple(each if isinstance(each, Cell) else Cell(each) for each in cells)
