"""What comes over the network: of servers, brokers, sensors, phones, browsers, relay's clients.

What comes in pieces costs as much as its dearest piece: between two of them others have their turn.
"""

import asyncio
import itertools
import random
import time
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import msgspec
import numpy as np

from forewave.channels.push import subscriptions
from forewave.channels.push.web_push import Subscribe
from forewave.channels.shakealert import stomp
from forewave.errors import ForewaveError, FormatError
from forewave.formats.protocols import openeew, packet_message, shake
from forewave.formats.protocols.seedlink import FrameReader, Version
from forewave.formats.waveforms import miniseed
from forewave.relay.session import Session
from forewave.sources.intake.admission import live_rules
from forewave.sources.intake.inbox import Inbox
from forewave.sources.mqtt.source import MqttSettings, MqttSource
from forewave.sources.phones import Phones
from forewave.sources.seedlink.dialogue import Dialogue, Wanted
from forewave.sources.shake_udp import ShakeSettings, _Listener
from tests.fuzz.servers import pages, relay, websocket
from tests.fuzz.target import STATION, STREAM, T0, Take, Target, plausible


def _inbox() -> Inbox:
    return Inbox(lambda: T0, live_rules([STATION], past=False))


def _chance(data: bytes) -> random.Random:
    """What a target chooses besides, from the input alone."""
    return random.Random(zlib.crc32(data))


def _cut(data: bytes) -> list[bytes]:
    """As it may come: in pieces of some length."""
    size = _chance(data).choice((7, 64, 1460, 65_536))
    return [data[at : at + size] for at in range(0, len(data), size)]


def _dearest(steps: Iterable[object]) -> float:
    """Seconds of processor time of the longest step, up to what is refused."""
    longest, last = 0.0, time.process_time()
    with suppress(FormatError):
        for _ in steps:
            now = time.process_time()
            longest, last = max(longest, now - last), now
    return max(longest, time.process_time() - last)


def _dialogue(data: bytes) -> float:
    """A server's side of a conversation, and the packets that follow it."""
    chance = _chance(data)
    wanted = [
        Wanted("XX_ABC", ("HN?",), chance.choice((None, 5, 2**24 - 1, 2**70)), T0),
        Wanted("XX_D*"),
    ]
    protocol = chance.choice(("auto", "3", "4"))
    dialogue = Dialogue(wanted, protocol, at_once=chance.random() < 0.7)

    def steps() -> Iterable[object]:
        for piece in _cut(data):
            for frame in dialogue.receive(piece):
                if frame.kind == "data":
                    plausible(miniseed.packets(frame.payload)[0])
                yield
            yield
        yield dialogue.go_on_without()

    return _dearest(steps())


def _frames(version: Version) -> Callable[[bytes], float]:
    def take(data: bytes) -> float:
        reader = FrameReader(version)
        return _dearest(frame for piece in _cut(data) for frame in (*reader.feed(piece), None))

    return take


def _session(data: bytes) -> float:
    """A client's commands, and what is asked of the session when packets come."""
    session = Session("x", "y", lambda words, version: b"x")

    def steps() -> Iterable[object]:
        for piece in _cut(data):
            yield from session.receive(piece)
            yield
        yield session.request_for("XX_ABC", STREAM), session.form_for("XX_ABC", STREAM)
        for request in session.requests:
            yield request.missed(T0, T0 + 1.0, 7, session.version)
        yield session.complete(T0)

    return _dearest(steps())


def _openeew(data: bytes) -> None:
    word = openeew.read(data, openeew.Naming())
    if isinstance(word, openeew.Reading) and word.last is not None:
        plausible(openeew.packets(word, 31.25))


def _mqtt(folder: Path) -> Take:
    """The same through the source, with the clocks that it learns of each device."""
    source, queue = MqttSource(MqttSettings("127.0.0.1")), _inbox().open("mqtt", 10**9)

    def take(data: bytes) -> None:
        source._take(SimpleNamespace(payload=data, retain=False), queue)
        assert len(source._devices) <= 1

    return take


def _shake(folder: Path) -> Take:
    listener = _Listener(ShakeSettings({"*": "XX.ABC"}), _inbox().open("shake", 10**9))

    def take(data: bytes) -> None:
        shake.packet(data, "XX.ABC", 100.0)
        listener.datagram_received(data, ("10.0.0.1", 1))

    return take


def _phones(folder: Path) -> Take:
    phones = Phones(lambda: T0 + 0.5, lambda now, sighting: None, [STATION])
    calls = itertools.count()

    def take(data: bytes) -> None:
        number = next(calls) % 50_000
        answer = phones.take(data, f"10.{number % 200}.{number // 200}.1")
        assert answer.status_code in (204, 400, 429)

    return take


def _packet_message(data: bytes) -> None:
    received = packet_message.read(data)
    plausible(received.packets)
    for packet in received.packets:
        assert np.asarray(packet.samples).size < 10**6


def _stomp(data: bytes) -> None:
    """What a broker sends, frame by frame."""

    async def frames() -> None:
        reader = asyncio.StreamReader(limit=stomp.LARGEST)
        reader.feed_data(data)
        reader.feed_eof()
        while not reader.at_eof():
            command, headers, body = await stomp.read(reader)
            assert len(headers) <= 101
            assert len(body) <= stomp.LARGEST
            assert isinstance(command, str)

    asyncio.run(frames())


def _push_subscription(data: bytes) -> None:
    """What a page posts to be sent alerts."""
    try:
        asked = msgspec.json.decode(data, type=Subscribe)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise FormatError(str(error)) from None
    fields = msgspec.structs.asdict(asked)
    found = subscriptions.read(services=("push.example.net",), **fields)
    assert found.endpoint.startswith("https://")
    assert len(found.cell) in (3, 4)


def _plain(take: Take) -> Target:
    return Target(lambda folder: take)


TARGETS: dict[str, Target] = {
    "seedlink_dialogue": _plain(_dialogue),
    "seedlink_frames_3": _plain(_frames(3)),
    "seedlink_frames_4": _plain(_frames(4)),
    "relay_session": _plain(_session),
    "relay_client": Target(relay),
    "openeew": _plain(_openeew),
    "packet_message": _plain(_packet_message),
    "mqtt": Target(_mqtt),
    "shake": Target(_shake),
    "triggers": Target(_phones),
    "stomp": Target(lambda folder: _stomp, (ForewaveError, EOFError)),
    "push_subscription": _plain(_push_subscription),
    "http": Target(pages),
    "websocket": Target(websocket),
}
