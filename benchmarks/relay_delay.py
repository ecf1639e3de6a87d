"""Delay of a packet in a relay: from `Relay.push` until a client has read it.

One process relays, another holds the clients; each station sends a packet of one second each
second, at a phase of its own by chance. Run it:

    python benchmarks/relay_delay.py

The first two seconds are not counted.
"""

import asyncio
import json
import multiprocessing
import os
import platform
import random
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection as Pipe
from typing import Literal

import click
import numpy as np

from forewave.formats.waveforms import miniseed
from forewave.relay.server import Relay
from forewave.sources.seedlink.dialogue import Dialogue, Wanted
from forewave.types import Packet, StreamId

_T0 = 1_700_000_000.0
_WARM = 2
_RATE = 100.0


@click.command()
@click.option("--clients", default=20, show_default=True)
@click.option("--stations", default=15, show_default=True, help="That each client takes.")
@click.option("--seconds", default=20, show_default=True)
@click.option("--protocol", type=click.Choice(["3", "4"]), default="4", show_default=True)
def main(clients: int, stations: int, seconds: int, protocol: Literal["3", "4"]) -> None:
    """Print one JSON line."""
    here, there = multiprocessing.Pipe()
    holder = multiprocessing.get_context("spawn").Process(
        target=_hold, args=(there, clients, stations, seconds, protocol), daemon=True
    )
    holder.start()
    pushed = asyncio.run(_relay(here, clients, stations, seconds))
    came = here.recv()  # of each client: (station, packet, seconds on the machine's one clock)
    holder.join()
    delay_ms = np.array([1000 * (at - pushed[key]) for key, at in came if key[1] >= _WARM])
    print(json.dumps(_figures(delay_ms, clients, stations, protocol)))


def _figures(delay_ms: np.ndarray, clients: int, stations: int, protocol: str) -> dict[str, object]:
    return {
        "clients": clients,
        "stations": stations,
        "protocol": protocol,
        "packets": len(delay_ms),
        "p50_ms": round(float(np.median(delay_ms)), 2),
        "p99_ms": round(float(np.percentile(delay_ms, 99)), 2),
        "worst_ms": round(float(delay_ms.max()), 2),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python "
        f"{platform.python_version()}, loopback, load {os.getloadavg()[0]:.1f}",
    }


async def _relay(
    holder: Pipe, clients: int, stations: int, seconds: int
) -> dict[tuple[str, int], float]:
    """When each packet was pushed."""
    relay = Relay()
    await relay.start()
    holder.send(relay.port)
    while await asyncio.to_thread(holder.recv) < clients:
        pass
    pushed = {}
    begin = time.monotonic() + 0.5
    for due, station, number in _schedule(stations, seconds):
        await asyncio.sleep(begin + due - time.monotonic())
        packet = _packet(station, number)
        pushed[station, number] = time.monotonic()
        relay.push(packet)
    while relay.connected:  # noqa: ASYNC110 (a measurement may wait)
        await asyncio.sleep(0.05)
    await relay.stop()
    return pushed


def _schedule(stations: int, seconds: int) -> list[tuple[float, str, int]]:
    chance = random.Random(1)

    def times() -> Iterator[tuple[float, str, int]]:
        for n in range(stations):
            phase = chance.random()
            for second in range(seconds):
                yield second + phase + chance.uniform(0.0, 0.05), f"S{n:03d}", second

    return sorted(times())


def _packet(station: str, number: int) -> Packet:
    noise = np.random.default_rng(number).normal(0.0, 300.0, int(_RATE)).astype(np.int32)
    return Packet(StreamId("XX", station, "00", "HHZ"), _T0 + number, _RATE, noise)


def _hold(
    relay: Pipe, clients: int, stations: int, seconds: int, protocol: Literal["3", "4"]
) -> None:
    """The other process: the clients, and then what each got when."""
    wanted = [Wanted(f"XX_S{n:03d}") for n in range(stations)]
    relay.send(asyncio.run(_listen(relay, wanted, clients, seconds, protocol)))


async def _listen(
    relay: Pipe, wanted: list[Wanted], clients: int, seconds: int, protocol: Literal["3", "4"]
) -> list[tuple[tuple[str, int], float]]:
    port, loop = relay.recv(), asyncio.get_running_loop()
    holders = [_Client(Dialogue(wanted, protocol)) for _ in range(clients)]
    for holder in holders:
        await loop.create_connection(lambda holder=holder: holder, "127.0.0.1", port)
    await asyncio.gather(*(holder.connected.wait() for holder in holders))
    relay.send(clients)
    await asyncio.sleep(seconds + 3)
    return [each for holder in holders for each in holder.came()]


class _Client(asyncio.Protocol):
    """Notes when bytes come, and looks at what they were when all is over.

    So that three hundred clients do not wait for each other's decoding, as they would not on
    machines of their own.
    """

    def __init__(self, dialogue: Dialogue) -> None:
        self.connected = asyncio.Event()
        self._dialogue = dialogue
        self._chunks: list[tuple[float, bytes]] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        transport.write(self._dialogue.to_send)

    def data_received(self, data: bytes) -> None:
        if self._dialogue.streaming:
            self._chunks.append((time.monotonic(), data))
            return
        list(self._dialogue.receive(data))
        self._transport.write(self._dialogue.to_send)
        if self._dialogue.streaming:
            self.connected.set()

    def came(self) -> Iterator[tuple[tuple[str, int], float]]:
        """(station, number of the packet) and when its last byte came."""
        for at, data in self._chunks:
            for frame in self._dialogue.receive(data):
                for packet in miniseed.packets(frame.payload)[0]:
                    yield (packet.stream.station, round(packet.start - _T0)), at


if __name__ == "__main__":
    main()
