"""The pictures of the README: both pages during a drill of M 7.6, 56 km from Chengdu.

Run from the repository's root, with the pages built:
    PYTHONPATH=tests/browser python tests/browser/screenshots.py docs/images
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright
from warner import Warner

PAGES = {"phone": ("/", 360, 640, 2), "tv": ("/tv", 1920, 1080, 1)}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]


def picture(browser: Browser, warner: Warner, name: str, folder: Path) -> None:
    path, width, height, scale = PAGES[name]
    context = browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=scale, locale="en"
    )
    page = context.new_page()
    page.goto(warner.url(path))
    expect(page.locator(".status")).to_have_attribute("data-link", "ready")
    page.wait_for_timeout(500)
    warner.publish(warner.alert(left=14.5, magnitude=7.6, mode="drill"))
    expect(page.locator("#alert .number")).to_have_text("12")
    page.screenshot(path=folder / f"{name}.png")
    context.close()


if __name__ == "__main__":
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=FLAGS, headless=True
        )
        for name in PAGES:
            with Warner() as warner:
                picture(chromium, warner, name, Path(sys.argv[1]))
        chromium.close()
