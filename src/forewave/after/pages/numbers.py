"""Numbers as people read them; what is not known is said in words."""

from math import isfinite

UNKNOWN = "not known"


def seconds(value: float | None, digits: int = 1) -> str:
    """Such as "12.3 s"."""
    return UNKNOWN if value is None or not isfinite(value) else f"{_signed(value, digits)} s"


def magnitude(value: float | None, sigma: float | None = None) -> str:
    """Such as "6.9 ± 0.2"."""
    if value is None or not isfinite(value):
        return UNKNOWN
    return f"{value:.1f}" if sigma is None else f"{value:.1f} ± {sigma:.1f}"


def number(value: float | None, digits: int = 1, unit: str = "") -> str:
    """With its unit; a minus sign that is one."""
    if value is None or not isfinite(value):
        return UNKNOWN
    return f"{_signed(value, digits)} {unit}".rstrip()


def people(value: float) -> str:
    """A count with thousands apart."""
    return f"{value:,.0f}".replace(",", "\u202f")


def coordinates(lat: float, lon: float) -> str:
    """Such as "35.77° N, 117.60° W"."""
    return f"{abs(lat):.2f}°\u00a0{'NS'[lat < 0]}, {abs(lon):.2f}°\u00a0{'EW'[lon < 0]}"


def _signed(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}"
    if float(text) == 0.0:
        text = text.lstrip("-")
    return text.replace("-", "\u2212")
