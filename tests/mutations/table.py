"""The table of defects: one TOML file per room, one section per source file.

    ["src/forewave/alerts/issuer.py"]
    tests = ["tests/alerts/test_issuer.py"]   # nearest first; all in web/tests for the pages
    defects = [
      ["cancel-expiry", 'old text', 'new text'],
      ["same-result", 'old text', 'new text', "why no test can tell the difference"],
    ]

The old text occurs exactly once in the file. A fourth column marks a defect that changes no
result: it is not planted, and the column says why.
"""

import tomllib
from pathlib import Path

from msgspec import Struct

ROOT = Path(__file__).parents[2]
ROOMS = Path(__file__).parent / "rooms"


class TableError(Exception):
    """An entry that cannot be planted; the message names it."""


class Defect(Struct, frozen=True):
    """One planted change. id: unique in its room. equivalent: why no test can notice, or None."""

    room: str
    id: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    equivalent: str | None = None

    @property
    def name(self) -> str:
        """Unique in the whole table."""
        return f"{self.room}/{self.id}"


def rooms() -> list[str]:
    """The rooms that have a table."""
    return sorted(file.stem for file in ROOMS.glob("*.toml"))


def defects(room: str) -> list[Defect]:
    """The entries of a room, in the order of its file."""
    sections = tomllib.loads((ROOMS / f"{room}.toml").read_text("utf-8"))
    return [
        Defect(room, row[0], file, row[1], row[2], tuple(section["tests"]), *row[3:])
        for file, section in sections.items()
        for row in section["defects"]
    ]


def planted(defect: Defect, root: Path) -> str:
    """The file's text with the defect. TableError unless the old text occurs exactly once."""
    text = (root / defect.file).read_text("utf-8")
    count = text.count(defect.old)
    if count != 1:
        raise TableError(f"{defect.name}: {defect.old!r} occurs {count} times in {defect.file}")
    if defect.old == defect.new:
        raise TableError(f"{defect.name}: changes nothing")
    return text.replace(defect.old, defect.new)
