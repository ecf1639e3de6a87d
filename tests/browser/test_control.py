"""A21, A29, A30: stopping the sound, the focus, and everything by keys alone."""

import msgspec
import pytest
from playwright.sync_api import BrowserContext, Page, expect
from test_countdown import ready
from warner import Warner

from tests import page_texts
from tests.cases import first_of

pytestmark = pytest.mark.slow

COUNT_STOPS = """() => {
  window.started = 0;
  window.stopped = 0;
  const start = AudioBufferSourceNode.prototype.start;
  const stop = AudioBufferSourceNode.prototype.stop;
  AudioBufferSourceNode.prototype.start = function () {
    window.started += 1;
    return start.call(this);
  };
  AudioBufferSourceNode.prototype.stop = function () {
    window.stopped = window.stopped || performance.now();
    return stop.call(this);
  };
  for (const type of ['pointerdown', 'keydown'])
    addEventListener(type, () => (window.pressed = performance.now()), true);
}"""


def alerted(context: BrowserContext, warner: Warner, path: str = "/") -> Page:
    page = ready(context, warner.url(path))
    page.evaluate(COUNT_STOPS)
    warner.publish(warner.alert(left=25))
    expect(page.locator("#alert")).to_have_attribute("data-phase", "countdown")
    return page


@pytest.mark.parametrize("way", first_of(["click", "Enter", "Space", "Escape"]))
def test_a21_stop_sound(phone, warner: Warner, way):
    page = alerted(phone, warner)
    page.wait_for_timeout(900)
    assert page.evaluate("window.started") >= 1  # the tone, and the words by then
    if way == "click":
        page.locator("#alert .stop").click()
    else:
        page.locator("#alert .stop").focus()
        page.keyboard.press(way)
    expect(page.locator("#alert .stop")).to_have_text("Sound is off")
    assert page.evaluate("window.stopped - window.pressed") <= 100
    sounded = page.evaluate("window.started")
    again = warner.alert(left=20, magnitude=6.6, version=2, kind="update")
    warner.publish(again)
    page.wait_for_timeout(4500)
    assert page.evaluate("window.started") == sounded, "an update of the same level stays silent"


def test_a21_back_on_a_remote_control(tv, warner: Warner):
    page = alerted(tv, warner, "/tv")
    page.wait_for_timeout(900)
    for code in (461, 10009):
        page.evaluate(
            "code => dispatchEvent(new KeyboardEvent('keydown', {keyCode: code, bubbles: true}))",
            code,
        )
    expect(page.locator("#alert .stop")).to_have_text("Sound is off")


@pytest.mark.parametrize(("screen", "path"), first_of([("phone", "/"), ("tv", "/tv")]))
def test_a29_keys_are_ignored_at_first_and_the_focus_is_never_lost(request, warner, screen, path):
    page = ready(request.getfixturevalue(screen), warner.url(path))
    page.get_by_role("button", name="Try it").focus()
    was = page.evaluate("document.activeElement.textContent")
    alert = warner.alert(left=25)
    warner.publish(alert)
    expect(page.locator("#alert")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator("#alert .stop")).to_have_text("Stop sound")
    page.wait_for_timeout(900)
    inside = "document.activeElement !== document.body && alert.contains(document.activeElement)"
    page.evaluate("window.alert = document.getElementById('alert')")
    assert page.evaluate(inside)
    assert page.evaluate("document.getElementById('page').hasAttribute('inert')")
    warner.publish(msgspec.structs.replace(alert, version=2, kind="cancel", why="false"))
    expect(page.locator("#alert")).to_have_attribute("data-phase", "cancelled")
    page.wait_for_timeout(900)
    page.keyboard.press("Enter")
    expect(page.locator("#alert")).to_be_hidden()
    assert page.evaluate("document.activeElement.textContent") == was


def test_a30_the_phone_by_tab_alone(phone, warner: Warner):
    page = ready(phone, warner.url())
    for tab in ("Settings", "History", "After", "Home"):
        _tab_to(page, tab)
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name=tab, exact=True)).to_have_attribute(
            "aria-current", "page"
        )
    reached = _round_trip(page)
    ways = page.locator("#page button:visible:not([disabled])").count()
    assert len(set(reached)) >= ways, "every button is reached, and Tab is never caught"


def _tab_to(page: Page, name: str) -> None:
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == name:
            return
    raise AssertionError(f"{name} cannot be reached by Tab")


def _round_trip(page: Page) -> list[str]:
    seen: list[str] = []
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.outerHTML"))
    return seen


def test_a30_the_tv_by_arrows_and_ok_alone(tv, warner: Warner):
    page = ready(tv, warner.url("/tv"))
    for key in ("ArrowDown", "ArrowDown", "ArrowLeft", "ArrowRight"):
        page.keyboard.press(key)
    expect(page.locator(":focus")).to_have_text("Settings")
    page.keyboard.press("Enter")
    expect(page.locator(".settings h1")).to_be_visible()
    seen = set()
    for key in ["ArrowUp"] * 3 + ["ArrowDown"] * 16 + ["ArrowRight"]:
        page.keyboard.press(key)
        seen.add(page.evaluate("document.activeElement.textContent || document.activeElement.id"))
    everything = page.locator(".settings button:visible, .settings input:visible").count()
    assert len(seen) == everything
    for language in (*page_texts.OTHERS, "en"):
        page.locator("#choice-language").focus()
        page.keyboard.press("Enter")
        expect(page.locator("html")).to_have_attribute("lang", language)
    page.keyboard.press("Escape")
    expect(page.locator(".clock")).to_be_visible()


def test_a39_settings_are_kept_and_sound_asks_twice(phone, warner: Warner):
    page = ready(phone, warner.url())
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("group", name="Who I am").get_by_label("Wheelchair").check(force=True)
    sound = page.get_by_role("group", name="Sound")
    sound.get_by_label("Off").check(force=True)
    expect(page.get_by_text("Without sound you may sleep through")).to_be_visible()
    page.get_by_role("button", name="Keep it on").click()
    expect(sound.get_by_label("Standard")).to_be_checked()
    page.reload()
    expect(page.locator(".status")).to_have_attribute("data-link", "ready")
    warner.publish(warner.alert())
    expect(page.locator("#alert h1")).to_have_text("Lock.Cover.Hold on.")
    expect(page.locator("#alert .also")).to_be_hidden()


@pytest.mark.timeout(60)
def test_the_drill_of_the_home_page(phone, warner: Warner):
    page = ready(phone, warner.url())
    page.get_by_role("button", name="Try it").click()
    expect(page.locator("#alert .drill")).to_be_visible()
    expect(page.locator("#alert")).to_have_attribute("data-phase", "countdown")
    expect(page.locator("#alert .number")).to_have_text("12")
