"""The fonts of the PDF, and which characters they have.

First DejaVu Sans, which comes with matplotlib, so that the same document gives the same file on
every computer. For characters that it lacks, fonts of the system are searched.
"""

import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct

MAIN = "DejaVu Sans"
# Preferred for scripts that DejaVu Sans lacks; then all others by name.
PREFERRED = (
    *("Noto Sans CJK SC", "Noto Sans CJK TC", "Noto Sans CJK JP", "Noto Sans CJK KR"),
    *("Noto Sans Devanagari", "Noto Sans Thai", "Noto Sans Bengali", "Noto Sans Tamil"),
)
# It has a box with a code for every character there is.
LAST_RESORT = "Last Resort"
# Controls, surrogates and private characters: a font that has them shows nothing of use.
UNSHOWN = ("Cc", "Cs", "Co")
DIRECTIONS = frozenset(range(0x202A, 0x202F))  # embedded directions could turn other text around


class Fonts(Struct, frozen=True):
    """Families in the order in which typst uses them. characters: code points that one has."""

    families: tuple[str, ...]
    characters: frozenset[int]

    def shown(self, text: str) -> str:
        """The text with each character that no font has as its code point, such as [U+82B1]."""
        return "".join(each if self._has(each) else f"[U+{ord(each):04X}]" for each in text)

    def _has(self, character: str) -> bool:
        if character in "\n\t":
            return True
        code = ord(character)
        if code in DIRECTIONS or unicodedata.category(character) in UNSHOWN:
            return False
        return code in self.characters


def fonts(texts: Iterable[str] = ()) -> Fonts:
    """The main font, and those of the system that the texts need."""
    families, known = [MAIN], set(_characters(_paths()[MAIN]))
    missing = {ord(each) for text in texts for each in text} - known
    for name in _others() if missing else ():
        here = _characters(_paths()[name])
        if missing & here:
            families.append(name)
            known |= here
            missing -= here
        if not missing:
            break
    return Fonts(tuple(families), frozenset(known))


@cache
def loaded() -> Any:
    """What typst takes: all fonts of this computer. A tenth of a second when first asked for."""
    import typst

    return typst.Fonts(
        include_system_fonts=True, include_embedded_fonts=False, font_paths=[str(_folder())]
    )


def _folder() -> Path:
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"


@cache
def _paths() -> dict[str, str]:
    found = {info.family: info.path for info in loaded().fonts() if info.path}
    return found | {MAIN: str(_folder() / "DejaVuSans.ttf")}


@cache
def _others() -> tuple[str, ...]:
    """The families of the system, the preferred ones first."""
    rank = {name: number for number, name in enumerate(PREFERRED)}
    names = [name for name in _paths() if name != MAIN and not name.startswith(LAST_RESORT)]
    return tuple(sorted(names, key=lambda name: (rank.get(name, len(rank)), name)))


@cache
def _characters(path: str) -> frozenset[int]:
    """Code points of a font; none where it cannot be read. Faces of a collection have the same."""
    from matplotlib.ft2font import FT2Font

    try:
        return frozenset(FT2Font(path).get_charmap())
    except (OSError, RuntimeError):
        return frozenset()
