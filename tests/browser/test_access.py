"""A26 to A28, A31: what people hear who use a screen reader, and what axe-core finds."""

import itertools
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Page, expect
from test_countdown import ready
from warner import Warner

from tests import page_texts
from tests.accessibility import evidence
from tests.cases import first_of, further
from tests.page_texts import IN_BROWSER

pytestmark = pytest.mark.slow

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = [("phone", "/"), ("tv", "/tv")]

RECORD = """() => {
  window.said = [];
  for (const id of ['live', 'polite']) {
    const region = document.getElementById(id);
    new MutationObserver(() =>
      window.said.push([id, region.textContent, performance.now()])
    ).observe(region, { childList: true, characterData: true, subtree: true });
  }
}"""


def violations(page: Page) -> list[str]:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: npm --prefix web ci")
    page.evaluate(AXE.read_text())
    found = page.evaluate(
        "tags => axe.run(document, { runOnly: { type: 'tag', values: tags } })", TAGS
    )
    return [
        f"{one['id']}: {one['help']}: {node['html'][:120]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


@pytest.mark.parametrize(("screen", "path"), first_of(PAGES))
def test_a26_the_live_regions_are_there_and_empty(request, warner: Warner, screen, path):
    page = ready(request.getfixturevalue(screen), warner.url(path))
    expect(page.locator("#live")).to_have_attribute("role", "alert")
    expect(page.locator("#polite")).to_have_attribute("role", "status")
    assert page.locator("#live").text_content() == ""
    assert page.locator("#polite").text_content() == ""


GOLDEN = """
- alert: {spoken.standard} {count}
- status
- main:
  - paragraph: {title}
  - paragraph: {level.5}
  - button "{stop}"
  - heading "{action}" [level=1]
  - paragraph: {label}
  - timer "{label}": {number}
  - paragraph: {seconds}
  - paragraph: {own}
  - list:
    - listitem: "{also.bed}"
    - listitem: "{also.wheelchair}"
    - listitem: "{also.driving}"
"""


def golden(language: str, seconds: int) -> str:
    """What a screen reader finds 30 seconds before moderate shaking."""
    texts, filled = page_texts.texts(language), page_texts.filler(language)
    level = texts["level.5"]
    where = filled("from.here", km=56, direction=texts["directions"].split()[0])
    magnitude = page_texts.number(language, "6.5")
    facts = filled("facts.line", m=magnitude, where=where, source="forewave")
    made = {
        "count": filled("count.spoken", level=level, n=seconds),
        "label": filled("count", level=level),
        "own": rf"/\S+ {re.escape(texts['mmi.5'] + ' ' + facts)}/",
        "action": texts["action.standard"].replace("\n", " "),
        "number": f"/{page_texts.DIGIT}+/",
    }
    holes = re.sub(r"\{([\w.]+)\}", lambda hole: {**texts, **made}[hole[1]], GOLDEN)
    return re.sub("([。！？]) ", r"\1", holes)  # no space after such a stop


@pytest.mark.parametrize("language", first_of(page_texts.IN_BROWSER))
def test_a26_what_is_there_to_hear(browser, warner: Warner, language):
    texts = page_texts.texts(language)
    context = browser.new_context(locale=language, viewport={"width": 360, "height": 640})
    page = ready(context, warner.url())
    warner.publish(warner.alert(left=30))
    expect(page.locator("#alert")).to_be_visible()
    expected = golden(language, _announced_number(page))
    expect(page.locator("body")).to_match_aria_snapshot(expected)
    assert texts["settings"] not in page.locator("body").aria_snapshot(), "what lies below is inert"
    context.close()


def _announced_number(page: Page) -> int:
    digits = "".join(c for c in page.locator("#live").text_content() or "" if c.isdigit())
    return int(digits)


@pytest.mark.thorough
@pytest.mark.timeout(120)
def test_a27_from_30_to_0_there_are_few_words_well_apart(phone, warner: Warner):
    page = ready(phone, warner.url())
    page.evaluate(RECORD)
    warner.publish(warner.alert(left=31))
    expect(page.locator("#alert")).to_have_attribute("data-phase", "shaking", timeout=40_000)
    page.wait_for_timeout(1500)
    said = [one for one in page.evaluate("window.said") if one[1]]
    assert [text for _, text, _ in said][1:] == ["5 seconds.", "Shaking now. Hold on."]
    assert said[0][1].startswith("Earthquake. Drop, cover, hold on. Moderate shaking in about ")
    times = [at for _, _, at in said]
    assert len(said) <= 5
    assert all(b - a >= 4000 for a, b in itertools.pairwise(times))


@pytest.mark.parametrize(("screen", "path"), first_of(PAGES))
def test_a28_the_number_is_a_timer_that_keeps_quiet(request, warner: Warner, screen, path):
    page = ready(request.getfixturevalue(screen), warner.url(path))
    warner.publish(warner.alert())
    number = page.locator("#alert .number")
    expect(number).to_have_attribute("role", "timer")
    assert number.get_attribute("aria-live") is None
    assert page.locator("#alert [aria-live]").count() == 0
    expect(page.locator("#alert .short")).to_have_attribute("aria-hidden", "true")


STATES = ["home", "settings", "history", "after", "countdown", "danger", "drill", "imminent",
          "shaking", "late", "notice", "cancelled", "lowered", "second"]  # fmt: skip


def bring(page: Page, warner: Warner, state: str) -> None:
    """The page into that state."""
    alerts = {
        "countdown": {"left": 25},
        "danger": {"left": 25, "magnitude": 8.3},
        "drill": {"left": 25, "mode": "drill"},
        "imminent": {"left": 4.5},
        "shaking": {"left": -1},
        "late": {"left": -14},
        "notice": {"magnitude": 5.5},
        "cancelled": {"left": 25},
        "lowered": {"left": 25},
        "second": {"left": 25},
    }
    if state in alerts:
        alert = warner.alert(**alerts[state])
        warner.publish(alert)
        expect(page.locator("#alert, #banner").locator("visible=true").first).to_be_visible()
        if state == "cancelled":
            warner.publish(msgspec.structs.replace(alert, version=2, kind="cancel", why="false"))
        if state == "second":  # withdrawn beside a light one, which lies in the banner
            warner.publish(warner.alert(magnitude=5.5, event="e2", id="e2.1"))
            warner.publish(msgspec.structs.replace(alert, version=2, kind="cancel", why="false"))
        if state == "lowered":
            smaller = warner.alert(left=24, magnitude=5.0, version=2, kind="update", why="smaller")
            warner.publish(smaller)
    elif state != "home":
        names = page.locator(".tabs button")
        names.nth(["home", "after", "history", "settings"].index(state)).click()
    page.wait_for_timeout(900)


def axe_cases() -> list[Any]:
    """A page in a language and a theme: one of each page, the others where they are asked for."""
    looks = list(zip(IN_BROWSER, itertools.cycle(["light", "dark"]), strict=False))
    ours = [("/", *looks[0]), ("/tv", *looks[1])]
    every = ((path, *look) for path in ("/", "/tv") for look in looks)
    others = [case for case in every if case not in ours]
    return [*map(further, ours)] + [
        pytest.param(*each, marks=evidence.ONLY_ASKED_FOR) for each in others
    ]


@pytest.mark.timeout(240)
@pytest.mark.parametrize(("path", "language", "theme"), axe_cases())
def test_a31_axe_finds_nothing(browser, warner: Warner, path, language, theme):
    size = {"width": 360, "height": 640} if path == "/" else {"width": 1920, "height": 1080}
    states = STATES if path == "/" else [*STATES[:1], *STATES[4:]]
    context = browser.new_context(
        locale=language, color_scheme=theme, viewport=size, bypass_csp=True
    )
    found = {}
    for state in states:
        page = ready(context, warner.url(path))
        bring(page, warner, state)
        found[state] = violations(page)
        warner.forget()
        page.evaluate("localStorage.clear()")
        page.close()
    context.close()
    assert {state: what for state, what in found.items() if what} == {}
