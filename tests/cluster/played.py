"""A cluster in processes of its own, watched over the bus and by screens, for tests."""

import asyncio
import contextlib
import signal
import time

from forewave.cluster.bus import Bus, addresses
from forewave.cluster.demo.stage import Stage
from forewave.cluster.wire import RoleStatus, Subjects, decode
from tests.cluster.screens import Screen

SCENARIO = """
title = "Magnitude 6.8 inside a grid (made)"
duration = {duration}
seed = 5
[[earthquake]]
after = {after}
lat = 24.05
lon = 121.45
depth_km = 12.0
magnitude = 6.8
[network]
layout = "grid"
lat = 24.0
lon = 121.4
spacing_km = 20.0
count = 36
jitter = 0.3
sensor = "mems"
site = "town"
"""
PATIENCE = 120.0  # seconds for anything to start on a busy machine
LOOK = 0.02


class Watched:
    """A stage with screens. statuses: by process, (the last one, monotonic time)."""

    def __init__(self, stage, screens):
        ports = stage.ports
        self.stage = stage
        self.screens = [Screen(ports, n, stage.keys.trusted) for n in range(screens)]
        self.statuses, self.leaders = {}, []  # leaders: (time, name)

    def on_status(self, subject, data):
        status = decode(data, RoleStatus)
        self.statuses[status.name] = status, time.monotonic()
        if status.state == "leads" and (not self.leaders or self.leaders[-1][1] != status.name):
            self.leaders.append((time.time(), status.name))

    def decides(self, state):
        """Names of the processes of decide that have lately said to be in this state."""
        now = time.monotonic()
        return [
            name
            for name, (status, at) in self.statuses.items()
            if status.role == "decide" and now - at < 1.5 and status.state == state
        ]

    def process(self, name):
        """The process with a name as in a status."""
        for process in self.stage.processes:
            if name == process.name or name.startswith(f"{process.name}-"):
                return process
        raise KeyError(name)

    def leader(self):
        """The process that leads."""
        (name,) = self.decides("leads")
        return self.process(name)

    def hot(self):
        """One leads, all others stand by, and every screen is connected."""
        return (
            len(self.decides("leads")) == 1
            and len(self.decides("standby")) == len(self.stage.decides) - 1
            and all(screen.connected for screen in self.screens)
        )

    def alerts(self):
        """How many versions the first screen has shown."""
        return len(self.screens[0].shown)

    async def until(self, condition, seconds=PATIENCE):
        ends = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > ends:
                said = "\n".join(f"== {p.name}\n{p.said()[-1500:]}" for p in self.stage.processes)
                raise AssertionError(f"{condition.__name__}: {self.statuses}\n{said}")
            await asyncio.sleep(LOOK)


@contextlib.asynccontextmanager
async def playing(folder, *, screens=6, **more):
    """A cluster that plays an earthquake; it begins when all processes are hot."""
    stage = Stage(folder, **more)
    watched = Watched(stage, screens)
    tasks = []
    bus = None
    try:
        stage.start()
        bus = Bus(addresses(stage.nodes.bus), "test")
        await bus.open()
        await bus.subscribe(Subjects("main").all_status, watched.on_status)
        tasks = [asyncio.create_task(screen.run()) for screen in watched.screens]
        stage.ingest.start()
        await watched.until(watched.hot)
        yield watched
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if bus is not None:
            await bus.close()
        stage.end()


async def pause(process, seconds):
    """Stop a process for a while: it is cut off, and does not know."""
    process.signal(signal.SIGSTOP)
    await asyncio.sleep(seconds)
    process.signal(signal.SIGCONT)
