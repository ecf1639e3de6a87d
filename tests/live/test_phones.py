"""Phones beside a live machine: their triggers come over HTTP, and their front is heard.

Each phone has a network of its own in 127.0.0.0/8, since one may speak of two cells only.
"""

import asyncio
import math

import httpx
import numpy as np
import pytest

from forewave.archive.event_log import entries
from forewave.config import read
from forewave.earth import geohash
from forewave.earth.distance import LocalPlane
from forewave.formats.storage.log_blocks import Step
from forewave.live.build import build
from forewave.live.persistence.recovery import replay
from forewave.phones.detector import PhoneNetwork
from forewave.pipeline import Pipeline, run
from forewave.simulate.earthquake import Earthquake
from forewave.simulate.network import Listed
from forewave.simulate.scenario import Scenario
from forewave.simulate.simulator import simulate
from forewave.sources.replay import arrivals
from forewave.types import Alert, PhoneSighting
from tests.live import live_made

LAT, LON, AFTER, ENDS = 24.0, 121.4, 50.0, 30.0
PLANE = LocalPlane(LAT, LON)
DELAY = 0.5


@pytest.fixture(scope="module")
def far():
    """An M5 whose only two stations are 60 and 100 km off."""
    places = (("A", *PLANE.to_degrees(-60.0, 0.0)), ("B", *PLANE.to_degrees(70.0, 70.0)))
    quake = Earthquake(after=AFTER, lat=LAT, lon=LON, depth_km=10.0, magnitude=5.0)
    network = Listed(stations=places)
    return simulate(Scenario(duration=AFTER + ENDS, network=network, earthquake=(quake,), seed=2))


def triggers(origin_time):
    """(arrival, address, what is sent) of phones around the epicentre that feel its S."""
    random = np.random.default_rng(1)
    rows = []
    for number, (east, north) in enumerate(random.uniform(-30.0, 30.0, (70, 2))):
        lat, lon = PLANE.to_degrees(east, north)
        time = origin_time + math.hypot(east, north, 10.0) / 3.4 + random.exponential(0.5)
        told = {"t": time, "peak": 0.1, "cell": geohash.encode(lat, lon, 5)}
        rows.append((time + DELAY, f"127.0.{number + 1}.1", told))
    return sorted(rows, key=lambda row: row[0])


async def live_through(live, packets, phones):
    """All packets and triggers, each at its time; answers how the triggers were taken."""
    queue = live.inbox.open("made", vouched=True)
    await queue.put(packets[0][1], packets[0][0])
    while not live.gateway.url or live.loop.now < packets[0][0]:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    events = [(at, None, packet) for at, packet in packets[1:]] + phones
    answers = []
    for at, address, item in sorted(events, key=lambda event: event[0]):
        if address is None:
            await queue.put(item, at)
            while live.loop.now < at:  # noqa: ASYNC110
                await asyncio.sleep(0)
            continue
        transport = httpx.AsyncHTTPTransport(local_address=address)
        async with httpx.AsyncClient(transport=transport) as client:
            answer = await client.post(f"{live.gateway.url}triggers", json=item)
        answers.append(answer.status_code)
    return answers


def played(far, folder, more=""):
    """A live machine that hears it all; how triggers were taken."""
    source = '[[sources]]\nkind = "archive"\npath = "sds"\nspeed = 0\n'
    settings = f"[phones]\non = true\n{more}"
    folder = live_made.live_folder(folder, far, source, settings)
    (folder / "sds").mkdir()
    live = build(read(folder / "forewave.toml", {}), folder)
    live.phones.network = PhoneNetwork(learning=0.0)
    packets = arrivals(far, packet_s=0.5)

    async def night():
        running = asyncio.create_task(live.run())
        async with asyncio.timeout(120.0):
            answers = await live_through(live, packets, triggers(far.info.origin_time))
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return answers

    return asyncio.run(night())


@pytest.fixture(scope="module")
def night(far, tmp_path_factory):
    folder = tmp_path_factory.mktemp("phones") / "on"
    return folder, played(far, folder)


def sightings(folder):
    moments = (entry for entry in entries(folder / "record") if isinstance(entry, Step))
    return [w for moment in moments for w in moment.words if isinstance(w, PhoneSighting)]


def test_triggers_over_http_become_a_sighting_that_is_recorded(night, far):
    folder, answers = night
    assert set(answers) == {204}
    seen = sightings(folder)
    assert max(sighting.probability for sighting in seen) > 0.9
    assert all(abs(sighting.time - far.info.origin_time) < 10.0 for sighting in seen)


def test_the_event_is_told_earlier_than_by_stations_alone(night, far, travel_times):
    folder, _ = night
    alone = [
        word
        for _, word in run(Pipeline(far.stations, [], travel_times), arrivals(far, packet_s=0.5))
        if isinstance(word, Alert)
    ]
    first = live_made.recorded(folder)[0]
    assert first.issued - far.info.origin_time < 14.0
    assert not alone or first.issued < alone[0].issued - 1.0
    assert first.stations >= 2
    assert not first.only_phones
    assert abs(first.origin.lat - LAT) < 0.2


def test_the_record_with_phones_decides_the_same_again(night):
    folder, _ = night
    found = replay(folder / "record", lambda now, word: None)
    assert (found.differ, found.exact) == (0, True)
    assert found.alerts == len(live_made.recorded(folder)) > 0


def test_phones_that_may_not_confirm_are_not_heard(far, tmp_path, caplog):
    caplog.set_level("INFO", "forewave")
    played(far, tmp_path / "off", "confirm = false\n")
    assert sightings(tmp_path / "off") == []
    assert any("phones in" in line for line in caplog.messages)


def test_phones_that_may_warn_alone_do_so_before_any_station(far, tmp_path):
    played(far, tmp_path / "alone", "alone = true\n")
    first, second, *_ = live_made.recorded(tmp_path / "alone")
    assert (first.level, first.only_phones, first.kind) == ("aware", True, "new")
    assert first.issued - far.info.origin_time < 10.0
    assert (second.event, second.kind, second.only_phones) == (first.event, "update", False)
    assert replay(tmp_path / "alone" / "record", lambda now, word: None).differ == 0
