"""A32: ten faults planted in the page, one at a time: our own checks find each of them.

axe-core finds one: see the table of the report. The checks are those of test_states.py.
"""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from test_access import violations
from warner import Warner

from tests import page_texts
from tests.accessibility import evidence, states
from tests.accessibility.chromium import Chromium
from tests.accessibility.defects import DEFECTS, PLANT, Defect
from tests.accessibility.flash import Film
from tests.accessibility.walk import walk

pytestmark = [pytest.mark.slow, pytest.mark.thorough, pytest.mark.timeout(240)]

PHONE = {"width": 360, "height": 640}
TABLE: list[dict[str, object]] = []


@pytest.fixture(scope="module", autouse=True)
def table() -> Iterator[None]:
    yield
    evidence.keep_table("defects", TABLE)


def found_by_checks(window: Chromium, warner: Warner) -> set[str]:
    """The checks that find something on the page of a countdown, with one thing below it."""
    state = states.BY_NAME["countdown"]
    window.hold()
    found = set(states.inspect(window, "phone", words(), settled=True))
    film = Film(window)
    film.begin()
    film.run(1.1)
    found |= {"A17"} if film.flashes() else set()
    walked = walk(window)
    found |= {"A30"} if "A30" in walked else set()
    found |= {"A12-focus"} if "A12" in walked else set()
    assert state.phase
    return found


def words() -> list[str]:
    texts = page_texts.texts("en")
    return [texts["title"], texts["level.5"]]


def planted(browser: Browser, warner: Warner, defect: Defect | None) -> tuple[set[str], list[str]]:
    """What our checks find, and what axe-core does."""
    context = browser.new_context(
        viewport=PHONE, has_touch=True, locale="en", welcome=True, bypass_csp=True
    )
    page = context.new_page()
    window = Chromium(page, stepped=True)
    if defect:
        values = json.dumps([defect.css, f"({defect.change})"])
        page.add_init_script(f"({PLANT})({values})")
    state = states.BY_NAME["countdown"]
    states.bring(window, warner, state, "phone")
    found = found_by_checks(window, warner)
    window.go_on()
    axe = violations(page)
    context.close()
    return found, axe


def test_without_a_defect_nothing_is_found(browser: Browser, warner: Warner):
    assert planted(browser, warner, None) == (set(), [])


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_a32_a_planted_defect_is_found(browser: Browser, warner: Warner, defect: Defect):
    found, axe = planted(browser, warner, defect)
    row = {"defect": defect.name, "check": defect.check, "found": defect.check in found}
    TABLE.append(row | {"axe": sorted({one.partition(":")[0] for one in axe})})
    assert defect.check in found
