"""The `websockets` package with its own `broadcast`, on asyncio."""

from websockets.asyncio.server import ServerConnection, broadcast, serve

from forewave.evaluate.bench.fanout.servers.base import HOST, Options, Server


async def start(options: Options) -> Server:
    """Without compression and without its pings, as the other rows."""
    clients: set[ServerConnection] = set()

    async def hold(client: ServerConnection) -> None:
        clients.add(client)
        try:
            await client.wait_closed()
        finally:
            clients.discard(client)

    server = await serve(
        hold,
        HOST,
        options.port,
        ssl=options.tls(),
        compression=None,
        ping_interval=None,
        backlog=4096,
    )

    async def publish(number: int, payload: bytes) -> bytes:
        broadcast(clients, payload.decode())
        return payload

    return Server(next(iter(server.sockets)).getsockname()[1], publish)
