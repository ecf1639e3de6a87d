"""The budgets of the pages, in Chromium with the real gateway.

First load with 400 kbit/s and 100 ms of latency: requests and bytes until ready, and the time.
From a message to the first pixel and to the sound: the median of RUNS. The main thread's work in a
countdown, in ms a second: phone, and a TV of 3840 x 2160 pixels at a fourth of the speed.

Run: python -m benchmarks.pages        (needs chromium; on an idle machine, 3 minutes)
"""

import argparse
import shutil
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "browser"))

from playwright.sync_api import Browser, CDPSession, Page, expect, sync_playwright
from test_first_load import Loads
from test_latency import MEASURE, marks
from warner import Warner

RUNS = 20
LOADS = 5
BYTES_A_SECOND, LATENCY_MS = 400_000 / 8, 100
COUNTDOWN_S = 10
PLACE = {"lat": 30.67, "lon": 104.06}
PHONE, TV, TV_4K = ((360, 640), (1920, 1080), (3840, 2160))
READY = """() => new MutationObserver(() => {
  const status = document.querySelector('.status');
  if (status && status.getAttribute('data-link') === 'ready') window.readyAt ??= performance.now();
}).observe(document, { attributes: true, childList: true, subtree: true })"""


def _page(browser: Browser, size: tuple[int, int], script: str = "") -> tuple[Page, CDPSession]:
    viewport = {"width": size[0], "height": size[1]}
    # The pages forbid eval, which Playwright waits by.
    context = browser.new_context(viewport=viewport, locale="en", bypass_csp=bool(script))
    context.set_default_timeout(60_000)
    if script:
        context.add_init_script(f"({script})()")
    page = context.new_page()
    return page, context.new_cdp_session(page)


def first_load(browser: Browser, warner: Warner, path: str, size: tuple[int, int]) -> list[str]:
    """Requests, bytes, and the median time until ready."""
    times, requests, total = [], 0, 0
    for _ in range(LOADS):
        page, session = _page(browser, size, READY)
        loads = Loads(page.context, page)
        session.send("Network.enable")
        session.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": LATENCY_MS,
                "downloadThroughput": BYTES_A_SECOND,
                "uploadThroughput": BYTES_A_SECOND,
            },
        )
        page.goto(warner.url(path, **PLACE))
        expect(page.locator("canvas.map").first).to_be_attached(timeout=60_000)
        names = [name for name, _ in loads.sizes]
        requests = next(i for i, name in enumerate(names) if "-later-" in name)
        total = sum(size for _, size in loads.sizes[:requests])
        times.append(page.evaluate("readyAt"))
        page.context.close()
    return [str(requests), f"{total / 1000:.1f} kB", f"{statistics.median(times):.0f} ms"]


def latency(browser: Browser, warner: Warner, path: str, throttle: int) -> list[str]:
    """Median ms from a message to the first pixel and to the sound."""
    pixel, sound = [], []
    for _ in range(RUNS):
        warner.forget()
        page, session = _page(browser, PHONE if path == "/" else TV, MEASURE)
        session.send("Emulation.setCPUThrottlingRate", {"rate": throttle})
        page.goto(warner.url(path, **PLACE))
        expect(page.locator(".status")).to_have_attribute("data-link", "ready")
        page.mouse.click(5, 5)
        seen = marks(page, warner)
        pixel.append(seen["pixel"])
        sound.append(seen["sound"])
        page.context.close()
    return [f"{statistics.median(each):.0f} ms" for each in (pixel, sound)]


def work(browser: Browser, warner: Warner, path: str, size: tuple[int, int], throttle: int) -> str:
    """ms of the main thread in each second of a countdown."""
    warner.forget()
    page, session = _page(browser, size)
    session.send("Performance.enable")
    session.send("Emulation.setCPUThrottlingRate", {"rate": throttle})
    page.goto(warner.url(path, **PLACE))
    expect(page.locator(".status")).to_have_attribute("data-link", "ready")
    expect(page.locator("canvas.map").first).to_be_attached(timeout=60_000)
    warner.publish(warner.alert(left=30))
    expect(page.locator("#alert")).to_have_attribute("data-phase", "countdown")
    page.wait_for_timeout(2000)
    before, began = _busy_s(session), time.monotonic()
    page.wait_for_timeout(COUNTDOWN_S * 1000)
    busy = (_busy_s(session) - before) / (time.monotonic() - began)
    page.context.close()
    return f"{busy * 1000:.0f} ms/s"


def _busy_s(session: CDPSession) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(each["value"] for each in metrics if each["name"] == "TaskDuration")


def rows(browser: Browser, warner: Warner) -> list[tuple[str, str, Callable[[], str]]]:
    """What is measured, the budget, and how."""
    join = " / ".join
    return [
        (
            "first load, phone: requests / bytes / ready",
            "4 / 60 kB / 1500 ms",
            lambda: join(first_load(browser, warner, "/", PHONE)),
        ),
        (
            "first load, TV",
            "4 / 60 kB / 1500 ms",
            lambda: join(first_load(browser, warner, "/tv", TV)),
        ),
        (
            "message to pixel / sound, phone",
            "100 ms / 100 ms",
            lambda: join(latency(browser, warner, "/", 1)),
        ),
        (
            "the same at 4x throttle",
            "300 ms / 300 ms",
            lambda: join(latency(browser, warner, "/", 4)),
        ),
        (
            "main thread in a countdown, phone",
            "30 ms/s",
            lambda: work(browser, warner, "/", PHONE, 1),
        ),
        ("TV 4K at 4x throttle", "60 ms/s", lambda: work(browser, warner, "/tv", TV_4K, 4)),
    ]


def main() -> None:
    """Measure, and print a table."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    flags = ["--disable-gpu", "--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
    with Warner() as warner, sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("chrome")
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        print("| measured | budget | result |\n|---|---|---|")
        for what, budget, measure in rows(browser, warner):
            print(f"| {what} | {budget} | {measure()} |", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
