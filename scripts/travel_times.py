"""The table of travel times that the pages have with them, packed.

Reads the table that the server publishes (tests/reference/travel_times_iasp91.json, which a test
compares with the server's) and writes, for each depth, the second differences over distance of
hundredths of a second. web/core/forecast/travel_times.ts unpacks them.

Run: python scripts/travel_times.py --write
"""

import argparse
import json
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "tests" / "reference" / "travel_times_iasp91.json"
TARGET = ROOT / "web" / "core" / "forecast" / "travel_times.json"
PER_SECOND = 100


def packed(table: dict) -> dict:
    """The table with its columns as second differences."""
    return table | {phase: _columns(table[phase]) for phase in ("p", "s")}


def _columns(rows: list[list[float]]) -> list[list[int]]:
    whole = [[round(value * PER_SECOND) for value in row] for row in rows]
    return [_differences(_differences(column)) for column in zip(*whole, strict=True)]


def _differences(values: list[int]) -> list[int]:
    return [here - before for before, here in pairwise([0, *values])]


def text() -> str:
    """The content of the file."""
    table = packed(json.loads(SOURCE.read_text("utf-8")))
    return json.dumps(table, separators=(",", ":")) + "\n"


def main() -> None:
    """Write the file, or say that it is not up to date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    if parser.parse_args().write:
        TARGET.write_text(text(), "utf-8")
    elif TARGET.read_text("utf-8") != text():
        raise SystemExit(f"{TARGET.name} is not up to date: add --write")


if __name__ == "__main__":
    main()
