"""What one delivery and one connection cost: from the figures of `forewave bench fanout`."""

from pathlib import Path

from msgspec import Struct

from forewave.errors import ConfigError
from forewave.evaluate.bench.fanout import benchmark
from forewave.evaluate.bench.fanout.result import Fanout, Line

MEASURED = Path(__file__).parent / "measured.json"
FRAMING_BYTES = 100  # WebSocket 4, TLS 22, TCP with timestamps 32, IPv4 20 and Ethernet 18, rounded


class Costs(Struct, frozen=True):
    """deliver_us: processor time of a delivery, of one process on one core.

    On a quiet machine it is the time to the last client over the number of clients; where other
    work delays the process, it stays what it was. connect_us: processor time to admit a client.
    connection_kb: resident memory of a connection, in kB of 1000 bytes; kernel_kb: of the kernel,
    for one socket. wire_bytes: of one message on the wire. trunk_us: processor time of nats-server
    a delivery. taken: where and at which size the figures were measured.
    """

    deliver_us: float
    connect_us: float
    connection_kb: float
    kernel_kb: float
    wire_bytes: float
    trunk_us: float
    taken: str


def of(found: Fanout, *, tls: bool) -> Costs:
    """The costs of the gateway at the largest size measured. Raises ConfigError without a row."""
    gateway, floor, trunk = (_largest(found, row, tls) for row in ("gateway", "floor", "nats"))
    return Costs(
        deliver_us=gateway.cpu_us,
        connect_us=gateway.connect_us,
        connection_kb=gateway.used_kb,
        kernel_kb=floor.kernel_kb,
        wire_bytes=found.bytes + FRAMING_BYTES,
        trunk_us=trunk.cpu_us,
        taken=f"{gateway.clients:,} clients{' with TLS' if tls else ''}, {found.machine}",
    )


def read(path: Path = MEASURED, *, tls: bool = True) -> Costs:
    """The costs in a file that `forewave bench fanout --json` wrote. Raises ConfigError."""
    return of(benchmark.read(path), tls=tls)


def _largest(found: Fanout, row: str, tls: bool) -> Line:
    lines = [line for line in found.lines if (line.row, line.tls) == (row, tls)]
    if not lines:
        kind = " with TLS" if tls else ""
        raise ConfigError(f"fanout-tree: the figures have no valid row {row}{kind}")
    return max(lines, key=lambda line: line.clients)
