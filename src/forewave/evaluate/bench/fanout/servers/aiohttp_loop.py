"""aiohttp's WebSocket server: a plain loop of `send_str`."""

from aiohttp import web

from forewave.evaluate.bench.fanout.servers.base import HOST, Options, Server


async def start(options: Options) -> Server:
    """Without compression and without heartbeats, as the other rows."""
    clients: set[web.WebSocketResponse] = set()

    async def hold(request: web.Request) -> web.WebSocketResponse:
        client = web.WebSocketResponse(compress=False)
        await client.prepare(request)
        clients.add(client)
        async for _ in client:
            pass
        clients.discard(client)
        return client

    application = web.Application()
    application.router.add_get("/", hold)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, HOST, options.port, ssl_context=options.tls(), backlog=4096)
    await site.start()

    async def publish(number: int, payload: bytes) -> bytes:
        text = payload.decode()
        for client in tuple(clients):
            await client.send_str(text)
        return payload

    return Server(runner.addresses[0][1], publish)
