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
        r'(?:from |@import |import\()"(\.[^"]+)"',
        "\n".join(file.read_text("utf-8") for file in files),
    )
    return {os.path.normpath(f"{folder}/{os.path.dirname(path)}") for path in found} - {folder}


def of_page(folder):
    """The page that the folder is of, or core or languages, which all pages share."""
    return folder.partition("/")[0]


def test_every_folder_is_in_the_table():
    pages = [*PAGES, "core", "languages"]
    files = [path for page in pages for path in (WEB / page).rglob("*.ts")]
    assert set(FOLDERS) == {path.parent.relative_to(WEB).as_posix() for path in files}


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_imports_only_from_those_below(folder):
    usable = {of_page(folder), "core", "languages"}
    below = {each for each in FOLDERS[FOLDERS.index(folder) + 1 :] if of_page(each) in usable}
    assert imported(folder) <= below
