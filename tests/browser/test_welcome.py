"""The first steps (sound, place, drill): first on the screen, by keys, never in the way."""

import pytest
from playwright.sync_api import Browser, Page, expect
from test_countdown import surface
from warner import Warner

pytestmark = pytest.mark.slow

# The sound as it is before a first touch, and the touch that allows it.
LOCKED = """
  window.locked = true;
  const { resume } = AudioContext.prototype;
  AudioContext.prototype.resume = function () {
    return window.locked ? Promise.reject(new Error('not allowed')) : resume.call(this);
  };
  const state = Object.getOwnPropertyDescriptor(BaseAudioContext.prototype, 'state').get;
  Object.defineProperty(BaseAudioContext.prototype, 'state', {
    get() { return window.locked ? 'suspended' : state.call(this); },
  });
  for (const type of ['pointerdown', 'keydown'])
    addEventListener(type, () => (window.locked = false), true);
"""


def first_visit(browser: Browser, warner: Warner, path: str, **options) -> Page:
    context = browser.new_context(welcome=True, locale="en", **options)
    context.set_default_timeout(10_000)
    context.add_init_script(LOCKED)
    page = context.new_page()
    page.goto(warner.url(path))
    expect(page.locator(".status")).to_have_attribute("data-ready", "silent")
    return page


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.textContent")


def test_three_steps_by_keyboard_and_then_never_again(browser, warner: Warner):
    page = first_visit(browser, warner, "/", viewport={"width": 360, "height": 640})
    welcome = page.locator(".welcome")
    expect(welcome).to_be_in_viewport(ratio=0.9)
    first = page.locator("#page button:visible").first
    expect(first).to_have_text("Turn on sound")
    page.keyboard.press("Tab")  # a key allows the sound as well as the button does
    expect(welcome.locator(".step").nth(0)).to_have_attribute("data-done", "")
    expect(page.locator(".status")).to_have_attribute("data-ready", "ready")
    page.get_by_role("button", name="This is my place").focus()
    page.keyboard.press("Enter")
    expect(welcome.locator(".step").nth(1)).to_have_attribute("data-done", "")
    assert focused(page) == "Change", "the focus goes on where its button has gone"
    assert page.evaluate("JSON.parse(localStorage['forewave.place']).name") == "Chengdu"
    page.get_by_role("button", name="Try it").focus()
    page.keyboard.press("Enter")
    expect(surface(page)).to_have_attribute("data-phase", "countdown")
    expect(page.locator("#alert .drill")).to_be_visible()
    page.reload()
    expect(page.locator(".status")).to_have_attribute("data-ready", "silent")
    expect(page.locator(".welcome")).to_be_hidden()
    page.context.close()


def test_they_can_be_left_out_and_a_warning_comes_over_them(browser, warner: Warner):
    page = first_visit(browser, warner, "/", viewport={"width": 360, "height": 640})
    warner.publish(warner.alert(left=20))
    expect(surface(page)).to_be_visible()
    assert page.evaluate("document.elementFromPoint(180, 320).closest('#alert') !== null"), (
        "the alert is above"
    )
    warner.forget()
    page.reload()
    expect(page.locator(".status")).to_have_attribute("data-ready", "silent")
    page.get_by_role("button", name="Skip these steps").focus()
    page.evaluate("window.locked = true")
    page.evaluate("document.activeElement.click()")
    expect(page.locator(".welcome")).to_be_hidden()
    assert focused(page) != "", "the focus is not lost"
    status = page.locator(".status")
    expect(status).to_have_attribute("data-ready", "silent")
    expect(status).to_contain_text("An alert would be shown without sound.")
    status.get_by_role("button", name="Turn on sound").click()
    expect(status).to_have_attribute("data-ready", "ready")
    page.context.close()


def test_the_five_keys_of_a_television_reach_every_step(browser, warner: Warner):
    page = first_visit(browser, warner, "/tv", viewport={"width": 1920, "height": 1080})
    expect(page.locator(".welcome")).to_be_in_viewport(ratio=1)
    assert focused(page) == "Turn on sound"
    page.keyboard.press("Enter")
    expect(page.locator(".status")).to_have_attribute("data-ready", "ready")
    assert focused(page) == "This is my place"
    page.keyboard.press("Enter")
    seen = {focused(page)}
    for key in ("ArrowUp", "ArrowUp", "ArrowDown", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
        seen.add(focused(page))
    assert {"Change", "Try it: 30-second drill", "Skip these steps"} <= seen
    page.get_by_role("button", name="Try it").focus()
    page.keyboard.press("Enter")
    expect(surface(page)).to_have_attribute("data-phase", "countdown")
    page.context.close()
