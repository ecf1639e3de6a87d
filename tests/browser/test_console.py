"""The console in a browser: what an operator sees of an earthquake, and that two people send."""

import asyncio
import json
import re
import time

import pytest
from playwright.sync_api import Page, expect
from test_access import violations
from warner import Warner

from forewave.archive import travel_time
from forewave.console.console import Console, server_facts
from forewave.console.messages import Lags
from forewave.delivery.stream import Readiness
from forewave.operators import routes
from forewave.operators.accounts import Accounts
from forewave.operators.audit import AuditLog
from forewave.operators.desk import Desk
from forewave.operators.drill import Drill
from forewave.operators.writer import Writer
from forewave.types import Amplitude, Arrival, Magnitude, Origin, Pick, Solution, Station, StreamId
from tests import page_texts

pytestmark = pytest.mark.slow
expect.set_options(timeout=15_000)  # a machine may do other things too

PASSWORD = "correct horse battery"
COUNT = 60


def codes():
    return [f"S{n:02}" for n in range(COUNT)]


class House:
    """A live server with a console and two operators, on which an earthquake is played."""

    def __init__(self, folder):
        self.began = time.time()
        stations = [
            Station(f"ST.{code}", 30.0 + n % 8 * 0.2, 103.0 + n // 8 * 0.2, 0.0, ())
            for n, code in enumerate(codes())
        ]
        self.accounts = Accounts(folder / "operators.json")
        for name in ("anna", "bob"):
            self.accounts.add(name, PASSWORD)
        self.log = AuditLog(folder / "audit.jsonl", time.time)
        self.writer, self.cancelled = Writer(self.log), []
        self.console = Console(
            stations,
            lambda now: ((("silent", None) if n == 59 else ("good", 0.4)) for n in range(COUNT)),
            time.time,
            facts=lambda: server_facts(self.warner.gateway.connected, Readiness("ready")),
            operators=True,
        )
        publish = lambda alert: self.warner.gateway.publish(alert)  # noqa: E731
        drill = Drill(publish, self.in_force, time.time, travel_time.load())
        desk = Desk(self.accounts, self.writer, self, drill)
        self.warner = Warner(
            routes=[*routes.routes(desk), *self.console.routes()], side=self.console.streams()
        )

    def __enter__(self):
        self.warner.__enter__()
        self.run(self._begin())
        return self

    def __exit__(self, *what):
        self.run(self._end())
        self.warner.__exit__(*what)
        self.writer.close()

    async def _begin(self):
        self.frames = asyncio.create_task(self.console.run())

    async def _end(self):
        self.frames.cancel()

    def run(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.warner._loop).result(30)

    def in_force(self):
        return self.warner.gateway.in_force()

    def cancel(self, item):
        self.cancelled.append(item)

    def step(self, *output):
        async def work():
            self.console.step(time.time(), output)

        self.run(work())

    def earthquake(self, version=1):
        """Picks at ten stations, motion at five, a solution and its alert."""
        now = time.time()
        picks = [
            Pick(f"p{n}", StreamId("ST", code, "", "HNZ"), "P", now - 3.0 + n / 10, 0.1)
            for n, code in enumerate(codes()[:10])
        ]
        felt = [
            Amplitude(f"ST.{code}", now, None, None, 0, 0, 0, 2.0 - n / 4, 0.2, 4.0, False)
            for n, code in enumerate(codes()[:5])
        ]
        used = tuple(Arrival(p.id, p.station, "P", p.time, 0.2, 20.0, 1.0) for p in picks[:8])
        origin = Origin(now - 6.0, 30.4, 103.3, 11.0, 0.3, 4.0, 3.0)
        size = Magnitude(6.4 + version / 10, 0.3, "M", 8)
        found = Solution("e1", version, origin, size, None, used, 0.97)
        alert = self.warner.alert(left=20.0, version=version, id=f"e1.{version}")
        self.warner.publish(alert)
        self.step(*picks, *felt, found)

        async def issued():
            lags = Lags(0.002, 0.001, 0.003)
            self.console.issued(alert, b" " * 297, 1, lags)

        self.run(issued())


@pytest.fixture
def house(tmp_path):
    with House(tmp_path) as house:
        yield house


def opened(browser, house, language="en", width=1440, height=900) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale=language, bypass_csp=True
    )
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.goto(house.warner.url("/console"))
    expect(page.locator("header .state")).to_have_attribute("data-state", "ready")
    return page


def log_in(page: Page, name: str) -> None:
    page.keyboard.press("c")
    expect(page.locator("#login-name")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".who")).to_contain_text(name)


def test_an_operator_sees_an_earthquake_as_pictures_tables_and_speech(browser, house):
    page = opened(browser, house)
    expect(page.locator("#event .magnitude")).to_have_text("No earthquake now")
    expect(page.locator("canvas.map")).to_have_attribute("aria-label", re_label(0, 0))
    house.earthquake()
    expect(page.locator("#event .magnitude")).to_have_text("M 6.5")
    expect(page.locator("#event dl")).to_contain_text("30.40° N, 103.30° E\u2069 ± 4 km")
    expect(page.locator("#event .age")).to_contain_text("ago")
    expect(page.locator(".timeline li")).to_have_count(1)
    expect(page.locator(".timeline li")).to_contain_text("Signed and sent 3 ms")
    expect(page.locator("#polite")).to_contain_text("New alert")
    expect(page.locator("canvas.map")).to_have_attribute("aria-label", re_label(5, 10))
    house.earthquake(version=2)
    expect(page.locator("#event .magnitude")).to_have_text("M 6.6")
    expect(page.locator("#versions tbody tr")).to_have_count(2)

    for figure in ("map", "section"):  # each picture is a table too
        button = page.locator(f"#{figure}").get_by_role("button", name="Show as table")
        button.focus()
        page.keyboard.press("Enter")
        rows = page.locator(f"#{figure} tbody tr")
        expect(rows).to_have_count(COUNT)
        expect(page.locator(f"#{figure}").get_by_role("row", name="ST.S00")).to_contain_text("+0.2")
        page.keyboard.press("Enter")
        expect(page.locator(f"#{figure} canvas")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Light", exact=True).click()
    assert violations(page) == []


def re_label(lit, picked):
    return re.compile(f"^Map of {COUNT} stations. {lit} feel motion, {picked} have picked")


def test_everything_is_done_by_keys_and_two_people_cancel(browser, house):
    house.earthquake()
    page = opened(browser, house)
    page.keyboard.press("m")
    expect(page.locator("canvas.map")).to_be_focused()
    page.keyboard.press("PageDown")
    expect(page.locator("#chosen")).to_contain_text("ST.S00: intensity")
    page.keyboard.press("3")
    expect(page.locator("#status-line")).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#help")).to_be_hidden()
    page.keyboard.press("?")
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()

    log_in(page, "anna")
    form = page.locator("form.cancel")
    expect(form.locator("select")).to_contain_text("e1")
    expect(form.locator(".audience")).to_contain_text("0 devices")
    propose = form.get_by_role("button", name="Propose")
    expect(propose).to_be_disabled()
    page.keyboard.type("cancel")
    expect(propose).to_be_enabled()
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("Proposed.")
    proposal = page.locator(".proposal")
    expect(proposal).to_contain_text("Another person has to confirm this.")
    assert house.cancelled == []

    form.get_by_text("What people see").click()
    expect(form.locator(".preview[lang=en]")).to_contain_text("There is no earthquake")
    assert form.locator(".preview").count() == len(page_texts.LANGUAGES)
    assert violations(page) == []

    proposal.get_by_text("Second person at this screen").click()
    proposal.get_by_label("Name").fill("bob")
    proposal.get_by_label("Password").fill("wrong password")
    proposal.get_by_role("button", name="Confirm and send").click()
    expect(page.locator("#failed")).to_contain_text("name or password is wrong")
    assert house.cancelled == []
    proposal.get_by_label("Password").fill(PASSWORD)
    proposal.get_by_role("button", name="Confirm and send").click()
    expect(page.locator("#said")).to_have_text("Sent.")
    assert [(item.event, item.by) for item in house.cancelled] == [("e1", ("anna", "bob"))]
    expect(page.locator("#login-name")).to_be_visible()  # nobody is logged in now

    log_in(page, "bob")
    page.get_by_role("button", name="Audit", exact=True).click()
    rows = page.get_by_role("region", name="Audit log, newest first").locator("tbody tr")
    expect(rows.nth(0)).to_contain_text("login")
    expect(page.locator("#content")).to_contain_text("action cancel")
    expect(page.locator(".whole")).to_have_attribute("data-whole", "true")
    lines = house.log.path.read_text().splitlines()
    house.log.path.write_text("\n".join([*lines[:-2], lines[-2].replace("bob", "eve"), lines[-1]]))
    expect(page.locator(".whole")).to_have_attribute("data-whole", "false")
    assert json.loads(lines[0])["who"] == "anna"


def test_it_is_good_on_a_phone_in_chinese_and_says_when_the_server_has_gone(browser, house):
    texts = page_texts.texts("zh-CN", "status")
    house.earthquake()
    page = opened(browser, house, "zh-CN", 360, 640)
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page.locator("#event .magnitude")).to_have_text("M 6.5")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    small = page.evaluate(
        "[...document.querySelectorAll('button')].filter(b => b.offsetParent)"
        ".filter(b => Math.min(b.offsetWidth, b.offsetHeight) < 44).map(b => b.textContent)"
    )
    assert small == []
    house.run(house.warner.gateway.stop())
    expect(page.locator("header .link")).to_have_text(texts["link.lost"])
    expect(page.locator("header .state")).to_have_attribute("data-state", "unknown")


def test_a_machine_elsewhere_needs_the_token(browser, house):
    context = browser.new_context(extra_http_headers={"X-Forwarded-For": "10.0.0.7"})
    page = context.new_page()
    page.goto(house.warner.url("/console"))
    expect(page.locator("header .link")).to_contain_text("add the token")
