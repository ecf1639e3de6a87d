"""Units of ground motion in free text, converted to SI.

A text is searched for unit expressions: names joined by `/`, `*`, `.`, "per" and powers, in any of
the usual spellings. "counts/" or "counts per" before a unit only states that the gain is counts per
that unit. An expression with any other unit (volts, radians, seconds alone) is not ground motion,
whatever follows; nor is motion *per count*, which is the inverse of a gain.
"""

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from math import isclose, log10
from typing import Any

from msgspec import Struct

from forewave import units
from forewave.types import Unit

PREFIXES = {"k": 1e3, "c": 1e-2, "m": 1e-3, "u": 1e-6, "n": 1e-9}
_ATOMS = {"m": 1.0, "g": units.G_MS2, "gal": units.GAL_MS2}
_COUNTS = re.compile(r"\b(counts?|cnts?|cts?|digits?|du|lsb)\b")
_LETTERS = {"milli": "m", "micro": "u", "nano": "n", "centi": "c", "kilo": "k"}
_SPELLINGS: tuple[tuple[str, Any], ...] = (
    (r"\*\*", "^"),
    (r"ˆ", "^"),
    (r"[∕⁄÷]", "/"),
    (r"[·⋅•×]", "*"),
    (r"[−–]", "-"),
    (r"[µμ]", "u"),
    (r"\bper\b", "/"),
    (r"\bsquared?\b", "^2"),
    (r"\b(milli|micro|nano|centi|kilo)[ -]?(?=met|g)", lambda found: _LETTERS[found[1]]),
    (r"met(er|re)s?\b", "m"),
    (r"\b(seconds?|secs?)(?![a-z])", "s"),
    (r"gals\b", "gal"),
    (r"(%|\b(percent|pct)( of)?\b)\s*g\b", "percentg"),
    # "ms-2": the metre and the second written together
    (r"\b([kcmun]?m)s(?=\^?\(?-\d)", r"\1*s"),
)
_TOKEN = re.compile(
    r"\s*(?:(?P<number>10\s*\^\s*\(?[+-]?\d{1,2}\)?|\d+(?:\.\d+)?(?:e[+-]?\d+)?)"
    r"|(?P<name>[a-z]+)(?:\s*\^\s*(?:\(\s*(?P<inside>[+-]?\d)\s*\)|(?P<power>[+-]?\d))"
    r"|(?P<tight>[+-]?\d))?(?![a-z0-9])"
    r"|(?P<sign>[/*.()]))"
)
_POWER = re.compile(r"\s*\^\s*(?:\(\s*([+-]?\d)\s*\)|([+-]?\d))")
_ENDS = re.compile(r"[\s,;:.)\]}>|\"'=(\[{-]|$")  # what may follow an expression
INSTRUMENTS: dict[str, Unit] = {"N": "m/s^2", "L": "m/s^2", "G": "m/s^2", "H": "m/s", "P": "m/s"}
_KINDS: dict[tuple[tuple[str, int], ...], Unit] = {
    (("m", 1), ("s", -2)): "m/s^2",
    (("m", 1), ("s", -1)): "m/s",
    (("g", 1),): "m/s^2",
}
LONGEST, DEEPEST = 200, 20  # characters and brackets of a text that may name a unit
_ALIKE = 1e-3  # relative difference between two names of one unit


class _Amount(Struct, frozen=True):
    """A product of powers: {"m": 1, "s": -2}, and its size."""

    size: float
    powers: dict[str, int]

    def times(self, other: "_Amount", sign: int = 1) -> "_Amount":
        powers = Counter(self.powers)
        for name, power in other.powers.items():
            powers[name] += sign * power
        return _Amount(self.size * other.size**sign, dict(powers))

    @property
    def kind(self) -> tuple[tuple[str, int], ...]:
        return tuple(sorted((name, power) for name, power in self.powers.items() if power))


@lru_cache(maxsize=1000)  # thousands of channels share a unit
def ground_unit(text: str, channel: str) -> tuple[Unit, float] | None:
    """The SI unit named by `text`, and the size of the written unit in it.

    text: "m/s**2", "counts per cm/s^2", "nm/s", "gal", "counts/g" ... None if it names no ground
    velocity or acceleration, or two different sizes. If it names both quantities, the instrument
    letter of `channel` (SEED manual, appendix A) decides.
    """
    found = [motion for amount in _expressions(text) if (motion := _motion(amount))]
    if len({unit for unit, _ in found}) > 1:
        meant = INSTRUMENTS.get(channel[1:2].upper())
        found = [(unit, size) for unit, size in found if unit == meant]
    if any(abs(size / found[0][1] - 1) > _ALIKE for _, size in found):
        return None
    return found[0] if found else None


@lru_cache(maxsize=1000)
def is_per_count(text: str) -> bool:
    """Whether it names ground motion per count, the inverse of a gain."""
    return any(
        amount.powers.get("count") == -1 and _motion(amount.times(_Amount(1.0, {"count": 1})))
        for amount in _expressions(text)
    )


def _motion(amount: _Amount) -> tuple[Unit, float] | None:
    unit = _KINDS.get(amount.kind)
    if unit:
        return unit, amount.size
    inverse = _Amount(1.0, {"count": 1}).times(amount, -1)  # counts s^2/m
    unit = _KINDS.get(inverse.kind)
    return (unit, inverse.size) if unit else None


def _expressions(text: str) -> list[_Amount]:
    """The unit expressions; empty for a text longer or more nested than any unit."""
    if len(text) > LONGEST or text.count("(") > DEEPEST:
        return []
    try:
        return _read(text)
    except (ArithmeticError, ValueError):  # an exponent of a million
        return []


def _read(text: str) -> list[_Amount]:
    plain = unicodedata.normalize("NFKC", _powers(text)).lower()
    for written, meant in _SPELLINGS:
        plain = re.sub(written, meant, plain)
    plain = _COUNTS.sub("count", plain)
    found, at = [], 0
    while at < len(plain):
        read = _product(plain, at)
        if read is None:
            at += 1
            continue
        amount, end = read
        if _ENDS.match(plain, end):
            found.append(amount)
        at = max(end, at + 1)
    return found


def _powers(text: str) -> str:
    """Superscript digits as powers."""
    raised = str.maketrans("⁻⁰¹²³⁴", "-01234")
    return re.sub(r"[⁻⁰¹²³⁴]+", lambda found: "^" + found[0].translate(raised), text)


def _product(text: str, at: int) -> tuple[_Amount, int] | None:
    """The longest expression that begins there, and where it ends."""
    first = _factor(text, at, begins=True)
    if first is None:
        return None
    whole, at = first
    while True:
        sign, after = _operator(text, at)
        if sign == "." and text[after : after + 2].strip()[:1].isdigit():
            return whole, at  # a full stop, then a number that is not part of the unit
        a_number = whole.powers.keys() <= {"number"}
        following = _factor(text, after, implied=not sign and not a_number)
        if following is None:
            return whole, at
        if _is_counts(whole) and sign == "/":
            rest = _product(text, after)  # counts per all that follows
            assert rest is not None
            return (rest[0] if _motion(rest[0]) else whole.times(rest[0], -1)), rest[1]
        whole, at = whole.times(following[0], -1 if sign == "/" else 1), following[1]


def _operator(text: str, at: int) -> tuple[str, int]:
    token = _TOKEN.match(text, at)
    if token and token["sign"] in ("/", "*", "."):
        return token["sign"], token.end()
    return "", at


def _factor(
    text: str, at: int, *, begins: bool = False, implied: bool = False
) -> tuple[_Amount, int] | None:
    """A name with its power, a product in brackets, or, at the beginning, a number.

    implied: there is no operator before it, so that only a negative power continues the unit.
    """
    token = _TOKEN.match(text, at)
    if token is None or (at and token.start() == at and begins and text[at - 1].isalnum()):
        return None
    if token["number"] and not implied:
        return _number(token["number"]), token.end()
    if token["name"]:
        power = int(token["inside"] or token["power"] or token["tight"] or 1)
        return None if implied and power > 0 else (_named(token["name"], power), token.end())
    if token["sign"] == "(" and not implied:
        inside = _product(text, token.end())
        closing = _TOKEN.match(text, inside[1]) if inside else None
        if inside and closing and closing["sign"] == ")":
            return _raised(text, inside[0], closing.end())
    return None


def _raised(text: str, amount: _Amount, at: int) -> tuple[_Amount, int]:
    """A product in brackets, raised to the power that may follow it."""
    found = _POWER.match(text, at)
    if found is None:
        return amount, at
    power = int(found[1] or found[2])
    powers = {name: power * each for name, each in amount.powers.items()}
    return _Amount(amount.size**power, powers), found.end()


def _named(name: str, power: int) -> _Amount:
    """A named unit to a power; an unknown name is a unit of its own."""
    if name == "percentg":
        return _Amount((units.G_MS2 / 100.0) ** power, {"g": power})
    for prefix, size in (("", 1.0), *PREFIXES.items()):
        base = name[len(prefix) :]
        if name.startswith(prefix) and base in (_ATOMS if prefix != "k" else ("m",)):
            unit = "m" if base == "m" else "g"
            return _Amount((size * _ATOMS[base]) ** power, {unit: power})
    return _Amount(1.0, {name: power})


def _is_counts(amount: _Amount) -> bool:
    """Counts or a number of counts: the gain, not a part of its unit."""
    return amount.powers.get("count") == 1 and set(amount.powers) <= {"count", "number"}


def _number(text: str) -> _Amount:
    """A power of ten is part of a unit; "2 g" or "9.81 m/s^2" is a quantity, not a unit."""
    base, _, power = text.partition("^")
    size = float(base) ** int(power.strip(" ()")) if power else float(base)
    tens = round(log10(size)) if 1e-12 <= size <= 1e12 else 0
    return _Amount(size, {}) if isclose(size, 10.0**tens) else _Amount(1.0, {"number": 1})
