"""The fonts of the PDF, and which characters they have.

First DejaVu Sans, which comes with matplotlib, so that the same document gives the same file on
every computer. For other scripts the fonts of the system are used, if it has one of a list.
"""

import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct

MAIN = "DejaVu Sans"
# Families for scripts that DejaVu Sans lacks, in order of preference.
OTHERS = (
    "Noto Sans CJK SC", "Noto Sans CJK TC", "Noto Sans CJK JP", "Noto Sans SC", "Noto Sans TC",
    "Noto Sans JP", "Noto Sans KR", "WenQuanYi Zen Hei", "PingFang SC", "Microsoft YaHei",
    "Noto Sans Devanagari", "Noto Sans Thai", "Noto Sans Bengali", "Noto Sans Tamil",
    "Noto Sans Khmer", "Noto Sans Myanmar", "Noto Sans Ethiopic",
)  # fmt: skip

# Controls, surrogates and private characters: a font that has them shows nothing of use.
UNSHOWN = ("Cc", "Cs", "Co")


class Fonts(Struct, frozen=True):
    """families: in order. loaded: what typst takes. characters: code points that one has."""

    families: tuple[str, ...]
    loaded: Any
    characters: frozenset[int]

    def shown(self, text: str) -> str:
        """The text with each character that no font has as its code point, such as [U+82B1]."""
        return "".join(each if self._has(each) else f"[U+{ord(each):04X}]" for each in text)

    def _has(self, character: str) -> bool:
        if character in "\n\t":
            return True
        return ord(character) in self.characters and unicodedata.category(character) not in UNSHOWN


@cache
def fonts() -> Fonts:
    """The fonts of this computer; a tenth of a second when first asked for."""
    import matplotlib
    import typst

    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    loaded = typst.Fonts(
        include_system_fonts=True, include_embedded_fonts=False, font_paths=[str(folder)]
    )
    paths = {info.family: info.path for info in loaded.fonts() if info.path}
    paths[MAIN] = str(folder / "DejaVuSans.ttf")
    families = [name for name in (MAIN, *OTHERS) if name in paths]
    known: set[int] = set()
    for name in families:
        known |= _characters(paths[name])
    return Fonts(tuple(families), loaded, frozenset(known))


def _characters(path: str) -> set[int]:
    """Code points of a font; none where it cannot be read. Faces of a collection have the same."""
    from matplotlib.ft2font import FT2Font

    try:
        return set(FT2Font(path).get_charmap())
    except (OSError, RuntimeError):
        return set()
