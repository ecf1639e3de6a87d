"""What a page loads until it is ready: few requests, few bytes, and all else after them."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from warner import Warner

from tests.cases import first_of

pytestmark = pytest.mark.slow

MOST_REQUESTS = 4
MOST_BYTES = 60_000


class Loads:
    """The responses of a page, in the order of their ends, with the bytes of headers and body."""

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self.sizes: list[tuple[str, int]] = []
        asked = {}
        session = context.new_cdp_session(page)
        session.send("Network.enable")

        def sent(request) -> None:
            asked[request["requestId"]] = request["request"]["url"].rsplit("/", 1)[1]

        def loaded(done) -> None:
            self.sizes.append((asked[done["requestId"]], done["encodedDataLength"]))

        session.on("Network.requestWillBeSent", sent)
        session.on("Network.loadingFinished", loaded)
        self._page = page

    def wait_for(self, name: str, tries: int = 200) -> None:
        """Until the file is here."""
        for _ in range(tries):
            if any(each == name for each, _ in self.sizes):
                return
            self._page.wait_for_timeout(100)
        raise AssertionError(f"{name} was not loaded: {self.sizes}")


@pytest.mark.parametrize(("screen", "path"), first_of([("phone", "/"), ("tv", "/tv")]))
def test_a_page_is_ready_after_four_requests_of_60_kilobytes(request, warner: Warner, screen, path):
    """HTML, style sheet, script and config.json; the second script, map and towns come later."""
    context = request.getfixturevalue(screen)
    page = context.new_page()
    loads = Loads(context, page)
    page.goto(warner.url(path))
    expect(page.locator(".status")).to_have_attribute("data-link", "ready")
    loads.wait_for("n30e100.jpg")
    names = [name for name, _ in loads.sizes]
    later = next(i for i, name in enumerate(names) if "-later-" in name)
    assert later <= MOST_REQUESTS, names
    assert names[:later].count("config.json") == 1  # before the script runs
    assert sum(size for _, size in loads.sizes[:later]) <= MOST_BYTES, loads.sizes
    # The ground of the map: the region of the place and its neighbours, nothing of the world.
    files = {name for name, _ in loads.sizes[later:] if name.startswith(("n", "s", "world"))}
    assert len(files) <= 12, files
    assert not [name for name in files if name.startswith("world")]


def test_pages_that_no_alert_needs_wait_for_their_script(phone, warner: Warner):
    """Settings before the second script is there: the page says so, alerts, and asks again."""
    held = []
    page = phone.new_page()
    page.route("**/*-later-*.js", lambda route: held.append(route))
    page.goto(warner.url())
    expect(page.locator(".status")).to_have_attribute("data-link", "ready")
    page.get_by_role("button", name="Settings").click()
    expect(page.get_by_role("heading", name="Loading")).to_be_visible()
    with page.expect_request("**/*-later-*.js"):
        held.pop().abort()
    warner.publish(warner.alert(left=20))
    expect(page.locator("#alert")).to_have_attribute("data-phase", "countdown")
    held.pop().continue_()
    expect(page.locator(".loading")).to_have_count(0)
