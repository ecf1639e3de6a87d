"""The rows of `forewave bench fanout`: which servers are compared, and how each is started."""

import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

import msgspec
from msgspec import Struct

from forewave.evaluate.bench.fanout import brokers
from forewave.evaluate.bench.fanout.child import Child, ChildError
from forewave.evaluate.bench.fanout.servers.base import Options

Publish = Callable[[int, bytes], tuple[int, bytes]]
Tls = tuple[Path, Path] | None
SERVERS = "forewave.evaluate.bench.fanout.servers"


class Place(Struct, frozen=True):
    """Where a server runs. floor: the compiled floor server. cores: empty is any."""

    folder: Path
    floor: Path
    cores: tuple[int, ...] = ()
    tls: Tls = None


class Running(Struct, frozen=True):
    """A server that accepts clients.

    publish: sends a payload with its number; returns when (CLOCK_MONOTONIC, ns) and what was sent.
    """

    children: tuple[Child, ...]
    port: int
    publish: Publish
    path: str = "/"


class Row(Struct, frozen=True):
    """One server. protocol: how the load client talks to it. processes: on the same port.

    needs: what to install where it is missing. missing: whether it is.
    """

    name: str
    title: str
    start: Callable[["Row", Place, ExitStack], Running]
    module: str = ""
    protocol: str = "ws"
    processes: int = 1
    needs: str = ""
    missing: Callable[[], bool] = bool

    @contextmanager
    def running(self, place: Place) -> Iterator[Running]:
        """The server, until the end of the block. Raises ChildError if it does not start."""
        with ExitStack() as stack:
            yield self.start(self, place, stack)


def listening(child: Child) -> tuple[int, str]:
    """The port and the path that a server prints. Raises ChildError if it prints something else."""
    words = child.receive()
    if len(words) != 3 or words[0] != "listening":
        raise ChildError(f"unexpected answer {' '.join(words)!r}")
    return int(words[1]), words[2]


def publisher(child: Child) -> Publish:
    """Publishes through a server that reads lines."""

    def publish(number: int, payload: bytes) -> tuple[int, bytes]:
        words = child.ask(f"publish {number} {payload.hex()}")
        if len(words) != 4 or words[0] != "sent":
            raise ChildError(f"unexpected answer {' '.join(words)!r}")
        return int(words[1]), bytes.fromhex(words[3])

    return publish


def _floor(row: Row, place: Place, stack: ExitStack) -> Running:
    files = [str(each) for each in place.tls or ()]
    child = stack.enter_context(Child([str(place.floor), *files], place.cores))
    port, path = listening(child)
    return Running((child,), port, publisher(child), path)


def _python(row: Row, place: Place, stack: ExitStack) -> Running:
    certificate, key = map(str, place.tls or ("", ""))
    options = msgspec.json.encode(Options(0, False, certificate, key)).decode()
    command = [sys.executable, "-m", SERVERS, row.module, options]
    child = stack.enter_context(Child(command, place.cores))
    port, path = listening(child)
    return Running((child,), port, publisher(child), path)


def _nats(row: Row, place: Place, stack: ExitStack) -> Running:
    port, devices = brokers.free_ports(2)
    command = brokers.nats_command(place.folder, port, devices, place.tls)
    child = stack.enter_context(Child(command, place.cores))
    publisher = brokers.NatsPublisher(port)
    stack.callback(publisher.close)
    return Running((child,), devices, publisher.publish)


def _mosquitto(row: Row, place: Place, stack: ExitStack) -> Running:
    port, devices = brokers.free_ports(2)
    command = brokers.mosquitto_command(place.folder, port, devices, place.tls)
    child = stack.enter_context(Child(command, place.cores))
    publisher = brokers.MqttPublisher(port)
    stack.callback(publisher.close)
    return Running((child,), devices, publisher.publish)


def _without(*modules: str) -> Callable[[], bool]:
    return lambda: not all(find_spec(module) for module in modules)


FLOOR = "floor"
_PIP = "pip install 'forewave[bench]'"
_STARLETTE = _without("websockets", "uvicorn", "starlette")
ROWS = (
    Row(FLOOR, "C and epoll (floor)", _floor),
    Row("gateway", "forewave gateway", _python, "gateway"),
    Row("picows", "picows alone", _python, "picows_alone"),
    Row(
        "websockets",
        "websockets",
        _python,
        "websockets_broadcast",
        needs=_PIP,
        missing=_without("websockets"),
    ),
    Row(
        "starlette",
        "uvicorn, starlette",
        _python,
        "starlette_uvicorn",
        needs=_PIP,
        missing=_STARLETTE,
    ),
    Row("aiohttp", "aiohttp", _python, "aiohttp_loop", needs=_PIP, missing=_without("aiohttp")),
    Row(
        "nats",
        "nats-server, WebSocket",
        _nats,
        protocol="nats",
        needs=_PIP,
        missing=lambda: brokers.program("nats-server") is None,
    ),
    Row(
        "mosquitto",
        "mosquitto, MQTT QoS 0",
        _mosquitto,
        protocol="mqtt",
        needs="the package mosquitto of the system",
        missing=lambda: brokers.program("mosquitto") is None,
    ),
)
NAMES = tuple(row.name for row in ROWS)


def chosen(names: Collection[str]) -> tuple[Row, ...]:
    """The rows of these names, with the floor: every other row is compared with it."""
    return tuple(row for row in ROWS if row.name in names or row.name == FLOOR)
