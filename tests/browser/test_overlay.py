"""The overlay for broadcasters: nothing when it is calm, and only what viewers need in an alert."""

import io

import msgspec
import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from test_layout import BOXES
from warner import Warner

pytestmark = pytest.mark.slow


def seen(page: Page) -> tuple[int, int, int, int] | None:
    """The box of all that is not transparent."""
    shot = page.screenshot(omit_background=True)
    return Image.open(io.BytesIO(shot)).convert("RGBA").getchannel("A").getbbox()


def test_the_overlay_shows_alerts_and_nothing_else(tv, warner: Warner):
    page = tv.new_page()
    page.goto(warner.url("/tv?overlay=silent"))
    warner.wait_for_device()
    page.wait_for_timeout(300)
    assert seen(page) is None, "calm: no Ready, no clock"
    light = {"event": "light", "id": "light.1", "mode": "drill"}
    warner.publish(warner.alert(left=60, magnitude=5.5, **light))
    expect(page.locator("#banner")).to_contain_text("Chengdu")
    box = seen(page)
    assert box is not None
    assert (box[0] >= 95, box[1] >= 700, box[2] <= 1825, box[3] <= 1027) == (True,) * 4, box
    alert = warner.alert(left=60, magnitude=8.6, mode="drill")
    warner.publish(alert)
    expect(page.locator("#alert")).to_be_visible()
    expect(page.locator("#alert .drill")).to_be_visible()
    expect(page.locator("#alert .own")).to_contain_text("of Chengdu")
    assert page.locator("button:visible").count() == 0, "nobody who sees it could press one"
    boxes = page.evaluate(BOXES)
    for text in boxes["texts"]:
        assert text["size"] >= 40, text
        assert 95 <= text["left"] <= text["right"] <= 1825, text
        assert 420 <= text["top"] <= text["bottom"] <= 1027, text
    warner.publish(msgspec.structs.replace(alert, version=2, kind="cancel", why="false"))
    expect(page.locator("#alert")).to_have_attribute("data-phase", "cancelled")
    expect(page.locator("#alert .title")).to_be_visible()
