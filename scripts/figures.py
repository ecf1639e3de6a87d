"""Figures about the source for reviewers; they are no limits.

    python scripts/figures.py

Python and TypeScript files over 300 lines, Python functions over 40 without their docstring,
folders over 15 files, and the count of words in code, pages and docs that the glossary replaces.
What is over them for a reason is named in ARCHITECTURE.md.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "forewave"
LONG_FILE, LONG_FUNCTION, FULL_FOLDER = 300, 40, 15
WORDS = ("told", "tell", "says?", "said", "made", "wake", "notice", "verdict", "strange", "outlook")
WORDS += ("lane", "door", "piece", "tail", "moment", "referee", "peers", "kin", "company", "gather")
WORDS += ("survey", "in vain", "hear", "heard", "rests")


def long_files() -> Iterator[tuple[int, str]]:
    """(lines, file)."""
    for file in [*_python(), *_typescript()]:
        lines = len(file.read_text().splitlines())
        if lines > LONG_FILE:
            yield lines, _name(file)


def long_functions() -> Iterator[tuple[int, str]]:
    """(lines without docstring, file: function)."""
    for file in _python():
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                lines -= len((ast.get_docstring(node, clean=False) or "").splitlines())
                if lines > LONG_FUNCTION:
                    yield lines, f"{_name(file)}: {node.name}"


def full_folders() -> Iterator[tuple[int, str]]:
    """(files, folder)."""
    for folder, files in Counter(f.parent for f in [*_python(), *_typescript()]).items():
        if files > FULL_FOLDER:
            yield files, _name(folder)


def words() -> Iterator[tuple[int, str]]:
    """(count, word) in source, pages and docs."""
    docs = [*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")]
    files = [*_python(), *_typescript(), *docs]
    text = "\n".join(file.read_text() for file in files).lower()
    for word in WORDS:
        yield len(re.findall(rf"\b{word}\b", text)), word.rstrip("?")


def _python() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def _typescript() -> list[Path]:
    return sorted(f for f in (ROOT / "web").rglob("*.ts*") if _is_page_source(f))


def _is_page_source(path: Path) -> bool:
    return path.suffix in (".ts", ".tsx") and "node_modules" not in path.parts


def _name(path: Path) -> str:
    return path.relative_to(SOURCE if path.is_relative_to(SOURCE) else ROOT).as_posix()


def main() -> None:
    """Print the tables, largest first."""
    tables = {
        f"Files over {LONG_FILE} lines": long_files,
        f"Functions over {LONG_FUNCTION} lines": long_functions,
        f"Folders over {FULL_FOLDER} files": full_folders,
        "Words that the glossary replaces": words,
    }
    for title, rows in tables.items():
        print(title)
        for count, name in sorted(rows(), reverse=True):
            print(f"{count:7}  {name}")


if __name__ == "__main__":
    main()
