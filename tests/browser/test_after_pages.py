"""The pages of `forewave after` in Chromium: axe finds nothing, nothing is cut or loaded."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser
from test_access import violations

from forewave.after import run
from forewave.after.request import Request
from forewave.formats.recordings import event_directory

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(recording, tmp_path_factory) -> Path:
    event = tmp_path_factory.mktemp("event") / "small"
    event_directory.write(
        event, recording.info, recording.stations, recording.segments, recording.receipts
    )
    out = tmp_path_factory.mktemp("after")
    run.run(Request(event=event, out=out))
    return out


def pages(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.html"))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_page(
    browser: Browser, folder: Path, theme, width
):
    size = {"width": width, "height": 800}
    context = browser.new_context(viewport=size, color_scheme=theme, bypass_csp=True)
    for path in pages(folder):
        page = context.new_page()
        page.goto(path.as_uri())
        assert violations(page) == [], path.name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path.name


def test_a_page_loads_nothing_and_its_policy_blocks_nothing(browser: Browser, folder: Path):
    page = browser.new_context().new_page()
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    for path in pages(folder):
        page.goto(path.as_uri())
    assert [url for url in asked if not url.startswith("data:")] == [
        path.as_uri() for path in pages(folder)
    ]
    assert said == []
    widths = "[...document.images].map(image => image.naturalWidth)"
    assert all(page.evaluate(widths))


def test_every_part_can_be_reached_with_the_keyboard(browser: Browser, folder: Path):
    page = browser.new_context().new_page()
    page.goto(pages(folder)[0].as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"


def test_long_tables_are_printed_open(browser: Browser, folder: Path):
    page = browser.new_context().new_page()
    page.goto((folder / "index.html").as_uri())
    folded = "[...document.querySelectorAll('details')]"
    shown = f"{folded}.every(each => each.getBoundingClientRect().height > 200)"
    assert not page.evaluate(shown)
    page.emulate_media(media="print")
    assert page.evaluate(shown)
