"""What an intensity scale card is: its levels with number, words and colour, and how to reach it.

The colours are our own for every scale, light to dark in strictly falling luminance: adjacent
classes stay apart for all kinds of colour vision, and the ink on each has a contrast of 7 or
more. A colour is never alone: every level has a number and a word as well.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]

_BLACK, _WHITE = "#000000", "#FFFFFF"
# Nine classes: (colour, ink). MMI I-II, III, IV ... IX, X and above; JMA 0-1, 2, 3, 4, 5- ... 7.
PALETTE = (
    ("#FFFFFF", _BLACK),
    ("#F3F2A9", _BLACK),
    ("#FFDF5C", _BLACK),
    ("#F8A600", _BLACK),
    ("#E6771E", _BLACK),
    ("#A62B1F", _WHITE),
    ("#7B1147", _WHITE),
    ("#45115F", _WHITE),
    ("#12061F", _WHITE),
)


class Level(Struct, frozen=True):
    """One class of a scale: from `least` of the scale's number up to the next level's."""

    least: float
    label: str
    en: str
    zh_cn: str
    colour: str
    ink: str


class Scale(Struct, frozen=True):
    """A scale. from_mmi: (n,) MMI to the scale's own number (nan where there is none)."""

    name: str
    paper: str
    levels: tuple[Level, ...]
    from_mmi: Callable[[Floats], Floats]


def levels(*rows: tuple[float, str, str, str, int]) -> tuple[Level, ...]:
    """Levels from rows of (least, label, word in English, in Chinese, class of PALETTE)."""
    return tuple(Level(*row[:4], *PALETTE[row[4]]) for row in rows)


def level(scale: Scale, number: float) -> Level | None:
    """The level that a number of the scale belongs to; None for nan."""
    if np.isnan(number):
        return None
    reached = [one for one in scale.levels if number >= one.least]
    return reached[-1] if reached else scale.levels[0]


def label(scale: Scale, mmi: float) -> str:
    """The label of an intensity given as MMI, such as "5-"; "?" where the scale has no number."""
    reached = level(scale, float(scale.from_mmi(np.array([mmi]))[0]))
    return "?" if reached is None else reached.label
