"""The relay over real sockets: with obspy's client, EarthScope's, and bare words."""

import asyncio
import contextlib
import json
import socket
import threading

import numpy as np
import pytest
from obspy import UTCDateTime
from obspy.clients.seedlink.basic_client import Client
from obspy.clients.seedlink.easyseedlink import EasySeedLinkClient
from seedlink_client import AsyncSeedLink
from seedlink_client.protocol import Protocol

from forewave.errors import ConfigError
from forewave.formats.protocols.seedlink import FrameReader
from forewave.formats.waveforms import miniseed
from forewave.relay import client as relay_client
from forewave.relay import server as relay_module
from forewave.relay.server import Relay
from forewave.types import Packet, StreamId

T0 = 1_700_000_000.0
WAIT = 20.0


def packet(number, station="ABC", channel="HHZ", network="XX"):
    samples = (np.arange(100) * (number + 1) % 1000).astype(np.int32)
    return Packet(StreamId(network, station, "00", channel), T0 + number, 100.0, samples)


def run(work, **settings):
    """`work(relay)` with a relay that is open."""

    async def opened():
        relay = Relay(**settings)
        await relay.start()
        try:
            await asyncio.wait_for(work(relay), WAIT)
        finally:
            await relay.stop()

    asyncio.run(opened())


async def until(condition):
    while not condition():  # noqa: ASYNC110 (nobody tells us)
        await asyncio.sleep(0.001)


class Words:
    """A client that says what it is told."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    def say(self, *lines):
        self.writer.write("".join(f"{line}\r\n" for line in lines).encode())

    async def hear(self, count):
        return [(await self.reader.readline()).decode().rstrip() for _ in range(count)]

    async def frames(self, version, count):
        reader, frames = FrameReader(version), []
        while len(frames) < count:
            frames += reader.feed(await self.reader.read(4096))
        return frames


@contextlib.asynccontextmanager
async def words(relay):
    reader, writer = await asyncio.open_connection("127.0.0.1", relay.port)
    try:
        yield Words(reader, writer)
    finally:
        writer.close()


def starts(frames):
    return [miniseed.packets(frame.payload)[0][0].start - T0 for frame in frames]


def test_obspy_reads_it():
    read = {}

    class Reader(EasySeedLinkClient):
        def on_data(self, trace):
            read["trace"] = trace
            raise StopAsyncIteration  # there is no other way out of obspy's loop

    def with_obspy(port, began):
        client = Reader(f"127.0.0.1:{port}", autoconnect=False)
        client.conn.timeout = 10  # without it, obspy 1.5.1 cannot connect
        client.connect()
        read["capabilities"] = client.capabilities
        read["streams"] = client.get_info("STREAMS")
        client.select_stream("XX", "ABC", "HHZ")
        began.set()
        with contextlib.suppress(StopAsyncIteration):
            client.run()

    async def work(relay):
        relay.push(packet(0))
        began = threading.Event()
        reading = asyncio.create_task(asyncio.to_thread(with_obspy, relay.port, began))
        await relay.first_client.wait()
        relay.push(packet(1))
        await reading

    run(work)
    assert read["trace"].id == "XX.ABC.00.HHZ"
    assert read["trace"].stats.starttime == UTCDateTime(T0 + 1)
    assert read["trace"].data.tolist() == packet(1).samples.tolist()
    assert "info:streams" in read["capabilities"]
    assert 'seedname="HHZ"' in read["streams"]


def test_obspy_takes_a_window_of_the_past():
    async def work(relay):
        for number in range(5):
            relay.push(packet(number))
        client = Client("127.0.0.1", relay.port, timeout=10)
        stations = await asyncio.to_thread(client.get_info, level="channel")
        assert stations == [("XX", "ABC", "00", "HHZ")]
        window = "XX", "ABC", "00", "HHZ", UTCDateTime(T0 + 1), UTCDateTime(T0 + 3)
        (trace,) = await asyncio.to_thread(client.get_waveforms, *window)
        assert trace.data.tolist() == [x for n in (1, 2) for x in packet(n).samples.tolist()]

    run(work)


@pytest.mark.parametrize("protocol", [Protocol.V3, Protocol.V4])
def test_the_client_of_earthscope_reads_it(protocol):
    async def work(relay):
        client = AsyncSeedLink("127.0.0.1", relay.port, protocol=protocol, timeout=10)
        async with client:
            relay.push(packet(0))
            levels = ("ID", "CAPABILITIES", "STATIONS", "STREAMS", "CONNECTIONS")
            told = [await client.info_dict(level) for level in levels]
            assert all(told)
            client.add_stream("XX_ABC", "HH?")
            await client.negotiate()
            await relay.first_client.wait()
            relay.push(packet(1))
            got = await anext(client.collect())
            assert got.station_id == "XX_ABC"
            assert got.seqnum == 2
            assert got.record().samplecnt == 100

    run(work)


def test_version_3_in_bare_words():
    async def work(relay):
        async with words(relay) as client:
            client.say(
                "HELLO", "STATION ABC XX", "SELECT HHZ", "DATA", "STATION D?F XX", "DATA", "END"
            )
            heard = await client.hear(7)
            assert heard[0].startswith("SeedLink v4.0 (forewave/")
            assert "SLPROTO:3.1" in heard[0]
            assert heard[2:] == ["OK"] * 5
            await relay.first_client.wait()
            for station in ("ABC", "DEF", "GHI"):
                relay.push(packet(0, station))
                relay.push(packet(0, station, "HNZ"))
            frames = await client.frames(3, 3)
            assert [frame.sequence for frame in frames] == [1, 1, 2]
            assert all(len(frame.payload) == 512 for frame in frames)

    run(work)


def test_version_4_in_bare_words():
    async def work(relay):
        async with words(relay) as client:
            client.say(
                "SLPROTO 4.0", "USERAGENT me/1", "STATION XX_A*", "SELECT *_H_?_Z", "DATA", "END"
            )
            assert await client.hear(5) == ["OK"] * 5
            await relay.first_client.wait()
            relay.push(packet(0))
            relay.push(packet(0, "DEF"))
            relay.push(packet(0, "AAA"))
            frames = await client.frames(4, 2)
            assert [frame.station for frame in frames] == ["XX_ABC", "XX_AAA"]

    run(work)


def test_what_was_missed_is_sent_first_and_nothing_twice():
    async def work(relay):
        for number in range(5):
            relay.push(packet(number))
            relay.push(packet(number, "DEF"))
        async with words(relay) as client:
            client.say("STATION ABC XX", "DATA 000003", "STATION DEF XX", "DATA", "END")
            await client.hear(4)
            await relay.first_client.wait()
            relay.push(packet(5))
            relay.push(packet(5, "DEF"))
            assert starts(await client.frames(3, 5)) == [2, 3, 4, 5, 5]

    run(work)


@pytest.mark.parametrize(
    ("version", "lines", "numbers"),
    [
        (3, ["STATION ABC XX", "FETCH 000004", "END"], [3, 4]),
        (3, ["STATION ABC XX", "FETCH", "END"], [0, 1, 2, 3, 4]),
        (3, ["STATION ABC XX", "TIME 2023,11,14,22,13,21 2023,11,14,22,13,23", "END"], [1, 2]),
        (3, ["TIME 2023,11,14,22,13,21 2023,11,14,22,13,23"], [1, 2]),
        (4, ["STATION XX_ABC", "DATA 4", "ENDFETCH"], [3, 4]),
        (4, ["STATION XX_ABC", "DATA", "ENDFETCH"], [0, 1, 2, 3, 4]),
        (
            4,
            ["STATION XX_ABC", "DATA ALL 2023-11-14T22:13:21Z 2023-11-14T22:13:23Z", "END"],
            [1, 2],
        ),
    ],
)
def test_the_past_is_sent_and_then_the_end(version, lines, numbers):
    async def work(relay):
        for number in range(5):
            relay.push(packet(number))
        async with words(relay) as client:
            if version == 4:
                client.say("SLPROTO 4.0")
                await client.hear(1)
            client.say(*lines)
            answered = [line for line in lines if not line.startswith("END")]
            await client.hear(len(answered) if len(lines) > 1 else 0)
            *frames, end = await client.frames(version, len(numbers) + 1)
            assert starts(frames) == numbers
            assert end.kind == "end"
            assert await client.reader.read() == b""

    run(work)


def test_a_number_that_is_not_there_yet_means_from_now_on():
    async def work(relay):
        relay.push(packet(0))
        async with words(relay) as client:
            client.say("STATION ABC XX", "DATA 000100", "END")
            await client.hear(2)
            await relay.first_client.wait()
            relay.push(packet(1))
            assert starts(await client.frames(3, 1)) == [1]

    run(work)


def test_info_is_answered_amid_the_stream():
    async def work(relay):
        async with words(relay) as client:
            client.say("SLPROTO 4.0", "STATION *", "DATA", "END", "INFO ID", "INFO STATIONS XX_*")
            await client.hear(3)
            await until(lambda: relay.streaming == 1)
            relay.push(packet(0))
            frames = await client.frames(4, 3)
            told = [json.loads(frame.payload) for frame in frames if frame.kind == "info"]
            assert [each.get("station") for each in told] == [None, []]

    run(work)


def test_what_arrives_while_further_commands_wait_is_not_missed():
    async def work(relay):
        async with words(relay) as client:
            many = ["INFO ID"] * 50  # each is answered in a turn of its own
            client.say("SLPROTO 4.0", "STATION *", "DATA", "END", *many)
            await client.hear(3)
            await until(lambda: relay.streaming == 1)
            relay.push(packet(0))
            frames = await client.frames(4, 51)
            assert len([frame for frame in frames if frame.kind != "info"]) == 1

    run(work)


def test_a_slow_client_is_dropped_and_costs_the_others_nothing():
    async def work(relay):
        async with words(relay) as good, words(relay) as bad:
            limit_receiving(bad)
            for client in (bad, good):
                client.say("STATION ABC XX", "DATA", "END")
                await client.hear(2)
            bad.writer.transport.pause_reading()
            await until(lambda: relay.streaming == 2)
            reading = asyncio.create_task(good.frames(3, 3000))
            for number in range(3000):
                relay.push(packet(number))
                await asyncio.sleep(0)
            assert starts(await reading) == list(range(3000))
            assert relay.counts == {"slow": 1}
            assert relay.connected == 1

    run(work, ring_limit=200, held_bytes=4096)


def limit_receiving(client):
    sock = client.writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)


def test_a_client_that_pauses_goes_on_from_the_ring():
    async def work(relay):
        async with words(relay) as client:
            client.say("STATION ABC XX", "DATA", "END")
            await client.hear(2)
            await relay.first_client.wait()
            client.writer.transport.pause_reading()
            for number in range(2000):
                relay.push(packet(number))
            await asyncio.sleep(0)
            client.writer.transport.resume_reading()
            assert starts(await client.frames(3, 2000)) == list(range(2000))
            assert relay.counts == {}

    run(work, held_bytes=4096)


def test_a_long_line_is_malformed():
    async def work(relay):
        async with words(relay) as client:
            client.writer.write(b"x" * 10_000)
            with contextlib.suppress(ConnectionError):
                assert await client.reader.read() == b""
            assert relay.counts == {"malformed": 1}

    run(work)


def test_bye_closes():
    async def work(relay):
        async with words(relay) as client:
            client.say("BYE")
            assert await client.reader.read() == b""
            await until(lambda: relay.connected == 0)
            assert relay.counts == {}

    run(work)


def test_a_client_without_requests_is_disconnected(monkeypatch):
    monkeypatch.setattr(relay_client, "REQUEST_S", 0.05)

    async def work(relay):
        async with words(relay) as client:
            with contextlib.suppress(ConnectionError):
                await client.reader.read()
            assert relay.counts == {"dawdling": 1}

    run(work)


def test_when_it_is_full_newcomers_are_sent_away(monkeypatch):
    monkeypatch.setattr(relay_module, "MOST_CLIENTS", 1)

    async def work(relay):
        async with words(relay) as client:
            client.say("HELLO")
            await client.hear(2)
            async with words(relay) as other:
                with contextlib.suppress(ConnectionError):
                    assert await other.reader.read() == b""
            assert relay.counts == {"full": 1}
            assert relay.connected == 1

    run(work)


def test_a_port_in_use_is_one_line():
    async def work(relay):
        with pytest.raises(ConfigError, match=f"port {relay.port} on 127.0.0.1 for the relay"):
            await Relay().start(port=relay.port)

    run(work)


@pytest.mark.parametrize("protocol", [Protocol.V3, Protocol.V4])
def test_the_client_of_earthscope_resumes_from_libslinks_state_file(protocol, tmp_path):
    state = str(tmp_path / "state")

    def client(relay):
        made = AsyncSeedLink("127.0.0.1", relay.port, protocol=protocol, timeout=10)
        made.add_stream("XX_ABC", "HH?")
        return made

    async def work(relay):
        async with client(relay) as first:
            await first.negotiate()
            await relay.first_client.wait()
            relay.push(packet(0))
            await anext(first.collect())
            first.save_state(state)
        words = (tmp_path / "state").read_text().splitlines()[-1].split()
        # libslink refuses a time of more than 29 letters in its own file.
        assert words[:2] == ["XX_ABC", "1"]
        assert len(words[2]) <= 29
        relay.push(packet(1))
        async with client(relay) as second:
            second.recover_state(state)
            await second.negotiate()
            got = await anext(second.collect())
            assert got.seqnum == 2

    run(work)
