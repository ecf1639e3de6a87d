"""Effect of `poll_s` with a server that polls for new packets.

    python benchmarks/polling_server.py

The server is a model of ringserver's client threads, written for this measurement: after ten loops
in which nothing was sent or received it waits, first 0.2 s and each time 0.2 s longer up to 1 s,
unless a request comes. Its answers are those of `forewave relay`. Each station sends a packet of
one second each second, at a phase of its own by chance; what is measured is the time from there
until `forewave.sources.seedlink.source` has delivered the packet. It is not ringserver itself.
"""

import asyncio
import json
import os
import platform
import random
import time
from collections import deque

import click
import numpy as np

from forewave.formats.protocols.seedlink import frame_3
from forewave.formats.waveforms import miniseed
from forewave.relay.info import InfoResponder
from forewave.relay.ring import Ring
from forewave.relay.session import Session
from forewave.sources.base import run_sources
from forewave.sources.intake.inbox import Inbox
from forewave.sources.seedlink.source import SeedLinkSettings, connections
from forewave.types import Packet, StreamId

_IDLE_LOOPS, _LOOP = 10, 0.001  # seconds of a loop without a wait
_STEP, _LONGEST = 0.2, 1.0  # seconds of a wait
_T0 = 1_700_000_000.0
_RATE = 100.0


class PollingServer:
    """All clients get all packets, as version 3, when their loop comes round."""

    def __init__(self) -> None:
        self._responder = InfoResponder(Ring(), list, "model", "benchmark")
        self._queues: list[deque[bytes]] = []
        self._sequence = 0

    def push(self, packet: Packet) -> None:
        """Keep a packet for each client's next loop."""
        self._sequence += 1
        frame = frame_3(self._sequence, miniseed.encode([packet], 2, 512))
        for queue in self._queues:
            queue.append(frame)

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client."""
        session, queue = Session("model", "benchmark", self._responder.answer), deque[bytes]()
        self._queues.append(queue)
        idle, wait = 0, 0.0
        while True:
            try:
                async with asyncio.timeout(max(_LOOP, wait)):
                    data = await reader.read(4096)
                if not data:
                    break
            except TimeoutError:
                data = b""
            except ConnectionError:
                break
            writer.writelines(session.receive(data) if data else ())
            busy = bool(data) or (session.streaming and bool(queue))
            while session.streaming and queue:
                writer.write(queue.popleft())
            idle = 0 if busy else idle + 1
            wait = 0.0 if idle < _IDLE_LOOPS else min(_LONGEST, wait + _STEP)
        self._queues.remove(queue)
        writer.close()


@click.command()
@click.option("--stations", default=5, show_default=True)
@click.option("--seconds", default=20, show_default=True)
@click.option("--poll", default=0.025, show_default=True, help="Seconds, of the second run.")
def main(stations: int, seconds: int, poll: float) -> None:
    """Print two JSON lines: without poll_s and with it."""
    for poll_s in (None, poll):
        delay_ms = 1000 * np.array(asyncio.run(_delays(stations, seconds, poll_s)))
        figures = {
            "stations": stations,
            "poll_s": poll_s,
            "packets": len(delay_ms),
            "p50_ms": round(float(np.median(delay_ms)), 1),
            "p99_ms": round(float(np.percentile(delay_ms, 99)), 1),
            "machine": f"{platform.machine()}, {os.cpu_count()} cores, loopback, "
            f"load {os.getloadavg()[0]:.1f}",
        }
        print(json.dumps(figures))


async def _delays(stations: int, seconds: int, poll_s: float | None) -> list[float]:
    """Of each packet, from push to delivery, in seconds."""
    polling = PollingServer()
    server = await asyncio.start_server(polling.meet, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    settings = SeedLinkSettings(f"127.0.0.1:{port}", ("XX.*",), protocol="3", poll_s=poll_s)
    (source,) = connections(settings)
    inbox, pushed = Inbox(time.monotonic), dict[tuple[str, float], float]()
    running = asyncio.create_task(run_sources([source], inbox))
    while not any(status.state == "idle" for status in inbox.statuses()):  # noqa: ASYNC110 (there is no event)
        await asyncio.sleep(0.01)
    pushing = asyncio.create_task(_push(polling, stations, seconds, pushed))
    delays: list[float] = []
    while len(delays) < stations * seconds:
        for each in await inbox.take():
            key = each.packet.stream.station, each.packet.start
            delays.append(each.arrival - pushed[key])
    await pushing
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    server.close()
    return delays


async def _push(
    server: PollingServer, stations: int, seconds: int, pushed: dict[tuple[str, float], float]
) -> None:
    chance, begin = random.Random(1), time.monotonic()
    phases = [chance.random() for _ in range(stations)]
    due = sorted(
        (n + phase, f"S{k:02d}", n) for k, phase in enumerate(phases) for n in range(seconds)
    )
    for at, station, number in due:
        await asyncio.sleep(begin + at - time.monotonic())
        samples = np.random.default_rng(number).normal(0.0, 300.0, int(_RATE)).astype(np.int32)
        packet = Packet(StreamId("XX", station, "00", "HHZ"), _T0 + number, _RATE, samples)
        pushed[station, packet.start] = time.monotonic()
        server.push(packet)


if __name__ == "__main__":
    main()
