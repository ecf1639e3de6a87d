"""The status page: what an operator reads and hears, and that it is worked with keys alone."""

import asyncio
import re
import threading
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from test_access import violations

from forewave.archive.travel_time import load
from forewave.delivery import signing
from forewave.delivery.gateway import Gateway
from forewave.delivery.pages import built
from forewave.delivery.status import routes
from forewave.health.collector import NEEDS, Health
from forewave.health.watch import LiveStatus
from forewave.sources.intake.inbox import SourceStatus
from forewave.types import Dropped, Station, StationState
from tests import page_texts
from tests.cases import first_of

pytestmark = pytest.mark.slow

COUNT = 250
SIZES = [{"width": 1280, "height": 800}, {"width": 360, "height": 640}]


class Machine:
    """A gateway in a thread of its own, and the health that it tells."""

    def __init__(self) -> None:
        stations = [Station(f"ST.S{n:03}", 35.0, 135.0, 0.0, ()) for n in range(COUNT)]
        self.health = Health(stations, time.time() - 3600.0)
        self.gateway = Gateway(
            signing.generate(), time.time, load(), port=0, stream_port=0,
            routes=routes(LiveStatus(self.health)),
        )  # fmt: skip
        for need in NEEDS:
            self.health.loaded(need)
        for n in range(COUNT - 1):
            self.says(n, "late" if n == 7 else "good", latency=0.3 + n / 100.0)
        self.health.lag("arrival", 0.4)
        self.health.receive(Dropped("ST.S003..HHZ", "wrong rate"), time.time())
        self.source("live")
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def says(self, n: int, health: str, latency: float = 0.5) -> None:
        now = time.time() + 600.0  # so that it does not fall silent while the test runs
        word = StationState(f"ST.S{n:03}", now - latency, latency, health, 2e-4, 1e-7)
        self.health.receive(word, now)

    def source(self, state: str, reason: str = "") -> None:
        since = time.time()
        self.health.source(SourceStatus("seedlink a", state, reason, since, since, 9, 0, 1, {}))

    def run(self, coroutine) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(timeout=60)

    def start(self) -> None:
        self._thread.start()
        self.run(self.gateway.start())

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@pytest.fixture
def machine() -> Iterator[Machine]:
    if not built():
        pytest.skip("the pages are not built: npm --prefix web ci && npm --prefix web run build")
    machine = Machine()
    machine.start()
    yield machine
    machine.run(machine.gateway.stop())
    machine.stop()


@pytest.fixture(params=first_of(SIZES), ids=["desk", "phone"])
def context(browser, request) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=request.param, locale="en", bypass_csp=True)
    context.set_default_timeout(10_000)
    yield context
    context.close()


def opened(context: BrowserContext, machine: Machine) -> Page:
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{machine.gateway.port}/status")
    expect(page.locator("#status-line")).to_contain_text("eady")
    return page


def names(page: Page) -> list[str]:
    return page.get_by_role("region", name="Stations").locator("tbody th").all_inner_texts()


def test_it_says_whether_it_would_warn_and_what_is_wrong(context, machine):
    page = opened(context, machine)
    expect(page.locator("#status-line")).to_have_text("Ready: it would warn now.")
    expect(page.locator("#problems li")).to_have_text(
        ["2 of 250 stations are not usable, such as ST.S007"]
    )
    machine.source("lost", "no answer")
    expect(page.locator("#status-line")).to_have_text("NOT ready to warn. Missing: a live source.")
    sources = page.get_by_role("region", name="Sources")
    expect(sources.locator("tbody tr")).to_contain_text(["lost"])
    expect(sources.locator("tbody tr")).to_contain_text(["no answer"])


def test_it_does_not_say_ready_once_the_server_has_gone(context, machine):
    page = opened(context, machine)
    machine.run(machine.gateway.stop())
    expect(page.locator("#trouble")).to_contain_text("The server does not answer.")
    expect(page.locator("#status-line")).to_have_text("Not known whether it would warn now.")
    expect(page.locator("#status-line")).to_have_attribute("data-well", "false")


def test_the_worst_stations_come_first_and_say_what_to_do(context, machine):
    page = opened(context, machine)
    rows = page.get_by_role("region", name="Stations").locator("tbody tr")
    expect(rows.nth(0)).to_contain_text("ST.S249")
    expect(rows.nth(0)).to_contain_text("never")
    expect(rows.nth(1)).to_contain_text("Use shorter packets or a faster link.")
    expect(rows).to_have_count(100)
    page.get_by_role("button", name="Show all 250").click()
    expect(rows).to_have_count(250)


def test_headings_sort_by_key_and_say_how(context, machine):
    page = opened(context, machine)
    heading = page.get_by_role("button", name="Latency", exact=True)
    heading.focus()
    page.keyboard.press("Enter")
    assert names(page)[:2] == ["ST.S000", "ST.S001"]
    page.keyboard.press("Enter")
    assert names(page)[:2] == ["ST.S248", "ST.S247"]
    cell = page.get_by_role("columnheader", name="Latency")
    expect(cell).to_have_attribute("aria-sort", "descending")
    page.wait_for_timeout(2500)  # drawn anew meanwhile
    expect(heading).to_be_focused()
    assert names(page)[:2] == ["ST.S248", "ST.S247"]


def test_it_is_live_and_filters(context, machine):
    page = opened(context, machine)
    page.get_by_label("Show only names containing").fill("s00")
    expect(page.locator("#found")).to_have_text("10 of 250 stations")
    page.get_by_label("Only stations whose silence does not count").check()
    expect(page.locator("#found")).to_have_text("1 of 250 stations")
    machine.says(3, "stuck")
    expect(page.locator("#found")).to_have_text("2 of 250 stations")
    assert names(page) == ["ST.S003", "ST.S007"]


def test_a_server_that_is_gone_is_told_and_its_figures_are_called_old(context, machine):
    page = opened(context, machine)
    machine.run(machine.gateway.stop())
    trouble = page.get_by_role("alert")
    expect(trouble).to_contain_text("The server does not answer. The content below is from")


def test_nothing_is_told_by_colour_alone_and_axe_finds_nothing(context, machine):
    page = opened(context, machine)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        assert violations(page) == []
    width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0, "only the tables scroll sideways"


@pytest.mark.parametrize("language", first_of(page_texts.IN_BROWSER[1:]))
def test_it_speaks_the_language_of_the_device_and_names_what_is_in_another(
    browser, machine, language
):
    texts = page_texts.texts(language, "status")
    filled = page_texts.filler(language, "status")
    context = browser.new_context(viewport=SIZES[1], locale=language, bypass_csp=True)
    machine.source("lost", "no answer")
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{machine.gateway.port}/status")
    expect(page.locator("html")).to_have_attribute("lang", language)
    line = page.locator("#status-line")
    expect(line).to_contain_text(texts["not-ready"])
    expect(line).to_contain_text(filled("missing", what=texts["need.a live source"]))
    assert page.title() == f"{texts['title']} - forewave"
    expect(page.locator("#problems li")).to_have_text(
        [
            filled("problem.sources", n="1", all="1", one="seedlink a"),
            filled("problem.stations", n="2", all="250", one="ST.S007"),
        ]
    )
    row = page.get_by_role("region", name=texts["table.sources"]).locator("tbody tr")
    expect(row).to_contain_text([texts["source.lost"]])
    expect(row.locator("[lang=en]")).to_have_text(["no answer"])
    expect(page.get_by_role("row", name="ST.S007")).to_contain_text(texts["advice.late"])
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        assert violations(page) == []
    width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0, "only the tables scroll sideways"
    strange = [text for text in page.evaluate(OWN_TEXTS) if _beside(texts, text)]
    assert strange == [], "words of no text of this language, and not called English"
    context.close()


# Texts that no element calls English.
OWN_TEXTS = """() => {
  const walk = document.createTreeWalker(document.getElementById("page"), NodeFilter.SHOW_TEXT);
  const found = [];
  while (walk.nextNode())
    if (walk.currentNode.parentElement.closest("[lang]").lang !== "en")
      found.push(walk.currentNode.data);
  return found;
}"""
NAMES = r"ST\.S\d+|seedlink a|UTC"


def _beside(texts: dict[str, str], text: str) -> list[str]:
    """The words that are neither names nor of the texts."""
    pieces = {piece for one in texts.values() for piece in re.split(r"\{\w+\}", one)}
    longest_first = sorted(map(re.escape, pieces - {""}), key=len, reverse=True)
    rest = re.sub("|".join([*longest_first, NAMES]), " ", text)
    return re.findall(r"[^\W\d_]{2,}", rest)


def test_the_tables_are_tables_to_a_screen_reader(context, machine):
    page = opened(context, machine)
    for name in ("Stations", "Sources", "Latency", "Refused by the pipeline"):
        expect(page.get_by_role("table", name=name)).to_be_visible()
    row = page.get_by_role("row", name="ST.S007")
    expect(row.get_by_role("rowheader")).to_have_text("ST.S007")
    assert page.get_by_role("heading").all_inner_texts() == [
        "Status", "Stations", "Sources", "Latency", "Refused",
    ]  # fmt: skip
