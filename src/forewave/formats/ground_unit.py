"""What people write for the unit of ground motion, in SI."""

import re

from forewave import units
from forewave.types import Unit

PREFIXES = {"": 1.0, "c": 1e-2, "m": 1e-3, "u": 1e-6, "n": 1e-9}
MOTION = re.compile(r"(?<![a-z/])([cmun]?)m/s(\^2|/s)?(?![a-z0-9^])")
GRAVITY = re.compile(r"(?<![a-z/])(gals?|g)(?![a-z0-9])")
SPELLINGS = (
    ("**", "^"),
    ("²", "^2"),
    ("sec", "s"),
    ("s2", "s^2"),
    ("m s^-2", "m/s^2"),
    ("m*s^-2", "m/s^2"),
    ("m s^-1", "m/s"),
    ("m*s^-1", "m/s"),
    ("µ", "u"),
    ("μ", "u"),
)
INSTRUMENTS: dict[str, Unit] = {"N": "m/s^2", "G": "m/s^2", "H": "m/s", "P": "m/s"}


def ground_unit(text: str, channel: str) -> tuple[Unit, float] | None:
    """The SI unit that `text` speaks of and how much of it one of the written unit is.

    text: "m/s**2", "counts per cm/s^2", "nm/s", "gal", "g" ... None where it names no ground
    velocity or acceleration. Where it names both, the instrument letter of `channel` (SEED
    manual, appendix A) decides.
    """
    found = _named(text)
    kinds = {unit for unit, _ in found}
    if len(kinds) > 1:
        meant = INSTRUMENTS.get(channel[1:2])
        found = [(unit, size) for unit, size in found if unit == meant]
    return found[0] if found else None


def _named(text: str) -> list[tuple[Unit, float]]:
    plain = text.lower()
    for written, meant in SPELLINGS:
        plain = plain.replace(written, meant)
    named: list[tuple[Unit, float]] = [
        ("m/s^2" if power else "m/s", PREFIXES[prefix]) for prefix, power in MOTION.findall(plain)
    ]
    if named:
        return named
    return [
        ("m/s^2", units.G_MS2 if word == "g" else units.GAL_MS2) for word in GRAVITY.findall(plain)
    ]
