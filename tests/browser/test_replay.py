"""What the README promises: `forewave replay --serve`, and both pages warn before S comes."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.request import urlopen

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from websockets.sync.client import connect

from forewave.archive import travel_time
from forewave.earth.distance import distance_km
from forewave.formats.recordings import event_directory
from forewave.simulate.scenario import load_scenario
from forewave.simulate.simulator import simulate

pytestmark = pytest.mark.slow

LAT, LON = 30.416, 103.461  # Linqiong: MMI 5 to 6, and time to be warned
FOREWAVE = [sys.executable, "-c", "from forewave.cli.main import main; main()"]


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> event_directory.Recording:
    """The demo's earthquake as an event directory."""
    made = simulate(load_scenario("sichuan"))
    folder = tmp_path_factory.mktemp("made") / "sichuan"
    event_directory.write(folder, made.info, made.stations, made.segments, made.receipts)
    return event_directory.read(folder)


@pytest.fixture
def pages(recording: event_directory.Recording) -> Iterator[str]:
    """The address of the pages of a replay that waits for a first viewer."""
    command = [*FOREWAVE, "replay", str(recording.path), "--serve", "--port", "0", "--stay", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = next(found for line in process.stdout if (found := _address(line)))
        yield address
        process.terminate()
        process.stdout.read()


def _address(line: str) -> str | None:
    found = re.search(r"phone\s+(http://\S+/)", line)
    return found[1] if found else None


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(f"{address}#lat={LAT}&lon={LON}&name=Linqiong")
    expect(page.locator(".status")).to_have_attribute("data-link", "ready")
    return page


def clock_offset(port: int) -> float:
    """The replay's clock minus this process's monotonic clock."""
    with connect(f"ws://127.0.0.1:{port}/") as stream:
        asked = time.monotonic()
        stream.send(json.dumps({"type": "ping", "id": 1}))
        answers = (json.loads(message) for message in stream)
        now = next(float(a["now"]) / 1000.0 for a in answers if a.get("type") == "pong")
        return now - (asked + time.monotonic()) / 2


@pytest.mark.thorough
def test_a_newcomer_sees_a_countdown_of_10_to_20_s(pages, phone):
    page = phone.new_page()
    page.goto(pages)
    expect(page.locator("#alert")).to_have_attribute("data-phase", "countdown", timeout=60_000)
    assert 10 <= int(number(page)) <= 20
    expect(page.locator(".place-name").first).to_have_text("Meishan")


def number(page: Page) -> str:
    """The seconds on the screen; empty where there is no number."""
    return page.locator("#alert .number").text_content() or ""


def s_arrival(recording: event_directory.Recording) -> float:
    """When S truly comes to the place."""
    info = recording.info
    away_km = distance_km(info.lat, info.lon, LAT, LON)
    seconds = travel_time.load().seconds("S", away_km, info.depth_km)
    return info.origin_time + float(seconds)


@pytest.mark.thorough
def test_both_pages_count_to_s_within_a_second(recording, pages, phone, tv):
    port = json.load(urlopen(f"{pages}config.json"))["stream_port"]
    shown = [opened(phone, pages), opened(tv, f"{pages}tv")]
    arrival, errors = s_arrival(recording), {page.url: [] for page in shown}
    for page in shown:
        alert = page.locator("#alert")
        expect(alert).to_have_attribute("data-phase", "countdown", timeout=60_000)
        expect(alert).to_contain_text("DRILL")
    arrival -= clock_offset(port)
    while any(number(page) for page in shown):
        for page in shown:
            before, text = time.monotonic(), number(page)
            if text:
                left = arrival - (before + time.monotonic()) / 2
                errors[page.url].append(left - int(text))
        shown[0].wait_for_timeout(100)
    for seen in errors.values():
        assert len(seen) >= 4
        assert max(abs(error) for error in seen) <= 1.0
