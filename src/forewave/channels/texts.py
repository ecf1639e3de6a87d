"""The texts of the pages (web/languages/), for channels that send words.

The build of the pages puts them beside the pages; in a clone without that they are read from the
sources. So a channel says the same as the pages, and English has every key.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from forewave.errors import ConfigError

_PACKAGE = Path(__file__).parents[1]
BUILT = _PACKAGE / "web" / "languages"
SOURCES = _PACKAGE.parents[1] / "web" / "languages"

Texts = Mapping[str, str]


@cache
def languages() -> tuple[str, ...]:
    """Codes of the languages, English first. Raises ConfigError where there are none."""
    found = {path.stem for path in BUILT.glob("*.json")}
    found |= {path.parent.name for path in SOURCES.glob("*/pages.json")}
    if "en" not in found:
        raise ConfigError(f"{BUILT}: no texts: run `npm --prefix web run build` in a clone")
    return ("en", *sorted(found - {"en"}))


@cache
def texts(language: str) -> Texts:
    """The texts of the pages in a language, by key."""
    places = (SOURCES / language / "pages.json", BUILT / f"{language}.json")
    path = next(place for place in places if place.is_file())
    found: dict[str, str] = json.loads(path.read_text("utf-8"))
    return found


def level(mmi: float, words: Texts) -> str:
    """ "Strong shaking": the word for an intensity, as on the pages."""
    return words[f"level.{min(10, max(4, round(mmi)))}"]
