"""What tests leave for the report: pictures of states, and tables. Nothing without a folder."""

import io
import json
import os
from pathlib import Path

import pytest
from PIL import Image

VARIABLE = "FOREWAVE_ACCESSIBILITY"
# A condition in a string is looked at when the test runs: the plugin sets the variable later.
ONLY_ASKED_FOR = pytest.mark.skipif(
    f"{VARIABLE!r} not in os.environ", reason="`make accessibility` runs it"
)
WIDEST = {"phone": 360, "tv": 960}


def folder() -> Path | None:
    """Where evidence is kept; None where nobody asked for any."""
    name = os.environ.get(VARIABLE)
    return Path(name) if name else None


def keep_picture(
    png: bytes, engine: str, screen: str, state: str, seen: str, how: str = ""
) -> None:
    """Of a state. seen: the text on it, which becomes the alternative text; how: if special."""
    where = folder()
    if where is None:
        return
    where = where / "pictures"
    where.mkdir(parents=True, exist_ok=True)
    name = "-".join(filter(None, [engine, screen, state, how]))
    image = Image.open(io.BytesIO(png)).convert("RGB")
    image.thumbnail((WIDEST[screen], 2000))
    image.save(where / f"{name}.webp", quality=70)
    words = {"engine": engine, "screen": screen, "state": state, "how": how, "seen": seen}
    (where / f"{name}.json").write_text(json.dumps(words, ensure_ascii=False), "utf-8")


def keep_table(name: str, rows: list[dict[str, object]]) -> None:
    """Rows of figures that the report shows under that name."""
    where = folder()
    if where is None:
        return
    where.mkdir(parents=True, exist_ok=True)
    (where / f"{name}.json").write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
