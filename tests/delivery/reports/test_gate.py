"""What the way in refuses, and that it keeps nothing of who sent it."""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from forewave.delivery.reports.felt import FeltReport
from forewave.delivery.reports.gate import ALL, EACH, MINUTE, Gate, RefusedError

REPORT = {"cell": "wm3y", "mmi": 5, "minute": 1}


class Sender:
    def __init__(self):
        self.now = 1_000.0
        self.gate = Gate(lambda: self.now)

        async def take(request):
            try:
                await self.gate.take(request, FeltReport)
            except RefusedError as error:
                return Response(status_code=error.status)
            return Response(status_code=204)

        self.app = Starlette(routes=[Route("/", take, methods=["POST"])])

    def send(self, address="10.0.0.1", **request):
        async def post():
            transport = httpx.ASGITransport(app=self.app, client=(address, 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
                return (await client.post("/", **(request or {"json": REPORT}))).status_code

        return asyncio.run(post())


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        (b"{}", 400, "not a report"),
        (b"[" * 150, 400, "not a report"),
        (b'{"cell":"wm3yz","mmi":5,"minute":1}', 400, "not a report"),
        (b'{"cell":"wm3a","mmi":5,"minute":1}', 400, "not a report"),
        (b'{"cell":"wm3y","mmi":11,"minute":1}', 400, "not a report"),
        (b'{"cell":"wm3y","mmi":5.5,"minute":1}', 400, "not a report"),
        (b'{"cell":"wm3y","mmi":5,"minute":1,"name":"x"}', 400, "not a report"),
        (b" " * 201, 413, "too long"),
        (b"\xff", 400, "not a report"),
    ],
)
def test_odd_bodies_are_refused_and_counted(body, status, reason):
    sender = Sender()
    json = {"Content-Type": "application/json"}
    assert sender.send(content=body, headers=json) == status
    assert sender.gate.dropped == {reason: 1}


def test_another_type_is_refused():
    sender = Sender()
    plain = {"Content-Type": "text/plain"}
    assert sender.send(content=b'{"cell":"wm3y","mmi":5,"minute":1}', headers=plain) == 415


def test_a_network_may_send_so_many_a_minute_and_is_then_forgotten():
    sender = Sender()
    for i in range(EACH):
        assert sender.send(f"10.0.0.{i}") == 204
    assert sender.send("10.0.0.250") == 429
    assert sender.send("10.0.1.1") == 204
    sender.now += MINUTE
    assert sender.send("10.0.0.250") == 204
    assert list(sender.gate._senders) == ["10.0.0.0/24"]
    assert ALL > EACH
