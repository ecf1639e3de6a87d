"""A page in Chromium whose clock a test may hold."""

from typing import Any

from playwright.sync_api import Error, Page

# While the clock stands, the server's must not be heard: the page would follow it.
DEAF_TO_CLOCKS = """(() => {
  const { set } = Object.getOwnPropertyDescriptor(WebSocket.prototype, "onmessage");
  Object.defineProperty(WebSocket.prototype, "onmessage", {
    set(hear) {
      const isClock = (event) => /"(heartbeat|pong)"/.test(String(event.data));
      set.call(this, (event) => (window.isHeld && isClock(event) ? undefined : hear(event)));
    },
  });
})()"""
PAUSE_AHEAD_S = (0.3, 0.6, 1.2, 2.4, 4.8)


class Chromium:
    """A window (states.py) on a page of Playwright."""

    def __init__(self, page: Page, stepped: bool = False) -> None:
        """With stepped, the page's clock can be stopped, and moved by hand."""
        self.page = page
        if stepped:
            page.clock.install()
            page.add_init_script(DEAF_TO_CLOCKS)

    def goto(self, url: str) -> None:
        """Load that address."""
        self.page.goto(url)

    def run(self, function: str, argument: object = None) -> Any:
        """What a function returns."""
        return self.page.evaluate(function, argument)

    def picture(self) -> bytes:
        """What is to be seen when whatever moves has come to its end, as PNG."""
        return self.page.screenshot(animations="disabled")

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.page.wait_for_timeout(seconds * 1000)

    def hold(self) -> None:
        """Stop the clock, when the focus has gone to where it belongs."""
        self.run("() => { window.isHeld = true; }")
        self.page.clock.run_for(1000)
        for ahead in PAUSE_AHEAD_S:
            try:
                self.page.clock.pause_at(self.page.evaluate("Date.now()") / 1000 + ahead)
                return
            except Error:  # on a busy machine that time has passed
                continue
        raise AssertionError("the clock of the page cannot be stopped")

    def go_on(self) -> None:
        """Let the clock go."""
        self.run("() => { window.isHeld = false; }")
        self.page.clock.resume()
