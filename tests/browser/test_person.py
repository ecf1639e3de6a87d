"""What is a person's own: places, help for afterwards, what they felt, drills, the self-check."""

import json
import time

import pytest
from playwright.sync_api import expect
from test_countdown import ready

pytestmark = pytest.mark.slow


def spot(name, lat, **more):
    place = {"name": name, "lat": lat, "lon": 104.06, "accuracyKm": 1}
    return {"place": place, "thresholds": {"noticeFrom": 3.5, "alertFrom": 5}, **more}


PLACES = [spot("Work", 30.95), spot("Mother", 31.1, elsewhere=True)]
STORE = "(all) => { for (const name in all) localStorage[name] = JSON.stringify(all[name]); }"


def opened(phone, warner, **values):
    """The page, with what a person has chosen before."""
    kept = {f"forewave.{name}": value for name, value in values.items()}
    phone.add_init_script(f"({STORE})({json.dumps(kept)})")
    phone.set_default_timeout(30_000)
    return ready(phone, warner.url())


def tab(page, name):
    page.locator("nav.tabs button", has_text=name).click()


def test_from_the_drill_to_what_was_felt(phone, warner):
    page = opened(phone, warner, places=PLACES, welcomed=True)
    # Settings: help for afterwards, a reminder, the self-check.
    tab(page, "Settings")
    page.get_by_label("Blood type").fill("A+")
    page.get_by_label("Contacts").fill("Zhang Wei; +86 138 0000 0000")
    page.get_by_label("Shelters").fill("Park; 30.66; 104.05\nSchool; 30.9; 104.06")
    page.get_by_label("Meeting point").fill("School gate")
    page.get_by_label("Remind me each month").select_option("on day 10")
    page.get_by_role("button", name="Check now").click()
    page.get_by_role("button", name="Yes").click()
    page.get_by_role("button", name="No", exact=True).click()
    check = page.locator(".check")
    expect(check.get_by_text("The check is done.")).to_be_visible()
    expect(check.locator("li", has_text="Sound and speech")).to_contain_text("worked on")
    expect(check.locator("li", has_text="Vibration")).to_contain_text("did NOT work on")
    expect(check.locator("li", has_text="Connection")).to_contain_text("worked on")
    expect(check.locator("li", has_text="Notification")).to_contain_text("off")
    # A drill for the place with the most, which can be left and is no "last earthquake".
    tab(page, "Home")
    page.get_by_role("button", name="Outdoors now").click()
    warner.publish(warner.alert(left=25, magnitude=6.9, mode="drill", event="d1", id="d1.1"))
    alert = page.locator("#alert")
    expect(alert.locator(".word")).to_contain_text("Work")
    expect(alert.locator(".action")).to_contain_text("Move clear.")
    page.wait_for_timeout(750)
    alert.get_by_role("button", name="Stop sound").click()
    page.wait_for_timeout(750)
    alert.get_by_role("button", name="Leave drill").click()
    expect(alert).to_be_hidden()
    warner.publish(
        warner.alert(left=24, magnitude=7.9, mode="drill", event="d1", id="d1.2", version=2)
    )
    page.wait_for_timeout(500)
    expect(alert).to_be_hidden()
    # A real one, late: after it the contacts, the shelters, and what was felt.
    warner.publish(warner.alert(left=-45, magnitude=6.9, event="e2", id="e2.1"))
    expect(alert.locator(".action")).to_contain_text("are you hurt")
    page.wait_for_timeout(750)
    alert.locator("button.stop").click()
    helps = page.locator(".help")
    expect(helps.locator("ol li").first).to_contain_text("Park · 1.0 km west of here")
    expect(helps).to_contain_text("A+")
    expect(helps).to_contain_text("School gate")
    assert helps.get_by_role("link", name="Call").get_attribute("href") == "tel:+8613800000000"
    asks = page.get_by_role("link", name="I need help").get_attribute("href")
    assert asks.startswith("sms:+8613800000000?&body=")
    with page.expect_request("**/felt") as sent:
        page.get_by_role("button", name="Hard to walk").click()
    body = sent.value.post_data_json
    assert set(body) == {"cell", "mmi", "minute"}
    assert (body["cell"], body["mmi"]) == ("wm3y", 6)
    assert abs(body["minute"] - time.time() // 60) <= 2
    expect(page.get_by_text("Sent. Thank you.")).to_be_visible()
    assert warner.gateway.reports.taken == {"felt": 1}
    page.get_by_role("button", name="What others felt").click()
    expect(page.get_by_text("Fewer than five reports")).to_be_visible()
    # The history: what was forecast, what was felt, whether it was right; and the list of all.
    tab(page, "History")
    card = page.locator(".entries li", has_text="You felt").first
    expect(card).to_contain_text("VI · strong")
    expect(card).to_contain_text("Was it right?")
    page.get_by_role("button", name="Show the list").click()
    expect(page.locator(".recent tbody tr")).to_have_count(2)
    expect(page.locator(".recent")).to_contain_text("Drill")


def test_a_place_of_somebody_else_is_told_of_and_asks_nothing(phone, warner):
    page = opened(phone, warner, places=PLACES[1:], welcomed=True)
    warner.publish(warner.alert(left=20, magnitude=4.6))
    banner = page.locator("#banner")
    expect(banner).to_contain_text("Mother")
    expect(banner).to_contain_text("This is not about where you are.")
    expect(page.locator("#alert")).to_be_hidden()
    tab(page, "Settings")
    page.get_by_role("button", name="Add a place").click()
    page.get_by_label("Latitude").fill("30")
    page.get_by_label("Longitude").fill("104")
    page.get_by_role("button", name="Use this point").click()
    expect(page.locator(".spots li")).to_have_count(2)
    page.locator(".spots li").first.get_by_role("button", name="Remove").click()
    expect(page.locator(".spots li")).to_have_count(1)
    expect(page.locator(".place-name").first).to_have_text("Chengdu")


def test_a_town_is_chosen_by_keyboard(browser, warner):
    context = browser.new_context(locale="en-GB", viewport={"width": 360, "height": 640})
    page = ready(context, warner.url())
    page.locator(".tabs button").nth(3).click()
    field, first = page.locator("#town"), page.locator(".towns button").first
    field.fill("mei")
    expect(page.locator(".towns button")).to_have_count(8)  # the towns of the world are there, too
    field.press("ArrowDown")
    expect(first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(field).to_be_focused()
    chosen = first.inner_text().partition(",")[0]
    field.press("Enter")
    expect(page.locator(".picker .place-name")).to_have_text(chosen)
    context.close()


def test_a_place_is_found_by_its_name_in_the_script_of_its_reader(browser, warner):
    context = browser.new_context(locale="zh-CN", viewport={"width": 360, "height": 640})
    page = ready(context, warner.url())
    page.locator(".tabs button").nth(3).click()
    for typed, offered in (("大", "大阪, JP"), ("東京", "东京, JP"), ("成都", "成都, CN")):
        page.locator("#town").fill(typed)
        expect(page.locator(".towns button").filter(has_text=offered)).to_have_count(1)
    page.get_by_role("button", name="成都, CN").click()
    expect(page.locator(".picker .place-name")).to_have_text("成都")
    context.close()
