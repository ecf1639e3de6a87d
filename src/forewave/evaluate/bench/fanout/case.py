"""One measurement: one server, one number of clients, a few alerts."""

import time
from contextlib import ExitStack
from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct

from forewave.evaluate.bench.fanout.child import Child, ChildError, busy_s, slab_bytes
from forewave.evaluate.bench.fanout.rows import Place, Row, Running

SETTLE_S = 0.5  # after the last connection, and after the last alert: a second copy would show
PAUSE_S = 0.15  # between the last receipt of an alert and the next
LATE_MS = 20_000  # for one alert to arrive everywhere
CONNECTING_S = 270.0  # longer than the load client waits
DISCARDED = 2  # alerts that are not counted
CONTROL = ("heartbeat", "pong")  # messages of the gateway that are not alerts


class Case(Struct, frozen=True):
    """What was measured. fault: why it does not count; empty if it does.

    p50_ms, p99_ms, last_ms: from publishing until half, 99 % and all of the clients had an alert,
    medians over the alerts. worst_ms: the slowest of the alerts. cpu_us: processor time of the
    server a delivery; load_us: of the load client; connect_us: of the server a connection. idle_kb,
    used_kb: resident memory of the server a connection, in kB of 1000 bytes, before and after the
    alerts. kernel_kb: kernel memory of one idle socket, of which a connection has two here; other
    work on the machine changes it too. other_cores: what else the machine was doing, in cores.
    """

    row: str
    tls: bool
    clients: int
    fault: str = ""
    p50_ms: float = float("nan")
    p99_ms: float = float("nan")
    last_ms: float = float("nan")
    worst_ms: float = float("nan")
    cpu_us: float = float("nan")
    load_us: float = float("nan")
    connect_us: float = float("nan")
    idle_kb: float = float("nan")
    used_kb: float = float("nan")
    kernel_kb: float = float("nan")
    other_cores: float = float("nan")


class Cost(Struct, frozen=True):
    """Of the server, the load client and the machine until a time, in seconds and bytes."""

    cpu_s: float
    resident_bytes: int
    load_s: float
    slab_bytes: int
    busy_s: float
    at: float


class Receipt(Struct, frozen=True):
    """Of one alert: what was sent when, by how many it was received, and when, in ns."""

    payload: bytes
    begun: int
    count: int
    p50: int
    p99: int
    last: int


def measure(
    row: Row,
    clients: int,
    place: Place,
    load: Path,
    load_cores: tuple[int, ...],
    alerts: list[bytes],
) -> Case:
    """Start the server, connect the clients, publish each payload of `alerts`, and count."""
    tls = place.tls is not None
    try:
        with row.running(place) as server, ExitStack() as stack:
            before = _cost(server)
            child = stack.enter_context(
                Child(_load_command(load, row, server, clients, tls), load_cores)
            )
            words = child.receive(CONNECTING_S)
            connected = int(words[1])
            if connected != clients:
                return Case(row.name, tls, clients, f"{connected} of {clients} could connect")
            return _published(row, clients, tls, server, child, before, alerts)
    except (ChildError, OSError) as error:  # the latter: of a process or a broker that has ended
        return Case(row.name, tls, clients, str(error))


def _load_command(load: Path, row: Row, server: Running, clients: int, tls: bool) -> list[str]:
    where = [str(server.port), str(clients), row.protocol, str(int(tls)), server.path]
    return [str(load), "127.0.0.1", *where]


def _published(
    row: Row,
    clients: int,
    tls: bool,
    server: Running,
    load: Child,
    before: Cost,
    alerts: list[bytes],
) -> Case:
    time.sleep(SETTLE_S)
    load.ask("reset")
    idle = _cost(server, load)
    receipts = [_alert(server, load, n, alert) for n, alert in enumerate(alerts, 1)]
    used = _cost(server, load)
    time.sleep(SETTLE_S)
    fault = faults(clients, receipts, _report(load))
    counted = receipts[min(DISCARDED, len(receipts) - 1) :]
    if fault:
        return Case(row.name, tls, clients, fault)
    p50, p99, last = (
        [(getattr(each, key) - each.begun) / 1e6 for each in counted]
        for key in ("p50", "p99", "last")
    )
    deliveries = clients * len(receipts)
    return Case(
        row=row.name,
        tls=tls,
        clients=clients,
        p50_ms=float(np.median(p50)),
        p99_ms=float(np.median(p99)),
        last_ms=float(np.median(last)),
        worst_ms=max(last),
        cpu_us=1e6 * (used.cpu_s - idle.cpu_s) / deliveries,
        load_us=1e6 * (used.load_s - idle.load_s) / deliveries,
        connect_us=1e6 * (idle.cpu_s - before.cpu_s) / clients,
        idle_kb=(idle.resident_bytes - before.resident_bytes) / clients / 1000,
        used_kb=(used.resident_bytes - before.resident_bytes) / clients / 1000,
        kernel_kb=max(0.0, (idle.slab_bytes - before.slab_bytes) / (2 * clients) / 1000),
        other_cores=_others(idle, used),
    )


def _alert(server: Running, load: Child, number: int, payload: bytes) -> Receipt:
    """Publish one alert and wait until it is everywhere."""
    time.sleep(PAUSE_S)
    begun, sent = server.publish(number, payload)
    words = load.ask(f"await {LATE_MS} {sent.hex()}", patience_s=2 * LATE_MS / 1000)
    count, _first, p50, p99, last = map(int, words[1:])
    return Receipt(sent, begun, count, p50, p99, last)


class Report(Struct, frozen=True):
    """What the load client has received. messages: (clients, further copies, payload) of each.

    lost: connections that the server closed. faulty: frames that break the protocol.
    """

    messages: tuple[tuple[int, int, bytes], ...]
    lost: int
    faulty: int


def _report(load: Child) -> Report:
    load.send("report")
    messages = []
    while (words := load.receive())[0] == "message":
        payload = bytes.fromhex(words[3]) if len(words) > 3 else b""
        messages.append((int(words[1]), int(words[2]), payload))
    return Report(tuple(messages), int(words[2]), int(words[3]))


def faults(clients: int, receipts: list[Receipt], report: Report) -> str:
    """Why a measurement does not count, in words; empty if each client has each alert once."""
    if report.lost or report.faulty:
        return f"{report.lost} connections closed by the server, {report.faulty} faulty frames"
    sent = [each.payload for each in receipts]
    if len(set(sent)) != len(sent):
        return "two alerts were the same"
    received = {payload: (count, again) for count, again, payload in report.messages}
    for number, payload in enumerate(sent, 1):
        count, again = received.pop(payload, (0, 0))
        if count != clients or again:
            return f"alert {number} reached {count} of {clients} clients, {again} twice"
    altered = [payload for payload in received if not _is_control(payload)]
    return f"{len(altered)} messages that were never published" if altered else ""


def _is_control(payload: bytes) -> bool:
    try:
        return bool(msgspec.json.decode(payload).get("type") in CONTROL)
    except (msgspec.DecodeError, AttributeError):
        return False


def _cost(server: Running, load: Child | None = None) -> Cost:
    return Cost(
        cpu_s=sum(child.cpu_s() for child in server.children),
        resident_bytes=sum(child.resident_bytes() for child in server.children),
        load_s=load.cpu_s() if load else 0.0,
        slab_bytes=slab_bytes(),
        busy_s=busy_s(),
        at=time.monotonic(),
    )


def _others(begun: Cost, done: Cost) -> float:
    """Cores that neither the server nor the load client used, 0 or more."""
    ours = done.cpu_s - begun.cpu_s + done.load_s - begun.load_s
    return max(0.0, (done.busy_s - begun.busy_s - ours) / (done.at - begun.at))
