"""The focus walked through a page by Tab: all is reached, in the order that it is seen in, shown by
a ring, not hidden behind anything, and no element keeps it."""

from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.accessibility.chromium import Chromium
from tests.accessibility.states import Faults

STEP = (Path(__file__).parent / "walk.js").read_text("utf-8").strip().removesuffix(";")
STEP = STEP[STEP.index("() =>") :]
MOST = 150


def walk(window: Chromium) -> Faults:
    """A30: reached, ordered, no trap; A12: the ring that shows where the focus is."""
    expected = list(dict.fromkeys(window.run(STEP)["all"]))
    places = _places(window, len(expected))
    reached = {place["at"] for place in places}
    unreached = [f"{name} is not reached by Tab" for name in expected if name not in reached]
    trap = [f"{b['at']} keeps the focus" for a, b in pairwise(places) if _trapped(a, b, expected)]
    order = [f"{b['at']} comes after {a['at']}" for a, b in pairwise(places) if _back(a, b)]
    hidden = [
        f"{place['at']} is covered while it has the focus" for place in places if place["covered"]
    ]
    bare = [f"{place['at']} shows no focus" for place in places if not place["ringed"]]
    found = {"A30": unreached + trap[:1] + order + hidden, "A12": bare}
    return {check: list(dict.fromkeys(what)) for check, what in found.items() if what}


def _places(window: Chromium, expected: int) -> list[dict[str, Any]]:
    """From the first Tab until it comes round, or as often as would suffice."""
    places: list[dict[str, Any]] = []
    for _ in range(min(MOST, expected + 3)):
        window.page.keyboard.press("Tab")
        place = window.run(STEP)
        if place["at"] is None:
            continue  # between the last and the first it may be at the browser's own
        places.append(place)
        if len(places) > expected and place["same"] == places[0]["same"]:
            break
    return places


def _trapped(a: dict[str, Any], b: dict[str, Any], expected: list[str]) -> bool:
    return len(expected) > 1 and a["same"] == b["same"]


def _back(a: dict[str, Any], b: dict[str, Any]) -> bool:
    """Whether b is before a as one reads; what does not scroll with the page is by itself."""
    if any(a[of] != b[of] for of in ("fixed", "section", "scrolled")) or b["same"] < a["same"]:
        return False
    one, other = a["box"], b["box"]
    above = other["bottom"] <= one["top"] + 1
    across = min(one["right"], other["right"]) - max(one["left"], other["left"]) > 0
    row = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"]) > 8
    before = one["right"] <= other["left"] if a["rtl"] else other["right"] <= one["left"]
    return (above and across) or (row and before)
