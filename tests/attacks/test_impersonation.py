"""Nobody who sends from a forged address, or as many phones, brings people to act."""

import asyncio
import math

import numpy as np
import pytest

from forewave.archive import travel_time
from forewave.earth import geohash
from forewave.formats.protocols import shake
from forewave.live.places import places
from forewave.phones.detector import LEARNING, PhoneNetwork, PhoneTrigger
from forewave.pipeline import Pipeline, run
from forewave.settings import TownSettings
from forewave.sources.intake.inbox import Inbox
from forewave.sources.intake.merge import Merge
from forewave.sources.replay import arrivals
from forewave.sources.shake_udp import ShakeSettings, _Listener
from forewave.types import Alert, Channel, Packet, PhoneSighting, Station, StreamId
from tests.attacks import made_replay as made_network

T0, RATE, GAIN = 1.79e9, 100.0, 384_500.0
SHAKES = [
    Station(
        f"AM.R{i:04d}",
        24.0 + 0.12 * math.cos(i),
        121.4 + 0.12 * math.sin(i),
        0.0,
        (Channel(StreamId("AM", f"R{i:04d}", "00", "ENZ"), GAIN, "m/s^2", RATE),),
    )
    for i in range(6)
]


class Clock:
    """Says what it is set to."""

    now = T0

    def __call__(self) -> float:
        return self.now


async def received_packets(forged, trusted=False):
    """What six Shakes send in 45 s, of which the first `forged` show an earthquake's motion."""
    clock, random = Clock(), np.random.default_rng(1)
    inbox = Inbox(clock)
    senders = {f"10.0.0.{i}": s.code for i, s in enumerate(SHAKES)}
    listener = _Listener(
        ShakeSettings(senders, trusted=trusted), inbox.open("shakes", 100_000, vouched=trusted)
    )
    for k in range(180):
        for i in range(len(SHAKES)):
            time = k / 4 + np.arange(25) / RATE
            since = time - 30.0 - math.hypot(6.0 + 0.5 * i, 10.0) / 6.0
            grows = np.minimum(1.0, since / 0.8) * np.exp(-np.maximum(since, 0.0) / 6.0)
            wave = 0.6 * grows * np.sin(2 * np.pi * (2.2 + 0.3 * i) * since)
            motion = GAIN * np.where(since > 0, wave, 0.0) * (i < forged)
            samples = (random.normal(0.0, 30.0, 25) + motion).astype(np.int32)
            piece = Packet(StreamId("AM", "x", "00", "ENZ"), T0 + k / 4, RATE, samples)
            clock.now = T0 + k / 4 + 0.26
            listener.datagram_received(shake.encode(piece), (f"10.0.0.{i}", 9000))
    return await inbox.take()


def alerts(forged, trusted=False):
    rooms = Pipeline(SHAKES, places(SHAKES, TownSettings()), travel_time.load())
    came = asyncio.run(received_packets(forged, trusted))
    words = run(rooms, ((each.arrival, each.packet) for each in came))
    return [word for _, word in words if isinstance(word, Alert)]


def test_one_impersonated_shake_brings_nothing():
    assert alerts(1) == []


@pytest.mark.parametrize("forged", [2, 3, 6])
def test_several_impersonated_shakes_bring_aware_at_most(forged):
    assert {alert.level for alert in alerts(forged) if alert.kind != "cancel"} <= {"aware"}


def test_shakes_on_a_network_of_their_own_are_believed():
    assert "action" in {alert.level for alert in alerts(6, trusted=True)}


def test_while_a_vouched_source_is_alive_nobody_else_speaks_for_its_stream():
    stream, samples = StreamId("AM", "R0000", "00", "ENZ"), np.zeros(100, np.int32)
    merge = Merge()
    own = Packet(stream, T0, RATE, samples)
    forged = Packet(stream, T0 + 1.0, RATE, samples, vouched=False)
    assert merge.feed("seedlink", own, T0 + 1.2) == [own]
    assert merge.feed("shakes", forged, T0 + 2.1) == ()
    assert merge.counts["not vouched for"] == 1
    assert merge.feed("shakes", forged, T0 + 30.0) == [forged]


@pytest.mark.parametrize("knock_ms2", [0.1, 0.5, 2.0])
def test_many_fake_phones_and_a_knock_at_one_station_never_bring_action(knock_ms2):
    calm = made_network.network(5, None, seconds=50.0)
    station = made_network.near(calm)[0]
    begins = min(packet.start for packet in calm.segments)
    seen = PhoneSighting(begins + 26.5, station.lat + 0.1, station.lon, 10.0, 20, 14, 0.999)
    change = made_network.knock(calm, station.code, knock_ms2, 30.0)
    rooms, words, asked = made_network.pipeline(calm.stations), [], False
    for now, packet in arrivals(calm, 1.0, 0.5):
        if not asked and now > begins + 32.5:
            asked, words = True, [*words, *rooms.decide([seen], now)]
        words += rooms.feed(change(packet), now)
    told = [word for word in words if isinstance(word, Alert) and word.kind != "cancel"]
    assert "action" not in {alert.level for alert in told}


def cells_around(lat, lon, count, seed):
    """Cells within 40 km, and when a front of 3.5 km/s comes to them."""
    random = np.random.default_rng(seed)
    away_km, angle = 40.0 * np.sqrt(random.random(count)), random.uniform(0.0, 2 * np.pi, count)
    lats, lons = lat + away_km * np.cos(angle) / 111.2, lon + away_km * np.sin(angle) / 101.6
    times = np.hypot(away_km, 10.0) / 3.5
    names = [geohash.encode(y, x, 5) for y, x in zip(lats, lons, strict=True)]
    return sorted(zip(times.tolist(), names, strict=True))


def most_likely(front, history):
    """The surest sighting of a front that comes after cells' usual false triggers."""
    network, now, best = PhoneNetwork(), T0, 0.0
    for second, cell in enumerate(history):
        network.feed(PhoneTrigger(now + 8.0 * second, cell, 0.1), now + 8.0 * second)
    now += max(8.0 * len(history), 2.0 * LEARNING)
    for after, cell in front:
        seen = network.feed(PhoneTrigger(now + after, cell, 0.1), now + after + 0.2)
        best = max(best, 0.0 if seen is None else seen.probability)
    return best


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("addresses", [7, 10, 30])
def test_a_front_of_cells_that_never_had_a_phone_is_none(addresses, seed):
    front = cells_around(24.0, 121.0, 2 * addresses, seed)
    assert most_likely(front, [front[0][1]]) == 0.0


def test_a_front_of_cells_with_a_past_is_seen_as_before():
    front = cells_around(24.0, 121.0, 60, 1)
    assert most_likely(front, [cell for _, cell in front]) > 0.9
