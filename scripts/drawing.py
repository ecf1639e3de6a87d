"""Generates the drawing of layers in ARCHITECTURE.md from the imports.

    python scripts/drawing.py           print it
    python scripts/drawing.py --write   put it into ARCHITECTURE.md

Each row has the folders and files of `src/forewave` that import only from the rows below, with the
first sentence of their docstrings.
"""

import argparse
import ast
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "forewave"
PAGE = ROOT / "ARCHITECTURE.md"
BEGIN, END = "<!-- drawing: python scripts/drawing.py --write -->\n", "<!-- end of drawing -->\n"


def drawing() -> str:
    """The rows from the top down as a code block. Raises ValueError for circular imports."""
    lines = []
    for number, row in enumerate(reversed(rows(_needs())), 1):
        for path in map(_path, row):
            lines.append(f"{number:3}  {_shown(path):14} {_sentence(path)}")
    return "```\n" + "\n".join(lines) + "\n```\n"


def replaced(page: str, drawn: str) -> str:
    """The page with the drawing between its markers. Raises ValueError without markers."""
    if BEGIN not in page or END not in page:
        raise ValueError(f"{PAGE.name} has no place for the drawing")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + drawn + END + after


def _path(part: str) -> Path:
    folder = SOURCE / part
    return folder if folder.is_dir() else folder.with_suffix(".py")


def _shown(path: Path) -> str:
    return f"{path.name}/" if path.is_dir() else path.name


def _sentence(path: Path) -> str:
    file = path / "__init__.py" if path.is_dir() else path
    text = ast.get_docstring(ast.parse(file.read_text())) or ""
    first = " ".join(text.split("\n\n")[0].split())
    return first.split(". ")[0].rstrip(".").replace("`", "")


def _needs() -> dict[str, set[str]]:
    """The parts that each part imports."""
    graph = grimp.build_graph("forewave", cache_dir=None)
    parts = graph.find_children("forewave")
    return {
        part.split(".")[1]: {
            other.split(".")[1]
            for other in parts - {part}
            if graph.direct_import_exists(importer=part, imported=other, as_packages=True)
        }
        for part in parts
    }


def rows(needs: dict[str, set[str]]) -> list[list[str]]:
    """From the bottom up: each imports only parts of the rows before. Raises ValueError."""
    found: list[list[str]] = []
    placed: set[str] = set()
    while len(placed) < len(needs):
        row = sorted(n for n, below in needs.items() if n not in placed and below <= placed)
        if not row:
            raise ValueError(f"circular imports: {', '.join(sorted(needs.keys() - placed))}")
        found.append(row)
        placed |= set(row)
    return found


def main() -> None:
    """Print the drawing, or write it."""
    parser = argparse.ArgumentParser(description="Draw the layers from the imports.")
    parser.add_argument("--write", action="store_true", help="write it into ARCHITECTURE.md")
    drawn = drawing()
    if parser.parse_args().write:
        PAGE.write_text(replaced(PAGE.read_text(), drawn))
    else:
        print(drawn, end="")


if __name__ == "__main__":
    main()
