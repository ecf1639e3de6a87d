"""Whatever happens to server, network, clock, storage and tab, each screen is true.

A recorder keeps every screen that the page has had, and a checker compares each with what had been
signed by then: no "safe" without a signed cancel, no number above the true arrival, no "Ready"
while the page is cut off, no drill as a real alert, and no real alert as a drill.
"""

import math
import time
from dataclasses import dataclass, field

import msgspec
import pytest
from playwright.sync_api import BrowserContext, Page, expect
from test_countdown import ready, surface
from test_truth import cancelled
from warner import Warner

from forewave.types import Alert

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

CALMING = ("safe", "carry on", "no earthquake")
NUMBER_S = 1.0  # by which a number may be above the true one
CUT_OFF_S = 12.0  # two heartbeats, and the tick that notices
AT_ONCE_S = 2.5  # for what is shown at once, on a machine that does other things as well

# Every screen at each change and ten times a second, by a clock that is not stepped.
RECORD = """
  window.screens = [];
  window.played = 0;
  const shown = (element) => element && !element.hidden && element.offsetParent !== null;
  const text = (selector) => {
    const element = document.querySelector(selector);
    return shown(element) ? element.innerText : '';
  };
  const sample = () => {
    const alert = document.getElementById('alert');
    const covers = alert && !alert.hidden;
    const screen = {
      ready: document.querySelector('.status')?.getAttribute('data-ready') ?? '',
      phase: covers ? alert.getAttribute('data-phase') : '',
      band: covers ? text('#alert .drill') : '',
      number: covers ? text('#alert .number') : '',
      words: covers ? text('#alert .sheet') : '',
      link: covers ? text('#alert .link') : '',
    };
    const json = JSON.stringify(screen);
    if (json === window.lastScreen && !screen.number && screen.ready !== 'ready') return;
    window.lastScreen = json;
    window.screens.push([(performance.timeOrigin + performance.now()) / 1000, screen]);
  };
  addEventListener('DOMContentLoaded', () => {
    const all = { subtree: true, childList: true, characterData: true, attributes: true };
    new MutationObserver(sample).observe(document.documentElement, all);
    nativeInterval(sample, 100);
  });
  const nativeInterval = setInterval.bind(window);
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (...given) {
    window.played += 1;
    return start.apply(this, given);
  };
"""
# A clock of the device that can be stepped.
STEPPED = """
  window.stepMs = 0;
  const now = Date.now;
  Date.now = () => now() + window.stepMs;
"""
# A tab in the background: its timers are due once a second, and it is not seen.
BACKGROUND = """
  window.inBackground = false;
  const timeout = setTimeout.bind(window);
  window.setTimeout = (work, ms, ...given) =>
    timeout(work, window.inBackground ? Math.max(1000, ms ?? 0) : ms, ...given);
  Object.defineProperty(document, 'visibilityState', {
    get: () => (window.inBackground ? 'hidden' : 'visible'),
  });
  window.hide = (hidden) => {
    window.inBackground = hidden;
    document.dispatchEvent(new Event('visibilitychange'));
  };
"""
NO_STORAGE = """
  for (const name of ['getItem', 'setItem', 'removeItem', 'clear'])
    Storage.prototype[name] = () => { throw new DOMException('denied', 'SecurityError'); };
  Object.defineProperty(window, 'indexedDB', { get: () => undefined });
"""
FULL_STORAGE = """
  Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };
  IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };
"""


@dataclass
class Known:
    """What had been signed and could be received, when."""

    sent: list[tuple[float, Alert, float]] = field(default_factory=list)
    away: list[list[float]] = field(default_factory=list)

    def publish(self, warner: Warner, alert: Alert, at: float | None = None) -> None:
        """at: when the page can receive it, if not now."""
        arrival = alert.origin.time + warner.s_seconds()
        self.sent.append((at or time.time(), alert, arrival))
        warner.publish(alert)

    def leave(self) -> None:
        self.away.append([time.time(), float("inf")])

    def back(self) -> None:
        self.away[-1][1] = time.time()

    def left(self, at: float) -> float:
        """When the connection was last lost by then."""
        return max((left for left, _ in self.away if left <= at), default=at)

    def newest(self, at: float) -> dict[str, tuple[Alert, float]]:
        """Of each event the newest message by then, and the true arrival."""
        return {f"{a.mode}:{a.event}": (a, s) for when, a, s in self.sent if when <= at}

    def arrivals(self, at: float, mode: str) -> list[float]:
        """Of the strongest that stood, at each time that a page may show now."""
        since = at - AT_ONCE_S
        times = [since, *(when for when, _, _ in self.sent if since < when <= at)]
        standing = [known for when in times if (known := self.standing(when, mode))]
        return [max(each, key=lambda one: one[0].magnitude.value)[1] for each in standing]

    def standing(self, at: float, mode: str) -> list[tuple[Alert, float]]:
        now = self.newest(at).values()
        return [(a, s) for a, s in now if a.mode == mode and a.kind != "cancel"]


def false_of(known: Known, at: float, screen: dict[str, str], behind: bool = False) -> str | None:
    """What is untrue of a screen; at: when it was shown. behind: it is connected just again."""
    newest = known.newest(at)
    real = [a for a, _ in newest.values() if a.mode == "actual"]
    withdrawn = [a for a in real if a.kind == "cancel" and a.why == "false"]
    # What stands, and has for long enough that each page shows it.
    stands = known.standing(at, "actual") and known.standing(at - AT_ONCE_S, "actual")
    calming = [word for word in CALMING if word in screen["words"].lower()]
    if calming and not screen["band"] and not withdrawn:
        return f"{calming} without a signed cancel"
    if calming and not screen["band"] and stands:
        return f"{calming} while another alert stands"
    if screen["phase"] and not screen["band"] and not real:
        return "a drill without its band"
    if screen["band"] and stands:
        return "a band of a drill while a real alert stands"
    if screen["number"]:
        mode = "drill" if screen["band"] else "actual"
        # A page that says that changes do not arrive shows what it knew before.
        seen = [at, known.left(at)] if screen["link"] or behind else [at]
        arrivals = [arrival for when in seen for arrival in known.arrivals(when, mode)]
        left = max(arrivals, default=at) - at
        if int(screen["number"]) > left + NUMBER_S:
            return f"{screen['number']} s before {left:.2f}"
    for left, back in known.away:
        if left + CUT_OFF_S < at < back and screen["ready"] == "ready" and not screen["phase"]:
            return "ready while it is cut off"
        if left + AT_ONCE_S < at < back and screen["phase"] and not screen["link"]:
            return "an alert without the lost connection"
    return None


def check(page: Page, known: Known) -> None:
    screens = page.evaluate("window.screens")
    assert len(screens) > 20
    lies, cut_off = [], -math.inf
    for at, screen in screens:
        cut_off = at if screen["link"] else cut_off
        if lie := false_of(known, at, screen, behind=at - cut_off < AT_ONCE_S):
            lies.append((at, lie, screen))
    assert not lies, f"{len(lies)} of {len(screens)} screens, the first: {lies[0]}"


def opened(context: BrowserContext, warner: Warner, path: str, *more: str) -> Page:
    context.set_default_timeout(30_000)  # nothing here is about speed
    for script in (STEPPED, BACKGROUND, RECORD, *more):
        context.add_init_script(f"(() => {{{script}}})()")
    return ready(context, warner.url(path))


def cut(context: BrowserContext, warner: Warner, known: Known) -> None:
    context.set_offline(True)
    known.leave()
    warner.cut_off(stay=False)


@pytest.mark.alone
@pytest.mark.thorough
@pytest.mark.parametrize(
    ("screen", "path", "storage"),
    [
        ("phone", "/", NO_STORAGE),
        ("tv", "/tv", FULL_STORAGE),
    ],
)
def test_every_screen_of_a_bad_day_is_true(request, screen, path, storage):
    """A drill; two earthquakes in a hidden tab; clock stepped; server killed; new key; offline."""
    context = request.getfixturevalue(screen)
    known = Known()
    with Warner() as first:
        port = first.gateway.port
        page = opened(context, first, path, storage)
        page.evaluate("hide(true)")
        known.publish(first, first.alert(left=90, mode="drill", event="d", id="d.1"))
        expect(surface(page).locator(".drill")).to_be_visible()
        count = page.evaluate("window.played")
        known.publish(first, first.alert(left=80, magnitude=6.7))
        known.publish(first, first.alert(left=75, magnitude=7.5, event="e2", id="e2.1"))
        expect(surface(page).locator(".drill")).to_be_hidden()
        page.wait_for_function(f"() => window.played > {count}", timeout=4000)
        page.evaluate("hide(false)")
        expect(surface(page).locator(".number")).to_be_visible()
        page.evaluate("window.stepMs = 2 * 3600 * 1000")
        page.wait_for_timeout(1200)
    known.leave()
    expect(surface(page).locator(".link")).to_contain_text("Changes to this alert do not arrive.")
    page.wait_for_timeout(2000)
    known.back()  # the page may be connected again from now on
    with Warner(port=port) as second:
        second.wait_for_device()
        expect(surface(page).locator(".link")).to_be_hidden(timeout=20_000)
        wrong = second.alert(left=60, magnitude=7.5, event="e2", id="e2.1")
        known.publish(second, cancelled(wrong, 2, "false"))
        expect(surface(page).locator(".word")).not_to_contain_text("Very strong")
        expect(surface(page).locator("h1")).to_have_text("Drop.Cover.Hold on.")
        cut(context, second, known)
        # It is signed and sent while the page is away.
        at = float("inf")
        last = msgspec.structs.replace(
            cancelled(second.alert(left=55, magnitude=6.7), 2, "false"),
            expires=second.now() + 600,
        )
        known.publish(second, last, at)
        page.wait_for_timeout(3500)
        expect(surface(page)).not_to_have_attribute("data-phase", "cancelled")
        known.sent[-1] = (time.time(), *known.sent[-1][1:])
        known.back()
        context.set_offline(False)
        expect(surface(page)).to_have_attribute("data-phase", "cancelled", timeout=30_000)
        expect(surface(page)).to_contain_text("There is no earthquake.")
        for _ in known.newest(time.time()):  # each of those that were cancelled
            page.wait_for_timeout(900)
            page.keyboard.press("Enter")
        expect(surface(page)).to_be_hidden()
        expect(page.locator(".status")).to_have_attribute("data-ready", "clock")
        page.evaluate("window.stepMs = 0")
        expect(page.locator(".status")).to_have_attribute("data-ready", "ready", timeout=10_000)
        cut(context, second, known)
        page.wait_for_timeout(1000 * CUT_OFF_S + 3000)
        expect(page.locator(".status")).to_have_attribute("data-ready", "lost")
        check(page, known)


@pytest.mark.parametrize(
    ("screen", "lie"),
    [
        ({"phase": "cancelled", "words": "You are safe from this alert."}, "signed cancel"),
        ({"phase": "countdown", "number": "12"}, "12 s before"),
        ({"ready": "ready"}, "cut off"),
        ({"phase": "countdown", "band": "DRILL"}, "band of a drill"),
        ({"phase": "countdown", "number": "5"}, "lost connection"),
    ],
)
def test_the_checker_sees_what_is_untrue(warner, screen, lie):
    known = Known()
    now = time.time()
    known.sent.append((now - 30, warner.alert(), now + 10))
    known.away.append([now - 20, float("inf")])
    empty = dict.fromkeys(("ready", "phase", "band", "number", "words", "link"), "")
    assert lie in (false_of(known, now, {**empty, **screen}) or "")
    assert false_of(known, now, {**empty, "phase": "countdown", "number": "9", "link": "."}) is None


def test_the_checker_sees_a_drill_without_its_band(warner):
    known = Known([(time.time() - 5, warner.alert(mode="drill"), time.time() + 10)])
    empty = dict.fromkeys(("ready", "phase", "band", "number", "words", "link"), "")
    shown = {**empty, "phase": "countdown", "number": "9"}
    assert false_of(known, time.time(), shown) == "a drill without its band"
    assert false_of(known, time.time(), {**shown, "band": "DRILL"}) is None
