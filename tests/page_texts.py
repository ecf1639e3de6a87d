"""The languages of the pages and their texts (web/languages/), for tests."""

import os
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "web" / "languages"
CODES = tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def own(code: str) -> dict[str, Any]:
    """All that stands in the file of a language."""
    return tomllib.loads((FOLDER / f"{code}.toml").read_text("utf-8"))


def is_full(code: str) -> bool:
    """Whether it is no draft."""
    return own(code)["language"]["state"] == "full"


# As the pages list them: full ones first, then drafts.
LANGUAGES = tuple(sorted(CODES, key=lambda code: (not is_full(code), code)))
OTHERS = tuple(code for code in LANGUAGES if code != "en")

# A test in a browser takes seconds: `make test` looks at the first of these languages, CI at each
# (other characters, long words, from right to left), and at all with FOREWAVE_LANGUAGES=all.
IN_BROWSER = ("en", "zh-CN", "es", "ar")
if os.environ.get("FOREWAVE_LANGUAGES") == "all":
    IN_BROWSER = ("en", *OTHERS)


def texts(code: str, page: str = "pages") -> dict[str, str]:
    """Of phone and TV ("pages"), or of the page "status" or "sensor"."""
    chain = [code, *own(code)["language"]["fallback"], "en"]
    found = dict.fromkeys(own("en")[page], "")
    for each in reversed(chain):
        found |= own(each).get(page, {})
    return found


ZERO = {"latn": "0", "arab": "\u0660", "arabext": "\u06f0", "deva": "\u0966"}
DIGIT = f"[{''.join(f'{zero}-{chr(ord(zero) + 9)}' for zero in ZERO.values())}]"


def number(code: str, value: float | str) -> str:
    """A number with the digits and the decimal sign that the language is read with."""
    language = own(code)["language"]
    zero = ord(ZERO[language["digits"]])
    signed = str(value).replace(".", language["decimal"])
    return "".join(chr(zero + int(c)) if c in "0123456789" else c for c in signed)


def filler(code: str, page: str = "pages") -> Callable[..., str]:
    """Fills the holes of a text, named by its key, as the page does: numbers in the digits of the
    language, and texts isolated where it reads from the right.
    """
    found = texts(code, page)
    around = "\u2068{}\u2069" if own(code)["language"]["direction"] == "rtl" else "{}"

    def slot(value: float | str) -> str:
        return around.format(value) if isinstance(value, str) else number(code, value)

    return lambda key, **slots: found[key].format_map({k: slot(v) for k, v in slots.items()})
