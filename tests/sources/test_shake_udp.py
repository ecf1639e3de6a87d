import asyncio
import socket

import numpy as np
import pytest

from forewave.formats.protocols import shake
from forewave.sources.base import open_queue
from forewave.sources.intake.inbox import Inbox
from forewave.sources.shake_udp import CARD, ShakeSettings, ShakeSource
from forewave.types import Packet, StreamId

PIECE = Packet(StreamId("AM", "R24FA", "00", "EHZ"), 1.6e9, 100.0, np.arange(25, dtype=np.int32))
PATIENCE = 20.0


async def until(condition):
    async with asyncio.timeout(PATIENCE):
        while True:
            if condition():
                break
            await asyncio.sleep(0.002)


async def play(stations, datagrams, expected, idle=5.0):
    """Send the datagrams; the packets and the queue when `expected(queue, packets)` is true."""
    source = ShakeSource(ShakeSettings(stations, "127.0.0.1", 0, idle=idle))
    inbox = Inbox()
    queue = open_queue(inbox, source)
    task = asyncio.create_task(source.run(queue))
    await until(lambda: source.port)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for data in datagrams:
            sender.sendto(data, ("127.0.0.1", source.port))
        await until(lambda: expected(queue.status()))
    task.cancel()
    packets = await inbox.take() if queue.status().packets else []
    return [d.packet for d in packets], queue.status()


def test_datagrams_become_packets_of_the_station_at_that_address():
    packets, _ = asyncio.run(
        play({"127.0.0.1": "AM.R24FA"}, [shake.encode(PIECE)] * 3, lambda s: s.packets == 3)
    )
    assert {p.stream for p in packets} == {PIECE.stream}
    np.testing.assert_array_equal(packets[0].samples, PIECE.samples)


def test_any_sender_where_the_settings_say_so():
    packets, _ = asyncio.run(play({"*": "AM.R1"}, [shake.encode(PIECE)], lambda s: s.packets == 1))
    assert packets[0].stream.code == "AM.R1"


def test_garbage_and_strangers_are_counted():
    _, status = asyncio.run(
        play({"*": "AM.R1"}, [b"", b"\xff" * 1000, b"TERM"], lambda s: sum(s.dropped.values()) == 3)
    )
    assert status.dropped == {"not a Raspberry Shake datagram": 3}
    _, status = asyncio.run(
        play({"10.0.0.1": "AM.R1"}, [shake.encode(PIECE)], lambda s: bool(s.dropped))
    )
    assert status.dropped == {"unknown sender": 1}


def test_silence_is_idle():
    _, status = asyncio.run(
        play(
            {"*": "AM.R1"},
            [shake.encode(PIECE)],
            lambda s: s.state == "idle" and s.packets == 1,
            idle=0.02,
        )
    )
    assert status.reason == "no datagram for 0.02 s"


def test_a_port_in_use_is_lost_with_the_reason():
    async def listen():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.bind(("127.0.0.1", 0))
            port = other.getsockname()[1]
            source = ShakeSource(ShakeSettings({"*": "AM.R1"}, "127.0.0.1", port))
            queue = Inbox().open(source.name)
            task = asyncio.create_task(source.run(queue))
            await until(lambda: queue.status().state == "lost")
            task.cancel()
            return queue.status().reason

    assert "in use" in asyncio.run(listen())


def test_a_station_needs_a_network():
    with pytest.raises(ValueError, match=r"such as AM.R24FA"):
        ShakeSettings({"*": "R24FA"})


def test_its_card():
    (source,) = CARD.open(ShakeSettings({"*": "AM.R24FA"}))
    assert source.name == "shake_udp 127.0.0.1:8888"
