"""Two thousand stations live, on servers that are killed, hung, slow or send garbage all the time.

    python benchmarks/soak.py --minutes 30 --stations 2000 -o docs/images/soak.svg --json soak.json

Three processes beside this one: `forewave run`, the network (soak_network.py), and the bad servers
before it. Made earthquakes come in between; this process listens as a device does, looks at
/status.json as an operator does, and at the memory of `forewave run`. Measured:

    lost          earthquakes without an alert within 100 km and 30 s
    false         events told that are none of them; twice: earthquakes told as two events
    memory        resident, every five seconds
    back          from a server being well until each of its stations comes again
"""

import asyncio
import contextlib
import json
import multiprocessing
import os
import platform
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from pathlib import Path
from typing import Any

import click
import matplotlib
import numpy as np
from websockets.asyncio.client import connect

from forewave.delivery import signing
from forewave.earth.distance import distance_km
from forewave.formats import stations_csv

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import soak_network as net

matplotlib.use("svg")

LOOK = 2.0
NEAR_KM, NEAR_S = 100.0, 30.0
HOPE = 30.0  # seconds in which a station may come again because its server is well


@click.command()
@click.option("--minutes", default=30.0, show_default=True)
@click.option("--stations", "count", default=2000, show_default=True)
@click.option("--servers", default=40, show_default=True)
@click.option("--every", default=4.0, show_default=True, help="Seconds from fault to fault.")
@click.option("--quake-every", default=75.0, show_default=True)
@click.option("-o", "--plot", type=click.Path(path_type=Path))
@click.option("--raw", type=click.Path(path_type=Path), help="All that was seen, as JSON.")
@click.option("--json", "json_file", type=click.Path(path_type=Path))
def main(
    minutes: float,
    count: int,
    servers: int,
    every: float,
    quake_every: float,
    plot: Path | None,
    raw: Path | None,
    json_file: Path | None,
) -> None:
    """Print the figures as one JSON object."""
    with tempfile.TemporaryDirectory() as name:
        soak = Soak(Path(name), minutes * 60.0, count, servers, every, quake_every)
        seen = asyncio.run(soak.run())
    figures = soak.figures(seen)
    text = json.dumps(figures, indent=1)
    print(text)
    if raw:
        raw.write_text(json.dumps({**seen, "since": {k: sorted(v) for k, v in seen["since"].items()}, "began": soak.began}))
    if json_file:
        json_file.write_text(text + "\n", encoding="utf-8")
    if plot:
        draw(plot, seen, soak)


class Soak:
    """One run. seen: what was observed, as plain lists."""

    def __init__(
        self, folder: Path, seconds: float, count: int, servers: int, every: float, quakes: float
    ) -> None:
        self.folder, self.seconds, self.count, self.servers = folder, seconds, count, servers
        self.every, self.quake_every = every, quakes
        self.network = net.stations(count)
        radius = max(1, int(np.sqrt(count / np.pi) * 0.6))
        self.quakes = net.quakes(seconds, quakes, radius)
        self.began = 0.0
        self.server_of = {s.code: n % servers for n, s in enumerate(self.network)}
        self.faults = folder / "faults.jsonl"

    async def run(self) -> dict[str, Any]:
        """Start everything, observe, stop everything."""
        context = multiprocessing.get_context("spawn")
        relay_pipe, there = context.Pipe()
        relay = context.Process(
            target=net.relay_process,
            args=(there, self.count, 0.0, self.seconds, self.quake_every),
            daemon=True,
        )
        relay.start()
        await asyncio.to_thread(relay_pipe.recv)
        self.began = float(int(time.time()) + 15)
        relay_pipe.send(self.began)
        port = await asyncio.to_thread(relay_pipe.recv)
        bad_pipe, there = context.Pipe()
        bad = context.Process(
            target=net.bad_process,
            args=(there, port, self.servers, self.seconds - 30.0, self.every, self.faults),
            daemon=True,
        )
        bad.start()
        ports = await asyncio.to_thread(bad_pipe.recv)
        pages = self._configure(ports)
        log = (self.folder / "run.log").open("w", encoding="utf-8")
        command = [sys.executable, "-c", "from forewave.cli import main; main()", "run", "-c"]
        live = subprocess.Popen(
            [*command, str(self.folder / "forewave.toml")], stdout=log, stderr=subprocess.STDOUT
        )
        try:
            await asyncio.sleep(max(0.0, self.began + 30.0 - time.time()))
            bad_pipe.send("begin")
            seen = await self._observe(live.pid, pages)
            seen["relay"] = await asyncio.to_thread(relay_pipe.recv)
        finally:
            live.send_signal(signal.SIGTERM)
            live.wait(30)
            log.close()
            print((self.folder / "run.log").read_text("utf-8")[-3000:], file=sys.stderr)
            relay.terminate()
            bad.terminate()
        seen["faults"] = [json.loads(line) for line in self.faults.read_text("utf-8").splitlines()]
        return seen

    def _configure(self, ports: list[int]) -> int:
        """Write key, inventory and forewave.toml; the port of the pages."""
        signing.generate().save(self.folder / "forewave.key")
        stations_csv.write(self.folder / "stations.csv", self.network)
        pages, stream = _free_port(), _free_port()
        lines = ["[server]", f"port = {pages}", f"stream_port = {stream}"]
        lines += ["[waveforms]", 'folder = ""', "[towns]", "min_population = 1000000"]
        for number, port in enumerate(ports):
            mine = [code for code, server in self.server_of.items() if server == number]
            lines += ["[[sources]]", 'kind = "seedlink"', f'server = "127.0.0.1:{port}"']
            lines += [f"stations = {json.dumps(mine)}"]
        (self.folder / "forewave.toml").write_text("\n".join(lines) + "\n", "utf-8")
        self.stream_port = stream
        return pages

    async def _observe(self, pid: int, pages: int) -> dict[str, Any]:
        seen: dict[str, Any] = {"memory": [], "processor": [], "lags": [], "states": [], "since": defaultdict(set), "alerts": []}
        listening = asyncio.create_task(self._listen(seen["alerts"]))
        while time.time() < self.began + self.seconds:
            await asyncio.sleep(LOOK)
            seen["memory"].append((time.time(), _resident_mb(pid)))
            seen["processor"].append((time.time(), _processor_s(pid)))
            with contextlib.suppress(OSError, ValueError):
                report = await asyncio.to_thread(_status, pages)
                seen["report"] = report
                self._note(seen, report)
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        return seen

    def _note(self, seen: dict[str, Any], report: dict[str, Any]) -> None:
        largest = {stage["stage"]: stage["counts"]["largest"] for stage in report["stages"]}
        seen["lags"].append((report["now"], largest))
        words = [station["state"] for station in report["stations"]]
        seen["states"].append((report["now"], {word: words.count(word) for word in set(words)}))
        for station in report["stations"]:
            if station["since"] is not None:
                seen["since"][station["code"]].add(station["since"])

    async def _listen(self, alerts: list[dict[str, Any]]) -> None:
        """As a device: every message once, with when it came."""
        known: set[tuple[str, int]] = set()
        async for client in connect(f"ws://127.0.0.1:{self.stream_port}/", compression=None):
            with contextlib.suppress(Exception):
                async for text in client:
                    message = json.loads(text)
                    key = (message.get("id"), message.get("n"))
                    if "t0" in message and key not in known:
                        known.add(key)
                        alerts.append({"at": time.time(), **message})

    def figures(self, seen: dict[str, Any]) -> dict[str, Any]:
        """What it comes to."""
        return {
            "stations": self.count,
            "servers": self.servers,
            "minutes": round(self.seconds / 60.0, 1),
            "faults": sum(row["begins"] for row in seen["faults"]),
            **self._judged(seen["alerts"]),
            **_memory(seen["memory"], self.began),
            "back_s": self._back(seen),
            "latency_s": {
                stage["stage"]: {"p50": stage["p50"], "p99": stage["p99"]}
                for stage in seen["report"]["stages"]
            },
            "refused": seen["report"]["dropped"],
            "merge": seen["report"]["tallies"].get("merge", {}),
            "relay": seen["relay"],
            "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python "
            f"{platform.python_version()}, loopback, load {os.getloadavg()[0]:.1f} at the end",
        }

    def _judged(self, alerts: list[dict[str, Any]]) -> dict[str, Any]:
        """Earthquakes told, lost, told twice; events that were none."""
        told: dict[int, set[str]] = defaultdict(set)
        first: dict[int, float] = {}
        events = {alert["id"] for alert in alerts}
        for alert in alerts:
            for number, quake in enumerate(self.quakes):
                if self._is(alert, quake):
                    told[number].add(alert["id"])
                    first.setdefault(number, alert["at"] - self.began - quake.second)
        delays = sorted(first.values())
        matched = set().union(*told.values()) if told else set()
        return {
            "earthquakes": len(self.quakes),
            "lost": len(self.quakes) - len(told),
            "twice": sum(len(ids) > 1 for ids in told.values()),
            "false": len(events - matched),
            "false_events": sorted(events - matched),
            "lost_earthquakes": [
                net.TEMPLATES[q.template][0] for n, q in enumerate(self.quakes) if n not in told
            ],
            "first_alert_after_origin_s": _spread(delays),
        }

    def _is(self, alert: dict[str, Any], quake: net.Quake) -> bool:
        lat, lon = _place(quake)
        seconds = abs(alert["t0"] / 1000.0 - self.began - quake.second)
        away = float(distance_km(lat, lon, alert["lat"], alert["lon"]))
        return seconds <= NEAR_S and away <= NEAR_KM

    def _back(self, seen: dict[str, Any]) -> dict[str, Any]:
        """By mood: seconds from a server being well until each of its stations comes again.

        Stations that did not pause, or came again before, are not counted.
        """
        mine = defaultdict(list)
        for code, server in self.server_of.items():
            mine[server].append(code)
        spans = _spans(seen["faults"])
        back: dict[str, list[float]] = defaultdict(list)
        for server, mood, _, ended in spans:
            later = min((s[2] for s in spans if s[0] == server and s[2] >= ended), default=9e12)
            for code in mine[server]:
                times = [t for t in seen["since"][code] if ended < t < min(later, ended + HOPE)]
                if times:
                    back[mood].append(min(times) - ended)
        return {mood: _spread(sorted(values)) for mood, values in sorted(back.items())}


def _spans(faults: list[dict[str, Any]]) -> list[tuple[int, str, float, float]]:
    """(server, mood, begun, ended) of every fault that ended."""
    open_, spans = {}, []
    for row in faults:
        if row["begins"]:
            open_[row["server"]] = row
        elif row["server"] in open_:
            spans.append((row["server"], row["mood"], open_.pop(row["server"])["at"], row["at"]))
    return spans


def _place(quake: net.Quake) -> tuple[float, float]:
    degree = net.SPACING_KM / 111.19
    return quake.north * degree + 0.04, quake.east * degree + 0.05


def _spread(values: list[float]) -> dict[str, float] | None:
    if not values:
        return None
    p50, p99 = np.percentile(values, [50, 99])
    return {
        "n": len(values),
        "p50": round(float(p50), 2),
        "p99": round(float(p99), 2),
        "longest": round(values[-1], 2),
    }


def _memory(rows: list[tuple[float, float]], began: float) -> dict[str, Any]:
    """Resident MB after two minutes, at the end, and the slope between (least squares)."""
    late = [(at - began, mb) for at, mb in rows if at - began > 120.0]
    if len(late) < 3:
        return {"memory_mb": None}
    seconds, mb = np.array(late).T
    slope = float(np.polyfit(seconds / 3600.0, mb, 1)[0])
    return {
        "memory_mb": {
            "after_2_minutes": round(float(mb[0]), 1),
            "end": round(float(mb[-1]), 1),
            "most": round(float(mb.max()), 1),
            "slope_mb_per_hour": round(slope, 1),
        }
    }


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


def draw(path: Path, seen: dict[str, Any], soak: Soak) -> None:
    """Stations that count, faults, earthquakes with their alerts, and memory, over time."""
    from matplotlib import pyplot

    figure, (top, bottom) = pyplot.subplots(2, 1, figsize=(9, 5), sharex=True)
    minutes = [(now - soak.began) / 60.0 for now, _ in seen["states"]]
    counting = [sum(n for w, n in s.items() if w in ("good", "noisy")) for _, s in seen["states"]]
    top.plot(minutes, counting, color="#0b4f8a", label="stations that count")
    for quake in soak.quakes:
        top.axvline(quake.second / 60.0, color="#a62b1f", linewidth=1, linestyle=":")
    for _, _, begun, ended in _spans(seen["faults"]):
        top.plot([(begun - soak.began) / 60.0, (ended - soak.began) / 60.0], [0, 0], color="#101418", linewidth=4)  # fmt: skip
    top.set_ylabel("stations")
    top.set_ylim(bottom=-0.03 * soak.count)
    top.set_title("Dotted: earthquakes. Black, below: a server is killed, hung, slow or garbled.", fontsize=9)  # fmt: skip
    top.legend(loc="lower right")
    at, mb = np.array(seen["memory"]).T
    bottom.plot((at - soak.began) / 60.0, mb, color="#0f5c3a")
    bottom.set_ylabel("memory, MB")
    bottom.set_ylim(bottom=0)
    bottom.set_xlabel("minutes")
    figure.tight_layout()
    figure.savefig(path)


if __name__ == "__main__":
    main()
