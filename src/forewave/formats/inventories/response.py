"""The overall gain of a StationXML response: as stated, or the product of its stages.

An unknown gain is missing, never 1. A stage without a gain has gain 1 only from counts to counts
(decimation, digital filters). A response that ends in volts, is a polynomial, or has stages whose
units do not match has no gain in counts. Source: FDSN StationXML 1.2, Response.
"""

from math import isfinite, prod
from typing import Any

from msgspec import Struct

from forewave.formats.inventories.ground_unit import ground_unit
from forewave.formats.inventories.listed import number

ALIKE = 0.25  # relative difference of stated gain and product of stages (other frequencies)
_COUNTS = {"count", "counts", "digital counts", "digitalcounts", "count(s)", "cnts", "cnt", "lsb"}


class Gain(Struct, frozen=True):
    """Counts per unit (None: unknown), why it is unknown, and remarks on the stages."""

    value: float | None
    unit: str = ""
    why: str = ""
    by_stages: float | None = None

    @property
    def contradicted(self) -> bool:
        """Whether stated gain and product of stages are both known and differ too much."""
        if self.value is None or not self.by_stages:
            return False
        return abs(abs(self.value / self.by_stages) - 1.0) > ALIKE


class _Stage(Struct, frozen=True):
    begins: str  # its input unit; "": not stated
    ends: str
    gain: float | None
    polynomial: bool


def gain_of(channel: Any) -> Gain:
    """The gain of a Channel element. Raises ValueError if a value is not a number."""
    stages = _stages(channel)
    whole = channel.find("{*}Response/{*}InstrumentSensitivity")
    written = None if whole is None else _value(whole)
    stated = written if written and isfinite(written) else None  # 0 is written where it is unknown
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
        why = f"the output of the response is {ends}, expected counts"
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
    """The product of the gains, or why there is none."""
    if not stages:
        return None, ""
    gains, unit = [], stages[0].begins
    for number_of, stage in enumerate(stages, start=1):
        begins = stage.begins or unit
        if unit and begins and not _alike(unit, begins):
            return (
                None,
                f"stage {number_of} has input {begins}, the stage before has output {unit}",
            )
        unit = stage.ends or ("" if stage.begins else unit)
        if stage.polynomial:
            return None, f"stage {number_of} is a polynomial"
        if stage.gain is None and not (_is_counts(begins) and (not unit or _is_counts(unit))):
            return None, f"stage {number_of} has no gain"
        gains.append(1.0 if stage.gain is None else stage.gain)
    if unit and not _is_counts(unit):
        return None, f"the output of the response is {unit}, expected counts"
    return prod(gains), ""


def _is_motion(unit: str) -> bool:
    return ground_unit(unit, "HNZ") is not None


def _is_counts(unit: str) -> bool:
    return " ".join(unit.lower().split()) in _COUNTS


def _alike(one: str, other: str) -> bool:
    """Whether two units may be the same: spellings differ, but volts are not counts."""
    return _is_counts(one) == _is_counts(other) and _is_milli(one) == _is_milli(other)


def _is_milli(unit: str) -> bool:
    """Whether it is a millivolt: confused with the volt, the usual error."""
    return unit.strip().lower() in ("mv", "millivolt", "millivolts")


def _text(element: Any, path: str) -> str:
    return (element.findtext(path) or "").strip()
