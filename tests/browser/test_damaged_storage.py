"""What an earlier visit has left, damaged: the page still warns."""

import json

import pytest
from playwright.sync_api import expect
from warner import Warner

pytestmark = [pytest.mark.slow, pytest.mark.thorough]

DAMAGED = {
    "history": [{}, [None], "x", 5, {"length": 3}, [{"key": "e", "outcome": 1, "received": "x"}]],
    "place": [{"name": "Home", "lat": 30.67, "lon": 104.06, "country": "constructor"}],
    "texts": [{"code": "es", "version": "old", "texts": {"title": 5}}, {"code": "constructor"}],
}
CASES = [(name, value) for name, values in DAMAGED.items() for value in values]


@pytest.mark.parametrize(("name", "value"), CASES)
def test_a_damaged_value_costs_no_alert(phone, warner: Warner, name, value):
    phone.add_init_script(
        f"localStorage.setItem('forewave.{name}', {json.dumps(json.dumps(value))})"
    )
    page = phone.new_page()
    page.goto(warner.url())
    warner.publish(warner.alert(left=30, magnitude=7.0))
    expect(page.locator("#alert")).to_have_attribute("data-phase", "countdown")
    expect(page.locator("#alert .number")).not_to_have_text("")
