"""The folders of the pages import one way: from those below them in the table of web/README.md."""

import os
import re
from pathlib import Path

import pytest

WEB = Path(__file__).parents[1] / "web"
PAGES = ("phone", "tv", "sensor", "console", "worker")

FOLDERS = [
    folder
    for folder in re.findall(r"^\| `([a-z/]+)/` ", (WEB / "README.md").read_text("utf-8"), re.M)
    if folder != "tests"
]


def imported(folder):
    """The folders that its files import from, styles and texts included."""
    files = [file for suffix in ("ts", "css") for file in (WEB / folder).glob(f"*.{suffix}")]
    found = re.findall(
        r'(?:from|@import) "(\.[^"]+)"', "\n".join(file.read_text("utf-8") for file in files)
    )
    paths = {os.path.normpath(f"{folder}/{os.path.dirname(path)}") for path in found}
    return {Path(*Path(path).parts[:2]).as_posix() for path in paths} - {folder}


def test_every_folder_is_in_the_table():
    there = {path.parent.relative_to(WEB).as_posix() for path in WEB.glob("core/*/*.ts")}
    assert set(FOLDERS) == there | {*PAGES, "languages"}


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_imports_only_from_those_below(folder):
    below = {*FOLDERS[FOLDERS.index(folder) + 1 :]} - set(PAGES)
    assert imported(folder) <= below
