"""What the pages show is true: after an alert was taken back, with other keys, dates and sounds."""

import json

import msgspec
import pytest
from playwright.sync_api import BrowserContext, Page, expect
from test_countdown import PAGES, ready, surface
from warner import CHENGDU, Warner

from forewave.delivery.stream import Readiness
from forewave.types import Alert
from tests.cases import first_of

pytestmark = pytest.mark.slow

DAY = 86_400.0
# Every tone, and every context that plays them.
LISTEN = """
  window.tones = 0;
  window.contexts = [];
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function () {
    window.tones += 1;
    return start.call(this);
  };
  const Real = AudioContext;
  window.AudioContext = class extends Real {
    constructor(...given) {
      super(...given);
      window.contexts.push(this);
    }
  };
"""


def cancelled(alert: Alert, version: int, why: str) -> Alert:
    return msgspec.structs.replace(alert, version=version, kind="cancel", why=why)


@pytest.mark.parametrize(("screen", "path"), first_of(PAGES))
def test_al01_what_was_cancelled_as_smaller_alerts_again(request, warner: Warner, screen, path):
    context = request.getfixturevalue(screen)
    context.add_init_script(LISTEN)
    page = ready(context, warner.url(path))
    alert = warner.alert(left=30)
    warner.publish(alert)
    expect(surface(page)).to_have_attribute("data-phase", "countdown")
    warner.publish(cancelled(warner.alert(left=28, magnitude=4.2), 2, "smaller"))
    expect(surface(page)).to_have_attribute("data-phase", "lowered")
    warner.publish(warner.alert(left=20, magnitude=7.8, version=3, kind="update"))
    expect(surface(page)).to_have_attribute("data-phase", "countdown")
    expect(surface(page).locator("h1")).to_have_text("Drop.Cover.Hold on.")
    expect(page.locator("#live")).to_contain_text("Very strong shaking in about 1", timeout=10_000)
    assert page.evaluate("window.tones") >= 3, "alert, its end, and the alert again"


@pytest.mark.thorough
@pytest.mark.parametrize(("screen", "path"), PAGES)
@pytest.mark.parametrize("reload", [False, True])
def test_al02_beside_a_real_earthquake_nobody_is_told_to_be_safe(
    request, warner: Warner, screen, path, reload
):
    page = ready(request.getfixturevalue(screen), warner.url(path))
    warner.publish(warner.alert(left=-3, expires=warner.now() + 4))
    expect(surface(page)).to_have_attribute("data-phase", "shaking")
    if reload:
        page.wait_for_timeout(4500)
        page.reload()
        expect(page.locator(".status")).to_have_attribute("data-link", "ready")
    twin = warner.alert(left=15, magnitude=7.4, event="twin", id="twin.1")
    warner.publish(twin)
    expect(surface(page)).to_have_attribute("data-phase", "countdown")
    warner.publish(cancelled(twin, 2, "false"))
    if not reload:  # the shaking of the first one comes before all else
        expect(surface(page)).to_have_attribute("data-phase", "shaking")
        expect(surface(page)).to_have_attribute("data-phase", "cancelled", timeout=40_000)
    expect(surface(page)).to_contain_text("The second alert was wrong.")
    expect(surface(page)).to_contain_text("The first earthquake was real.")
    for calming in ("safe", "carry on", "There is no earthquake"):
        expect(page.locator("body")).not_to_contain_text(calming)


def test_al03_a_light_earthquake_is_shown_over_a_cancelled_alert(phone, warner: Warner):
    page = ready(phone, warner.url())
    alert = warner.alert()
    warner.publish(alert)
    warner.publish(cancelled(alert, 2, "false"))
    expect(surface(page)).to_contain_text("You are safe from this alert.")
    warner.publish(warner.alert(magnitude=5.5, event="e2", id="e2.1"))
    expect(page.locator("#banner")).to_contain_text("Earthquake nearby")
    expect(surface(page)).to_contain_text("Another earthquake was detected.")
    page.wait_for_timeout(800)
    page.locator("#banner button").click()
    expect(page.locator("#banner")).to_be_hidden()
    expect(surface(page)).to_be_visible()


def test_al04_a_server_that_begins_again_with_another_key_is_believed(phone):
    with Warner() as first:
        page = ready(phone, first.url())
        port = first.gateway.port
    with Warner(port=port) as second:
        page.wait_for_function("fetch('/config.json').then(() => true, () => false)")
        second.wait_for_device()
        second.publish(second.alert(left=25))
        expect(surface(page)).to_have_attribute("data-phase", "countdown")


def test_al04_a_key_that_is_not_listed_is_shown_and_mended_by_itself(phone, warner: Warner):
    other = {"keys": {"aaaaaaaa": "A" * 43}}

    def answer(route) -> None:
        # A connection that was kept may be closed just now: as a browser does, ask again.
        route.fulfill(json={**route.fetch(max_retries=3).json(), **other})

    phone.route("**/config.json", answer)
    page = phone.new_page()
    page.goto(warner.url())
    status = page.locator(".status")
    expect(status).to_have_attribute("data-ready", "untrusted", timeout=15_000)
    expect(status.locator("h1")).to_have_text("NOT ready")
    expect(page.locator("#polite")).to_contain_text("NOT ready.")
    warner.publish(warner.alert(left=60))
    page.wait_for_timeout(1500)
    expect(surface(page)).to_be_hidden()
    other.clear()
    expect(surface(page)).to_have_attribute("data-phase", "countdown", timeout=15_000)


def test_al06_a_page_that_was_away_learns_of_the_cancel(phone, warner: Warner):
    page = ready(phone, warner.url())
    alert = warner.alert()
    warner.publish(alert)
    expect(surface(page)).to_have_attribute("data-phase", "countdown")
    page.goto("about:blank")
    warner.publish(
        cancelled(msgspec.structs.replace(alert, expires=warner.now() + DAY), 2, "false")
    )
    page.goto(warner.url())
    expect(surface(page)).to_have_attribute("data-phase", "cancelled")
    page.wait_for_timeout(800)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="History").click()
    expect(page.locator(".entries")).to_contain_text("cancelled: no earthquake")
    expect(page.locator(".entries > li")).to_have_count(1)


@pytest.mark.parametrize(("screen", "path"), first_of(PAGES))
def test_al08_a_device_two_days_off_does_not_say_that_it_is_ready(request, warner, screen, path):
    page = request.getfixturevalue(screen).new_page()
    page.clock.install()
    page.clock.set_system_time(warner.now() + 2 * DAY)
    page.goto(warner.url(path))
    status = page.locator(".status")
    expect(status).to_have_attribute("data-ready", "drills")
    expect(status.locator("h1")).to_have_text("Drills only")
    expect(status).to_contain_text("Real alerts are refused")
    expect(page.locator(".channels")).to_contain_text("Drills only")


@pytest.mark.parametrize(("screen", "path"), first_of(PAGES))
def test_a_server_that_would_not_warn_is_not_shown_as_ready(request, warner, screen, path):
    warner.able = Readiness("not ready", ("a live source",))
    page = request.getfixturevalue(screen).new_page()
    page.goto(warner.url(path))
    status = page.locator(".status")
    expect(status).to_have_attribute("data-ready", "unable")
    expect(status).to_contain_text("receives no station data. No warning will come.")
    expect(page.locator(".channels")).to_contain_text("NOT ready")
    for state, words in (("ready", "Ready"), ("test", "Test only"), ("drill", "Drills only")):
        warner.able = Readiness(state)
        expect(status).to_contain_text(words, timeout=3000)  # at once, not with the next heartbeat
    warner.cut_off()
    expect(status.locator("h1")).to_have_text("Reconnecting", timeout=2000)
    expect(status).to_have_attribute("data-ready", "lost", timeout=15_000)


def suspended(context: BrowserContext, warner: Warner) -> Page:
    context.add_init_script(LISTEN)
    page = ready(context, warner.url())
    page.get_by_role("button", name="Home").click()
    expect(page.locator(".channels")).to_contain_text("volume not known")
    page.evaluate("Promise.all(window.contexts.map(one => one.suspend()))")
    expect(page.locator(".channels")).to_contain_text("stopped by this device")
    return page


def test_al09_sound_that_was_suspended_is_resumed_by_the_alarm(phone, warner: Warner):
    page = suspended(phone, warner)
    warner.publish(warner.alert())
    expect(surface(page)).to_be_visible()
    page.wait_for_function("window.contexts.some(one => one.state === 'running')")
    assert page.evaluate("window.tones") == 1


def test_al09_sound_is_turned_on_again_by_a_touch(phone, warner: Warner):
    page = suspended(phone, warner)
    page.get_by_role("button", name="Turn on sound").click()
    expect(page.locator(".channels")).to_contain_text("volume not known")
    expect(page.get_by_role("button", name="Turn on sound")).to_be_hidden()


def test_al11_a_swarm_is_summed_up(phone, warner: Warner):
    phone.add_init_script(LISTEN)
    page = ready(phone, warner.url())
    for i in range(12):
        warner.publish(warner.alert(magnitude=5.5, event=f"s{i}", id=f"s{i}.1"))
        page.wait_for_timeout(150)
    expect(page.locator("#banner")).to_contain_text("Several earthquakes nearby")
    expect(page.locator("#banner")).to_contain_text("12 in the last 10 minutes.")
    assert page.evaluate("window.tones") == 3
    page.locator("#banner button").click()
    expect(page.locator("#banner")).to_be_hidden()


@pytest.mark.thorough
@pytest.mark.timeout(60)
def test_al25_a_recording_that_is_shown_twice_is_heard_twice(phone):
    phone.add_init_script(LISTEN)
    with Warner(clock_offset=-8 * 365.25 * DAY) as warner:
        page = ready(phone, warner.url())
        drill = warner.alert(left=20, mode="drill")
        warner.publish(drill)
        expect(surface(page)).to_have_attribute("data-phase", "countdown")
        assert page.evaluate("window.tones") == 1
        page.wait_for_timeout(1000)
        warner.forget()
        warner.offset -= 300
        page.wait_for_timeout(6000)  # the next heartbeat
        expect(surface(page)).to_be_hidden()
        warner.offset += 290
        again = msgspec.structs.replace(drill, expires=drill.expires)
        page.wait_for_timeout(6000)
        heard = page.evaluate("window.tones")
        warner.publish(again)
        expect(surface(page)).to_be_visible()
        page.wait_for_function(f"window.tones > {heard}")


@pytest.mark.parametrize("path", first_of(["/", "/tv"]))
def test_a_place_after_a_question_mark_leaves_the_address_before_anything_is_fetched(
    browser, warner: Warner, path
):
    context = browser.new_context(locale="en")
    asked: list[str] = []
    context.on("request", lambda one: asked.append(json.dumps([one.url, one.all_headers()])))
    page = context.new_page()
    page.goto(f"{warner.url(path)}?lat=30.5712&lon=104.2345&name=School")
    expect(page.locator(".place-name").first).to_have_text("School")
    expect(page.locator(".status")).to_have_attribute("data-link", "ready")
    assert page.evaluate("location.search") == ""
    assert page.evaluate("location.hash") == "#lat=30.5712&lon=104.2345&name=School"
    assert "30.5712" in asked[0], "the browser sent it when the page was asked for"
    assert not any("30.5712" in later for later in asked[1:])
    assert len(asked) > 3
    context.close()


def test_another_place_in_the_address_counts_without_loading_the_page_again(phone, warner):
    page = ready(phone, warner.url("/", lat=CHENGDU.lat, lon=CHENGDU.lon))
    page.evaluate("location.hash = '#lat=29.56&lon=103.76&name=Leshan'")
    expect(page.locator(".place-name").first).to_have_text("Leshan")
