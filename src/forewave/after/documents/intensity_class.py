"""The class of an intensity: colour, ink and label, the same on pages, maps and in the PDF."""

import numpy as np

from forewave.shaking.intensity.mmi import SCALE
from forewave.shaking.intensity.scale import PALETTE, Level, level


def level_of(mmi: float) -> Level | None:
    """The level of the MMI scale; None for nan."""
    return level(SCALE, float(np.float64(mmi)))


def label(mmi: float | None) -> str:
    """Such as "VI (5.8)"; "not known" for None and nan."""
    found = None if mmi is None else level_of(mmi)
    return "not known" if found is None or mmi is None else f"{found.label} ({mmi:.1f})"


def in_words(mmi: float | None) -> str:
    """Such as "VI, strong"; "not known" for None and nan."""
    found = None if mmi is None else level_of(mmi)
    return "not known" if found is None else f"{found.label}, {found.en}"


def colour_of(mmi: float) -> tuple[str, str]:
    """Colour and ink; white for nan."""
    found = level_of(mmi)
    return PALETTE[0] if found is None else (found.colour, found.ink)


def css_class(mmi: float) -> str:
    """The class of its colour in the style sheet."""
    return f"c{PALETTE.index(colour_of(mmi))}"


def colours() -> str:
    """The rules of the style sheet for the classes of the palette."""
    return "".join(
        f".c{number} {{ background: {colour}; color: {ink}; }}\n"
        for number, (colour, ink) in enumerate(PALETTE)
    )
