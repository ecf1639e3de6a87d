"""A reverse proxy that serves a gateway under a prefix, as Home Assistant's ingress does.

It reuses its connections to the gateway, passes upgrades on, and can refuse WebSockets.
"""

import asyncio
import contextlib
import re
import threading
from typing import Self


class PrefixProxy:
    """Start with `with`. websockets: whether upgrades are passed on. paths: of all requests."""

    def __init__(self, port: int, prefix: str = "/quake", websockets: bool = True) -> None:
        self._upstream, self._prefix, self._websockets = port, prefix, websockets
        self.paths: list[str] = []
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        opening = asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._server = asyncio.run_coroutine_threadsafe(opening, self._loop).result(10)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def url(self, page: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{self._prefix}{page}"

    async def _end(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while await self._request(reader, writer):
                pass
        writer.close()

    async def _request(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; whether another may follow."""
        head = await reader.readuntil(b"\r\n\r\n")
        method, path, rest = head.decode("latin-1").split(" ", 2)
        self.paths.append(path)
        if not path.startswith(f"{self._prefix}/"):
            writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            return True
        upgrade = "upgrade: websocket" in head.decode("latin-1").lower()
        if upgrade and not self._websockets:
            writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            return True
        upstream = self._idle.pop() if self._idle else await self._open()
        upstream[1].write(f"{method} {path.removeprefix(self._prefix)} {rest}".encode("latin-1"))
        sent = re.search(rb"content-length: (\d+)", head.lower())
        upstream[1].write(await reader.readexactly(int(sent[1]) if sent else 0))
        answer = await upstream[0].readuntil(b"\r\n\r\n")
        writer.write(answer)
        length = re.search(rb"content-length: (\d+)", answer.lower())
        if upgrade or (length is None and b" 304 " not in answer):
            await self._join(reader, writer, *upstream)
            return False
        if length:
            writer.write(await upstream[0].readexactly(int(length[1])))
        self._idle.append(upstream)
        return True

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self._upstream)

    async def _join(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        up_reader: asyncio.StreamReader,
        up_writer: asyncio.StreamWriter,
    ) -> None:
        async def copy(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
            with contextlib.suppress(ConnectionError):
                while data := await source.read(65536):
                    sink.write(data)
            sink.close()

        await asyncio.gather(copy(reader, up_writer), copy(up_reader, writer))
