"""Live from an MQTT broker: a network of cheap sensors, its packets as they came, moved to now."""

import asyncio
import math
import time

import aiomqtt
import pytest
from msgspec.structs import replace

from forewave.formats import event_directory, openeew
from forewave.pipeline import Pipeline, run
from forewave.sources.replay import arrivals
from forewave.types import Alert
from tests.runtime import live_made
from tests.sources.test_mqtt import Broker

AXES = ("BNZ", "BN1", "BN2")
TOPIC = "iot-2/type/OpenEEW/id/{}/evt/status/fmt/json"
BEFORE, AFTER = 12.0, 14.0  # seconds around the origin that are played


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    broker = Broker.if_there(tmp_path_factory.mktemp("broker"))
    yield broker
    broker.kill()


@pytest.fixture(scope="module")
def recording(recordings):
    folder = recordings / "openeew-mx-20171225T202311"
    if not folder.is_dir():
        pytest.skip(f"no {folder}")
    return event_directory.read(folder)


def messages(recording):
    """(arrival, the three packets) of each station's second, by arrival."""
    origin = recording.info.origin_time
    played = [pair for pair in arrivals(recording) if origin - BEFORE < pair[0] < origin + AFTER]
    groups = {}
    for arrival, packet in played:
        groups.setdefault((arrival, packet.stream.code), {})[packet.stream.channel] = packet
    whole = {key: group for key, group in groups.items() if set(group) == set(AXES)}
    return [(arrival, [group[name] for name in AXES]) for (arrival, _), group in whole.items()]


async def publish(port, played):
    """Each message when it is due; times moved to now by whole seconds. Answers by how many."""
    moved = math.ceil(time.time() + 1.0 - played[0][0])
    async with aiomqtt.Client("127.0.0.1", port) as client:
        for arrival, axes in played:
            await asyncio.sleep(max(0.0, arrival + moved - time.time()))
            now = [replace(packet, start=packet.start + moved) for packet in axes]
            topic = TOPIC.format(axes[0].stream.code)
            await client.publish(topic, openeew.encode(now, stated=31.25))
    return moved


@pytest.mark.timeout(180)
def test_live_through_the_broker_warns_as_the_replay_does(
    broker, recording, travel_times, tmp_path
):
    source = f'[[sources]]\nkind = "mqtt"\nhost = "127.0.0.1"\nport = {broker.port}\n'
    folder = live_made.live_folder(tmp_path / "live", recording, source)
    played = messages(recording)
    flat = [(arrival, packet) for arrival, axes in played for packet in sorted(axes, key=_stream)]
    pipeline = Pipeline(recording.stations, [], travel_times)
    expected = [word for _, word in run(pipeline, flat) if isinstance(word, Alert)]
    assert expected
    with live_made.running(folder, "run") as live:
        live.until(lambda said: " is idle: connected" in said)
        moved = asyncio.run(publish(broker.port, played))
        assert live.stop() == 0
    found = live_made.recorded(folder)
    # A packet a few milliseconds late may miss one look, and with it one update.
    assert found[0].kind == expected[0].kind == "new"
    assert abs(len(found) - len(expected)) <= 1
    assert len({alert.event for alert in found}) == len({alert.event for alert in expected})
    assert found[0].issued - moved == pytest.approx(expected[0].issued, abs=0.05)
    assert found[0].origin.lat == pytest.approx(expected[0].origin.lat, abs=0.05)


def _stream(packet):
    return packet.stream
