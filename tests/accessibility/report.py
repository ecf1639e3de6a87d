"""One page with every check, every picture and every figure, which keeps to the checks itself."""

import json
from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from tests.accessibility.checks import KINDS
from tests.accessibility.results import Result
from tests.accessibility.states import BY_NAME

WORDS = {"passed": "passes", "failed": "FAILS", "skipped": "skipped", "not run": "not run"}
SHAPES = {"passed": "✓", "failed": "✗", "skipped": "–", "not run": "–", "people": "☺"}
ENGINES = {"chromium": "Chromium", "firefox": "Firefox", "webkit": "WebKit"}
SCREENS = {"phone": "Phone", "tv": "TV"}
HOW = {"": "", "forced-colours": "forced colours"}

STYLE = """
:root { color-scheme: light dark; --line: #6b7682; --ground: #ffffff; --text: #101418;
  --good: #0f5c3a; --bad: #8f1220; --link: #0b4f8a }
@media (prefers-color-scheme: dark) { :root { --ground: #101418; --text: #ffffff; --line: #8a97a3;
  --good: #9be7b4; --bad: #ffb3b8; --link: #8fd3ff } }
body { margin: 0 auto; padding: 1rem; max-width: 76rem; background: var(--ground);
  color: var(--text); font: 1rem/1.5 system-ui, sans-serif }
a { color: var(--link); display: inline-block; min-height: 1.5rem }
table { border-collapse: collapse; width: 100% } caption { text-align: left; font-weight: 700 }
th, td { border-bottom: 1px solid var(--line); padding: .4rem .6rem; text-align: left;
  vertical-align: top }
[data-outcome] { white-space: nowrap; font-weight: 700 }
[data-outcome=passed] { color: var(--good) } [data-outcome=failed] { color: var(--bad) }
.scroll { overflow-x: auto } .scroll:focus { outline: 3px solid var(--link) }
.pictures { display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-end }
figure { margin: 0; max-width: 100% } figure img { max-width: 100%; border: 1px solid var(--line) }
figure[data-screen=phone] { width: 180px } figure[data-screen=tv] { width: 480px }
.swatch { display: inline-block; width: 3rem; height: 1.5rem; border: 1px solid var(--line) }
"""


def write(folder: Path, results: Sequence[Result]) -> None:
    """index.html, from the results and from what tests have left in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = [_summary(results), _checks(results), _defects(folder), _colours(folder)]
    parts += [_figures(results), _pictures(folder)]
    body = "\n".join(part for part in parts if part)
    page = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Accessibility of forewave</title><style>{STYLE}</style></head>\n"
        f"<body><main>\n<h1>Accessibility of forewave</h1>\n{body}\n</main></body></html>\n"
    )
    (folder / "index.html").write_text(page, "utf-8")


def _summary(results: Sequence[Result]) -> str:
    automatic = [one for one in results if one.check.kind != "H"]
    passed = sum(one.outcome == "passed" for one in automatic)
    people = len(results) - len(automatic)
    rest = ", ".join(
        f"{one.check.id} {WORDS[one.outcome]}" for one in automatic if one.outcome != "passed"
    )
    left = f" The others: {rest}." if rest else ""
    return (
        f"<p>{passed} of {len(automatic)} automatic checks pass.{left} {people} need people:"
        " docs/reference/accessibility.md has how they are done.</p>"
        '<nav aria-label="On this page"><ul>'
        + "".join(f'<li><a href="#{name}">{title}</a></li>' for name, title in (
            ("checks", "Checks"), ("defects", "Planted defects"), ("colours", "Colour vision"),
            ("figures", "Figures"), ("pictures", "Pictures")))
        + "</ul></nav>"
    )  # fmt: skip


def _checks(results: Iterable[Result]) -> str:
    rows = [
        [
            f'<th scope="row">{one.check.id}</th>',
            f"<td>{escape(one.check.sentence)}{_lacks(one)}{_failed(one)}</td>",
            f"<td>{KINDS[one.check.kind]}</td>",
            _outcome("people" if one.check.kind == "H" else one.outcome),
            f"<td>{one.count or ''}</td>",
        ]
        for one in results
    ]
    return _section("checks", "Checks") + _table(
        "Each check, and the number of its cases that passed",
        ["Check", "What is true", "Kind", "Result", "Cases"],
        rows,
    )


def _lacks(one: Result) -> str:
    return f"<br>Not yet: {escape(one.check.lacks)}" if one.check.lacks else ""


def _failed(one: Result) -> str:
    items = "".join(f"<li>{escape(name)}</li>" for name in one.failed)
    return f"<ul>{items}</ul>" if items else ""


def _outcome(outcome: str) -> str:
    word = "for people" if outcome == "people" else WORDS[outcome]
    shape = f'<span aria-hidden="true">{SHAPES[outcome]}</span>'
    return f'<td data-outcome="{outcome}">{shape} {word}</td>'


def _defects(folder: Path) -> str:
    found = _read(folder / "defects.json")
    if not found:
        return ""
    rows = [
        [
            f'<th scope="row">{escape(row["defect"])}</th>',
            f"<td>{row['check']}</td>",
            _outcome("passed" if row["found"] else "failed"),
            f"<td>{escape(', '.join(row['axe'])) or 'nothing'}</td>",
        ]
        for row in found
    ]
    return _section("defects", "Planted defects") + _table(
        "Faults planted in the page of a countdown, and what finds them",
        ["Defect", "Check", "Found by it", "Found by axe-core"],
        rows,
    )


def _colours(folder: Path) -> str:
    found = _read(folder / "colours.json")
    if not found:
        return ""
    visions = [name for name in found[0] if name not in ("class", "colour", "text", "contrast")]
    rows = [
        [
            f'<th scope="row">{escape(str(row["class"]))}</th>',
            f'<td><svg class="swatch" aria-hidden="true"><rect width="100%" height="100%" '
            f'fill="{row["colour"]}"/></svg> {row["colour"]}</td>',
            f"<td>{row['contrast']:.1f}:1</td>",
            *(
                f"<td>{'' if row[name] is None else format(row[name], '.1f')}</td>"
                for name in visions
            ),
        ]
        for row in found
    ]
    return _section("colours", "Colour vision") + _table(
        "Classes of intensity: contrast of the text on them, and how far each is from its neighbour"
        " (CIEDE2000, to be 9 or more; colour vision by Machado et al. 2009)",
        ["Class", "Colour", "Text", *visions],
        rows,
    )


def _figures(results: Iterable[Result]) -> str:
    named = [(one.check.id, *figure) for one in results for figure in one.figures]
    if not named:
        return ""
    rows = [
        [
            f'<th scope="row">{check}</th>',
            f"<td>{escape(name)}</td>",
            f"<td>{escape(str(value))}</td>",
        ]
        for check, name, value in dict.fromkeys(named)
    ]
    return _section("figures", "Figures") + _table(
        "What tests have measured on the machine that ran them", ["Check", "Of what", "Value"], rows
    )


def _pictures(folder: Path) -> str:
    shown = [_read(file) | {"file": f"pictures/{file.stem}.webp"}
             for file in sorted((folder / "pictures").glob("*.json"))]  # fmt: skip
    order = list(BY_NAME)
    shown.sort(key=lambda one: (order.index(one["state"]), list(SCREENS).index(one["screen"]),
                                list(ENGINES).index(one["engine"]), one["how"]))  # fmt: skip
    parts = [_section("pictures", "Pictures")] if shown else []
    for state, ones in groupby(shown, key=lambda one: one["state"]):
        title = BY_NAME[state].sentence
        parts.append(f"<h3>{escape(title[0].upper() + title[1:])}</h3>")
        parts.append(f'<div class="pictures">{"".join(map(_figure, ones))}</div>')
    return "\n".join(parts)


def _figure(one: dict[str, Any]) -> str:
    how = HOW.get(one["how"], one["how"])
    name = ", ".join(filter(None, [SCREENS[one["screen"]], ENGINES[one["engine"]], how]))
    seen = " / ".join(line.strip() for line in one["seen"].splitlines() if line.strip())
    return (
        f'<figure data-screen="{one["screen"]}"><img loading="lazy" src="{one["file"]}" '
        f'alt="{escape(f"{name}: {seen}"[:600])}"><figcaption>{escape(name)}</figcaption></figure>'
    )


def _section(name: str, title: str) -> str:
    return f'<h2 id="{name}">{title}</h2>\n'


def _table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    body = "\n".join(f"<tr>{''.join(row)}</tr>" for row in rows)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}"><table>'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>\n"
        f"<tbody>{body}</tbody></table></div>"
    )


def _read(file: Path) -> Any:
    return json.loads(file.read_text("utf-8")) if file.is_file() else []
