"""HTML elements of the report. Text from data is escaped."""

from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files


def page(title: str, body: str, home: str | None = None) -> str:
    """A complete document without external files. home: address of the index."""
    style = (files("forewave.evaluate.report") / "report.css").read_text("utf-8")
    back = f'<nav><a href="{escape(home)}">All recordings</a></nav>' if home else ""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        f'<a class="skip" href="#main">To the content</a>\n{back}\n'
        f'<main id="main">\n{body}\n</main>\n</body>\n</html>\n'
    )


def table(
    caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], sorts: bool = False
) -> str:
    """A table of HTML cells, scrollable; the first cell of each row is its header.

    sorts: sortable by column, on pages that include `sorting`.
    """
    kind = ' class="sorts"' if sorts else ""
    top = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    body = "".join(_row(cells) for cells in rows)
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(caption)}">'
        f"<table{kind}><caption><span>{escape(caption)}</span></caption><thead><tr>{top}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def _row(cells: Sequence[str]) -> str:
    rest = "".join(f"<td>{cell}</td>" for cell in cells[1:])
    return f'<tr><th scope="row">{cells[0]}</th>{rest}</tr>\n'


def figure(title: str, uri: str, words: str, details: str = "") -> str:
    """A figure with its caption, which is also the alternative text, and a folded table."""
    return (
        f'<section class="figure"><h2>{escape(title)}</h2>'
        f'<figure><div class="scroll" role="region" tabindex="0" aria-label="{escape(title)}">'
        f'<img src="{uri}" alt="{escape(words, quote=True)}"></div>'
        f"<figcaption>{escape(words)}</figcaption></figure>{details}</section>\n"
    )


def folded(summary: str, content: str) -> str:
    """Content that is folded at first."""
    return f"<details><summary>{escape(summary)}</summary>{content}</details>"


def tiles(pairs: Iterable[tuple[str, str]]) -> str:
    """Large name and value pairs."""
    inner = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in pairs
    )
    return f'<dl class="tiles">{inner}</dl>\n'


def sorting() -> str:
    """The script for sortable tables; for the end of a page."""
    return f"<script>{(files('forewave.evaluate.report') / 'sort.js').read_text('utf-8')}</script>"


def card(title: str, content: str) -> str:
    """A section with a title."""
    return f'<section class="card"><h2>{escape(title)}</h2>{content}</section>\n'


def note(text: str) -> str:
    """Long text in a table cell, which wraps."""
    return f'<span class="note">{escape(text)}</span>'


def link(address: str, text: str) -> str:
    """A link to a page in the same folder."""
    return f'<a href="{escape(address, quote=True)}">{escape(text)}</a>'
