import asyncio
import socket

import pytest

from forewave.channels.datagrams.compact import GEOHASH, MOST_BYTES, expanded
from forewave.delivery.signing import unseal
from tests.channels.made import KEYS, seal_now, serving, until

pytestmark = pytest.mark.live


@pytest.fixture
def radio():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.bind(("127.0.0.1", 0))
        made.setblocking(False)
        yield made


def received(radio):
    found = []
    while True:
        try:
            found.append(radio.recv(2000))
        except BlockingIOError:
            return found


def test_the_radio_gets_short_messages_that_can_be_verified_and_their_repetition(tmp_path, radio):
    found = []

    async def main():
        port = radio.getsockname()[1]
        async with serving(tmp_path, {"type": "lora", "port": port, "every": 1.0}) as (chain, _):
            chain.publish(seal_now())
            await until(lambda: found.extend(received(radio)) or len(found) >= 2)

    asyncio.run(main())
    assert all(len(datagram) <= MOST_BYTES for datagram in found)
    assert unseal(expanded(found[0]), KEYS.trusted).m == 6.5


def test_one_that_is_too_long_is_counted_and_not_tried_again(tmp_path, radio):
    async def main():
        port = radio.getsockname()[1]
        async with serving(tmp_path, {"type": "lora", "port": port}) as (chain, _):
            chain.publish(seal_now(field=tuple((f"wsq{x}", 7.0) for x in GEOHASH)))
            await until(lambda: chain.workers[0].counts["send failed: too long"])
            await asyncio.sleep(0.5)
            assert chain.workers[0].counts["send failed: too long"] == 1

    asyncio.run(main())
    assert received(radio) == []
