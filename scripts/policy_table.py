"""The table of docs/reference/alert-policy.md, taken from the docstring of `decide`.

    python scripts/policy_table.py           print it
    python scripts/policy_table.py --write   put it into docs/reference/alert-policy.md

tests/alerts/test_decision.py holds the code to the same docstring, row by row.
"""

import argparse
import inspect
from pathlib import Path

from forewave.alerts.decision import decide

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "alert-policy.md"
BEGIN, END = "<!-- table: python scripts/policy_table.py --write -->\n", "<!-- end of table -->\n"


def table() -> str:
    """The rows of the docstring as a Markdown table. Raises ValueError where there are none."""
    lines = [line.strip() for line in (inspect.getdoc(decide) or "").splitlines()]
    rows = [line for line in lines if line.startswith("|")]
    if not rows:
        raise ValueError("the docstring of decide has no table")
    return "\n".join(rows) + "\n"


def replaced(page: str, rows: str) -> str:
    """The page with the table between its marks. Raises ValueError where these are missing."""
    if BEGIN not in page or END not in page:
        raise ValueError(f"{PAGE.name} has no place for the table")
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n{rows}\n{END}{rest.partition(END)[2]}"


def main() -> None:
    """Print the table, or write it."""
    parser = argparse.ArgumentParser(description="The alert policy as a table, from the code.")
    parser.add_argument("--write", action="store_true", help=f"into {PAGE.name}")
    if parser.parse_args().write:
        PAGE.write_text(replaced(PAGE.read_text("utf-8"), table()), "utf-8")
    else:
        print(table(), end="")


if __name__ == "__main__":
    main()
