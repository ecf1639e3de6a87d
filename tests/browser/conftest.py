"""Tests of the pages in Chromium, served by the real gateway: what only shows on a screen.

Skipped where there is no Chromium or the pages are not built; the reason is printed.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from playwright.sync_api import Browser, BrowserContext, sync_playwright  # noqa: E402
from warner import Warner  # noqa: E402

from forewave.delivery import gateway  # noqa: E402
from forewave.delivery.pages import built, town_table  # noqa: E402

FLAGS = [
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]
PHONE = {"width": 360, "height": 640}
TV = {"width": 1920, "height": 1080}


def past_the_first_steps(new_context: Callable[..., BrowserContext]) -> Callable[..., Any]:
    """Contexts of a browser in which the page was set up before, unless `welcome` is set."""

    def new(*, welcome: bool = False, **options: Any) -> BrowserContext:
        context = new_context(**options)
        if not welcome:
            context.add_init_script("try { localStorage['forewave.welcomed'] = 'true' } catch {}")
        return context

    return new


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")
    if path is None:
        pytest.skip("no Chromium on this machine")
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    flags = [*FLAGS, "--no-sandbox"] if root else FLAGS
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags, headless=True)
        browser.new_context = past_the_first_steps(browser.new_context)  # type: ignore[method-assign]
        yield browser
        browser.close()


@pytest.fixture(scope="session", autouse=True)
def towns_once() -> Iterator[None]:
    """The table of towns takes a second to make, and every test has a gateway of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gateway, "town_table", cache(town_table))
        yield


@pytest.fixture
def warner() -> Iterator[Warner]:
    """A gateway on free ports that sends what the test tells it to."""
    if not built():
        pytest.skip("the pages are not built: npm --prefix web ci && npm --prefix web run build")
    with Warner() as warner:
        yield warner


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE, has_touch=True, locale="en")
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def tv(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=TV, locale="en")
    context.set_default_timeout(10_000)
    yield context
    context.close()
