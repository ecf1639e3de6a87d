"""The connection of one device: by WebSocket, or by server-sent events.

Both get the same messages under the same rules: what the kernel does not take is buffered up to
HELD_BYTES, beyond which the device is slow and is disconnected; what a device may send is limited.
"""

import asyncio
import socket
from typing import Protocol

from forewave.delivery.connections.frames import (
    Code,
    Decoder,
    FrameError,
    Message,
    Opcode,
    close_code,
    close_frame,
    pong_frame,
    text_frame,
)
from forewave.delivery.connections.send_loop import Receiver, SendLoop, descriptor

HELD_BYTES = 64 * 1024
CLIENT_FRAME_BYTES = 512
CLOSING_S = 2.0  # seconds for a device's answer to a close frame
QUESTIONS = 50  # frames that a client may send between two heartbeats


class Devices(Protocol):
    """What a connection tells the stream."""

    def question(self, device: "Device", text: bytes) -> None:
        """A text message has come."""

    def leave(self, device: "Device") -> None:
        """The device has disconnected."""

    def cut(self, device: "Device", reason: str, code: Code | None = None) -> None:
        """Disconnect the device and count the reason."""


class Device(Receiver, asyncio.Protocol):
    """One connected device. out: sends to all of its kind. questions: since the last heartbeat."""

    __slots__ = ("_devices", "closing", "out", "questions")

    transport: asyncio.Transport

    def __init__(self, devices: Devices, out: SendLoop, transport: asyncio.Transport) -> None:
        self._devices, self.out, self.transport = devices, out, transport
        self.questions = 0
        self.closing = False
        sock = transport.get_extra_info("socket")
        self.fd = descriptor(sock, transport.get_extra_info("ssl_object") is not None)
        self.slot = -1
        limit_buffers(transport, sock)

    def send(self, message: bytes) -> None:
        """Send a message to this device alone."""
        raise NotImplementedError

    def close(self, code: Code | None, wait_ms: int | None = None) -> None:
        """Close it; without a code abort it, for a client that does not read.

        wait_ms: after which the device is asked to connect again.
        """
        raise NotImplementedError

    def connection_lost(self, exc: Exception | None) -> None:
        """The transport calls it before it closes the descriptor."""
        self._devices.leave(self)

    def pause_writing(self) -> None:
        """More than HELD_BYTES are buffered."""
        self._devices.cut(self, "slow")

    def _asked(self) -> bool:
        """Count something that the device has sent; whether it may still do that."""
        self.questions += 1
        if self.questions > QUESTIONS:
            self._devices.cut(self, "flood", Code.POLICY_VIOLATION)
        return not self.closing


class WebSocket(Device):
    """A device connected by WebSocket."""

    __slots__ = ("_decoder", "_patience")

    def __init__(self, devices: Devices, out: SendLoop, transport: asyncio.Transport) -> None:
        super().__init__(devices, out, transport)
        self._decoder = Decoder(CLIENT_FRAME_BYTES)
        self._patience: asyncio.TimerHandle | None = None

    def send(self, message: bytes) -> None:
        """Send a text frame to this device alone."""
        self.out.write(self, text_frame(message))

    def close(self, code: Code | None, wait_ms: int | None = None) -> None:
        """Send a close frame and wait for the device's, or abort (RFC 6455, 7.1.1)."""
        self.closing = True
        if code is None:
            self.transport.abort()
            return
        reason = b"" if wait_ms is None else b"retry %d" % wait_ms
        self.transport.write(close_frame(code, reason))
        loop = asyncio.get_running_loop()
        self._patience = loop.call_later(CLOSING_S, self.transport.abort)

    def data_received(self, data: bytes) -> None:
        """Frames of the device. After a close frame of ours only its answer is of interest."""
        try:
            for message in self._decoder.feed(data):
                self._take(message)
                if self.transport.is_closing():
                    return
        except FrameError as violation:
            if self.closing:
                self.transport.abort()
            else:
                self._devices.cut(self, "malformed", violation.code)

    def connection_lost(self, exc: Exception | None) -> None:
        """End the wait for an answer to a close frame."""
        if self._patience is not None:
            self._patience.cancel()
        super().connection_lost(exc)

    def _take(self, message: Message) -> None:
        if message.opcode == Opcode.CLOSE:
            self._closed_by_device(message.payload)
        elif self.closing or not self._asked():
            return
        elif message.opcode == Opcode.TEXT:
            self._devices.question(self, message.payload)
        elif message.opcode == Opcode.PING:
            self.out.write(self, pong_frame(message.payload))
        elif message.opcode == Opcode.BINARY:
            self._devices.cut(self, "malformed", Code.UNSUPPORTED_DATA)
        # An unsolicited pong is allowed and needs no answer (5.5.3).

    def _closed_by_device(self, payload: bytes) -> None:
        self._devices.leave(self)
        if not self.closing:
            self.closing = True
            self.transport.write(close_frame(close_code(payload)))
        self.transport.close()


class EventStream(Device):
    """A device connected by server-sent events. It sends nothing after its request."""

    __slots__ = ()

    def send(self, message: bytes) -> None:
        """Send an event to this device alone."""
        self.out.write(self, event(message))

    def close(self, code: Code | None, wait_ms: int | None = None) -> None:
        """End the response; a browser connects again after the time of the last `retry`."""
        self.closing = True
        if wait_ms is not None:
            self.transport.write(b"retry: %d\n\n" % wait_ms)
        if code is None:
            self.transport.abort()
        else:
            self.transport.close()

    def data_received(self, data: bytes) -> None:
        """Ignored, unless it does not end."""
        self._asked()


def event(message: bytes) -> bytes:
    """A message as a server-sent event (WHATWG HTML, 9.2). JSON contains no line ends."""
    return b"data: " + message + b"\n\n"


def limit_buffers(transport: asyncio.Transport, sock: socket.socket | None) -> None:
    """Limit the buffers and the timeout of a connection.

    By default the kernel buffers megabytes for a client that does not read, and tries for 15
    minutes to reach one that vanished.
    """
    transport.set_write_buffer_limits(high=HELD_BYTES)
    if sock is None:
        return
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, HELD_BYTES // 2)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 30_000)
