"""Pages work under a prefix, by a proxy that reuses connections, with WebSockets or without."""

import pytest
from playwright.sync_api import expect
from prefix_proxy import PrefixProxy
from warner import Warner

from tests.cases import first_of

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("screen", "path"), first_of([("phone", "/"), ("tv", "/tv"), ("tv", "/tv/")])
)
def test_a_page_under_a_prefix_shows_the_alert(request, warner: Warner, screen, path):
    with PrefixProxy(warner.gateway.port) as proxy:
        page = request.getfixturevalue(screen).new_page()
        page.goto(proxy.url(path))
        expect(page.locator(".status")).to_have_attribute("data-link", "ready")
        warner.publish(warner.alert(left=20))
        expect(page.locator("#alert")).to_have_attribute("data-phase", "countdown")
        assert "/quake/stream" in proxy.paths
        assert [path for path in proxy.paths if not path.startswith("/quake/")] == []


@pytest.mark.parametrize("path", first_of(["/status", "/sensor"]))
def test_the_other_pages_ask_for_nothing_outside_the_prefix(phone, warner: Warner, path):
    with PrefixProxy(warner.gateway.port) as proxy:
        page = phone.new_page()
        page.goto(proxy.url(path))
        expect(page.locator("#page")).not_to_be_empty()
        assert [path for path in proxy.paths if not path.startswith("/quake/")] == []


def test_where_websockets_are_refused_the_alert_comes_by_events(phone, warner: Warner):
    phone.add_init_script("Math.random = () => 0.1")  # soon again
    with PrefixProxy(warner.gateway.port, websockets=False) as proxy:
        page = phone.new_page()
        page.goto(proxy.url())
        expect(page.locator(".status")).to_have_attribute("data-link", "ready", timeout=15_000)
        assert proxy.paths.count("/quake/stream") == 2
        assert "/quake/events" in proxy.paths
        page.wait_for_function(
            "performance.getEntriesByType('resource').some(r => r.name.endsWith('time.json'))"
        )
        warner.publish(warner.alert(left=20))
        expect(page.locator("#alert")).to_have_attribute("data-phase", "countdown")
