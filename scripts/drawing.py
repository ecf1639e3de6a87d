"""The drawing of the house in ARCHITECTURE.md, made from the imports.

    python scripts/drawing.py           print it
    python scripts/drawing.py --write   put it into ARCHITECTURE.md

Each row holds the folders and files of `src/forewave` that import only what lies in the rows below
them. The words beside are the first sentence of each docstring.
"""

import argparse
import ast
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "ARCHITECTURE.md"
BEGIN, END = "<!-- drawing: python scripts/drawing.py --write -->\n", "<!-- end of drawing -->\n"


def drawing(source: Path = ROOT / "src" / "forewave") -> str:
    """The rows from the top down as a code block. Raises ValueError where imports go round."""
    parts = {path.stem: path for path in source.iterdir() if _is_part(path)}
    needs = {name: _needs(path, parts) - {name} for name, path in parts.items()}
    lines = []
    for number, row in enumerate(reversed(_rows(needs)), 1):
        lines += [f"{number:3}  {_shown(parts[name]):14} {_sentence(parts[name])}" for name in row]
    return "```\n" + "\n".join(lines) + "\n```\n"


def replaced(page: str, drawn: str) -> str:
    """The page with the drawing between its marks. Raises ValueError where these are missing."""
    if BEGIN not in page or END not in page:
        raise ValueError(f"{PAGE.name} has no place for the drawing")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + drawn + END + after


def _is_part(path: Path) -> bool:
    if path.is_dir():
        return (path / "__init__.py").exists()
    return path.suffix == ".py" and path.stem != "__init__"


def _shown(path: Path) -> str:
    return f"{path.name}/" if path.is_dir() else path.name


def _sentence(path: Path) -> str:
    file = path / "__init__.py" if path.is_dir() else path
    text = ast.get_docstring(ast.parse(file.read_text())) or ""
    first = " ".join(text.split("\n\n")[0].split())
    return first.split(". ")[0].rstrip(".").replace("`", "")


def _needs(path: Path, parts: Iterable[str]) -> set[str]:
    """The parts that a part imports."""
    files = path.rglob("*.py") if path.is_dir() else [path]
    found: set[str] = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            found |= {name for name in _imported(node) if name in parts}
    return found


def _imported(node: ast.AST) -> set[str]:
    """The parts of forewave that a statement may name."""
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    else:
        return set()
    return {name.split(".")[1] for name in names if name.startswith("forewave.")}


def _rows(needs: dict[str, set[str]]) -> list[list[str]]:
    """From the bottom: each needs nothing but what lies in the rows before."""
    rows: list[list[str]] = []
    placed: set[str] = set()
    while len(placed) < len(needs):
        row = sorted(n for n, below in needs.items() if n not in placed and below <= placed)
        if not row:
            raise ValueError(f"imports go round: {', '.join(sorted(needs.keys() - placed))}")
        rows.append(row)
        placed |= set(row)
    return rows


def main() -> None:
    """Print the drawing, or write it."""
    parser = argparse.ArgumentParser(description="The drawing of the house, from the imports.")
    parser.add_argument("--write", action="store_true", help="into ARCHITECTURE.md")
    drawn = drawing()
    if parser.parse_args().write:
        PAGE.write_text(replaced(PAGE.read_text(), drawn))
    else:
        print(drawn, end="")


if __name__ == "__main__":
    main()
