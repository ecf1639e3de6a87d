"""A06, A07: an unsure clock, and a lost connection."""

import pytest
from playwright.sync_api import BrowserContext, expect
from test_countdown import ready
from warner import Warner

pytestmark = pytest.mark.slow


def slow_pongs(context: BrowserContext, wait_ms: int) -> None:
    """Answers about the time come late, as over a bad link."""
    context.add_init_script(
        """(() => {
          const Real = WebSocket;
          window.WebSocket = class extends Real {
            set onmessage(hear) {
              super.onmessage = (event) => {
                const pong = String(event.data).includes('"pong"');
                const late = pong || String(event.data).includes('"heartbeat"');
                if (!late) return hear(event);
                setTimeout(() => hear(event), pong ? WAIT : 0);
              };
            }
          };
        })()""".replace("WAIT", str(wait_ms))
    )


def no_heartbeat_offset(context: BrowserContext) -> None:
    context.add_init_script(
        """(() => {
          const parse = JSON.parse;
          JSON.parse = (text) => {
            const value = parse(text);
            return value && value.type === 'heartbeat' ? { type: 'other', now: value.now } : value;
          };
        })()"""
    )


def test_a06_no_countdown_when_the_clock_is_unsure(phone, warner: Warner):
    slow_pongs(phone, 5000)
    no_heartbeat_offset(phone)
    page = phone.new_page()
    page.goto(warner.url())
    page.wait_for_timeout(6500)  # the first answer about the time has come, 5 s late
    warner.publish(warner.alert(left=20))
    expect(page.locator("#alert")).to_have_attribute("data-phase", "imminent")
    expect(page.locator("#alert .number")).to_be_hidden()
    expect(page.locator("#alert .label")).to_have_text("Shaking now or in seconds")


def test_a07_a_lost_connection_is_shown_and_said_once(phone):
    with Warner() as warner:
        page = phone.new_page()
        page.clock.install()
        page.goto(warner.url())
        expect(page.locator(".status")).to_have_attribute("data-link", "ready")
        page.evaluate(
            """() => {
              window.said = [];
              new MutationObserver(() => window.said.push(polite.textContent))
                .observe(polite, { childList: true });
            }"""
        )
        warner.cut_off()
        page.clock.run_for(36_000)
        expect(page.locator(".status")).to_have_attribute("data-link", "lost")
        expect(page.locator(".status")).to_contain_text("You will not get alerts here.")
        page.clock.run_for(10_000)
        assert page.evaluate("window.said") == [
            "NOT connected. You will not get alerts here. Use phone alerts."
        ]


def test_it_connects_again_by_itself(phone, warner: Warner):
    page = ready(phone, warner.url())
    warner.cut_off(stay=False)
    warner.wait_for_devices(1)
    warner.publish(warner.alert())
    expect(page.locator("#alert")).to_have_attribute("data-phase", "countdown")
