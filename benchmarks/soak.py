"""A live run of 2,000 stations whose servers are killed, unresponsive, slow or send invalid data.

    python benchmarks/soak.py --minutes 30 --stations 2000 -o docs/images/soak.svg --json soak.json

With --components 3 each station sends all three; with --waveforms the SDS archive is kept too.
Three processes beside this one: `forewave run`, the network (soak_network.py), and faulty servers
in front of it; if one of them ends, the run ends with its name. Simulated earthquakes are
included; this process receives alerts like a device, reads /status.json, and measures the memory
of `forewave run`. Measured:

    lost          earthquakes without an alert within 100 km and 30 s
    false         events that match none of them; twice: earthquakes issued as two events
    memory        resident, every two seconds: the slope over the last two thirds, and what a day of
                  it would come to
    back          from a server being well until each of its stations comes again
"""

import asyncio
import contextlib
import json
import os
import socket
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from msgspec import Struct
from websockets.asyncio.client import connect

from forewave.delivery import signing
from forewave.formats.inventories import stations_csv
from forewave.health.station import PAUSE

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import soak_judge
from benchmarks import soak_network as net
from benchmarks.soak_children import Children

LOOK = 2.0
CALM = 30.0  # seconds at the beginning and the end without a fault
RUN = [sys.executable, "-c", "from forewave.cli.main import main; main()", "run", "-c"]
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.option("--minutes", default=30.0, show_default=True)
@click.option("--stations", "count", default=2000, show_default=True)
@click.option("--servers", default=40, show_default=True)
@click.option("--every", default=4.0, show_default=True, help="Seconds from fault to fault.")
@click.option("--quake-every", default=75.0, show_default=True, help="Seconds.")
@click.option("--components", type=click.IntRange(1, 3), default=1, show_default=True)
@click.option("--waveforms", is_flag=True, help="Keep the waveforms, in an SDS archive.")
@click.option("-o", "--plot", type=_FILE)
@click.option("--json", "json_file", type=_FILE, help="Write the figures here too.")
@click.option("--raw", type=_FILE, help="Write all that was seen here.")
def main(plot: Path | None, json_file: Path | None, raw: Path | None, **asked: Any) -> None:
    """Print the figures as one JSON object."""
    with tempfile.TemporaryDirectory() as name:
        soak = Soak(Path(name), Asked(**asked))
        seen = asyncio.run(soak.run())
    case = soak.case()
    text = json.dumps(soak_judge.figures(case, seen), indent=1)
    print(text)
    if raw:
        raw.write_text(json.dumps({"began": case.began, **seen}), encoding="utf-8")
    if json_file:
        json_file.write_text(text + "\n", encoding="utf-8")
    if plot:
        soak_judge.draw(plot, case, seen)


class Asked(Struct, frozen=True):
    """The options of a run; every and quake_every in seconds."""

    minutes: float
    count: int
    servers: int
    every: float
    quake_every: float
    components: int
    waveforms: bool


class Soak:
    """One run, with its files in a folder. command: the program that is measured."""

    def __init__(self, folder: Path, asked: Asked, command: Sequence[str] = RUN) -> None:
        self._folder, self._asked, self._seconds = folder, asked, asked.minutes * 60.0
        self._command = command
        self._network = net.stations(asked.count, asked.components)
        self._server_of = {s.code: n % asked.servers for n, s in enumerate(self._network)}
        self._faults = folder / "faults.jsonl"
        self._pages, self._stream = _free_port(), _free_port()
        self._began = 0.0

    def case(self) -> soak_judge.Case:
        """What was asked."""
        quakes = net.quakes(self._seconds, self._asked.quake_every, len(self._network))
        components, kept = self._asked.components, self._asked.waveforms
        return soak_judge.Case(
            self._began, self._seconds, quakes, self._server_of, components, kept
        )

    async def run(self) -> dict[str, Any]:
        """Start everything, observe, stop everything."""
        log = self._folder / "run.log"
        with contextlib.ExitStack() as stack:
            seen = await self._run(Children(stack, log))
        rows = self._faults.read_text("utf-8").splitlines()
        return seen | {"faults": [json.loads(row) for row in rows], "log": log.read_text("utf-8")}

    async def _run(self, children: Children) -> dict[str, Any]:
        asked, spell = self._asked, self._seconds - 2 * CALM
        ground = (asked.count, asked.components, self._seconds, asked.quake_every)
        relay = children.process("the network", net.relay_process, *ground)
        await relay.receive()  # the earthquakes are simulated
        self._began = float(int(time.time()) + 15)
        relay.send(self._began)
        faulty = (await relay.receive(), asked.servers, spell, asked.every, self._faults)
        bad = children.process("the bad servers", net.bad_process, *faulty)
        self._configure(await bad.receive())
        command = [*self._command, str(self._folder / "forewave.toml")]
        live = children.program("forewave run", command)
        await asyncio.sleep(max(0.0, self._began + CALM - time.time()))
        bad.send("begin")
        beside = asyncio.create_task(self._beside(live, children))
        seen = await self._observe(live, children)
        more = await beside
        return seen | more | {"relay": await relay.receive()}

    async def _beside(self, pid: int, children: Children) -> dict[str, Any]:
        """What else is done to it meanwhile, and what came of that: nothing in a soak."""
        return {}

    def _configure(self, ports: list[int]) -> None:
        """Write key, inventory and forewave.toml."""
        signing.generate().save(self._folder / "forewave.key")
        stations_csv.write(self._folder / "stations.csv", self._network)
        kept = "waveforms" if self._asked.waveforms else ""
        lines = ["[server]", f"port = {self._pages}", f"stream_port = {self._stream}"]
        lines += ["[waveforms]", f'folder = "{kept}"', "[towns]", "min_population = 1000000"]
        for number, port in enumerate(ports):
            mine = [code for code, server in self._server_of.items() if server == number]
            lines += ["[[sources]]", 'kind = "seedlink"', f'server = "127.0.0.1:{port}"']
            lines += [f"stations = {json.dumps(mine)}"]
        (self._folder / "forewave.toml").write_text("\n".join(lines) + "\n", "utf-8")

    async def _observe(self, pid: int, children: Children) -> dict[str, Any]:
        pauses = Pauses()
        seen: dict[str, Any] = {"memory": [], "processor": [], "lags": [], "states": []}
        alerts: list[dict[str, Any]] = []
        listening = asyncio.create_task(self._listen(alerts))
        while time.time() < self._began + self._seconds:
            await asyncio.sleep(LOOK)
            children.check()
            seen["memory"].append((time.time(), _resident_mb(pid)))
            seen["processor"].append((time.time(), _processor_s(pid)))
            with contextlib.suppress(OSError, ValueError):
                report = await asyncio.to_thread(_status, self._pages)
                seen["report"] = report
                _note(report, seen)
                pauses.note(report)
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        return seen | {"alerts": alerts, "pauses": pauses.found}

    async def _listen(self, alerts: list[dict[str, Any]]) -> None:
        """As a device: every message once, with when it came."""
        known: set[tuple[str, int]] = set()
        async for client in connect(f"ws://127.0.0.1:{self._stream}/", compression=None):
            with contextlib.suppress(Exception):
                async for text in client:
                    message = json.loads(text)
                    key = (message.get("id"), message.get("n"))
                    if "t0" in message and key not in known:
                        known.add(key)
                        alerts.append({"at": time.time(), **message})


class Pauses:
    """When each station paused: from its last packet before to the first one after."""

    def __init__(self) -> None:
        self.found: dict[str, list[tuple[float, float]]] = defaultdict(list)
        self._since: dict[str, float] = {}
        self._last: dict[str, float] = {}

    def note(self, report: dict[str, Any]) -> None:
        """Looked at more often than the shortest pause lasts, so none is missed."""
        for station in report["stations"]:
            code, since = station["code"], station["since"]
            if since is None:
                continue
            before = self._since.setdefault(code, since)
            if since > before:
                self.found[code].append((self._last.get(code, since - PAUSE), since))
                self._since[code] = since
            if station["quiet"] > 0.0:
                self._last[code] = report["now"] - station["quiet"]


def _note(report: dict[str, Any], seen: dict[str, Any]) -> None:
    largest = {stage["stage"]: stage["counts"]["largest"] for stage in report["stages"]}
    seen["lags"].append((report["now"], largest))
    words = [station["state"] for station in report["stations"]]
    seen["states"].append((report["now"], {word: words.count(word) for word in set(words)}))


def _resident_mb(pid: int) -> float:
    text = Path(f"/proc/{pid}/status").read_text("utf-8")
    line = next(line for line in text.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024.0


def _processor_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _status(port: int) -> dict[str, Any]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/status.json", timeout=10) as answer:
        return json.loads(answer.read())


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as made:
        return int(made.getsockname()[1])


if __name__ == "__main__":
    main()
