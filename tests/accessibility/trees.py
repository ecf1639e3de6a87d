"""The accessibility tree of each state, as a screen reader finds it, with the names of the texts.

The recorded ones are in trees/: one file a screen. After an intended change:
    FOREWAVE_WRITE_TREES=1 python -m pytest tests/browser/test_states.py -k recorded
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path

FOLDER = Path(__file__).parent / "trees"
WRITES = bool(os.environ.get("FOREWAVE_WRITE_TREES"))
LONGEST_FIRST = 3
"""Texts shorter than this are too common to be told from parts of others."""


def keyed(tree: str, texts: Mapping[str, str]) -> str:
    """The tree with {name} for each text of the page, and # for numbers.

    Whether there is a voice depends on the machine until the bundled clips have been fetched.
    """
    keyed = "\n".join(_line(line, _patterns(texts)) for line in tree.splitlines())
    return keyed.replace("{channel.speech} {missing.voice}", "{channel.speech} {works}")


def _patterns(texts: Mapping[str, str]) -> list[tuple[re.Pattern[str], str]]:
    """Longest first, so that a text that contains another is found before it."""
    found = []
    for key, text in sorted(texts.items(), key=lambda item: (-len(item[1]), item[0])):
        flat = " ".join(text.split())
        if len(flat) < LONGEST_FIRST:
            continue
        parts = (re.escape(part) for part in re.split(r"\{\w+\}", flat))
        found.append(
            (
                re.compile(r"(?<![\w{])" + r"[^\s\"].{0,79}?".join(parts) + r"(?![\w}])"),
                f"{{{key}}}",
            )
        )
    return found


def _line(line: str, patterns: list[tuple[re.Pattern[str], str]]) -> str:
    begin = re.match(r"\s*- (?:/\w+|\w+)", line)
    head, rest = (begin[0], line[begin.end() :]) if begin else ("", line)
    pieces = [rest]
    for pattern, name in patterns:
        pieces = [part for piece in pieces for part in _split(piece, pattern, name)]
    return head + "".join(map(_without_numbers, pieces))


def _without_numbers(piece: str) -> str:
    return piece if piece.startswith("{") else re.sub(r"(?<!level=)\d+", "#", piece)


def _split(piece: str, pattern: re.Pattern[str], name: str) -> list[str]:
    """What a pattern leaves of a piece, with the name between."""
    if piece.startswith("{"):
        return [piece]
    parts = pattern.split(piece)
    return [
        one
        for pair in zip(parts, [*[name] * (len(parts) - 1), ""], strict=True)
        for one in pair
        if one
    ]


def recorded(screen: str) -> dict[str, str]:
    """State -> tree."""
    file = FOLDER / f"{screen}.txt"
    if not file.is_file():
        return {}
    parts = re.split(r"^== (\w+)\n", file.read_text("utf-8"), flags=re.M)[1:]
    return {state: tree.strip("\n") for state, tree in zip(parts[::2], parts[1::2], strict=True)}


def record(screen: str, trees: Mapping[str, str]) -> None:
    """Keep these from now on."""
    FOLDER.mkdir(exist_ok=True)
    text = "\n".join(f"== {state}\n{tree}\n" for state, tree in trees.items())
    (FOLDER / f"{screen}.txt").write_text(text, "utf-8")
