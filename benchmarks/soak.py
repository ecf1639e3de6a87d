"""Two thousand stations live, on servers that are killed, hung, slow or send garbage all the time.

    python benchmarks/soak.py --minutes 30 --stations 2000 -o docs/images/soak.svg --json soak.json

Three processes beside this one: `forewave run`, the network (soak_network.py), and the bad servers
before it. Made earthquakes come in between; this process listens as a device does, looks at
/status.json as an operator does, and at the memory of `forewave run`. Measured:

    lost          earthquakes without an alert within 100 km and 30 s
    false         events told that are none of them; twice: earthquakes told as two events
    memory        resident, every two seconds
    back          from a server being well until each of its stations comes again
"""

import asyncio
import contextlib
import json
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import click
from websockets.asyncio.client import connect

from forewave.delivery import signing
from forewave.formats import stations_csv
from forewave.runtime.station_health import PAUSE

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import soak_judge
from benchmarks import soak_network as net

LOOK = 2.0
CALM = 30.0  # seconds at the beginning and the end without a fault
RUN = [sys.executable, "-c", "from forewave.cli import main; main()", "run", "-c"]
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.option("--minutes", default=30.0, show_default=True)
@click.option("--stations", "count", default=2000, show_default=True)
@click.option("--servers", default=40, show_default=True)
@click.option("--every", default=4.0, show_default=True, help="Seconds from fault to fault.")
@click.option("--quake-every", default=75.0, show_default=True, help="Seconds.")
@click.option("-o", "--plot", type=_FILE)
@click.option("--json", "json_file", type=_FILE, help="Write the figures here too.")
@click.option("--raw", type=_FILE, help="Write all that was seen here.")
def main(
    minutes: float,
    count: int,
    servers: int,
    every: float,
    quake_every: float,
    plot: Path | None,
    json_file: Path | None,
    raw: Path | None,
) -> None:
    """Print the figures as one JSON object."""
    with tempfile.TemporaryDirectory() as name:
        soak = Soak(Path(name), minutes * 60.0, count, servers, every, quake_every)
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


class Soak:
    """One run, with its files in a folder."""

    def __init__(
        self, folder: Path, seconds: float, count: int, servers: int, every: float, quakes: float
    ) -> None:
        self._folder, self._seconds, self._servers = folder, seconds, servers
        self._every, self._quake_every = every, quakes
        self._network = net.stations(count)
        self._server_of = {s.code: n % servers for n, s in enumerate(self._network)}
        self._faults = folder / "faults.jsonl"
        self._pages, self._stream = _free_port(), _free_port()
        self._began = 0.0

    def case(self) -> soak_judge.Case:
        """What was asked."""
        quakes = net.quakes(self._seconds, self._quake_every, len(self._network))
        return soak_judge.Case(self._began, self._seconds, quakes, self._server_of)

    async def run(self) -> dict[str, Any]:
        """Start everything, observe, stop everything."""
        count, log = len(self._network), self._folder / "run.log"
        with contextlib.ExitStack() as stack:
            relay = _process(stack, net.relay_process, count, self._seconds, self._quake_every)
            await asyncio.to_thread(relay.recv)  # the earthquakes are made
            self._began = float(int(time.time()) + 15)
            relay.send(self._began)
            port = await asyncio.to_thread(relay.recv)
            spell = self._seconds - 2 * CALM
            bad = _process(
                stack, net.bad_process, port, self._servers, spell, self._every, self._faults
            )
            self._configure(await asyncio.to_thread(bad.recv))
            live = stack.enter_context(_running([*RUN, str(self._folder / "forewave.toml")], log))
            await asyncio.sleep(max(0.0, self._began + CALM - time.time()))
            bad.send("begin")
            seen = await self._observe(live.pid)
            seen["relay"] = await asyncio.to_thread(relay.recv)
        rows = self._faults.read_text("utf-8").splitlines()
        return seen | {"faults": [json.loads(row) for row in rows], "log": log.read_text("utf-8")}

    def _configure(self, ports: list[int]) -> None:
        """Write key, inventory and forewave.toml."""
        signing.generate().save(self._folder / "forewave.key")
        stations_csv.write(self._folder / "stations.csv", self._network)
        lines = ["[server]", f"port = {self._pages}", f"stream_port = {self._stream}"]
        lines += ["[waveforms]", 'folder = ""', "[towns]", "min_population = 1000000"]
        for number, port in enumerate(ports):
            mine = [code for code, server in self._server_of.items() if server == number]
            lines += ["[[sources]]", 'kind = "seedlink"', f'server = "127.0.0.1:{port}"']
            lines += [f"stations = {json.dumps(mine)}"]
        (self._folder / "forewave.toml").write_text("\n".join(lines) + "\n", "utf-8")

    async def _observe(self, pid: int) -> dict[str, Any]:
        pauses = Pauses()
        seen: dict[str, Any] = {"memory": [], "processor": [], "lags": [], "states": []}
        alerts: list[dict[str, Any]] = []
        listening = asyncio.create_task(self._listen(alerts))
        while time.time() < self._began + self._seconds:
            await asyncio.sleep(LOOK)
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


def _process(stack: contextlib.ExitStack, target: Any, *args: Any) -> Connection:
    """A process of its own, ended with the stack; the pipe to it."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=target, args=(there, *args), daemon=True)
    process.start()
    stack.callback(process.terminate)
    return here


@contextlib.contextmanager
def _running(command: list[str], log: Path) -> Any:
    """The program that is measured."""
    with log.open("w", encoding="utf-8") as file:
        live = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT)
        try:
            yield live
        finally:
            live.send_signal(signal.SIGTERM)
            live.wait(30)


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
