"""The sensor page: what it tells, when it listens, and that nothing else leaves the phone."""

import json
import threading
import time

import pytest
import uvicorn
from playwright.sync_api import expect

from forewave.delivery.pages import WEB, built, pages
from forewave.earth import geohash
from forewave.sources.phones import PATH, Phones

pytestmark = pytest.mark.slow

LAT, LON = 30.5712, 104.2345

# 26 s without motion, then a second and a half of shaking (or of being turned) that ends now.
FAKE = """
(turned) => {
  const first = performance.now() - 27500;
  for (let ms = 0; ms < 27500; ms += 20) {
    const s = ms / 1000, moved = s > 26 ? s - 26 : 0;
    const noise = 0.004 * Math.sin(s * 997);
    const angle = turned ? Math.min(1, moved) : 0;
    const event = new DeviceMotionEvent("devicemotion", {
      accelerationIncludingGravity: {
        x: noise + 9.81 * Math.sin(angle) + (turned ? 0 : 0.4 * Math.sin(moved * 25)),
        y: noise,
        z: 9.81 * Math.cos(angle) + noise,
      },
      interval: 20,
    });
    Object.defineProperty(event, "timeStamp", { value: first + ms });
    dispatchEvent(event);
  }
}
"""
UNPLUGGED = """
navigator.getBattery = async () => Object.assign(new EventTarget(), { charging: false });
"""


class Server:
    """The pages with the phones' address beside them."""

    def __init__(self):
        self.phones = Phones(time.time, lambda now, candidate: None)
        self.taken = []
        take = self.phones.take

        def note(body, address):
            self.taken.append(json.loads(body))
            return take(body, address)

        self.phones.take = note
        app = pages({}, {})
        app.routes.insert(0, self.phones.route())
        self.server = uvicorn.Server(uvicorn.Config(app, "127.0.0.1", 0, log_level="error"))

    def __enter__(self):
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        until = time.monotonic() + 20
        while not self.server.started:
            assert time.monotonic() < until
            time.sleep(0.005)
        port = self.server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/sensor#lat={LAT}&lon={LON}"
        return self

    def __exit__(self, *_):
        self.server.should_exit = True
        self.thread.join(10)


@pytest.fixture
def server():
    if not built() or not (WEB / "sensor.html").is_file():
        pytest.skip("the pages are not built: npm --prefix web ci && npm --prefix web run build")
    with Server() as server:
        yield server


def taking_part(phone, server):
    page = phone.new_page()
    page.goto(server.url)
    expect(page.locator("#status")).to_have_text("Not taking part")
    page.get_by_role("button", name="Take part").click()
    return page


def test_a_shake_is_told_with_its_time_peak_and_cell_and_nothing_else(phone, server):
    page = taking_part(phone, server)
    expect(page.locator("#status")).to_contain_text("Put the phone down")
    before = time.time()
    page.evaluate(FAKE, False)
    expect(page.locator("#sent")).to_have_text("Reports sent: 1")
    (told,) = server.taken
    assert set(told) == {"t", "peak", "cell"}
    assert told["cell"] == geohash.encode(LAT, LON, 5)
    assert told["peak"] == pytest.approx(0.4, abs=0.1)
    assert told["t"] == pytest.approx(before - 1.5, abs=1.0)
    assert server.phones.triggers == 1


@pytest.mark.thorough
def test_a_phone_that_is_picked_up_tells_nothing(phone, server):
    page = taking_part(phone, server)
    expect(page.locator("#status")).to_contain_text("Put the phone down")
    page.evaluate(FAKE, True)
    expect(page.locator("#status")).to_contain_text("Put the phone down")
    assert server.taken == []


def test_before_anybody_takes_part_it_does_not_listen(phone, server):
    page = phone.new_page()
    page.goto(server.url)
    page.evaluate(FAKE, False)
    expect(page.locator("#status")).to_have_text("Not taking part")
    assert server.taken == []


@pytest.mark.thorough
def test_a_phone_that_is_not_charging_does_not_listen(phone, server):
    phone.add_init_script(UNPLUGGED)
    page = taking_part(phone, server)
    expect(page.locator("#status")).to_have_text("Plug the phone in to start.")
    page.evaluate(FAKE, False)
    assert server.taken == []


@pytest.mark.thorough
def test_it_can_be_stopped(phone, server):
    page = taking_part(phone, server)
    page.get_by_role("button", name="Stop").click()
    page.evaluate(FAKE, False)
    expect(page.locator("#status")).to_have_text("Not taking part")
    assert server.taken == []


def test_the_place_is_sent_as_a_cell_only(phone, server):
    sent = []
    phone.on("request", lambda request: sent.append(f"{request.url} {request.post_data}"))
    page = taking_part(phone, server)
    expect(page.locator("#status")).to_contain_text("Put the phone down")
    page.evaluate(FAKE, False)
    expect(page.locator("#sent")).to_be_visible()
    wire = " ".join(s.split("#")[0] if "#" in s else s for s in sent)
    assert PATH in wire
    assert str(LAT) not in wire
    assert str(LON) not in wire
