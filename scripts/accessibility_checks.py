"""The table of docs/reference/accessibility.md, taken from tests/accessibility/checks.toml.

python scripts/accessibility_checks.py           print it
python scripts/accessibility_checks.py --write   put it into docs/reference/accessibility.md
"""

import argparse
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "accessibility.md"
CHECKS = ROOT / "tests" / "accessibility" / "checks.toml"
BEGIN = "<!-- table: python scripts/accessibility_checks.py --write -->\n"
END = "<!-- end of table -->\n"


def table() -> str:
    """A row for each check: what is true, and the files of the tests that prove it."""
    rows = tomllib.loads(CHECKS.read_text("utf-8"))
    lines = ["| check | what is true | proved by |", "|---|---|---|"]
    for name, row in rows.items():
        lacks = f" Not yet: {row['lacks']}" if "lacks" in row else ""
        lines.append(f"| {name} | {row['sentence']}{lacks} | {_proof(row.get('tests', []))} |")
    return "\n".join(lines) + "\n"


def _proof(tests: list[str]) -> str:
    files = dict.fromkeys(f"`{test.partition(':')[0]}`" for test in tests)
    return ", ".join(files) or "people, below"


def replaced(page: str, rows: str) -> str:
    """The page with the table between its marks. Raises ValueError where these are missing."""
    if BEGIN not in page or END not in page:
        raise ValueError(f"{PAGE.name} has no place for the table")
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n{rows}\n{END}{rest.partition(END)[2]}"


def main() -> None:
    """Print the table, or write it."""
    parser = argparse.ArgumentParser(description="The checks of accessibility as a table.")
    parser.add_argument("--write", action="store_true", help=f"into {PAGE.name}")
    if parser.parse_args().write:
        PAGE.write_text(replaced(PAGE.read_text("utf-8"), table()), "utf-8")
    else:
        print(table(), end="")


if __name__ == "__main__":
    main()
