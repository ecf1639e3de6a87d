"""The icons of the pages from web/phone/public/icon.svg, as PNG files beside it.

Run after a change of the drawing, with Chromium installed:
    python scripts/icons.py
"""

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).parents[1] / "web" / "phone" / "public"
# Name, pixels, and whether a launcher cuts its own shape out of it: then it has no corners of its
# own, and what matters lies within the circle of 80 % that every launcher keeps.
ICONS = [
    ("icon-192.png", 192, False),
    ("icon-512.png", 512, False),
    ("icon-maskable-512.png", 512, True),
    ("icon-180.png", 180, True),
]
WHOLE, SAFE = 'viewBox="0 0 64 64"', 'viewBox="-8 -8 80 80"'
CLIP = ' clip-path="url(#edge)"'
GROUND = '<rect width="64" height="64" fill="#101418" />'
WIDE_GROUND = '<rect x="-8" y="-8" width="80" height="80" fill="#101418" />'


def drawing(maskable: bool) -> str:
    """The SVG as text; maskable: to the edges."""
    svg = (FOLDER / "icon.svg").read_text("utf-8")
    if not maskable:
        return svg
    return svg.replace(WHOLE, SAFE).replace(CLIP, "").replace(GROUND, WIDE_GROUND)


def main() -> None:
    """Write all of them."""
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=flags, headless=True
        )
        for name, size, maskable in ICONS:
            page = browser.new_page(viewport={"width": size, "height": size})
            page.set_content(f'<body style="margin:0">{drawing(maskable)}</body>')
            page.screenshot(path=FOLDER / name, omit_background=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
