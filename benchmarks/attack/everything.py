"""All attacks at once on one machine, during earthquakes: benchmarks/soak.py with

    sockets     of pages, a share of them hostile (crowd.py)
    clock       the machine's wall clock steps for some seconds, and comes back
    disk        the kernel refuses every write to a file for a while
    side tasks  fail one after the other

The time of each first alert is compared with that of the same rooms on the same packets without
any attack (undisturbed.py).
"""

import asyncio
import json
import random
import resource
import socket
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import click
from msgspec import Struct

from benchmarks import soak
from benchmarks import soak_network as net
from benchmarks.attack import figures
from benchmarks.attack.crowd import crowd_process
from benchmarks.attack.kills import free_ports
from benchmarks.attack.undisturbed import first_alerts
from benchmarks.soak_children import Children

STEPS = (3600.0, -3600.0, 30.0, -10.0, 10.0, -86_400.0)  # seconds, one after the other
STEP_LASTS = (2.0, 8.0)  # seconds
SIDE_TASKS = ("watch", "look", "waveforms")
EDGE = net.FIRST + 60.0  # seconds without earthquakes, at the beginning and the end
_FILE = click.Path(path_type=Path, dir_okay=False)


class Plan(Struct, frozen=True):
    """When what is done, in seconds from the beginning of the attacks."""

    clocks: list[tuple[float, float, float]]  # at, seconds ahead, for how long
    disk: tuple[float, float]  # from, until
    tasks: list[tuple[float, str]]


def plan(seconds: float, disk_s: float, seed: int) -> Plan:
    """A clock step each minute, a side task each 20 s, the disk in the middle."""
    chance, clocks, tasks = random.Random(seed), [], []
    for number in range(max(1, int(seconds // 60.0))):
        at = 60.0 * number + chance.uniform(5.0, 45.0)
        clocks.append((at, STEPS[number % len(STEPS)], chance.uniform(*STEP_LASTS)))
    for number in range(int(seconds // 20.0)):
        tasks.append((20.0 * number + chance.uniform(0.0, 20.0), chance.choice(SIDE_TASKS)))
    middle = 0.5 * seconds
    return Plan(clocks, (middle - 0.5 * disk_s, middle + 0.5 * disk_s), tasks)


class Everything(soak.Soak):
    """A soak with all the rest besides."""

    def __init__(
        self, folder: Path, asked: soak.Asked, sockets: int, share: float, attacks: Plan, seed: int
    ) -> None:
        (self._orders,) = free_ports(1)
        program = Path(__file__).with_name("weak_machine.py")
        command = [sys.executable, str(program), str(self._orders)]
        super().__init__(folder, asked, command)
        self._sockets, self._share, self._attacks, self._seed = sockets, share, attacks, seed

    async def _beside(self, pid: int, children: Children) -> dict[str, Any]:
        arguments = (self._pages, self._stream, self._sockets, self._share, self._seed)
        # Kept: with it the pipe would go, and the process with that.
        crowd = self._crowd = children.process("the sockets", crowd_process, *arguments)
        connected = await crowd.receive()
        click.echo(f"{connected} devices connected", err=True)
        await asyncio.gather(self._clock(), self._disk(pid), self._tasks(), self._progress())
        crowd.send("end")
        return {"crowd": await crowd.receive()}

    def _order(self, **what: Any) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.sendto(json.dumps(what).encode(), ("127.0.0.1", self._orders))

    async def _until(self, at: float) -> None:
        await asyncio.sleep(max(0.0, self._began + soak.CALM + at - time.time()))

    async def _clock(self) -> None:
        for at, ahead, lasts in self._attacks.clocks:
            await self._until(at)
            self._order(clock=ahead)
            await asyncio.sleep(lasts)
            self._order(clock=0.0)

    async def _disk(self, pid: int) -> None:
        """As on a full disk every write to a file fails, also to those that are open."""
        begins, ends = self._attacks.disk
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        await self._until(begins)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, hard))
        await self._until(ends)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))

    async def _tasks(self) -> None:
        for at, name in self._attacks.tasks:
            await self._until(at)
            self._order(task=name)

    async def _progress(self) -> None:
        """Until the end."""
        while (left := self._began + self._seconds - time.time()) > 0.0:
            click.echo(f"\r{left:5.0f} s left", nl=False, err=True)
            await asyncio.sleep(min(5.0, left))
        click.echo("", err=True)


@click.command("all")
@click.option("--minutes", default=30.0, show_default=True)
@click.option("--stations", default=2000, show_default=True)
@click.option("--earthquakes", default=20, show_default=True)
@click.option("--servers", default=40, show_default=True)
@click.option("--every", default=4.0, show_default=True, help="Seconds between server faults.")
@click.option("--sockets", default=10_000, show_default=True)
@click.option("--hostile", default=0.05, show_default=True, help="Share of the sockets.")
@click.option("--disk", default=60.0, show_default=True, help="Seconds without any write.")
@click.option("--seed", default=1, show_default=True)
@click.option("-o", "--plot", type=_FILE, help="SVG; beside it .txt with the figures.")
@click.option("--json", "json_file", type=_FILE, help="All that was measured.")
@click.option("--log", type=_FILE, help="Log of the machine.")
def main(
    minutes: float,
    stations: int,
    earthquakes: int,
    servers: int,
    every: float,
    sockets: int,
    hostile: float,
    disk: float,
    seed: int,
    plot: Path | None,
    json_file: Path | None,
    log: Path | None,
) -> None:
    """Everything at once, while earthquakes come."""
    seconds = 60.0 * minutes
    quake_every = (seconds - EDGE) / max(0.5, earthquakes - 0.5)
    attacks = plan(seconds - 2.0 * soak.CALM, disk, seed)
    asked = soak.Asked(minutes, stations, servers, every, quake_every, 1, True)
    click.echo(f"{earthquakes} earthquakes in {minutes:g} min, seed {seed}", err=True)
    with tempfile.TemporaryDirectory() as name:
        whole = Everything(Path(name), asked, sockets, hostile, attacks, seed)
        seen = asyncio.run(whole.run())
    case = whole.case()
    if log:
        log.write_text(seen["log"], "utf-8")
    click.echo("without attacks, for comparison", err=True)
    found = figures.of(case, seen, attacks, first_alerts(case.quakes, stations))
    lines = figures.table(found)
    for line in lines:
        click.echo(line)
    if json_file:
        json_file.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    if plot:
        figures.draw(plot, case, seen, attacks, found)
        plot.with_suffix(".txt").write_text("\n".join(lines) + "\n", "utf-8")
