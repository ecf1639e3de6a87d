"""A WebSocket server that delivers wrongly, for tests: python faulty_server.py FAULT.

FAULT is one of the keys of FAULTS; the protocol is that of the measured servers.
"""

import asyncio
import os
import sys

from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_create_server

from forewave.evaluate.bench.fanout.servers import __main__ as process
from forewave.evaluate.bench.fanout.servers.base import Server


def twice(clients, number, payload):
    """One client gets one alert twice."""
    return [(clients[0], payload)] * (number == 2)


def stray(clients, number, payload):
    """One client gets something that was never published."""
    return [(clients[0], b'{"type":"other"}')]


def heartbeat(clients, number, payload):
    """All get a heartbeat, as the gateway sends: no fault."""
    return [(client, b'{"type":"heartbeat"}') for client in clients]


FAULTS = {"twice": twice, "stray": stray, "heartbeat": heartbeat}


class Client(WSListener):
    def __init__(self, clients):
        self._clients = clients

    def on_ws_connected(self, transport: WSTransport):
        self._clients.append(transport)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame):
        pass


async def start(fault):
    clients = []
    server = await ws_create_server(lambda request: Client(clients), "127.0.0.1", 0)

    async def publish(number, payload):
        cut = len(clients) // 2 if fault == "missing" else len(clients)
        for i, client in enumerate(clients[:cut]):
            altered = fault == "altered" and i == 1
            client.send(WSMsgType.TEXT, payload.replace(b"drill", b"Drill") if altered else payload)
        for client, data in FAULTS.get(fault, lambda *_: [])(clients, number, payload):
            client.send(WSMsgType.TEXT, data)
        if fault == "closing":
            clients.pop().disconnect()
        if fault == "dying" and number == 3:
            asyncio.get_running_loop().call_later(0.05, os._exit, 1)
        return b"same" if fault == "same" else payload

    return Server(server.sockets[0].getsockname()[1], publish)


class Module:
    @staticmethod
    async def start(options):
        return await start(sys.argv[1])


if __name__ == "__main__":
    process.import_module = lambda name: Module
    asyncio.run(process.run("faulty", process.Options()))
