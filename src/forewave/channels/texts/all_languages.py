"""The texts of the pages in every language at once, for documents that hold all of them.

The build of the pages puts them into words.FOLDER, each with every key. Drafts, which no native
speaker has read yet, are left out.
"""

import json
from collections.abc import Mapping
from functools import cache

from forewave.channels.texts.words import FOLDER
from forewave.errors import ConfigError

Texts = Mapping[str, str]


@cache
def languages() -> tuple[str, ...]:
    """Codes of the languages, English first. Raises ConfigError where there are none."""
    try:
        known = json.loads((FOLDER.parent / "languages.json").read_text("utf-8"))
    except OSError:
        raise ConfigError(
            f"{FOLDER}: no texts: run `npm --prefix web run build` in a clone"
        ) from None
    full = {code for code, language in known.items() if language["state"] == "full"}
    return ("en", *sorted(full - {"en"}))


@cache
def texts(language: str) -> Texts:
    """The texts of the pages in a language, by key."""
    path = FOLDER / f"{language}.json"
    found: dict[str, str] = json.loads(path.read_text("utf-8"))
    return found


def level(mmi: float, words: Texts) -> str:
    """ "Strong shaking": the word for an intensity, as on the pages."""
    return words[f"level.{min(10, max(4, round(mmi)))}"]
