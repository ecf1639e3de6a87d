"""SIGKILL at random times of a sequence of earthquakes, as seen by a page.

A relay in a process of its own plays the sequence over SeedLink; `forewave run` is started again
as systemd does it; a page stays connected. Compared with an undisturbed run of the same packets.
"""

import asyncio
import contextlib
import json
import math
import random
import socket
import tempfile
import time
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeAlias

import click
from msgspec import Struct
from msgspec.structs import replace

from benchmarks.attack import sequence
from benchmarks.attack.page import Page
from benchmarks.attack.sequence import Quake
from benchmarks.attack.supervised import Supervised
from benchmarks.soak_children import Children
from forewave.archive.event_log import entries
from forewave.delivery import signing
from forewave.formats.recordings import event_directory
from forewave.formats.recordings.event_directory import Recording
from forewave.formats.storage.log_blocks import Step
from forewave.relay.server import Relay
from forewave.sources.replay import arrivals
from forewave.types import Alert

Killer: TypeAlias = Callable[[Supervised, Page], Coroutine[Any, Any, None]]

EVEN = (0.2, 1.8)  # shares of the mean interval between which an interval is drawn
AFTER = 12.0  # seconds after the last packet until the machine is ended
CALM = 30.0  # seconds without kills at the end, so that the last earthquake is complete


class Seen(Struct):
    """began: POSIX seconds of the recording's beginning as it was played."""

    began: float
    page: Page
    recorded: list[Alert]
    machine: Supervised


@click.command("kills")
@click.option("--kills", "count", default=100, show_default=True)
@click.option("--minutes", default=30.0, show_default=True)
@click.option("--earthquakes", default=0, help="Default: one every 70 s.")
@click.option("--stations", default=36, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--keep", type=click.Path(path_type=Path, file_okay=False), help="Log, record.")
def main(
    count: int, minutes: float, earthquakes: int, stations: int, seed: int, keep: Path | None
) -> None:
    """SIGKILLs at random moments of a sequence of earthquakes."""
    seconds = 60.0 * minutes
    wanted = sequence.quakes(seconds, earthquakes or max(1, round(seconds / 70.0)), seed)
    click.echo(
        f"{count} kills in {minutes:g} min, {len(wanted)} earthquakes, seed {seed}", err=True
    )
    made = sequence.recording(seconds, wanted, stations, seed)
    calm = sequence.undisturbed(made)
    click.echo(f"undisturbed: {len(calm)} alerts; now with kills", err=True)
    with tempfile.TemporaryDirectory() as name:
        folder = keep or Path(name)
        event_directory.write(folder / "event", made.info, made.stations, made.segments)
        seen = asyncio.run(run(folder, made, partial(kill, count, seconds - CALM, seed)))
    for line in table(wanted, made, calm, seen):
        click.echo(line)


async def run(folder: Path, made: Recording, killer: Killer, after: float = AFTER) -> Seen:
    """Play it to a machine that somebody kills; folder: with the event directory in it."""
    with contextlib.ExitStack() as stack:
        relay = Children(stack, folder / "run.log").process(
            "relay", relay_process, folder / "event"
        )
        ports = free_ports(2)
        write_settings(folder, await relay.receive(), *ports)
        machine, page = Supervised(folder / "forewave.toml", folder / "run.log"), Page(ports[1])
        async with asyncio.TaskGroup() as tasks:
            beside = [tasks.create_task(each.run()) for each in (machine, page)]
            await machine.until_ready()
            relay.send("play")
            began = _begin(made) + await relay.receive()
            killing = tasks.create_task(killer(machine, page))
            await relay.receive()  # the end
            await killing
            await asyncio.sleep(after)
            for task in beside:
                task.cancel()
    return Seen(began, page, recorded(folder), machine)


async def kill(count: int, seconds: float, seed: int, machine: Supervised, _: Page) -> None:
    """So many kills, spread over so many seconds."""
    chance, mean = random.Random(seed), seconds / max(1, count)
    for number in range(count):
        await asyncio.sleep(mean * chance.uniform(*EVEN))
        await machine.kill()
        click.echo(f"\r{number + 1} kills", nl=number + 1 == count, err=True)


def relay_process(pipe: Connection, event: Path) -> None:
    """Sends its port; on "play", the shift of times in s; then a message at the end."""
    asyncio.run(_relay(pipe, event_directory.read(event)))


async def _relay(pipe: Connection, made: Recording) -> None:
    relay = Relay()
    await relay.start()
    pipe.send(relay.port)
    await asyncio.to_thread(pipe.recv)
    packets = arrivals(made)
    moved = math.ceil(time.time() + 1.0 - packets[0][0])
    pipe.send(moved)
    for due, packet in packets:
        if (wait := due + moved - time.time()) > 0.0:
            await asyncio.sleep(wait)
        relay.push(replace(packet, start=packet.start + moved))
    pipe.send("played")
    with contextlib.suppress(EOFError):
        await asyncio.to_thread(pipe.recv)


def write_settings(folder: Path, relay: int, pages: int, stream: int) -> None:
    """Key and forewave.toml beside the event directory."""
    signing.generate().save(folder / "forewave.key")
    (folder / "forewave.toml").write_text(
        f'[network]\ninventory = "event/stations.csv"\n[server]\nport = {pages}\n'
        f'stream_port = {stream}\n[alerts]\nmode = "actual"\n[[sources]]\nkind = "seedlink"\n'
        f'server = "127.0.0.1:{relay}"\nstations = ["*.*"]\n',
        "utf-8",
    )


def recorded(folder: Path) -> list[Alert]:
    """All alerts of the record, in order."""
    moments = (entry for entry in entries(folder / "record") if isinstance(entry, Step))
    return [word for moment in moments for word in moment.words if isinstance(word, Alert)]


def free_ports(count: int) -> list[int]:
    """Different ones."""
    with contextlib.ExitStack() as stack:
        made = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [int(each.getsockname()[1]) for each in made]


def _begin(made: Recording) -> float:
    """POSIX seconds of the recording's beginning."""
    return min(segment.start for segment in made.segments)


def table(
    wanted: Sequence[Quake], made: Recording, calm: list[tuple[float, Alert]], seen: Seen
) -> list[str]:
    """A row for each earthquake, and what it comes to."""
    lines = ["quake  M    first, s after origin  events on page      last magnitude"]
    lines += ["            undisturbed  killed   undisturbed  killed undisturbed  killed"]
    found = [row(quake, made, calm, seen) for quake in wanted]
    for number, (quake, each) in enumerate(zip(wanted, found, strict=True)):
        lines.append(
            f"{number:5d}  {quake.magnitude:.1f}  {_s(each['calm_s'])}  {_s(each['first_s'])}"
            f"   {each['calm_events']:11d}  {each['events']:6d} "
            f"{_s(each['calm_m'])}  {_s(each['m'])}"
        )
    return [*lines, "", *(f"{name:34s} {value}" for name, value in summary(found, seen).items())]


def _s(value: float) -> str:
    return f"{value:9.1f}"


def row(
    quake: Quake, made: Recording, calm: list[tuple[float, Alert]], seen: Seen
) -> dict[str, Any]:
    """An earthquake, undisturbed (`calm`) and with kills."""
    began = _begin(made)
    here = [
        (now, alert)
        for now, alert in calm
        if sequence.is_of(quake, began, alert.origin.time, alert.origin.lat, alert.origin.lon)
    ]
    there = [
        (now, message)
        for now, message in seen.page.shown
        if sequence.is_of(quake, seen.began, message["t0"] / 1e3, message["lat"], message["lon"])
    ]
    return {
        "calm_s": here[0][0] - began - quake.after if here else math.nan,
        "first_s": there[0][0] - seen.began - quake.after if there else math.nan,
        "calm_events": len({alert.event for _, alert in here}),
        "events": len({message["id"] for _, message in there}),
        "calm_m": here[-1][1].magnitude.value if here else math.nan,
        "m": there[-1][1]["m"] if there else math.nan,
        "ids": {message["id"] for _, message in there},
    }


def summary(found: list[dict[str, Any]], seen: Seen) -> dict[str, Any]:
    """What is counted over the whole run."""
    known = set().union(*(row["ids"] for row in found))
    last, kept = seen.page.last(), {alert.event: alert for alert in seen.recorded}
    slower = [row["first_s"] - row["calm_s"] for row in found if row["ids"] and row["calm_events"]]
    return {
        "kills": len(seen.machine.kills),
        "starts refused": seen.machine.refused,
        "told undisturbed, told with kills": (
            f"{sum(row['calm_events'] > 0 for row in found)}, "
            f"{sum(row['events'] > 0 for row in found)} of {len(found)}"
        ),
        "told as more than one event": sum(row["events"] > 1 for row in found),
        "events that are no earthquake": len(set(last) - known),
        "events cancelled as false": sum(m.get("why") == "false" for m in last.values()),
        "first alert later by, s: most": round(max(slower, default=math.nan), 1),
        "first alert later by, s: all": json.dumps([round(value, 1) for value in slower]),
        "one version with two contents": seen.page.conflicts or 0,
        "version shown twice": len(seen.page.shown)
        - len({(message["id"], message["n"]) for _, message in seen.page.shown}),
        "recorded, but not last on the page": sorted(
            event
            for event, alert in kept.items()
            if event not in last or last[event]["n"] != alert.version
        )
        or 0,
    }
