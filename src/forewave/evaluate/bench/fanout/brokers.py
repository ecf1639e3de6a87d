"""nats-server and mosquitto: their configuration, and a publisher connected by plain TCP."""

import os
import shutil
import socket
import sysconfig
import time
from pathlib import Path

from forewave.evaluate.bench.fanout.child import ChildError

HOST = "127.0.0.1"
SUBJECT = "alerts"
SYSTEM = "/usr/sbin:/usr/local/sbin"  # not on the PATH of every user
STARTING_S = 15.0
ANSWER_S = 15.0


def program(name: str) -> str | None:
    """The path of a program of the PATH, of this Python or of the system; None without it."""
    places = (None, sysconfig.get_path("scripts"), SYSTEM)
    return next((found for path in places if (found := shutil.which(name, path=path))), None)


def free_ports(count: int) -> list[int]:
    """Ports that are free now."""
    sockets = [socket.create_server((HOST, 0)) for _ in range(count)]
    ports = [int(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    return ports


def nats_command(
    folder: Path, port: int, devices: int, tls: tuple[Path, Path] | None
) -> tuple[str, ...]:
    """The command of a nats-server. port: of the publisher; devices: of the WebSocket listener."""
    listener = "no_tls: true"
    if tls:
        listener = f'tls {{ cert_file: "{tls[0]}", key_file: "{tls[1]}" }}'
    file = folder / "nats.conf"
    file.write_text(
        f'listen: "{HOST}:{port}"\nmax_connections: 1000000\n'
        f'websocket {{ listen: "{HOST}:{devices}", compression: false, {listener} }}\n'
    )
    return (program("nats-server") or "nats-server", "-c", str(file))


def mosquitto_command(
    folder: Path, port: int, devices: int, tls: tuple[Path, Path] | None
) -> tuple[str, ...]:
    """The command of a mosquitto. port: of the publisher; devices: of the clients."""
    lines = ["allow_anonymous true", "persistence false", "log_type none", "set_tcp_nodelay true"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        lines.append("user root")  # else it changes to a user who may not read the certificate
    lines += [f"listener {port} {HOST}", f"listener {devices} {HOST}"]
    if tls:
        lines += [f"certfile {tls[0]}", f"keyfile {tls[1]}"]
    file = folder / "mosquitto.conf"
    file.write_text("\n".join(lines) + "\n")
    return (program("mosquitto") or "mosquitto", "-c", str(file))


class Publisher:
    """A connection to a broker that publishes to SUBJECT. Raises ChildError without an answer."""

    greeting = b""
    answer = b""

    def __init__(self, port: int) -> None:
        self._socket = _connect(port)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(self.greeting)
        received = b""
        while self.answer not in received:
            data = self._socket.recv(4096)
            if not data:
                raise ChildError("the broker closed the publisher's connection")
            received += data

    def frame(self, payload: bytes) -> bytes:
        """The bytes that publish a payload."""
        raise NotImplementedError

    def publish(self, number: int, payload: bytes) -> tuple[int, bytes]:
        """When it was published (CLOCK_MONOTONIC, ns), and the payload."""
        frame = self.frame(payload)
        begun = time.monotonic_ns()
        self._socket.sendall(frame)
        return begun, payload

    def close(self) -> None:
        """End the connection."""
        self._socket.close()


class NatsPublisher(Publisher):
    """Publishes in the NATS client protocol."""

    greeting = b'CONNECT {"verbose":false}\r\nPING\r\n'
    answer = b"PONG\r\n"

    def frame(self, payload: bytes) -> bytes:
        """A PUB message."""
        return b"PUB %s %d\r\n%s\r\n" % (SUBJECT.encode(), len(payload), payload)


class MqttPublisher(Publisher):
    """Publishes with QoS 0 (MQTT 3.1.1)."""

    greeting = b"\x10\x12\x00\x04MQTT\x04\x02\x00\x00\x00\x06origin"
    answer = b"\x20\x02\x00\x00"

    def frame(self, payload: bytes) -> bytes:
        """A PUBLISH packet (3.3)."""
        body = len(SUBJECT).to_bytes(2, "big") + SUBJECT.encode() + payload
        return b"\x30" + _variable(len(body)) + body


def _variable(number: int) -> bytes:
    """A length of MQTT 3.1.1, 2.2.3: 7 bits a byte, the lowest first."""
    out = bytearray()
    while True:
        number, low = divmod(number, 128)
        out.append(low | (128 if number else 0))
        if not number:
            return bytes(out)


def _connect(port: int) -> socket.socket:
    """A connection, as soon as the port is open. Raises ChildError after STARTING_S."""
    until = time.monotonic() + STARTING_S
    while True:
        try:
            return socket.create_connection((HOST, port), timeout=ANSWER_S)
        except ConnectionRefusedError:
            if time.monotonic() > until:
                raise ChildError(f"nothing listens on port {port}") from None
            time.sleep(0.05)
