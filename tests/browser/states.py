"""Pictures of every state of phone and TV in one language, to look at a translation.

Run from the repository's root, with the pages built:
    PYTHONPATH=.:tests/browser python tests/browser/states.py out/es es
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from screenshots import FLAGS, PAGES
from test_access import STATES, bring
from test_countdown import ready
from warner import Warner


def pictures(browser: Browser, folder: Path, language: str) -> None:
    for name, (path, width, height, _) in PAGES.items():
        states = STATES if name == "phone" else [*STATES[:1], *STATES[4:]]
        for state in states:
            with Warner() as warner:
                size = {"width": width, "height": height}
                context = browser.new_context(viewport=size, locale=language)
                page = ready(context, warner.url(path))
                bring(page, warner, state)
                page.screenshot(path=folder / f"{name}-{state}.png", full_page=name == "phone")
                context.close()


if __name__ == "__main__":
    out, code = Path(sys.argv[1]), sys.argv[2]
    out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=FLAGS, headless=True
        )
        pictures(chromium, out, code)
        chromium.close()
