"""The languages of the pages and their texts (web/languages/), for tests."""

import json
import re
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "web" / "languages"
LANGUAGES = tuple(sorted(folder.name for folder in FOLDER.iterdir() if folder.is_dir()))
OTHERS = tuple(code for code in LANGUAGES if code != "en")


def rows() -> list[str]:
    """The codes of the table, as written."""
    table = (FOLDER / "table.ts").read_text("utf-8")
    body = re.search(r"^export const LANGUAGES = \{$(.*?)^\}", table, re.M | re.S)
    assert body, "web/languages/table.ts has no table"
    return re.findall(r'^  "?([\w-]+)"?: \{', body[1], re.M)


def texts(code: str, page: str = "pages") -> dict[str, str]:
    """Of phone and TV ("pages"), or of the page "status" or "sensor"."""
    return json.loads((FOLDER / code / f"{page}.json").read_text("utf-8"))


def filled(text: str, **slots: object) -> str:
    """The text with its holes filled."""
    return text.format(**slots)
