"""The look of the pictures: one canvas for a light and one for a dark page, written as SVG.

matplotlib is imported when the first picture is drawn: the import takes a second.
"""

from collections.abc import Callable
from io import StringIO
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FONTS = ["DejaVu Sans", "Segoe UI", "Roboto", "Noto Sans", "sans-serif"]


class Theme(Struct, frozen=True):
    """Colours of a picture, as in web/core/drawing/tokens.css."""

    ink: str
    second: str
    grid: str
    card: str
    sea: str
    land: str
    coast: str
    accent: str
    bad: str
    good: str


LIGHT = Theme(
    ink="#101418",
    second="#3d4650",
    grid="#dbe1e8",
    card="#ffffff",
    sea="#e3edf4",
    land="#fafaf6",
    coast="#8796a3",
    accent="#0b4f8a",
    bad="#a62b1f",
    good="#0b5133",
)
DARK = Theme(
    ink="#ffffff",
    second="#d0d7de",
    grid="#2b343e",
    card="#171d25",
    sea="#0b1016",
    land="#222b34",
    coast="#55626f",
    accent="#8fd3ff",
    bad="#ffb020",
    good="#9be7b4",
)

Draw = Callable[["Figure", "Axes", Theme], None]


def drawn(draw: Draw, width: float = 5.2, height: float = 4.2) -> tuple[str, str]:
    """The picture for a light and a dark page, as SVG. Sizes in inches."""
    return _svg(draw, LIGHT, width, height), _svg(draw, DARK, width, height)


def _svg(draw: Draw, theme: Theme, width: float, height: float) -> str:
    import matplotlib
    from matplotlib.figure import Figure

    style: Any = _style(theme)
    with matplotlib.rc_context(style):
        figure = Figure(figsize=(width, height), layout="constrained")
        figure.patch.set_alpha(0.0)
        draw(figure, figure.subplots(), theme)
        out = StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()


def _style(theme: Theme) -> dict[str, Any]:
    return {
        "svg.fonttype": "none",
        "svg.hashsalt": "forewave",
        "font.family": "sans-serif",
        "font.sans-serif": FONTS,
        "font.size": 11,
        "text.parse_math": False,
        "text.color": theme.ink,
        "axes.facecolor": theme.card,
        "axes.labelcolor": theme.second,
        "axes.edgecolor": theme.second,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "axes.grid": True,
        "grid.color": theme.grid,
        "xtick.color": theme.second,
        "ytick.color": theme.second,
        "legend.frameon": False,
        "legend.fontsize": 10,
    }
