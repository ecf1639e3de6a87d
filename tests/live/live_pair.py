"""A recorded night live, in processes of its own, beside the replay of the same directory.

`through_relay` and `through_broker` play a recording to a live machine as it came, moved to now by
whole seconds; both return the machine's alerts, those of a replay of what was played, those of a
replay of what the machine received (its recent-packet journal), and how late packets came.

On a machine that is busy with something else packets come late: relay, broker and forewave itself
then wait for a processor. A solution that misses a packet is another one, and so are the
alerts. So alerts are compared to the last digit with those of what was received, at the times at
which it was, and with those of the recording where packets came in time. Where they did not, they
are compared with the recording's in what may not depend on it: one earthquake, as soon as its
packets were there, and the same in the end.
"""

import asyncio
import math
import time
from typing import NamedTuple

import aiomqtt
import numpy as np
import pytest
from msgspec.structs import replace

from forewave.archive import packet_journal, travel_time
from forewave.config import Settings
from forewave.formats.protocols import openeew
from forewave.formats.recordings import event_directory
from forewave.formats.storage import journal_blocks as journal
from forewave.live.places import places
from forewave.pipeline import Pipeline, run
from forewave.sources.replay import arrivals
from forewave.types import Alert, Packet
from tests.live import live_made

AXES = ("BNZ", "BN1", "BN2")
SECONDS, SAME = 0.05, 1e-6  # by which times, magnitudes and degrees may differ
LATE_S = 1.5  # beyond the lateness: a packet and the half second between two looks
LATE_MAGNITUDE, LATE_DEGREES = 0.3, 0.1
TOPIC = "iot-2/type/OpenEEW/id/{}/evt/status/fmt/json"


class Pair(NamedTuple):
    """Alerts of a live machine, of a replay of the recording, and of what the machine received.

    late: seconds by which the machine had a packet later than the replay of the recording, at most.
    """

    live: list[Alert]
    replayed: list[Alert]
    received: list[Alert]
    late: float


def pair(folder, recording, packets, moved=None):
    """The alerts of the machine in a folder, beside those of replays.

    Replays have the places that the machine has, and its time: to a sensor with 31.25 samples/s
    the same second of another minute is cut otherwise. moved: by how many seconds what was
    played lies later than the packets; None: as the samples that the machine kept say.
    """
    if moved is None:
        moved = _moved(folder, packets)
    now = [
        (arrival + moved, replace(packet, start=packet.start + moved))
        for arrival, packet in packets
    ]
    received = [(piece.now, journal.packet(piece)) for piece in _pieces(folder)]
    ends = min(now[-1][0], received[-1][0])
    live, replayed, again = (
        [alert for alert in alerts if alert.issued <= ends]
        for alerts in (
            live_made.recorded(folder),
            _replay(recording, now),
            _replay(recording, received),
        )
    )
    return Pair(live, replayed, again, lateness(folder, [arrival for arrival, _ in now]))


def _moved(folder, packets):
    """By how many seconds the first samples of most streams lie later than in the packets."""
    came, were = {}, {}
    for piece in _pieces(folder):
        stream = (piece.network, piece.station, piece.location, piece.channel)
        came[stream] = min(piece.start, came.get(stream, math.inf))
    for _, packet in packets:
        s = packet.stream
        stream = (s.network, s.station, s.location, s.channel)
        were[stream] = min(packet.start, were.get(stream, math.inf))
    return round(np.median([came[stream] - were[stream] for stream in came]))


def _pieces(folder):
    return packet_journal.read(folder / "record" / "tail", 0.0)


def lateness(folder, due):
    """The longest that the machine waited for its n-th packet after that was due."""
    given = sorted(piece.now for piece in _pieces(folder))
    assert len(given) > 0.9 * len(due)
    return max(now - when for now, when in zip(given, sorted(due), strict=False))


def _replay(recording, packets):
    somewhere = places(recording.stations, Settings().towns)
    pipeline = Pipeline(recording.stations, somewhere, travel_time.load())
    return [word for _, word in run(pipeline, packets) if isinstance(word, Alert)]


def assert_plays_same(play, folder):
    """play(folder) -> Pair. Not the same: once more, since a machine may be too busy to decide."""
    for name in ("once", "again"):
        played = play(folder / name)
        try:
            assert_same(played.live, played.received)
            if played.late <= SECONDS:
                assert_same(played.live, played.replayed)
            break
        except AssertionError as error:
            different = error
    else:
        if played.late <= SECONDS:
            raise different
    assert_alike(played.live, played.replayed, played.late)


def assert_alike(live, replayed, late):
    """In what does not depend on how late packets came."""
    assert len({alert.event for alert in live}) == len({alert.event for alert in replayed}) == 1
    assert [alert.kind for alert in live].count("new") == 1
    assert -SECONDS <= live[0].issued - replayed[0].issued <= late + LATE_S
    here, there = live[-1], replayed[-1]
    assert here.magnitude.value == pytest.approx(there.magnitude.value, abs=LATE_MAGNITUDE)
    assert here.origin.lat == pytest.approx(there.origin.lat, abs=LATE_DEGREES)
    assert here.origin.lon == pytest.approx(there.origin.lon, abs=LATE_DEGREES)


def assert_same(live, replayed):
    """Every alert, one by one, and there are some."""
    assert len(replayed) > 3
    assert [_says(alert) for alert in live] == [_says(alert) for alert in replayed]
    for here, there in zip(live, replayed, strict=True):
        assert here.issued == pytest.approx(there.issued, abs=SECONDS)
        assert here.event == there.event
        assert here.origin.time == pytest.approx(there.origin.time, abs=SECONDS)
        assert here.magnitude.value == pytest.approx(there.magnitude.value, abs=SAME)
        assert here.origin.lat == pytest.approx(there.origin.lat, abs=SAME)
        assert here.origin.lon == pytest.approx(there.origin.lon, abs=SAME)


def _says(alert):
    return alert.version, alert.kind, alert.level


def cut(recording, before, after):
    """What was recorded from `before` seconds ahead of the origin to `after` seconds behind it."""
    origin = recording.info.origin_time
    kept = (_cut(segment, origin - before, origin + after) for segment in recording.segments)
    receipts = recording.receipts and tuple(
        receipt for receipt in recording.receipts if origin - before < receipt.last < origin + after
    )
    segments = tuple(segment for segment in kept if len(segment.samples))
    return replace(recording, segments=segments, receipts=receipts)


def _cut(segment, begin, end):
    first, last = (round((at - segment.start) * segment.rate) for at in (begin, end))
    first, last = np.clip([first, last], 0, len(segment.samples)).tolist()
    start = segment.start + first / segment.rate
    return Packet(segment.stream, start, segment.rate, segment.samples[first:last])


def through_relay(recording, folder):
    """The alerts of a live machine that a relay in a third process feeds."""
    parts = recording.info, recording.stations, recording.segments, recording.receipts
    event_directory.write(folder / "event", *parts)
    written = event_directory.read(folder / "event")
    port = live_made.free_port()
    live_made.live_folder(folder / "live", recording, live_made.seedlink(port))
    with live_made.running(folder / "live", "run") as live:
        live.until(lambda said: " ready: " in said)
        with live_made.running(folder, "relay", "event", "--port", port, "--stay", 0) as relay:
            relay.until(lambda said: "end of the recordings" in said, patience=600.0)
        assert live.stop() == 0
    return pair(folder / "live", written, arrivals(written))


def through_broker(recording, folder, port):
    """The alerts of a live machine that receives from an MQTT broker which it trusts."""
    source = f'[[sources]]\nkind = "mqtt"\nhost = "127.0.0.1"\nport = {port}\n'
    source += "trusted = true\n"  # or its alerts advise no action, as the replay's do
    live_made.live_folder(folder / "live", recording, source)
    played = _messages(recording)
    with live_made.running(folder / "live", "run") as live:
        live.until(lambda said: " is idle: connected" in said)
        moved = asyncio.run(_publish(port, played))
        assert live.stop() == 0
    flat = [(arrival, packet) for arrival, axes in played for packet in sorted(axes, key=_stream)]
    return pair(folder / "live", recording, flat, moved)


def _messages(recording):
    """(arrival, the three packets) of each station's second, by arrival."""
    groups = {}
    for arrival, packet in arrivals(recording):
        groups.setdefault((arrival, packet.stream.code), {})[packet.stream.channel] = packet
    whole = {key: group for key, group in groups.items() if set(group) == set(AXES)}
    return [(arrival, [group[name] for name in AXES]) for (arrival, _), group in whole.items()]


async def _publish(port, played):
    """Each message when it is due; times moved to now by whole seconds. Answers by how many."""
    moved = math.ceil(time.time() + 1.0 - played[0][0])
    async with aiomqtt.Client("127.0.0.1", port) as client:
        for arrival, axes in played:
            await asyncio.sleep(max(0.0, arrival + moved - time.time()))
            now = [replace(packet, start=packet.start + moved) for packet in axes]
            topic = TOPIC.format(axes[0].stream.code)
            await client.publish(topic, openeew.encode(now, stated=31.25))
    return moved


def _stream(packet):
    return packet.stream
