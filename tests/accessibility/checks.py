"""The checks of accessibility, A01 to A42, each with the tests that prove it: checks.toml."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["U", "B", "T", "H"]
KINDS: dict[Kind, str] = {"U": "unit", "B": "browser", "T": "colours", "H": "people"}


@dataclass(frozen=True)
class Check:
    """tests: none where people are needed; lacks: what of it is not shown yet."""

    id: str
    group: str
    kind: Kind
    sentence: str
    tests: tuple[str, ...] = ()
    lacks: str = ""


def _read() -> tuple[Check, ...]:
    table = tomllib.loads((Path(__file__).parent / "checks.toml").read_text("utf-8"))
    return tuple(
        Check(name, **row | {"tests": tuple(row.get("tests", ()))}) for name, row in table.items()
    )


CHECKS = _read()


def tests() -> set[str]:
    """Those of pytest."""
    return {test for check in CHECKS for test in check.tests if "::" in test}
