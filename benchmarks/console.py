"""The console under an M7.5 with 2,000 stations: its cost on the server, frames, and memory.

    python -m benchmarks.console                 all parts; about ten minutes
    python -m benchmarks.console --only server   what the console costs the machine, as a ratio
    python -m benchmarks.console --only live     frames a second of /console, and of phone and TV
    python -m benchmarks.console --only hour     memory of the page over an hour, 30 times as fast

Observations are those of `synthetic_observations.py`. For the server, the real rooms evaluate them.
For the browser, solutions and alerts are scripted, one a second with all picks so far, and played
in real time through the real console, gateway and browser (Chromium without a GPU): the rooms would
take the processor that the browser needs on a small machine.
"""

import asyncio
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import click
from msgspec.structs import replace
from playwright.sync_api import CDPSession, Page, sync_playwright

from forewave.archive import travel_time
from forewave.console.console import Console, server_facts
from forewave.console.messages import Lags
from forewave.console.viewers import FRAME
from forewave.delivery import signing
from forewave.delivery.gateway import Gateway
from forewave.delivery.stream import Readiness
from forewave.evaluate.bench.great import CENTRE, ScriptedPipeline, aftershocks, stations_of
from forewave.evaluate.bench.synthetic_observations import SyntheticStations
from forewave.evaluate.scoring.catalogue import Quake
from forewave.health.collector import Health
from forewave.types import (
    Alert,
    Area,
    Arrival,
    Magnitude,
    Message,
    Origin,
    Pick,
    Place,
    Solution,
    Station,
)

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
CONSOLE = {"width": 1920, "height": 1080}
ORIGIN_S = 8.0
MAIN = Quake(ORIGIN_S, CENTRE[0], CENTRE[1], 15.0, 7.5)

Step = tuple[float, Sequence[Message]]
# A second of a page's life, counted by its own animation frames.
COUNT_FRAMES = """() => new Promise(done => {
  const times = []; const began = performance.now();
  const step = at => {
    times.push(at);
    if (at - began < 10000) requestAnimationFrame(step);
    else done(times.slice(1).map((t, i) => t - times[i]));
  };
  requestAnimationFrame(step);
})"""


def evaluated(stations: Sequence[Station], lasts: float) -> list[Step]:
    """The output of the real rooms, step by step."""
    pipeline, found = ScriptedPipeline(stations), []
    synthetic = SyntheticStations(stations, [MAIN], travel_time.load())

    def step(evaluate: Callable[[], Sequence[Message]]) -> None:
        found.append((now, evaluate()))

    for second in range(int(lasts)):
        for messages in synthetic.second(float(second)):
            now = messages.arrival
            pipeline.receive(messages, step)
    return found


def scripted(stations: Sequence[Station], quakes: Sequence[Quake], lasts: float) -> Iterator[Step]:
    """The same observations, with a solution and an alert a second of the last earthquake."""
    synthetic, picks = SyntheticStations(stations, quakes, travel_time.load()), []
    version, begun = 0, sorted(quakes, key=lambda quake: quake.time)
    for second in range(int(lasts)):
        for messages in synthetic.second(float(second)):
            picks += [each for each in messages.words if isinstance(each, Pick)]
            yield messages.arrival, messages.words
        active = [quake for quake in begun if 4.0 <= second - quake.time < 60.0]
        if active:
            version += 1
            yield second + 1.99, solved(active[-1], version, picks, second + 1.99)
        picks = picks if active else []


def solved(quake: Quake, version: int, picks: Sequence[Pick], now: float) -> Sequence[Message]:
    """A solution that uses these picks, and its alert."""
    event, size = f"bench{quake.time:.0f}", quake.magnitude - 1.0 / (1.0 + version % 60)
    depth_km = quake.depth_km or 10.0
    origin = Origin(quake.time, quake.lat + 0.1 / version, quake.lon, depth_km, 0.3, 4.0, 3.0)
    magnitude = Magnitude(size, 0.3, "M", len(picks))
    used = {pick.id: pick for pick in picks}.values()
    arrivals = tuple(Arrival(p.id, p.station, p.phase, p.time, 0.1, 50.0, 1.0) for p in used)
    solution = Solution(event, version, origin, magnitude, None, arrivals, 0.99)
    alert = Alert(
        id=f"{event}.{version}", event=event, version=version, kind="update", mode="drill",
        level="action", area=Area(quake.lat, quake.lon, 250.0), issued=now, expires=now + 60.0,
        origin=origin, magnitude=magnitude, rupture=None, field=(), max_intensity=8.0,
        stations=len(arrivals), source="point",
    )  # fmt: skip
    return [solution, alert]


class Machine:
    """A gateway with a console, in a thread of its own, on which steps are played."""

    def __init__(self, stations: Sequence[Station]) -> None:
        self.time, self.health = time.time(), Health(stations, time.time())
        self.console = Console(
            stations,
            self.health.conditions,
            self.now,
            facts=lambda: server_facts(self.gateway.connected, Readiness("drill")),
        )
        self.gateway = Gateway(
            signing.generate(),
            self.now,
            travel_time.load(),
            port=0,
            place=Place("Near", CENTRE[0] + 0.9, CENTRE[1]),
            readiness=lambda: Readiness("drill"),
            routes=self.console.routes(),
            side=self.console.streams(),
        )
        self._clock: Callable[[], float] = time.time
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self.run(self.gateway.start())
        self._frames = asyncio.run_coroutine_threadsafe(self.console.run(), self._loop)

    def now(self) -> float:
        """The time that is played, POSIX seconds."""
        return self._clock()

    def run(self, work: Any) -> Any:
        """Wait for something in the machine's loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(600)

    def url(self, page: str) -> str:
        """The address of a page."""
        return f"http://127.0.0.1:{self.gateway.port}/{page}"

    def play(self, played: Iterable[Step], speed: float = 1.0) -> Any:
        """Start playing; the returned future ends with it."""
        return asyncio.run_coroutine_threadsafe(self._play(played, speed), self._loop)

    async def _play(self, played: Iterable[Step], speed: float) -> None:
        began, base = time.monotonic(), time.time()
        self._clock = lambda: base + (time.monotonic() - began) * speed
        for at, output in played:
            wait = at / speed - (time.monotonic() - began)
            if wait > 0:
                await asyncio.sleep(wait)
            self.step(base + at, [shifted(each, base) for each in output])

    def step(self, now: float, output: Sequence[Message]) -> None:
        """Take an output of the rooms."""
        for each in output:
            self.health.receive(each, now)
            if isinstance(each, Alert):
                message = self.gateway.publish(replace(each, mode="drill"))
                lags = Lags(0.001, 0.001, 0.001)
                self.console.issued(each, message, self.gateway.connected, lags)
        self.console.step(now, output)

    def stop(self) -> None:
        """Close everything."""
        self._frames.cancel()
        self.run(self.gateway.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)


def shifted(item: Any, base: float) -> Any:
    """A message as if it were from now."""
    times = {
        name: getattr(item, name) + base
        for name in ("time", "latest", "issued", "expires")
        if isinstance(getattr(item, name, None), float)
    }
    if hasattr(item, "origin"):
        times["origin"] = replace(item.origin, time=item.origin.time + base)
    if hasattr(item, "picks"):
        times["picks"] = tuple(replace(each, time=each.time + base) for each in item.picks)
    return replace(item, **times) if times else item


def server(played: Sequence[Step], stations: Sequence[Station], rooms_s: float) -> None:
    """What the console adds to the time that rooms and health take."""
    health, now = Health(stations, 0.0), 0.0
    console = Console(stations, health.conditions, lambda: now)
    began = time.perf_counter()
    for at, output in played:
        for each in output:
            health.receive(each, at)
    health_s = time.perf_counter() - began
    board, frames, sizes, due = console._board, [], [], 0.0
    began = time.perf_counter()
    for at, output in played:
        console.step(at, output)
        if at >= due:
            due, start = at + FRAME, time.perf_counter()
            sizes.append(len(board.frame(at) or b""))
            frames.append(time.perf_counter() - start)
    console_s = time.perf_counter() - began
    start = time.perf_counter()
    hello = len(board.hello(at))
    hello_s = time.perf_counter() - start
    frames.sort()
    outputs = sum(len(output) for _, output in played)
    print(f"server: {len(stations)} stations, {at:.0f} s of data, {outputs} outputs")
    print(f"  rooms {rooms_s:.2f} s, health {health_s:.2f} s, console {console_s:.2f} s")
    without = rooms_s + health_s
    print(f"  with the console / without: {(without + console_s) / without:.3f}")
    middle_ms, most_ms = frames[len(frames) // 2] * 1e3, frames[-1] * 1e3
    middle_kb, most_kb = sorted(sizes)[len(sizes) // 2] / 1e3, max(sizes) / 1e3
    print(f"  a frame: median {middle_ms:.2f} ms, {middle_kb:.1f} kB", end="; ")
    print(f"largest {most_ms:.2f} ms, {most_kb:.1f} kB")
    print(f"  everything, for a new page: {hello_s * 1e3:.1f} ms, {hello / 1e3:.0f} kB")


def frames_of(page: Page, name: str) -> None:
    """Count the page's frames for ten seconds."""
    drawn = page.evaluate("Number(document.documentElement.dataset.frames || 0)")
    waits = sorted(page.evaluate(COUNT_FRAMES))
    more = page.evaluate("Number(document.documentElement.dataset.frames || 0)") - drawn
    pictures = f", {more / 10:.0f} pictures of the map a second" if more else ""
    p95 = waits[int(len(waits) * 0.95)]
    print(f"  {name}: {len(waits) / 10:.1f} frames a second{pictures}; 95 % within {p95:.0f} ms")


def live(browser: Any, stations: Sequence[Station]) -> None:
    """Frames a second during the earthquake."""
    played = list(scripted(stations, [MAIN], 45.0))
    print(f"live: {len(stations)} stations, Chromium without a GPU, one page at a time")
    for name, path, size, at in (
        ("console 1920 x 1080", "console", CONSOLE, ORIGIN_S + 10.0),
        ("phone 360 x 640", "", {"width": 360, "height": 640}, ORIGIN_S + 6.0),
        ("TV 1920 x 1080", "tv", CONSOLE, ORIGIN_S + 6.0),
    ):
        machine = Machine(stations)
        page = browser.new_page(viewport=size)
        page.goto(machine.url(path))
        page.wait_for_timeout(3000)
        playing = machine.play(played)
        page.wait_for_timeout(at * 1000)
        frames_of(page, name)
        if path == "console":
            frames_of(page, "  ten seconds later")
        shown = page.locator("#alert").get_attribute("data-surface") if path != "console" else ""
        if shown:
            print(f"    on the screen: {shown}")
        playing.cancel()
        page.close()
        machine.stop()


def hour(browser: Any, stations: Sequence[Station], speed: float) -> None:
    """Memory of the page, after collections of garbage, while an hour passes."""
    played = scripted(stations, [MAIN, *aftershocks()], 3600.0)
    machine = Machine(stations)
    page = browser.new_page(viewport=CONSOLE)
    session = page.context.new_cdp_session(page)
    page.goto(machine.url("console"))
    page.wait_for_timeout(3000)
    playing, began, heaps = machine.play(played, speed), time.monotonic(), []
    print(f"hour: {len(stations)} stations, an M7.5 and its aftershocks, {speed:.0f} times as fast")
    while not playing.done():
        page.wait_for_timeout(10_000 if speed < 60 else 5_000)
        minute = (time.monotonic() - began) * speed / 60
        heaps.append((minute, heap_mb(session)))
        print(f"  minute {minute:4.0f}: {heaps[-1][1]:.1f} MB")
    settled = [mb for minute, mb in heaps if minute >= 15]
    print(
        f"  from minute 15 to the end: {settled[0]:.1f} to {settled[-1]:.1f} MB, "
        f"between {min(settled):.1f} and {max(settled):.1f}"
    )
    missed = dict(machine.console.viewers.counts)
    print(f"  frames that the page missed: {missed or 'none'}")
    page.close()
    machine.stop()


def heap_mb(session: CDPSession) -> float:
    """What the page's scripts hold, after a collection of garbage."""
    session.send("HeapProfiler.collectGarbage")
    return float(session.send("Runtime.getHeapUsage")["usedSize"]) / 1e6


@click.command()
@click.option("--stations", "count", default=2000, show_default=True)
@click.option("--only", type=click.Choice(["server", "live", "hour"]), default=None)
@click.option("--speed", default=30.0, show_default=True, help="Of the hour.")
@click.option("--hour-stations", default=500, show_default=True, help="Stations in the hour.")
def main(count: int, only: str | None, speed: float, hour_stations: int) -> None:
    """Print the figures."""
    stations = stations_of(count)
    if only in (None, "server"):
        began = time.perf_counter()
        played = evaluated(stations, 30.0)
        server(played, stations, time.perf_counter() - began)
    if only == "server":
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=FLAGS, headless=True
        )
        if only != "hour":
            live(browser, stations)
        if only != "live":
            hour(browser, stations_of(hour_stations), speed)
        browser.close()


if __name__ == "__main__":
    main()
