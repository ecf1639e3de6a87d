import asyncio
import json

import pytest
from websockets.asyncio.client import connect

from forewave.archive import travel_time
from forewave.delivery import signing
from forewave.delivery.gateway import Gateway
from forewave.process.replay_clock import ReplayClock
from forewave.replay.serve import serve
from forewave.types import Alert


@pytest.fixture
def gateway(recording):
    clock = ReplayClock(recording.info.origin_time - 2.0, speed=20.0)
    keys = signing.generate()
    made = Gateway(keys, clock, travel_time.load(), port=0, stream_port=0)
    return made, clock, keys


def _run(work):
    asyncio.run(asyncio.wait_for(work, 60))


def test_the_first_viewer_starts_it_and_sees_a_signed_drill(gateway, new_pipeline, beginning):
    gateway, clock, keys = gateway
    ready, alerts, ended = asyncio.Event(), [], []

    async def view():
        await ready.wait()
        assert not clock.runs
        async with connect(f"ws://127.0.0.1:{gateway.stream_port}/") as client:
            first = json.loads(await client.recv())
            assert first["now"] >= clock._start * 1000
            while "sig" not in (text := await client.recv()):
                pass
            return signing.unseal(text, keys.trusted)

    async def work():
        playing = serve(
            new_pipeline(),
            beginning,
            gateway,
            clock,
            lambda now, word: alerts.append(word) if isinstance(word, Alert) else None,
            on_ready=lambda _: ready.set(),
            on_end=lambda: ended.append(True),
            patience=50.0,
        )
        message, _ = await asyncio.gather(view(), playing)
        assert (message.mode, message.n, message.kind) == ("drill", 1, "new")
        assert alerts[0].mode == "actual"  # what the pipeline said; it did not leave the house so
        assert ended == [True]

    _run(work())


def test_without_viewers_it_goes_after_a_while(gateway, new_pipeline, beginning):
    gateway, clock, _ = gateway
    words = []

    async def work():
        await serve(
            new_pipeline(),
            beginning,
            gateway,
            clock,
            lambda now, word: words.append(word),
            on_ready=lambda _: None,
            patience=0.0,
        )

    _run(work())
    assert any(isinstance(word, Alert) for word in words)


def test_interrupted_it_closes_the_ports(gateway, new_pipeline, beginning):
    gateway, clock, _ = gateway

    async def work():
        ready = asyncio.Event()
        task = asyncio.create_task(
            serve(
                new_pipeline(),
                beginning,
                gateway,
                clock,
                lambda now, word: None,
                on_ready=lambda _: ready.set(),
            )
        )
        await ready.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        for port in (gateway.port, gateway.stream_port):
            with pytest.raises(OSError, match=str(port)):
                await asyncio.open_connection("127.0.0.1", port)

    _run(work())
