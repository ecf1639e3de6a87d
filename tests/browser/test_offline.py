"""The page on the device: it opens without a network, says so, and never shows stale facts."""

import pytest
from playwright.sync_api import expect
from test_countdown import ready

pytestmark = pytest.mark.slow
KEPT = "caches.keys().then(all => all.length)"


def test_the_page_opens_without_a_network_and_says_that_it_is_not_connected(phone, warner):
    page = ready(phone, warner.url())
    page.wait_for_function(KEPT)
    manifest = page.request.get(warner.url("/manifest.webmanifest"))
    assert manifest.headers["content-type"] == "application/manifest+json"
    for icon in manifest.json()["icons"]:
        assert page.request.get(warner.url(f"/{icon['src']}")).ok
    kept = page.evaluate(
        """async () => {
          const [name] = await caches.keys();
          const kept = await (await caches.open(name)).keys();
          return kept.map(request => new URL(request.url).pathname);
        }"""
    )
    assert "/" in kept
    assert any(path.endswith(".js") for path in kept)
    assert not any(path.endswith(".json") and "/words/" not in path for path in kept)
    phone.set_offline(True)
    page.reload()
    status = page.locator(".status")
    expect(status).to_have_attribute("data-ready", "lost")
    expect(page.get_by_role("heading", name="NOT connected")).to_be_visible()
    asked = "(path) => fetch(path).then(() => 'answered', () => 'no answer')"
    for path in ("config.json", "keys.json", "time.json", "api/events"):
        assert page.evaluate(asked, path) == "no answer"
    phone.set_offline(False)
    expect(status).to_have_attribute("data-link", "ready", timeout=20_000)
