"""Against a real broker (Debian's mosquitto), started on a free port."""

import asyncio
import json
import shutil
import signal
import ssl
import subprocess
import time
from itertools import groupby

import aiomqtt
import numpy as np
import pytest

from forewave.check import sources
from forewave.errors import ConfigError
from forewave.formats.protocols import openeew, packet_message
from forewave.formats.recordings import event_directory
from forewave.formats.waveforms import miniseed
from forewave.pipeline import Pipeline, run
from forewave.settings import Settings
from forewave.sources import replay
from forewave.sources.mqtt import source as mqtt
from forewave.sources.mqtt.source import CARD, MqttSettings, MqttSource
from forewave.types import Alert, Packet, StreamId
from tests.certificate import certificate
from tests.sources.broker import Broker, Listening, publisher

pytestmark = pytest.mark.live

STREAM = StreamId("XX", "ABC", "00", "HNZ")
PIECE = Packet(STREAM, 1.6e9, 100.0, np.arange(100, dtype=np.int32))


@pytest.fixture
def broker(tmp_path):
    broker = Broker.if_there(tmp_path)
    yield broker
    broker.kill()


@pytest.fixture
def guarded(tmp_path):
    """A broker that speaks TLS only, and knows one user: ann, whose password is 'deep blue'."""
    certificate(tmp_path)
    users = tmp_path / "users"
    users.write_text("ann:deep blue\n")
    access = ("allow_anonymous false", f"password_file {users}")
    access += (f"certfile {tmp_path / 'cert.pem'}", f"keyfile {tmp_path / 'key.pem'}")
    if shutil.which("mosquitto_passwd"):
        subprocess.run(["mosquitto_passwd", "-U", users], check=True)
    broker = Broker.if_there(tmp_path, access=access)
    yield broker
    broker.kill()


def test_a_packet_comes_as_json_and_as_miniseed(broker):
    async def play():
        async with Listening(broker.port) as listening, publisher(broker) as client:
            await listening.connected()
            await client.publish("forewave/packet/a", packet_message.encode(PIECE))
            await client.publish("forewave/packet/b", miniseed.encode([PIECE]))
            await listening.delivered(2)
            return listening.received

    before = time.time()
    for received in asyncio.run(play()):
        assert received.packet.stream == STREAM
        np.testing.assert_array_equal(received.packet.samples, PIECE.samples)
        assert before <= received.arrival <= time.time()


def test_garbage_is_counted_and_the_rest_goes_on(broker):
    async def play():
        async with Listening(broker.port) as listening, publisher(broker) as client:
            await listening.connected()
            for payload in (b"", b"{", b"\xff" * 100, b'{"device_id": "1"}', b"{}"):
                await client.publish("forewave/packet/a", payload)
            await client.publish("forewave/packet/a", packet_message.encode(PIECE))
            await listening.delivered(1)
            return listening.dropped()

    dropped = asyncio.run(play())
    assert {"not a packet", "empty packet", "not miniSEED"} <= set(dropped)


def test_what_the_broker_kept_is_not_played_into_the_present(broker):
    async def play():
        async with publisher(broker) as client:
            await client.publish("forewave/packet/a", packet_message.encode(PIECE), retain=True)
            async with Listening(broker.port) as listening:
                await listening.until(lambda: listening.dropped())
                return listening.dropped(), listening.received

    assert asyncio.run(play()) == ({"retained by the broker": 1}, [])


def test_a_broker_that_was_killed_is_found_again(broker):
    async def play():
        async with Listening(broker.port) as listening:
            await listening.connected()
            broker.kill()
            await listening.until(lambda: listening.queue.status().state == "lost")
            assert listening.queue.status().reason
            broker.start()
            began = time.monotonic()
            await listening.connected()
            took = time.monotonic() - began
            async with publisher(broker) as client:
                await client.publish("forewave/packet/a", packet_message.encode(PIECE))
                await listening.delivered(1)
            return took, listening.queue.status().connections

    took, connections = asyncio.run(play())
    assert took < 3.0
    assert connections == 2


def test_a_silent_broker_is_disconnected():
    async def play():
        server = await asyncio.start_server(lambda reader, writer: reader.read(), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with Listening(port, patience=0.2) as listening:
            await listening.until(lambda: listening.queue.status().state == "lost")
        server.close()

    asyncio.run(play())


def test_an_unresponsive_broker_is_detected_and_connected_again(broker):
    """It still accepts, but says nothing, not even to pings."""

    async def play():
        async with Listening(broker.port, keepalive=1, patience=0.5) as listening:
            await listening.connected()
            broker.process.send_signal(signal.SIGSTOP)
            try:
                await listening.until(lambda: listening.queue.status().state == "lost")
            finally:
                broker.process.send_signal(signal.SIGCONT)
            began = time.monotonic()
            await listening.connected()
            return time.monotonic() - began

    assert asyncio.run(play()) < 3.0


def test_a_message_that_is_too_long_is_refused_unread(broker, monkeypatch):
    monkeypatch.setattr(mqtt, "LONGEST", 10)

    async def play():
        async with Listening(broker.port) as listening, publisher(broker) as client:
            await listening.connected()
            await client.publish("forewave/packet/a", packet_message.encode(PIECE))
            await listening.until(listening.dropped)
            return listening.dropped()

    assert asyncio.run(play()) == {"packet too long": 1}


def test_silence_is_idle(broker):
    async def play():
        async with Listening(broker.port, idle=0.05) as listening, publisher(broker) as client:
            await listening.connected()
            await client.publish("forewave/packet/a", packet_message.encode(PIECE))
            await listening.until(lambda: listening.queue.status().state == "live")
            await listening.until(lambda: listening.queue.status().state == "idle")
            return listening.queue.status().reason

    assert asyncio.run(play()) == "no message for 0.05 s"


def test_a_device_with_a_nominal_rate_and_a_wrong_clock_is_put_right(broker):
    message = {"device_id": "9", "sr": 31.25} | {axis: [1.0] * 32 for axis in "xyz"}
    times = [1.6e9 + 32 / 30.06 * n for n in range(12)]

    async def play():
        topic = "iot-2/type/OpenEEW/id/9/evt/status/fmt/json"
        async with (
            Listening(broker.port, replayed=True) as listening,
            publisher(broker) as client,
        ):
            await listening.connected()
            for t in times:
                sent = message | {"device_t": t - 1816.0, "cloud_t": t + 0.3}
                await client.publish(topic, json.dumps(sent))
            await listening.until(lambda: len(listening.received) >= 15)
            return listening

    listening = asyncio.run(play())
    assert listening.dropped() == {"learning the sample rate": 6}
    last = listening.received[-1]
    assert last.packet.rate == pytest.approx(30.06, abs=0.01)
    assert last.packet.start + 31 / 30.06 == pytest.approx(last.arrival - 0.1, abs=0.01)


def test_an_openeew_set_through_the_broker_alerts_as_its_replay_does(
    broker, recordings, travel_times
):
    folder = recordings / "openeew-mx-20180108T170103"
    recording = event_directory.read(folder)
    until = recording.info.origin_time + 45.0
    arrivals = [a for a in replay.arrivals(recording) if until - 120.0 < a[0] < until]
    expected = alerts(recording, travel_times, arrivals)
    played = asyncio.run(through(broker, recording, arrivals))
    found = alerts(recording, travel_times, played)
    assert expected
    assert len(found) == len(expected)
    for here, there in zip(found, expected, strict=True):
        assert (here.event, here.version, here.kind) == (there.event, there.version, there.kind)
        assert here.issued == pytest.approx(there.issued, abs=0.05)
        assert here.magnitude.value == pytest.approx(there.magnitude.value, abs=0.01)


def alerts(recording, travel_times, arrivals):
    pipeline = Pipeline(recording.stations, [], travel_times)
    return [word for _, word in run(pipeline, arrivals) if isinstance(word, Alert)]


async def through(broker, recording, arrivals):
    """The recording's packets as OpenEEW messages through the broker, each with its arrival."""
    rates = {s.code: s.channels[0].rate for s in recording.stations}
    names = ("BNZ", "BN1", "BN2")
    sent = 0
    async with (
        Listening(broker.port, rates, replayed=True, trusted=True, channels=names) as listening,
        publisher(broker) as client,
    ):
        await listening.connected()
        for (arrival, code), group in groupby(arrivals, lambda a: (a[0], a[1].stream.code)):
            by_name = {packet.stream.channel: packet for _, packet in group}
            axes = [by_name[name] for name in names]
            topic = f"iot-2/type/OpenEEW/id/{code}/evt/status/fmt/json"
            await client.publish(topic, openeew.encode(axes, received=arrival, stated=31.25))
            sent += 3
            await listening.delivered(sent - 1500)
        await listening.delivered(sent)
    return [(d.arrival, d.packet) for d in listening.received]


def known(folder, **more):
    usual = {"tls": True, "tls_ca": str(folder / "cert.pem"), "username": "ann"}
    return usual | {"password": "deep blue"} | more


def test_packets_come_over_tls_to_who_has_the_password(guarded, tmp_path):
    async def play():
        context = ssl.create_default_context(cafile=tmp_path / "cert.pem")
        identity = {"username": "ann", "password": "deep blue", "tls_context": context}
        async with (
            Listening(guarded.port, **known(tmp_path)) as listening,
            aiomqtt.Client("127.0.0.1", guarded.port, **identity) as client,
        ):
            await listening.connected()
            await client.publish("forewave/packet/a", packet_message.encode(PIECE))
            await listening.delivered(1)
            return listening.received

    (received,) = asyncio.run(play())
    np.testing.assert_array_equal(received.packet.samples, PIECE.samples)


WRONG = {
    "password": (
        {"password": "pale blue"},
        "user name or password not accepted by the broker",
        "correct username and password",
    ),
    "nobody": (
        {"username": None, "password": None},
        "user name or password not accepted by the broker",
        "correct username and password",
    ),
    "certificate": (
        {"tls_ca": ""},
        "certificate not trusted: self-signed certificate",
        "set tls_ca to the server's certificates, or correct its name",
    ),
    "name": (
        {"host": "localhost"},
        "certificate not trusted: Hostname mismatch, certificate is not valid for 'localhost'.",
        "set tls_ca to the server's certificates, or correct its name",
    ),
    "no TLS": (
        {"tls": False, "patience": 0.5},
        "no answer: it is unresponsive or needs tls = true",
        "the server is unresponsive, or a firewall blocks it: check both",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_broker_that_cannot_be_had_is_one_line_and_what_to_do(guarded, tmp_path, case):
    wrong, line, remedy = WRONG[case]
    entry = {"host": "127.0.0.1", "port": guarded.port} | known(tmp_path) | wrong

    async def play():
        async with Listening(**entry) as listening:
            await listening.until(lambda: listening.queue.status().state == "lost")
            return listening.queue.status()

    assert asyncio.run(play()).reason == line
    said = list(sources.live(Settings(sources=(MqttSettings(**entry),)), (), 1.5))
    assert (said[0].subject, said[0].remedy) == (f"mqtt {entry['host']}:{guarded.port}", remedy)
    assert line in said[0].what


def test_tls_to_a_broker_without_tls_is_reported(broker):
    async def play():
        async with Listening(broker.port, tls=True, patience=0.5) as listening:
            await listening.until(lambda: listening.queue.status().state == "lost")
            return listening.queue.status().reason

    assert asyncio.run(play()).endswith("does it speak TLS?")


def test_a_missing_certificate_file_is_reported_before_connecting(tmp_path):
    with pytest.raises(ConfigError, match=r"tls_ca: .*none\.pem"):
        MqttSource(MqttSettings("broker.example", tls=True, tls_ca=str(tmp_path / "none.pem")))


def test_its_card():
    (source,) = CARD.open(MqttSettings("broker.example"))
    assert source.name == "mqtt broker.example:1883"
    (source,) = CARD.open(MqttSettings("broker.example", tls=True))
    assert source.name == "mqtt broker.example:8883"
