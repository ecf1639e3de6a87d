"""The console behind the real gateway."""

import asyncio
import json

import httpx
import pytest

from forewave.archive import travel_time
from forewave.console.console import Console, server_facts
from forewave.console.messages import Lags
from forewave.delivery import signing
from forewave.delivery.gateway import Gateway
from forewave.delivery.stream import Readiness
from tests.console.console_items import NOW, alert, pick, solution


@pytest.fixture
def console(stations, conditions):
    facts = lambda: server_facts(4, Readiness("not ready", ("a live source",)))  # noqa: E731
    seen = asyncio.Event()
    made = Console(
        stations,
        lambda now: iter(conditions),
        lambda: NOW,
        facts=facts,
        operators=True,
        joined=seen.set,
    )
    made.seen = seen
    return made


async def events(client, gateway, most):
    found = []
    address = f"http://127.0.0.1:{gateway.port}/console/frames"
    async with client.stream("GET", address) as answer:
        assert answer.headers["content-type"] == "text/event-stream"
        async for line in answer.aiter_lines():
            if line.startswith("data: "):
                found.append(json.loads(line[6:]))
            if len(found) == most:
                return found
    return found


def test_a_page_follows_the_machine_through_the_one_port(console):
    async def work():
        gateway = Gateway(
            signing.generate(), lambda: NOW, travel_time.load(), port=0,
            routes=console.routes(), side=console.streams(),
        )  # fmt: skip
        await gateway.start()
        try:
            async with httpx.AsyncClient(timeout=20) as client:
                base = f"http://127.0.0.1:{gateway.port}"
                about = (await client.get(f"{base}/console.json")).json()
                assert about == {"frames": "console/frames", "operators": True}
                reading = asyncio.create_task(events(client, gateway, 2))
                await console.seen.wait()
                console.step(NOW, [pick("a", "A"), solution(1, [pick("a", "A")])])
                console.issued(alert(), b" " * 300, 4, Lags(sent=0.001))
                console.viewers.send()
                hello, frame = await reading
                assert hello["facts"] == {
                    "devices": 4, "state": "not ready", "missing": ["a live source"],
                }  # fmt: skip
                assert len(hello["stations"]) == 3
                assert [event["event"] for event in frame["events"]] == ["e1"]
                assert [message["id"] for message in frame["messages"]] == ["e1.1"]
                headers = {"Origin": "https://evil.example"}
                other = await client.get(f"{base}/console/frames", headers=headers)
                assert other.status_code == 403
                headers = {"X-Forwarded-For": "10.0.0.7"}
                for path in ("console.json", "console/frames"):
                    refused = await client.get(f"{base}/{path}", headers=headers)
                    assert refused.status_code == 403, path
        finally:
            await gateway.stop()

    asyncio.run(work())
