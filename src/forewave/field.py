"""A field of the settings, with limits, unit and description in its annotation.

    radius_km: Annotated[Km, about("Distance to the nearest station")] = 300.0

msgspec enforces the limits. The functions below read them for error messages, for the comments in a
new forewave.toml and for docs/reference/configuration.md.
"""

from collections.abc import Iterator
from datetime import datetime
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin

from msgspec import Meta

MOST = 10**9  # upper limit where there is no other; infinity is not a valid setting


def about(description: str | None = None, unit: str | None = None, **limits: Any) -> Meta:
    """Description (one sentence, no full stop) and unit of a field. limits: ge, gt, le of Meta."""
    return Meta(description=description, extra={"unit": unit} if unit else None, **limits)


# Quantities with their unit and usual limits; a field adds what it is.
Number: TypeAlias = Annotated[float, about(ge=0, le=MOST)]
Count: TypeAlias = Annotated[int, about(ge=0, le=MOST)]
Probability: TypeAlias = Annotated[float, about(ge=0, le=1)]
MagnitudeValue: TypeAlias = Annotated[float, about(ge=0, le=10)]
Mmi: TypeAlias = Annotated[float, about(unit="MMI", ge=1, le=12)]
Seconds: TypeAlias = Annotated[float, about(unit="s", ge=0, le=MOST)]
Km: TypeAlias = Annotated[float, about(unit="km", ge=0, le=20_000)]
Hz: TypeAlias = Annotated[float, about(unit="Hz", ge=0, le=250)]
MetresPerSecond: TypeAlias = Annotated[float, about(unit="m/s", ge=0, le=1000)]
Acceleration: TypeAlias = Annotated[float, about(unit="m/s^2", ge=0, le=1000)]
Degrees: TypeAlias = Annotated[float, about(unit="degrees", ge=-180, le=180)]
Port: TypeAlias = Annotated[int, about(ge=0, le=65_535)]
Timeout: TypeAlias = Annotated[float, about(unit="s", gt=0)]

_KINDS = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text",
    datetime: "a date and time",
}


def description(hint: Any) -> str:
    """The description of a field; "" if it has none."""
    return str(_said(hint, "description") or "")


def unit(hint: Any) -> str:
    """The unit of a field; "" if it has none."""
    return str((_said(hint, "extra") or {}).get("unit", ""))


def limits(hint: Any, unit: str = "") -> str:
    """The range of a number, or the choices: "0..20000 km", "above 0 s"; "" without any."""
    if get_origin(bare := _bare(hint)) is Literal:
        return ", ".join(f'"{choice}"' for choice in get_args(bare))
    above, least, most = (_said(hint, name) for name in ("gt", "ge", "le"))
    with_unit = f" {unit}" if unit else ""
    if above is not None:
        return f"above {above}{with_unit}"
    if least is None:
        return ""
    if most is None or most >= MOST:
        return f"{least}{with_unit} or more"
    return f"{least}..{most}{with_unit}"


def expected(hint: Any) -> str:
    """The valid values in words: "a number 0..20000 km"."""
    bare, range_ = _bare(hint), limits(hint, unit(hint))
    if get_origin(bare) is Literal:
        return f"one of {range_}"
    span = f" of {range_}" if range_.endswith("more") else f" {range_}".rstrip()
    if get_origin(bare) is tuple:
        inner = get_args(bare)
        many = "texts" if _bare(inner[0]) is str else "numbers"
        return f"a list of {'' if Ellipsis in inner else f'{len(inner)} '}{many}{span}"
    return f"{_KINDS.get(bare, 'a table of texts')}{span}"


def _said(hint: Any, name: str) -> Any:
    """The first value of that name in the Metas of an annotation; None if there is none."""
    return next((v for meta in _metas(hint) if (v := getattr(meta, name)) is not None), None)


def _metas(hint: Any) -> Iterator[Meta]:
    if get_origin(hint) is Annotated:
        base, *own = get_args(hint)
        yield from own
        yield from _metas(base)
    else:
        for each in get_args(hint):
            yield from _metas(each)


def _bare(hint: Any) -> Any:
    """The type without annotations and without None."""
    if get_origin(hint) is Annotated:
        return _bare(get_args(hint)[0])
    if get_origin(hint) in (Union, UnionType):
        return next(_bare(each) for each in get_args(hint) if each is not NoneType)
    return hint
