"""The clips that come with the page are spoken with the alarm; of two pages one sounds."""

import pytest
from playwright.sync_api import expect
from test_countdown import ready, surface

pytestmark = pytest.mark.slow

# Every sound that begins: when, and for how long it is.
PLAYED = """
  window.played = [];
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (...given) {
    window.played.push([performance.now(), this.buffer.duration]);
    return start.apply(this, given);
  };
"""


def test_the_action_is_spoken_to_its_end_before_the_intensity_and_the_number(phone, warner):
    phone.add_init_script(PLAYED)
    page = ready(phone, warner.url())
    expect(page.locator(".channels")).not_to_contain_text("no voice")
    asked = page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    assert sum("/speech/en.clips" in each for each in asked) == 1
    # 20 s are left while the action is spoken.
    warner.publish(warner.alert(left=21.9, magnitude=7.4))
    expect(surface(page)).to_have_attribute("data-phase", "countdown")
    page.wait_for_function("() => window.played.length >= 5", timeout=20_000)
    tone, action, intensity = page.evaluate("window.played.slice(0, 3)")
    assert 0.6 < tone[1] < 0.8
    assert 2 < action[1] < 4
    assert 0.5 < intensity[1] < 2.5
    assert (action[0] - tone[0]) <= 1500, "loaded machines included; test_latency measures it"
    assert intensity[0] - action[0] >= 1000 * action[1] - 30, "nothing cuts the action"
    page.get_by_role("button", name="Stop sound").click(timeout=5000)
    count = page.evaluate("window.played.length")
    page.wait_for_timeout(3000)
    assert page.evaluate("window.played.length") == count


def test_of_two_pages_one_sounds_and_stop_stops_both(phone, warner):
    phone.add_init_script(PLAYED)
    first = ready(phone, warner.url())
    second = ready(phone, warner.url())
    warner.publish(warner.alert(left=50, magnitude=7.6))
    for page in (first, second):
        expect(surface(page)).to_have_attribute("data-phase", "countdown")
    first.wait_for_function("() => window.played.length > 0")
    second.wait_for_timeout(1500)
    assert second.evaluate("window.played.length") == 0
    first.close()
    closed = second.evaluate("performance.now()")
    second.wait_for_function("() => window.played.length > 0", timeout=5000)
    assert second.evaluate("window.played[0][0]") - closed <= 1000
    third = ready(phone, warner.url())
    expect(surface(third)).to_have_attribute("data-phase", "countdown")
    third.wait_for_timeout(1000)
    third.get_by_role("button", name="Stop sound").click()
    for page in (second, third):
        expect(page.get_by_role("button", name="Sound is off")).to_be_visible()
    counts = [page.evaluate("window.played.length") for page in (second, third)]
    third.wait_for_timeout(2500)
    assert [page.evaluate("window.played.length") for page in (second, third)] == counts
