"""A36 to A38: the exact place never leaves the device, and everything can be deleted."""

import json
import os
from collections import defaultdict
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from test_countdown import ready
from warner import Warner

pytestmark = pytest.mark.slow

PLACE = {"lat": 30.5712, "lon": 104.2345}
FACTS = {"/", "/config.json", "/travel_times.json", "/towns.json", "/speech/en.clips"}
KEPT = {"/worker.js", "/manifest.webmanifest"}  # so that the page opens offline
KNOWN_PATHS = FACTS | KEPT


class Wire:
    """Everything that a page sends: requests with headers and bodies, and WebSocket frames."""

    def __init__(self, context: BrowserContext) -> None:
        self.sent: list[str] = []
        self.paths: set[str] = set()
        self.bodies: dict[str, list[object]] = defaultdict(list)
        self.log: list[str] = []
        context.on("request", self._request)
        context.on("page", lambda page: page.on("websocket", self._socket))

    def _request(self, request) -> None:
        host, _, path = request.url.removeprefix("http://").partition("/")
        assert host.startswith("127.0.0.1:"), f"{request.url} is not ours"
        self.paths.add(f"/{path}".split("?")[0].split("#")[0])
        if request.post_data:
            self.bodies[f"/{path}"].append(json.loads(request.post_data))
        self.log.append(f"{request.method} /{path} {request.post_data or ''}".strip())
        self.sent.append(
            json.dumps([f"/{path}".split("#")[0], request.all_headers(), request.post_data])
        )

    def _socket(self, socket) -> None:
        socket.on("framesent", self._frame)

    def _frame(self, frame) -> None:
        self.sent.append(str(frame))
        self.log.append(f"stream {frame}")

    def write(self, file: str | None) -> None:
        """What was sent, in order, for people to read."""
        if file:
            Path(file).write_text("\n".join(self.log) + "\n", "utf-8")


def test_a36_the_place_is_never_sent(phone, warner: Warner):
    """Set-up by town, by numbers and by address, a drill, an alert, a report of what was felt."""
    wire = Wire(phone)
    phone.set_default_timeout(30_000)
    page = ready(phone, warner.url("/", **PLACE))
    page.get_by_role("button", name="Settings").click()
    page.get_by_label("Latitude").fill("30.5712")
    page.get_by_label("Longitude").fill("104.2345")
    page.get_by_role("button", name="Use this point").click()
    page.get_by_role("button", name="Add a place").click()
    page.get_by_label("Latitude").fill("30.4321")
    page.get_by_label("Longitude").fill("103.8765")
    page.get_by_role("button", name="Use this point").click()
    page.get_by_label("Contacts").fill("Zhang Wei; +86 138 0000 0000")
    page.get_by_label("Town").fill("Leshan")
    page.get_by_role("button", name="Leshan, CN").click()
    page.get_by_role("button", name="Home").click()
    expect(page.locator(".place-name").first).to_have_text("Leshan")
    page.get_by_role("button", name="Try it").click()
    expect(page.locator("#alert")).to_be_visible()
    warner.publish(warner.alert(magnitude=8.0, left=-240))
    expect(page.locator("#alert .drill")).to_be_hidden()
    page.wait_for_timeout(750)
    page.locator("#alert button.stop").click()
    page.get_by_role("button", name="Hard to walk").click()
    expect(page.get_by_text("Sent. Thank you.")).to_be_visible()
    page.get_by_role("button", name="What others felt").click()
    expect(page.get_by_text("Fewer than five reports")).to_be_visible()
    everything = "\n".join(wire.sent)
    for told in ("30.5", "104.2", "30.4", "103.8", "29.5", "103.7", "Leshan", "Zhang", "0000 0000"):
        assert told not in everything, f"{told} was sent"
    paths = {path for path in wire.paths if not path.startswith(("/assets/", "/icon"))}
    assert paths <= KNOWN_PATHS | {"/felt", "/api/felt"}
    frames = [one for one in wire.sent if one.startswith("{")]
    assert frames
    assert all(set(json.loads(frame)) == {"type", "id"} for frame in frames)
    [report] = wire.bodies["/felt"]
    assert set(report) == {"cell", "mmi", "minute"}
    assert len(report["cell"]) == 4
    assert list(wire.bodies) == ["/felt"]
    wire.write(os.environ.get("PRIVACY_LOG"))


def test_a36_no_cookie_and_no_name_for_the_device(phone, warner: Warner):
    wire = Wire(phone)
    ready(phone, warner.url())
    assert phone.cookies() == []
    assert "cookie" not in "\n".join(wire.sent).lower()
    assert "referer" not in "\n".join(wire.sent).lower()


def test_a37_the_place_is_kept_nowhere_but_in_the_store_of_the_page(phone, warner: Warner):
    page = ready(phone, warner.url())
    page.get_by_role("button", name="Settings").click()
    page.get_by_label("Latitude").fill("30.5712")
    page.get_by_label("Longitude").fill("104.2345")
    page.get_by_role("button", name="Use this point").click()
    assert stored(page) == ["forewave.place"]
    assert "30.5712" not in page.url


def stored(page: Page) -> list[str]:
    return page.evaluate(
        "Object.keys(localStorage).filter(key => localStorage[key].includes('30.5712'))"
    )


def test_a38_delete_everything_leaves_nothing(phone, warner: Warner):
    page = ready(phone, warner.url())
    page.get_by_role("button", name="Settings").click()
    page.get_by_label("Latitude").fill("30.5712")
    page.get_by_label("Longitude").fill("104.2345")
    page.get_by_role("button", name="Use this point").click()
    page.get_by_role("group", name="Colours").get_by_label("Dark").check(force=True)
    assert page.evaluate("localStorage.length") >= 2
    page.wait_for_function("caches.keys().then(all => all.length)")
    page.get_by_role("button", name="Delete everything").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("Everything is deleted.")).to_be_visible()
    page.wait_for_timeout(1500)
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert page.evaluate("indexedDB.databases()") == []
    assert page.evaluate("caches.keys()") == []
    assert page.evaluate("navigator.serviceWorker.getRegistrations()") == []
