"""A small STOMP 1.2 broker: topics, receipts, a password, and faults on request.

Frames are read and written by code of its own, from the specification.
"""

import asyncio
from typing import Any, Self


class Broker:
    """passcode: what CONNECT must bring; None: nothing. mute: no receipts are sent.

    sent: (destination, headers, body) of every SEND. beats: heart-beats received.
    """

    def __init__(self, passcode: str | None = None) -> None:
        self.passcode, self.mute, self.beats = passcode, False, 0
        self.heart_beat = "0,0"
        self.sent: list[tuple[str, dict[str, str], bytes]] = []
        self.writers: set[asyncio.StreamWriter] = set()
        self._subscribers: list[tuple[str, str, asyncio.StreamWriter]] = []

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.cut()
        self._server.close()
        await self._server.wait_closed()

    def cut(self) -> None:
        """Break every connection."""
        for writer in tuple(self.writers):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.add(writer)
        try:
            while frame := await self._frame(reader):
                self._handle(writer, *frame)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self.writers.discard(writer)
            writer.close()

    async def _frame(self, reader: asyncio.StreamReader) -> Any:
        while (line := await reader.readline()) == b"\n":
            self.beats += 1
        head = line
        while not head.endswith(b"\n\n"):
            if not (line := await reader.readline()):
                return None
            head += b"\n" if line == b"\r\n" else line
        command, *lines = head.decode().replace("\r", "").strip("\n").split("\n")
        headers = dict(line.split(":", 1) for line in lines)
        size = int(headers.get("content-length", -1))
        if size < 0:
            return command, headers, (await reader.readuntil(b"\0"))[:-1]
        return command, headers, (await reader.readexactly(size + 1))[:-1]

    def _handle(
        self, writer: asyncio.StreamWriter, command: str, headers: Any, body: bytes
    ) -> None:
        def answer(text: str, body: bytes = b"") -> None:
            writer.write(text.encode() + b"\n\n" + body + b"\0")

        if command in ("CONNECT", "STOMP"):
            if self.passcode is not None and headers.get("passcode") != self.passcode:
                answer("ERROR\nmessage:wrong password")
                writer.close()
                return
            answer(f"CONNECTED\nversion:1.2\nheart-beat:{self.heart_beat}")
        if command == "SUBSCRIBE":
            self._subscribers.append((headers["destination"], headers["id"], writer))
        if command == "SEND":
            self._publish(headers, body)
        if "receipt" in headers and not self.mute:
            answer(f"RECEIPT\nreceipt-id:{headers['receipt']}")

    def _publish(self, headers: dict[str, str], body: bytes) -> None:
        topic = headers["destination"]
        self.sent.append((topic, headers, body))
        for wanted, name, writer in self._subscribers:
            if wanted == topic:
                head = f"MESSAGE\nsubscription:{name}\nmessage-id:{len(self.sent)}\n"
                head += f"destination:{topic}\ncontent-length:{len(body)}\n\n"
                writer.write(head.encode() + body + b"\0")
