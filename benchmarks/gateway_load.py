"""Time of an alert to all devices, with a calm gateway and with a loaded one, in one run.

    python benchmarks/gateway_load.py --clients 10000

Loaded: 1 % of the devices do not read, others come and go (500 a second), and others again send
frames that are none. Three processes: the gateway, the devices that are measured, and the load.
Times are from `Gateway.publish` to the return of recv, on the machine's one clock.
"""

import asyncio
import contextlib
import json
import multiprocessing
import os
import random
import resource
import select
import socket
import time
from multiprocessing.connection import Connection
from typing import Any

import click
import numpy as np
from msgspec.structs import replace

from forewave.archive import travel_time
from forewave.delivery import signing
from forewave.delivery.connections import descriptors
from forewave.delivery.gateway import Gateway
from forewave.replay.drill import drill_alert
from forewave.types import Place

_PAUSE = 0.7  # seconds between alerts
_WARM = 2  # alerts of each phase that are not counted
_CONNECTS = 450  # a second, while the measured devices connect
_SETTLE = 3.0  # seconds of load before the first alert
_UPGRADE = (
    b"GET /stream HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


@click.command()
@click.option("--clients", default=10_000, show_default=True, help="Measured devices, at most.")
@click.option("--alerts", default=20, show_default=True, help="Alerts in each phase.")
@click.option(
    "--connects", default=500, show_default=True, help="Connections a second of the load."
)
def main(clients: int, alerts: int, connects: int) -> None:
    """Print one JSON line."""
    context = multiprocessing.get_context("spawn")
    clients = min(clients, descriptors.most(descriptors.STREAM, clients) * 98 // 100)
    (devices, theirs), (load, its) = multiprocessing.Pipe(), multiprocessing.Pipe()
    others = [
        context.Process(target=_devices, args=(theirs, clients), daemon=True),
        context.Process(target=_load, args=(its, clients // 100, connects), daemon=True),
    ]
    for each in others:
        each.start()
    sent, facts = asyncio.run(_serve(devices, load, clients, alerts))
    received = devices.recv()  # by version: times
    calm, loaded = (_figures(received, versions, sent, clients) for versions in _phases(alerts))
    ratio = round(loaded["p99_ms"] / calm["p99_ms"], 2)
    cores = {"cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}
    out = {"clients": clients, "calm": calm, "loaded": loaded, "p99_ratio": ratio, **facts, **cores}
    print(json.dumps(out))


def _phases(alerts: int) -> tuple[range, range]:
    return range(1 + _WARM, alerts + 1), range(alerts + 1 + _WARM, 2 * alerts + 1)


def _figures(
    received: dict[int, list[float]], versions: range, sent: dict[int, float], clients: int
) -> dict[str, Any]:
    delays = np.concatenate([np.array(received[n]) - sent[n] for n in versions]) * 1000
    last = np.median([max(received[n]) - sent[n] for n in versions]) * 1000
    missing = len(versions) * clients - delays.size
    p50, p99 = np.percentile(delays, [50, 99])
    figures = {"p50_ms": p50, "p99_ms": p99, "last_ms": last, "worst_ms": delays.max()}
    return {name: round(float(value), 1) for name, value in figures.items()} | {"lost": missing}


async def _serve(
    devices: Connection, load: Connection, clients: int, alerts: int
) -> tuple[dict[int, float], dict[str, Any]]:
    """When each version was published, and what the gateway has counted."""
    travel_times = travel_time.load()
    gateway = Gateway(signing.generate(), time.time, travel_times, port=0)
    await gateway.start()
    devices.send(gateway.port)
    while gateway.connected < clients:  # noqa: ASYNC110 (a measurement may wait)
        await asyncio.sleep(0.1)
    alert = drill_alert(Place("here", 30.0, 104.0), 60.0, time.time(), travel_times)
    sent: dict[int, float] = {}
    for phase in range(2):
        if phase == 1:
            load.send(gateway.port)
            await asyncio.sleep(_SETTLE)
        for n in range(1 + phase * alerts, alerts + 1 + phase * alerts):
            await asyncio.sleep(_PAUSE)
            sent[n] = time.monotonic()
            gateway.publish(replace(alert, version=n, expires=time.time() + 60.0))
    await asyncio.sleep(_PAUSE)
    load.send(None)
    facts = {"cut_off": dict(gateway.stream.counts), "served": load.recv()}
    devices.send(None)
    while not devices.poll():  # noqa: ASYNC110 (a measurement may wait)
        await asyncio.sleep(0.1)
    await gateway.stop()
    return sent, facts


def _devices(server: Connection, clients: int) -> None:
    """The measured devices: connect, then note when each version first comes to each of them."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    port = server.recv()
    epoll, sockets = select.epoll(), {}
    for _ in range(clients):
        began = time.monotonic()
        sock = _connected(port)
        sock.setblocking(False)
        sockets[sock.fileno()] = sock
        epoll.register(sock.fileno(), select.EPOLLIN)
        time.sleep(max(0.0, 1.0 / _CONNECTS - (time.monotonic() - began)))
    seen = dict.fromkeys(sockets, 0)
    came: dict[int, list[float]] = {}
    while not server.poll():
        for number, _ in epoll.poll(0.05):
            data = sockets[number].recv(65536)
            now = time.monotonic()
            if not data:
                epoll.unregister(number)
                continue
            at = data.rfind(b'"n":')
            version = int(data[at + 4 : data.index(b",", at)]) if at >= 0 else 0
            if version > seen[number]:
                seen[number] = version
                came.setdefault(version, []).append(now)
    server.send(came)


def _load(server: Connection, stalled: int, connects: int) -> None:
    """Devices that do not read, that come and go, and that send garbage."""
    port = server.recv()
    silent = [_silent(port) for _ in range(stalled)]
    short: list[socket.socket] = []
    count, garbage, began = 0, random.Random(1), time.monotonic()
    while not server.poll():
        time.sleep(max(0.0, began + count / connects - time.monotonic()))
        with contextlib.suppress(OSError):
            sock = _connected(port)
            sock.setblocking(False)
            if count % 5 == 0:
                sock.send(garbage.randbytes(200))
            short.append(sock)
        if len(short) > connects:  # each stays for about a second
            short.pop(0).close()
        if count % 20 == 0 and silent:  # those that are cut off come again
            silent.pop(0).close()
            silent.append(_silent(port))
        count += 1
    server.send({"connects_per_s": round(count / (time.monotonic() - began))})


def _connected(port: int) -> socket.socket:
    sock = socket.create_connection(("127.0.0.1", port))
    sock.sendall(_UPGRADE)
    return sock


def _silent(port: int) -> socket.socket:
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    sock.connect(("127.0.0.1", port))
    sock.sendall(_UPGRADE)
    return sock


if __name__ == "__main__":
    main()
