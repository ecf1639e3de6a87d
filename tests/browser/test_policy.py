"""Every page loads from its own server only, and breaks no rule of its Content-Security-Policy."""

import pytest
from playwright.sync_api import expect
from warner import CHENGDU, Warner

from forewave.delivery.pages import PAGES
from tests.cases import first_of

pytestmark = pytest.mark.slow

VIOLATIONS = """
  window.violations = [];
  document.addEventListener("securitypolicyviolation", event =>
    window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""
LIVE = {"/", "/tv", "/tv/"}


def opened(context, warner, path):
    """The page, with all requests and complaints from its first byte on."""
    asked, said = [], []
    context.add_init_script(VIOLATIONS)
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("websocket", lambda socket: asked.append(socket.url))
    page.goto(warner.url(path, lat=CHENGDU.lat, lon=CHENGDU.lon))
    return page, asked, said


@pytest.mark.parametrize("path", first_of(sorted(PAGES)))
def test_nothing_is_loaded_from_elsewhere_and_nothing_is_blocked(phone, warner: Warner, path):
    page, asked, said = opened(phone, warner, path)
    if path in LIVE:
        expect(page.locator(".status")).to_have_attribute("data-link", "ready")
        warner.publish(warner.alert())
        expect(page.locator("#alert")).to_have_attribute("data-phase", "countdown")
    page.wait_for_timeout(1500)
    own = {
        f"http://127.0.0.1:{warner.gateway.port}",
        f"ws://127.0.0.1:{warner.gateway.port}",
    }
    elsewhere = [url for url in asked if "/".join(url.split("/")[:3]) not in own]
    assert [url for url in elsewhere if not url.startswith("data:")] == []
    assert page.evaluate("window.violations") == []
    assert not any("Content Security Policy" in text for text in said)


def test_a_script_that_gets_into_a_page_does_not_run(phone, warner: Warner):
    page, _, _ = opened(phone, warner, "/")
    expect(page.locator(".status")).to_have_attribute("data-link", "ready")
    page.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "window.taken = true";
          document.body.append(script);
          const image = document.createElement("img");
          image.setAttribute("onerror", "window.taken = true");
          image.src = "http://127.0.0.2:9/?place=30.66";
          document.body.append(image);
        }"""
    )
    page.wait_for_timeout(300)
    assert page.evaluate("window.taken") is None
    blocked = " ".join(page.evaluate("window.violations"))
    assert "script-src" in blocked
    assert "img-src" in blocked


def test_a_page_of_another_site_cannot_read_the_stream_or_frame_the_page(browser, warner: Warner):
    """It is another site for the browser: the same machine under another name."""
    context = browser.new_context()
    page = context.new_page()
    page.route("http://other.example/", lambda route: route.fulfill(body="<p>other</p>"))
    page.goto("http://other.example/")
    outcome = page.evaluate(
        """port => new Promise(resolve => {
          const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
          socket.onmessage = () => resolve("read");
          socket.onclose = () => resolve("refused");
        })""",
        warner.gateway.port,
    )
    assert outcome == "refused"
    page.evaluate(
        """url => {
          const frame = document.createElement("iframe");
          frame.src = url;
          document.body.append(frame);
        }""",
        warner.url("/"),
    )
    page.wait_for_timeout(700)
    framed = [frame.url for frame in page.frames if frame is not page.main_frame]
    assert not any(url.startswith(warner.url("/")) for url in framed)
    context.close()
