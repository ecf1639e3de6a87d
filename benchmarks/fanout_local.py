"""Time from `Gateway.publish` until each device on this machine has the message.

One process serves, another holds the devices (the client of websockets). Run it:

    python benchmarks/fanout_local.py

The first two of the alerts are not counted.
"""

import asyncio
import json
import multiprocessing
import os
import platform
import time
from multiprocessing.connection import Connection

import click
import numpy as np
from msgspec.structs import replace
from websockets.asyncio.client import ClientConnection, connect

from forewave.archive import travel_time
from forewave.delivery import signing
from forewave.delivery.gateway import Gateway
from forewave.replay.drill import drill_alert
from forewave.types import Place

_PAUSE = 0.3  # seconds between alerts
_WARM = 2


@click.command()
@click.option("--clients", default=200, show_default=True)
@click.option("--alerts", default=20, show_default=True)
def main(clients: int, alerts: int) -> None:
    """Print one JSON line."""
    here, there = multiprocessing.Pipe()
    devices = multiprocessing.get_context("spawn").Process(
        target=_hold, args=(there, clients, alerts), daemon=True
    )
    devices.start()
    sent = asyncio.run(_serve(here, clients, alerts))
    received = np.array(here.recv())  # (clients, alerts) seconds, on the machine's one clock
    devices.join()
    delay_ms = (received - np.array(sent))[:, _WARM:] * 1000
    print(json.dumps(_figures(delay_ms)))


def _figures(delay_ms: np.ndarray) -> dict[str, object]:
    return {
        "clients": delay_ms.shape[0],
        "alerts": delay_ms.shape[1],
        "p50_ms": round(float(np.median(delay_ms)), 2),
        "p99_ms": round(float(np.percentile(delay_ms, 99)), 2),
        "last_ms": round(float(np.median(delay_ms.max(axis=0))), 2),
        "worst_ms": round(float(delay_ms.max()), 2),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python "
        f"{platform.python_version()}, loopback, load {os.getloadavg()[0]:.1f}",
    }


async def _serve(devices: Connection, clients: int, alerts: int) -> list[float]:
    """When each alert was published."""
    travel_times = travel_time.load()
    gateway = Gateway(signing.generate(), time.time, travel_times, port=0, stream_port=0)
    await gateway.start()
    devices.send(gateway.stream_port)
    while gateway.connected < clients:  # noqa: ASYNC110 (a measurement may wait)
        await asyncio.sleep(0.05)
    alert = drill_alert(Place("here", 30.0, 104.0), 60.0, time.time(), travel_times)
    sent = []
    for n in range(1, alerts + 1):
        await asyncio.sleep(_PAUSE)
        sent.append(time.monotonic())
        gateway.publish(replace(alert, version=n))
    while gateway.connected:  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    await gateway.stop()
    return sent


def _hold(server: Connection, clients: int, alerts: int) -> None:
    """The other process: hold the devices, then send back when each got each alert."""
    server.send(asyncio.run(_devices(server.recv(), clients, alerts)))


async def _devices(port: int, clients: int, alerts: int) -> list[list[float]]:
    url = f"ws://127.0.0.1:{port}/"
    connections = await asyncio.gather(*(connect(url, compression=None) for _ in range(clients)))
    received = await asyncio.gather(*(_listen(each, alerts) for each in connections))
    await asyncio.gather(*(each.close() for each in connections))
    return received


async def _listen(connection: ClientConnection, alerts: int) -> list[float]:
    """When each version first came."""
    came: dict[int, float] = {}
    while len(came) < alerts:
        text = await connection.recv()
        now = time.monotonic()
        came.setdefault(json.loads(text).get("n", 0), now)
        came.pop(0, None)
    return [came[n] for n in range(1, alerts + 1)]


if __name__ == "__main__":
    main()
