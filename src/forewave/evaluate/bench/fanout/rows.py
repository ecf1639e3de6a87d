"""The rows of `forewave bench fanout`: which servers are compared, and how each is started."""

import secrets
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from forewave.evaluate.bench.fanout import brokers
from forewave.evaluate.bench.fanout.child import Child, ChildError
from forewave.evaluate.bench.fanout.servers.base import Options

Publish = Callable[[int, bytes], tuple[int, bytes]]
Tls = tuple[Path, Path] | None
STARTING_S = 180.0  # of a server: on a busy machine imports alone take half a minute
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
    """One server. title: {} stands for the number of processes, which share one port.

    protocol: how the load client talks to it.
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
    words = child.receive(STARTING_S)
    if len(words) != 3 or words[0] != "listening":
        raise ChildError(f"unexpected answer {' '.join(words)!r}")
    return int(words[1]), words[2]


def publisher(child: Child) -> Publish:
    """Publishes through a server that reads lines."""
    return _publisher_of_all([child])


def _publisher_of_all(children: Sequence[Child]) -> Publish:
    """Publishes through all at once. They sign with one key, so that their messages are the same.

    The time is that of the first to begin. Handing a message from one process to another is not
    part of it.
    """

    def publish(number: int, payload: bytes) -> tuple[int, bytes]:
        for child in children:
            child.send(f"publish {number} {payload.hex()}")
        answers = [child.receive() for child in children]
        if wrong := [each for each in answers if len(each) != 4 or each[0] != "sent"]:
            raise ChildError(f"unexpected answer {' '.join(wrong[0])!r}")
        if len({each[3] for each in answers}) > 1:
            raise ChildError("the processes have sent different messages")
        return min(int(each[1]) for each in answers), bytes.fromhex(answers[0][3])

    return publish


def _floor(row: Row, place: Place, stack: ExitStack) -> Running:
    files = [str(each) for each in place.tls or ()]
    child = stack.enter_context(Child([str(place.floor), *files], place.cores))
    port, path = listening(child)
    return Running((child,), port, publisher(child), path)


def _python(row: Row, place: Place, stack: ExitStack) -> Running:
    child = _process(row, place, stack, Options(), place.cores)
    port, path = listening(child)
    return Running((child,), port, publisher(child), path)


def _sharing(row: Row, place: Place, stack: ExitStack) -> Running:
    """Several processes on one port, each on a core of its own where there are enough."""
    private = secrets.token_hex(32)
    children, port, path = [], 0, "/"
    for number in range(row.processes):
        options = Options(port, shared=True, private=private)
        cores = place.cores[number : number + 1]
        children.append(_process(row, place, stack, options, cores))
        port, path = listening(children[-1])
    return Running(tuple(children), port, _publisher_of_all(children), path)


def _process(
    row: Row, place: Place, stack: ExitStack, options: Options, cores: tuple[int, ...]
) -> Child:
    certificate, key = map(str, place.tls or ("", ""))
    options = replace(options, certificate=certificate, key=key)
    command = [sys.executable, "-m", SERVERS, row.module, msgspec.json.encode(options).decode()]
    return stack.enter_context(Child(command, cores))


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
    Row("gateways", "forewave gateway, {} processes", _sharing, "gateway", processes=2),
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


def chosen(names: Collection[str], processes: int = 2) -> tuple[Row, ...]:
    """The rows of these names, with the floor: every other row is compared with it.

    processes: of the rows that have more than one.
    """
    return tuple(
        _titled(replace(row, processes=processes) if row.processes > 1 else row)
        for row in ROWS
        if row.name in names or row.name == FLOOR
    )


def _titled(row: Row) -> Row:
    return replace(row, title=row.title.format(row.processes))
