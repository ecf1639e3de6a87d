import asyncio
import socket

import pytest
from msgspec.structs import replace

from forewave.errors import ConfigError
from forewave.relay.server import Relay
from forewave.replay.as_network import LEAD, RelayPace, play, serve
from forewave.sources.base import run_sources
from forewave.sources.intake.inbox import Inbox
from forewave.sources.seedlink.source import SeedLinkSettings, connections

NOW = 1_790_000_000.25


class Kept(Relay):
    """A relay without a port that keeps what is pushed."""

    def __init__(self):
        super().__init__(clock=lambda: NOW)
        self.pushed = []

    def push(self, packet):
        self.pushed.append(packet)


@pytest.fixture(scope="module")
def short(recording):
    """The first seconds of a few stations."""
    few = recording.segments[:4]
    cut = [replace(each, samples=each.samples[: round(3 * each.rate)]) for each in few]
    return replace(recording, segments=tuple(cut), receipts=None)


def played(recordings, **pace):
    relay = Kept()
    asyncio.run(play(relay, recordings, RelayPace(speed=10_000.0, **pace)))
    return relay.pushed


def test_what_was_recorded_happens_now(short):
    pushed = played([short])
    moved = {round(packet.start - each.start, 6) for packet, each in firsts(pushed, short)}
    assert len(moved) == 1
    assert moved.pop().is_integer()
    last_of_first = pushed[0].start + (len(pushed[0].samples) - 1) / pushed[0].rate
    arrives = last_of_first + 0.5
    assert NOW + LEAD <= arrives < NOW + LEAD + 1


def firsts(pushed, recording):
    """The first packet of each segment, beside it."""
    by_stream = {}
    for packet in pushed:
        by_stream.setdefault(packet.stream, packet)
    return [(by_stream[segment.stream], segment) for segment in recording.segments]


def test_times_may_be_kept(short):
    pushed = played([short], keep_times=True)
    assert all(packet.start == each.start for packet, each in firsts(pushed, short))


def test_every_sample_is_played_and_one_recording_after_the_other(short):
    count = sum(len(each.samples) for each in short.segments)
    pushed = played([short, short])
    assert sum(len(packet.samples) for packet in pushed) == 2 * count


def test_a_recording_without_packets_is_over_at_once(short):
    assert played([replace(short, segments=())]) == []


def test_it_waits_for_a_client_plays_and_stays(short):
    said = []

    async def work():
        pace = RelayPace(speed=1000.0, patience=20.0)
        serving = asyncio.create_task(serve([short], pace, port=0, report=said.append))
        await until(lambda: said)
        await asyncio.sleep(0.1)  # long enough for all to be played, did it not wait
        assert len(said) == 1
        inbox = Inbox()
        settings = SeedLinkSettings("127.0.0.1:" + said[0].split(":")[1], ("*.*",))
        listening = asyncio.create_task(run_sources(connections(settings), inbox))
        got, wanted = 0, sum(len(each.samples) for each in short.segments)
        while got < wanted:
            got += sum(len(received.packet.samples) for received in await inbox.take())
        await until(lambda: len(said) == 2)
        assert not serving.done()
        serving.cancel()
        listening.cancel()
        await asyncio.gather(serving, listening, return_exceptions=True)

    asyncio.run(asyncio.wait_for(work(), 20.0))
    assert said[0].endswith(f": {len({each.stream.code for each in short.segments})} stations")
    assert said[1] == "end of the recordings"


async def until(condition):
    while not condition():  # noqa: ASYNC110 (nobody tells us)
        await asyncio.sleep(0.001)


def test_a_taken_port_is_one_clear_line(short):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=f"port {port} on 127.0.0.1 for the relay: "):
            asyncio.run(serve([short], RelayPace(), port=port))
