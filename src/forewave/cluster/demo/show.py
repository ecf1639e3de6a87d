"""`forewave cluster-demo`: a cluster on this machine, its failures and who takes over.

    n1 up   n2 up   n3 KILLED          leader decide-2, epoch 1796042614195
    gateways 1 up, 2 up, 3 up          alert fw2026..., version 4, on 3 of 3 screens

One screen at each gateway receives what every device receives. A part is killed every few seconds
while alerts are valid, and started again. All that is shown is what was received.
"""

import asyncio
import contextlib
import itertools
import json
import logging
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect
from rich.console import Console
from rich.live import Live
from rich.table import Table

from forewave.cluster.bus import Bus, addresses
from forewave.cluster.demo.process import Process
from forewave.cluster.demo.stage import Stage
from forewave.cluster.wire import RoleStatus, Subjects, decode
from forewave.delivery.signing import unseal
from forewave.errors import FormatError

EVERY = 7.0  # seconds between two failures
DOWN = 4.0  # seconds until what was killed is started again
FRESH = 1.5  # seconds after its last status that a process counts as up
AGAIN = 0.05  # seconds until a screen tries the next gateway
REFRESH = 5  # a second
PATIENCE = 180.0  # seconds for all parts to start


class Screen:
    """A device: connected to one gateway, and to the next one when that is gone.

    on_alert: called with each new version: event, version, issued (POSIX seconds).
    """

    def __init__(self, stage: Stage, first: int, on_alert: Callable[[str, int, float], None]):
        self._ports = stage.ports
        self._trusted, self._next, self._on_alert = stage.keys.trusted, first, on_alert
        self._versions: dict[str, int] = {}
        self.at: int | None = None  # number of the gateway it is connected to
        self.state = ""

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            number = self._next % len(self._ports)
            with contextlib.suppress(Exception):  # whatever is wrong with one: the next one
                url = f"ws://127.0.0.1:{self._ports[number]}/stream"
                transport, _ = await ws_connect(lambda: _Link(self.take), url)
                self.at = number
                await transport.wait_disconnected()
            self.at, self._next = None, self._next + 1
            await asyncio.sleep(AGAIN)

    def take(self, frame: bytes) -> None:
        """One frame of the stream."""
        said = json.loads(frame)
        if "type" in said:
            self.state = said.get("state", self.state)
            return
        try:
            message = unseal(frame, self._trusted)
        except FormatError:
            return
        if message.n > self._versions.get(message.id, 0):
            self._versions[message.id] = message.n
            self._on_alert(message.id, message.n, message.iss / 1000.0)


class _Link(WSListener):
    def __init__(self, take: Callable[[bytes], None]) -> None:
        self._take = take

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.TEXT:
            self._take(frame.get_payload_as_bytes())


class Show:
    """What is known of the cluster, and the table of it."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.statuses: dict[str, tuple[RoleStatus, float]] = {}
        self.received: dict[tuple[str, int], list[float]] = {}  # delays, one for each screen
        self.events: list[str] = []
        self.screens = [Screen(stage, n, self._on_alert) for n in range(len(stage.gateways))]
        self._began = time.monotonic()

    def on_status(self, subject: str, data: bytes) -> None:
        """A process reports on itself."""
        with contextlib.suppress(FormatError):
            status = decode(data, RoleStatus)
            before = self.leader()
            self.statuses[status.name] = status, time.monotonic()
            if (now := self.leader()) and now != before:
                self.note(f"{now} leads")

    def _on_alert(self, event: str, version: int, issued: float) -> None:
        self.received.setdefault((event, version), []).append(time.time() - issued)

    def note(self, what: str) -> None:
        """One line of what has happened."""
        self.events.append(f"{time.monotonic() - self._began:6.1f} s  {what}")

    def state(self, process: Process) -> str:
        """What a process says of itself; "down" where it does not run or says nothing."""
        if not process.running:
            return "down"
        if process in self.stage.nodes.processes:
            return "up"
        now = time.monotonic()
        for name, (status, at) in self.statuses.items():
            if (name == process.name or name.startswith(f"{process.name}-")) and now - at < FRESH:
                return status.state
        return "starting"

    def leader(self) -> str:
        """The process that leads; "" if none does."""
        leading = [p.name for p in self.stage.decides if self.state(p) == "leads"]
        return leading[0] if leading else ""

    def is_hot(self) -> bool:
        """Whether one leads, all others stand by and all screens are connected."""
        states = sorted(map(self.state, self.stage.decides))
        wanted = sorted(["leads", *["standby"] * (len(self.stage.decides) - 1)])
        return states == wanted and all(screen.at is not None for screen in self.screens)

    def longest(self) -> float | None:
        """The longest that any screen waited for a version, seconds."""
        return max((max(each) for each in self.received.values()), default=None)

    def table(self) -> Table:
        """Everything, for the terminal."""
        table = Table(title="forewave cluster", title_justify="left", show_header=False)
        for title, processes in self._groups():
            table.add_row(title, "   ".join(f"{p.name} {self.state(p)}" for p in processes))
        screens = (f"{n + 1} at {self._where(screen)}" for n, screen in enumerate(self.screens))
        table.add_row("screens", "   ".join(screens))
        for (event, version), delays in list(self.received.items())[-4:]:
            on = f"on {len(delays)} of {len(self.screens)} screens, after {max(delays):.2f} s"
            table.add_row("alert", f"{event} version {version}: {on} at most")
        longest = self.longest()
        table.add_row("longest", "none yet" if longest is None else f"{longest:.2f} s")
        table.add_row("happened", "\n".join(self.events[-8:]))
        table.add_row("pages", "  ".join(f"http://127.0.0.1:{port}/" for port in self.stage.ports))
        return table

    def _groups(self) -> Iterator[tuple[str, list[Process]]]:
        yield "NATS", self.stage.nodes.processes
        yield "decide", self.stage.decides
        yield "gateways", self.stage.gateways
        yield "ingest", [self.stage.ingest]

    def _where(self, screen: Screen) -> str:
        return "none" if screen.at is None else f"gateway-{screen.at + 1} ({screen.state})"


async def show(console: Console, scenario: str, *, seconds: float | None = None) -> Show:
    """Play until Ctrl-C, or for so many seconds after everything has started."""
    logging.getLogger("forewave").addHandler(logging.NullHandler())  # lines would tear the table
    folder = Path(tempfile.mkdtemp(prefix="forewave-cluster-"))
    stage: Stage | None = None
    try:
        console.print(f"Simulating {scenario}; then starting 3 NATS nodes and 6 roles ...")
        stage = await asyncio.to_thread(Stage, folder, scenario, plays=100)
        return await _play(console, Show(stage), seconds)
    finally:
        if stage is not None:
            stage.end()
        shutil.rmtree(folder, ignore_errors=True)


async def _play(console: Console, shown: Show, seconds: float | None) -> Show:
    stage = shown.stage
    stage.start()
    bus = Bus(addresses(stage.nodes.bus), "cluster-demo")
    await bus.open()
    tasks = [asyncio.create_task(screen.run()) for screen in shown.screens]
    try:
        await bus.subscribe(Subjects("main").all_status, shown.on_status)
        stage.ingest.start()
        tasks.append(asyncio.create_task(_fail(shown)))
        with Live(get_renderable=shown.table, console=console, refresh_per_second=REFRESH):
            async with asyncio.timeout(PATIENCE):
                while not shown.is_hot():  # noqa: ASYNC110 (by messages, and by time)
                    await asyncio.sleep(AGAIN)
            shown.note("everything is up; the earthquake comes within a minute")
            await (asyncio.Event().wait() if seconds is None else asyncio.sleep(seconds))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await bus.close()
    return shown


async def _fail(shown: Show) -> None:
    """Kill one part after the other while alerts come, and start it again."""
    stage = shown.stage
    turns: Iterator[Callable[[], Process]] = itertools.cycle(
        (
            lambda: next(p for p in stage.decides if p.name == shown.leader()),
            lambda: stage.nodes.processes[0],
            lambda: stage.gateways[0],
            lambda: stage.nodes.processes[1],
        )
    )
    while True:
        await asyncio.sleep(EVERY)
        if not (shown.received and shown.is_hot()):
            continue
        process = next(turns)()
        process.kill()
        shown.note(f"{process.name} killed")
        await asyncio.sleep(DOWN)
        process.start()
        shown.note(f"{process.name} started again")
