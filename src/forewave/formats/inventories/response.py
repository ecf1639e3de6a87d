"""The overall gain of a StationXML response: stated, or the product of its stages.

A gain that is not known is missing and never 1. A stage without a gain counts as 1 only from counts
to counts (decimation, digital filters); a response that ends in volts, is a polynomial, or whose
stages do not fit together has no gain in counts. Source: FDSN StationXML 1.2, Response.
"""

from math import isfinite, prod
from typing import Any

from msgspec import Struct

from forewave.formats.inventories.ground_unit import ground_unit
from forewave.formats.inventories.listed import number

ALIKE = 0.25  # by which a stated gain and the product of the stages may differ (other frequencies)
_COUNTS = {"count", "counts", "digital counts", "digitalcounts", "count(s)", "cnts", "cnt", "lsb"}


class Gain(Struct, frozen=True):
    """Counts per unit (None: unknown), why it is unknown, and remarks on the stages."""

    value: float | None
    unit: str = ""
    why: str = ""
    by_stages: float | None = None

    @property
    def contradicted(self) -> bool:
        """Whether stages and stated value are both known, and differ."""
        if self.value is None or not self.by_stages:
            return False
        return abs(abs(self.value / self.by_stages) - 1.0) > ALIKE


class _Stage(Struct, frozen=True):
    begins: str  # its input unit; "": not stated
    ends: str
    gain: float | None
    polynomial: bool


def gain_of(channel: Any) -> Gain:
    """The gain of a Channel element. Raises ValueError where a number is none."""
    stages = _stages(channel)
    whole = channel.find("{*}Response/{*}InstrumentSensitivity")
    written = None if whole is None else _value(whole)
    stated = written if written and isfinite(written) else None  # 0 where nobody knew it
    ends = "" if whole is None else _text(whole, "{*}OutputUnits/{*}Name")
    unit = "" if whole is None else _text(whole, "{*}InputUnits/{*}Name")
    ends = ends or next((stage.ends for stage in reversed(stages) if stage.ends), "")
    product, why = _product(stages)
    begins = stages[0].begins if stages else ""
    unit = unit or begins
    of_a_part = product is not None and not _is_motion(unit) and _is_motion(begins)
    if stated is not None and (not ends or _is_counts(ends)) and not of_a_part:
        return Gain(stated, unit, by_stages=product)
    if product is not None:
        return Gain(product, begins or unit)
    if stated is not None:
        why = f"the response ends in {ends}"
    elif channel.find("{*}Response/{*}InstrumentPolynomial") is not None:
        why = "the response is a polynomial"
    elif not stages:
        return Gain(written, unit)
    return Gain(None, unit, why)


def _value(whole: Any) -> float | None:
    text = _text(whole, "{*}Value")
    return number(text) if text else None


def _stages(channel: Any) -> list[_Stage]:
    found = channel.findall("{*}Response/{*}Stage")
    return [_stage(element) for element in sorted(found, key=_place)]


def _place(stage: Any) -> int:
    text = stage.get("number", "").strip()
    return int(text) if text.isdecimal() else 0


def _stage(element: Any) -> _Stage:
    text = _text(element, "{*}StageGain/{*}Value")
    gain = number(text) if text else 0.0
    return _Stage(
        _text(element, "*/{*}InputUnits/{*}Name"),
        _text(element, "*/{*}OutputUnits/{*}Name"),
        gain if gain and isfinite(gain) else None,
        element.find("{*}Polynomial") is not None,
    )


def _product(stages: list[_Stage]) -> tuple[float | None, str]:
    """The gains multiplied, or why there is no such number."""
    if not stages:
        return None, ""
    gains, unit = [], stages[0].begins
    for number_of, stage in enumerate(stages, start=1):
        begins = stage.begins or unit
        if unit and begins and not _alike(unit, begins):
            return None, f"stage {number_of} begins in {begins}, the one before ends in {unit}"
        unit = stage.ends or ("" if stage.begins else unit)
        if stage.polynomial:
            return None, f"stage {number_of} is a polynomial"
        if stage.gain is None and not (_is_counts(begins) and (not unit or _is_counts(unit))):
            return None, f"stage {number_of} has no gain"
        gains.append(1.0 if stage.gain is None else stage.gain)
    if unit and not _is_counts(unit):
        return None, f"the response ends in {unit}"
    return prod(gains), ""


def _is_motion(unit: str) -> bool:
    return ground_unit(unit, "HNZ") is not None


def _is_counts(unit: str) -> bool:
    return " ".join(unit.lower().split()) in _COUNTS


def _alike(one: str, other: str) -> bool:
    """Units by their first stage's name may be spelled in two ways, but a volt is no count."""
    return _is_counts(one) == _is_counts(other) and _is_milli(one) == _is_milli(other)


def _is_milli(unit: str) -> bool:
    """Whether it is a thousandth of a volt, which is the usual slip."""
    return unit.strip().lower() in ("mv", "millivolt", "millivolts")


def _text(element: Any, path: str) -> str:
    return (element.findtext(path) or "").strip()
