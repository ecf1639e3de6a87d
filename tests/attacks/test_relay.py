"""The relay shares the loop that warns: what its clients ask for costs a share of it at most."""

import asyncio

import numpy as np

from forewave.relay.server import Relay
from forewave.relay.session import Session
from forewave.types import Packet, StreamId

T0 = 1.79e9
NONE = np.zeros(100, np.int32)


def filled(stations=100, each=100):
    relay = Relay()
    for second in range(each):
        for number in range(stations):
            name = StreamId("XX", f"S{number:04}", "", "HNZ")
            relay.push(Packet(name, T0 + second, 100.0, NONE))
    return relay


def test_2000_questions_for_everything_are_answered_from_one_answer():
    """20 kB of INFO ALL blocked the loop for 100 s."""

    async def work():
        relay, made = filled(), []
        answer = relay.info_responder._answer_3
        relay.info_responder._answer_3 = lambda level: made.append(level) or answer(level)
        turns = []

        async def ticks():
            while True:
                turns.append(len(made))
                await asyncio.sleep(0)

        await relay.start()
        ticking = asyncio.create_task(ticks())
        reader, writer = await asyncio.open_connection("127.0.0.1", relay.port)
        writer.write(b"INFO ALL\r\n" * 2000)
        length = len(await reader.readexactly(200_000))
        (client,) = relay._clients
        held = client._transport.get_write_buffer_size()
        writer.close()
        ticking.cancel()
        await relay.stop()
        assert length == 200_000
        assert len(made) <= 20  # one a second, as long as it took
        assert held <= relay.held_bytes + len(answer("ALL"))
        assert len(turns) > 3

    asyncio.run(asyncio.wait_for(work(), 30.0))


def test_a_question_costs_the_streams_and_not_the_packets_that_are_held():
    """Their spans are known without looking at each packet."""
    relay = filled(stations=2, each=300)
    assert {len(held) for held in relay.ring.streams["XX_S0001"].values()} == {300}
    spans = relay.info_responder._streams("XX_S0001")
    assert list(spans.values()) == [(T0, T0 + 299 + 0.99)]


def test_what_the_ring_has_forgotten_leaves_no_station_behind():
    relay = Relay(ring_limit=10)
    for number in range(1000):
        relay.push(Packet(StreamId("XX", f"S{number}", "", "HNZ"), T0, 100.0, NONE))
    assert len(relay.ring.stations) == len(relay.ring.streams) <= 10


def test_nobody_names_patterns_or_selectors_without_end():
    session = Session("x", "y", lambda words, version: b"")
    asked = b"".join(b"STATION ?%d* *\r\n" % number for number in range(1000))
    assert list(session.receive(asked)).count(b"OK\r\n") == 64
    assert len(session.requests) == 64
    list(session.receive(b"SELECT 00HNZ\r\n" * 30_000))
    assert sum(len(request.selectors) for request in session.requests) == 20_000
