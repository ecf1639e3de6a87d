"""A document as one HTML file without scripts and without other files.

The Content-Security-Policy stands in the page itself, so it holds for a file from a mail as well:
nothing is loaded, no script runs, and the only style is the one whose hash is given.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from html import escape
from importlib.resources import files

from forewave.after.documents.document import (
    Block,
    Cell,
    Document,
    Facts,
    Figure,
    Links,
    Listing,
    Notice,
    Paragraph,
    Section,
    Table,
)
from forewave.after.documents.intensity_class import colours, css_class

# Controls, and embedded directions, which could turn the text after them around.
LONG = 18  # characters from which a cell is kept wide on a phone
_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\ufffe\uffff\ud800-\udfff]")


def html(document: Document, forms: str = "'none'") -> str:
    """The page. forms: where its forms may be sent, as in a Content-Security-Policy."""
    sections = "".join(_section(each) for each in document.sections)
    top = f'<div class="top">{_blocks(document.top)}</div>' if document.top else ""
    body = (
        f'<a class="skip" href="#main">To the content</a>\n{_banner(document)}\n'
        f'<main id="main">\n<h1>{_text(document.title)}</h1>\n'
        f"{top}\n{sections}</main>\n{_footer(document)}"
    )
    return page(document, body, forms)


def page(document: Document, body: str, forms: str = "'none'") -> str:
    """A whole file around a body."""
    about = escape(_plain(document.about), quote=True)
    return (
        f'<!doctype html>\n<html lang="{escape(document.language, quote=True)}" '
        f'dir="{document.direction}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy(forms)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f'<meta name="description" content="{about}">\n'
        f"<title>{_text(document.title)} · {_text(document.kind)}</title>\n"
        f"<style>{style()}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def policy(forms: str = "'none'") -> str:
    """The Content-Security-Policy of a page."""
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; "
        f"form-action {forms}"
    )


@cache
def style() -> str:
    """The style sheet, with the colours of the intensity classes."""
    text = (files("forewave.after.documents") / "page.css").read_text("utf-8")
    return f"\n{text}{colours()}"


def _banner(document: Document) -> str:
    current = ' aria-current="page"'
    links = "".join(
        f'<li><a href="{escape(address, quote=True)}"'
        f"{current if address == document.here else ''}>{_text(name)}</a></li>"
        for address, name in document.pages
    )
    pages = f'<nav aria-label="Pages"><ul>{links}</ul></nav>' if links else ""
    return f'<header><p class="kind">{_text(document.kind)}</p>{pages}</header>'


def _footer(document: Document) -> str:
    return f"<footer><p>{_text(document.footer)}</p></footer>" if document.footer else ""


def _section(section: Section) -> str:
    name = anchor(section)
    spoken = ""
    if section.language:
        spoken = f' lang="{escape(section.language)}" dir="{escape(section.direction)}"'
    return (
        f'<section aria-labelledby="{name}"{spoken}><h2 id="{name}">{_text(section.title)}</h2>'
        f"{_blocks(section.blocks)}</section>\n"
    )


def anchor(section: Section) -> str:
    """The id of its heading: by its language, if it has one of its own, otherwise by its title."""
    name = section.language or section.title
    return "s-" + (re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "section")


def _blocks(blocks: Iterable[Block]) -> str:
    """Blocks in a row; figures that are not wide stand two side by side."""
    parts: list[str] = []
    beside: list[str] = []
    for block in blocks:
        if isinstance(block, Figure) and not block.wide:
            beside.append(_figure(block))
            continue
        parts += _pair(beside)
        beside = []
        parts.append(_block(block))
    return "\n".join([*parts, *_pair(beside)])


def _pair(beside: list[str]) -> list[str]:
    return ['<div class="pair">' + "".join(beside) + "</div>"] if beside else []


def _block(block: Block) -> str:
    match block:
        case Table():
            return _table(block)
        case Figure():
            return _figure(block)
        case Paragraph():
            return f"<p{' class=lead' if block.lead else ''}>{_text(block.text)}</p>"
        case Listing():
            title = f"<h3>{_text(block.title)}</h3>" if block.title else ""
            items = "".join(f"<li>{_text(item)}</li>" for item in block.items)
            return f'<div class="list {block.tone}">{title}<ul>{items}</ul></div>'
        case Facts():
            pairs = "".join(
                f"<div><dt>{_text(name)}</dt><dd>{_text(value)}</dd></div>"
                for name, value in block.pairs
            )
            return f'<dl class="facts">{pairs}</dl>'
        case Notice():
            return (
                f'<div class="notice {block.tone}"><p class="mark">{_text(block.title)}</p>'
                f"<p>{_text(block.text)}</p></div>"
            )
        case Links():
            return _links(block)


def _table(table: Table) -> str:
    numeric = set(table.numeric)
    head = "".join(
        f'<th scope="col"{_aligned(i, numeric)}>{_text(name)}</th>'
        for i, name in enumerate(table.head)
    )
    rows = "".join(_row(cells, numeric) for cells in table.rows)
    name = escape(_plain(table.caption), quote=True)
    note = f'<p class="note">{_text(table.note)}</p>' if table.note else ""
    whole = (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{name}"><table>'
        f"<caption><span>{_text(table.caption)}</span></caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>{note}"
    )
    if not table.folded:
        return whole
    summary = f"{_text(table.caption)} ({len(table.rows)})"
    return f"<details><summary>{summary}</summary>{whole}</details>"


def _row(cells: tuple[Cell, ...], numeric: set[int]) -> str:
    first = f'<th scope="row"{_aligned(0, numeric)}>{_cell(cells[0])}</th>'
    rest = "".join(
        f"<td{_aligned(i, numeric)}>{_cell(cell)}</td>" for i, cell in enumerate(cells[1:], 1)
    )
    return f"<tr>{first}{rest}</tr>\n"


def _aligned(column: int, numeric: set[int]) -> str:
    return ' class="number"' if column in numeric else ""


def _cell(cell: Cell) -> str:
    text = _text(cell.text)
    if cell.href is not None:
        text = f'<a href="{escape(cell.href, quote=True)}">{text}</a>'
    if cell.mmi is not None:
        return f'<span class="mmi {css_class(cell.mmi)}">{text}</span>'
    if len(cell.text) > LONG:
        text = f'<span class="long">{text}</span>'
    return text if cell.tone == "plain" else f'<span class="{cell.tone}">{text}</span>'


def _figure(figure: Figure) -> str:
    alt = escape(_plain(figure.alt), quote=True)
    kind = ' class="wide"' if figure.wide else ""
    return (
        f"<figure{kind}><figcaption><h3>{_text(figure.title)}</h3></figcaption><picture>"
        f'<source media="(prefers-color-scheme: dark)" srcset="{_uri(figure.dark)}">'
        f'<img src="{_uri(figure.light)}" alt="{alt}"></picture>'
        f"<p>{_text(figure.alt)}</p></figure>"
    )


def _uri(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _links(links: Links) -> str:
    items = "".join(
        f'<li><a href="{escape(address, quote=True)}">{_text(name)}</a> '
        f"<span>{_text(about)}</span></li>"
        for address, name, about in links.items
    )
    return f'<ul class="links">{items}</ul>'


def _text(text: str) -> str:
    return escape(_plain(text), quote=False)


def _plain(text: str) -> str:
    """Without characters that no HTML document may have; each is shown as a replacement."""
    return _UNSHOWN.sub("\ufffd", text)
