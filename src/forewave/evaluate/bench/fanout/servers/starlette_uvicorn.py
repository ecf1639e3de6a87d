"""starlette on uvicorn, with `websockets` as its protocol: a plain loop of `send_text`.

A plain loop is the fastest way of these two; a queue and a task for each client takes longer.
"""

import asyncio

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from forewave.evaluate.bench.fanout.servers.base import HOST, Options, Server

_running: set[asyncio.Task[None]] = set()  # a task that nobody holds may be collected


async def start(options: Options) -> Server:
    """Without compression and without pings, as the other rows."""
    clients: set[WebSocket] = set()

    async def hold(client: WebSocket) -> None:
        await client.accept()
        clients.add(client)
        try:
            while True:
                await client.receive_text()
        except WebSocketDisconnect:
            clients.discard(client)

    config = uvicorn.Config(
        Starlette(routes=[WebSocketRoute("/", hold)]),
        host=HOST,
        port=options.port,
        ws="websockets",
        ws_ping_interval=None,
        ws_per_message_deflate=False,
        ssl_certfile=options.certificate or None,
        ssl_keyfile=options.key or None,
        backlog=4096,
        log_level="error",
        lifespan="off",
    )
    server = uvicorn.Server(config)
    _running.add(asyncio.create_task(server.serve()))
    while not server.started:  # noqa: ASYNC110 (it has no event to wait for)
        await asyncio.sleep(0.01)

    async def publish(number: int, payload: bytes) -> bytes:
        text = payload.decode()
        for client in tuple(clients):
            await client.send_text(text)
        return payload

    return Server(server.servers[0].sockets[0].getsockname()[1], publish)
