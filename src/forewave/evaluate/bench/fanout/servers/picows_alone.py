"""picows, the library under the gateway, with the shortest server that it allows."""

from picows import WSFrame, WSListener, WSMsgType, WSTransport, WSUpgradeRequest, ws_create_server

from forewave.evaluate.bench.fanout.servers.base import HOST, Options, Server


class _Client(WSListener):
    def __init__(self, clients: set[WSTransport]) -> None:
        self._clients = clients

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._clients.add(transport)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.CLOSE:
            transport.disconnect()

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self._clients.discard(transport)


async def start(options: Options) -> Server:
    """Sends in one loop over its clients."""
    clients: set[WSTransport] = set()

    def admit(request: WSUpgradeRequest) -> WSListener:
        return _Client(clients)

    server = await ws_create_server(
        admit, HOST, options.port, ssl=options.tls(), backlog=4096, enable_auto_pong=False
    )

    async def publish(number: int, payload: bytes) -> bytes:
        for client in clients:
            client.send(WSMsgType.TEXT, payload)
        return payload

    return Server(server.sockets[0].getsockname()[1], publish)
