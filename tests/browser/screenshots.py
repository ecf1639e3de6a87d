"""The pictures of the documentation: the pages on every screen during earthquakes that never were.

Run from the repository's root, with the pages built and fonts for every language installed
(fonts-roboto-unhinted, fonts-noto-cjk, fonts-noto-core):
    PYTHONPATH=.:tests/browser python tests/browser/screenshots.py docs/images [NAME ...]
Without names all of them, and the moving picture of the README.
"""

import io
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from PIL import Image
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright
from warner import Warner

from tests.live import live_made
from tests.page_texts import LANGUAGES

PAGES = {"phone": ("/", 360, 640, 2), "tv": ("/tv", 1920, 1080, 1)}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
QUALITY = 82
STUDIO = ((28, 52, 84), (96, 130, 152))  # what a studio shows below the overlay, from top to bottom

Alert = Mapping[str, Any]
DANGER: Alert = {"left": 14.5, "magnitude": 8.6}


class Shot(NamedTuple):
    """A picture: which page on which screen, and what happens before it."""

    name: str
    path: str
    width: int
    height: int
    alert: Alert | None = None
    then: str = ""  # "cancel", "lower": what follows the alert
    language: str = "en"
    theme: str = "light"
    scale: float = 2
    number: str = ""  # the seconds that it waits for


PHONE, WIDE, TABLET, TV = (390, 780), (780, 390), (820, 1180), (1920, 1080)
SHOTS = [
    Shot("phone-home", "/", *PHONE),
    Shot("phone-home-dark", "/", *PHONE, theme="dark"),
    Shot("phone-moderate", "/", *PHONE, {"left": 21.5}, number="16"),
    Shot("phone-strong", "/", *PHONE, {"left": 17.5, "magnitude": 7.2}, number="12"),
    Shot("phone-severe", "/", *PHONE, DANGER, number="9"),
    Shot("phone-drill", "/", *PHONE, {**DANGER, "mode": "drill"}, number="9"),
    Shot("phone-shaking", "/", *PHONE, {"left": -1, "magnitude": 8.6}),
    Shot("phone-late", "/", *PHONE, {"left": -20}),
    Shot("phone-cancelled", "/", *PHONE, DANGER, "cancel"),
    Shot("phone-lowered", "/", *PHONE, {"left": 25}, "lower", theme="dark"),
    Shot("phone-severe-zh", "/", *PHONE, DANGER, language="zh-CN", number="9"),
    Shot("phone-severe-ar", "/", *PHONE, DANGER, language="ar", number="9"),
    Shot("phone-landscape", "/", *WIDE, DANGER, number="9"),
    Shot("tablet", "/", *TABLET, {"left": 17.5, "magnitude": 7.2}, scale=1, number="12"),
    Shot("watch", "/", 200, 200, DANGER, number="9"),
    Shot("tv-home", "/tv", *TV, theme="dark", scale=1),
    Shot("tv-notice", "/tv", *TV, {"left": 30, "magnitude": 5.6}, theme="dark", scale=1),
    Shot("tv-alert", "/tv", *TV, DANGER, scale=1, number="9"),
    Shot("tv-alert-zh", "/tv", *TV, DANGER, scale=1, language="zh-CN", number="9"),
    Shot("tv-shaking", "/tv", *TV, {"left": -1, "magnitude": 8.6}, scale=1),
    Shot("overlay-alert", "/tv?overlay", *TV, DANGER, scale=1, number="9"),
    Shot("overlay-notice", "/tv?overlay", *TV, {"left": 30, "magnitude": 5.6}, scale=1),
]
# Of the demo while its earthquake is under way: it has stations.
CONSOLES = [
    Shot("console", "/console", 1440, 900, theme="dark", scale=1),
    Shot("console-phone", "/console", *PHONE),
    Shot("console-zh", "/console", 1440, 900, scale=1, language="zh-CN"),
]
AFTER_ALERT_S = 16  # when the S wave is halfway through the network


def opened(browser: Browser, warner: Warner, shot: Shot) -> Page:
    """The page of a picture, connected, with the first steps behind it."""
    context = browser.new_context(
        viewport={"width": shot.width, "height": shot.height},
        device_scale_factor=shot.scale,
        locale=shot.language,
        color_scheme="dark" if shot.theme == "dark" else "light",
    )
    page = context.new_page()
    page.goto(warner.url(shot.path))
    page.wait_for_load_state("networkidle")
    skip = page.locator(".welcome > button, .welcome .skip")
    if skip.count() and skip.last.is_visible():
        skip.last.click()
    page.wait_for_timeout(2500)
    return page


def bring(page: Page, warner: Warner, shot: Shot) -> None:
    """What happens before the picture."""
    if shot.alert is None:
        return
    alert = warner.alert(**shot.alert)
    warner.publish(alert)
    expect(page.locator("#alert, #banner").locator("visible=true").first).to_be_visible()
    if shot.then == "cancel":
        warner.publish(msgspec.structs.replace(alert, version=2, kind="cancel", why="false"))
    if shot.then == "lower":
        warner.publish(
            warner.alert(left=24, magnitude=5.0, version=2, kind="update", why="smaller")
        )
    if shot.number:
        number = page.locator("#alert .number")
        while int(number.text_content() or 99) > int(shot.number):  # in any script
            page.wait_for_timeout(100)
    else:
        page.wait_for_timeout(1200)


def taken(page: Page, shot: Shot) -> Image.Image:
    """The picture; an overlay lies over what stands for a studio's picture."""
    overlay = "overlay" in shot.path
    file = io.BytesIO(page.screenshot(omit_background=overlay))
    picture = Image.open(file).convert("RGBA")
    if not overlay:
        return picture.convert("RGB")
    ground = Image.linear_gradient("L").resize(picture.size)
    top, bottom = (Image.new("RGB", picture.size, colour) for colour in STUDIO)
    under = Image.composite(bottom, top, ground).convert("RGBA")
    under.alpha_composite(picture)
    return under.convert("RGB")


def picture(browser: Browser, shot: Shot, folder: Path) -> None:
    """Write one."""
    with Warner() as warner:
        page = opened(browser, warner, shot)
        bring(page, warner, shot)
        taken(page, shot).save(folder / f"{shot.name}.webp", quality=QUALITY, method=6)
        page.context.close()


def consoles(browser: Browser, shots: list[Shot], folder: Path) -> None:
    """Write the pictures of the console during the demo."""
    port = live_made.free_port()
    program = Path(sys.executable).with_name("forewave")
    command = [program, "demo", "--port", str(port), "--stay", "1"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as demo:
        pages = []
        for shot in shots:
            context = browser.new_context(
                viewport={"width": shot.width, "height": shot.height},
                device_scale_factor=shot.scale,
                locale=shot.language,
                color_scheme="dark" if shot.theme == "dark" else "light",
            )
            pages.append(context.new_page())
            arrive(pages[-1], f"http://127.0.0.1:{port}{shot.path}")
        expect(pages[0].locator("#event .magnitude")).to_contain_text("M ", timeout=60_000)
        pages[0].wait_for_timeout(AFTER_ALERT_S * 1000)
        for page, shot in zip(pages, shots, strict=True):
            taken(page, shot).save(folder / f"{shot.name}.webp", quality=QUALITY, method=6)
            page.context.close()
        demo.terminate()


def arrive(page: Page, address: str, tries: int = 120) -> None:
    """Open a page of a server that has just been started."""
    for left in reversed(range(tries)):
        try:
            page.goto(address)
            return
        except Error:
            if not left:
                raise
            page.wait_for_timeout(500)


# The moving picture: TV and phone side by side through a drill.

HEIGHT, GAP = 400, 16
GROUND = (238, 241, 245)


def side_by_side(pages: list[Page]) -> Image.Image:
    """One frame."""
    shots = [Image.open(io.BytesIO(page.screenshot())).convert("RGB") for page in pages]
    small = [
        one.resize((round(one.width * HEIGHT / one.height), HEIGHT), Image.Resampling.LANCZOS)
        for one in shots
    ]
    width = sum(one.width for one in small) + GAP * (len(small) + 1)
    frame = Image.new("RGB", (width, HEIGHT + 2 * GAP), GROUND)
    x = GAP
    for one in small:
        frame.paste(one, (x, GAP))
        x += one.width + GAP
    return frame


def film(browser: Browser, folder: Path) -> None:
    """The drill as a moving picture, and its best frame for those who want none that moves."""
    with Warner() as warner:
        shots = [Shot("tv", "/tv", *TV, theme="dark", scale=1), Shot("phone", "/", *PHONE, scale=1)]
        pages = [opened(browser, warner, shot) for shot in shots]
        frames, times = [side_by_side(pages)], [1800]
        warner.publish(warner.alert(left=24, magnitude=8.6, mode="drill"))
        phase, number, still = "", "", frames[0]
        while phase != "passed":
            alert = pages[1].locator("#alert")
            phase = alert.get_attribute("data-phase") or ""
            shown = f"{phase} {pages[1].locator('#alert .number').text_content()}"
            if shown == number or phase == "":
                pages[0].wait_for_timeout(100)
                continue
            number = shown
            frames.append(side_by_side(pages))
            times.append(700 if phase == "countdown" else 2200)
            still = frames[-1] if phase == "countdown" else still
        for page in pages:
            page.context.close()
    rest = {"append_images": frames[1:], "duration": times, "loop": 0}
    frames[0].save(folder / "drill.webp", save_all=True, quality=72, method=2, **rest)
    still.save(folder / "drill-still.webp", quality=QUALITY, method=6)


def main(folder: Path, names: list[str]) -> None:
    """Write those of the names, or all."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=FLAGS, headless=True
        )
        for shot in SHOTS:
            if shot.language in LANGUAGES and (not names or shot.name in names):
                picture(chromium, shot, folder)
        shots = [shot for shot in CONSOLES if not names or shot.name in names]
        if shots:
            consoles(chromium, shots, folder)
        if not names or "drill" in names:
            film(chromium, folder)
        chromium.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
