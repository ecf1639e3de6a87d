"""Wrong gains, learned from a few earthquakes, spoil no later one."""

import pytest
from msgspec.structs import replace

from forewave.check.check import check_config
from forewave.earth.distance import distance_km
from forewave.health.collector import Health
from forewave.live.persistence import gain_file
from forewave.pipeline import run
from forewave.sources.replay import arrivals
from forewave.stations.gain import SETTLED
from forewave.types import Alert
from tests.attacks import made_replay as made_network
from tests.cases import first_of

WRONG = 6  # of 25 stations, the nearest


def with_gain(recording, factor, codes):
    return tuple(
        replace(s, channels=tuple(replace(c, gain=c.gain / factor) for c in s.channels))
        if s.code in codes
        else s
        for s in recording.stations
    )


def played(recording, stations, known=None):
    rooms = made_network.pipeline(stations, gains=known)
    packets = arrivals(recording, 1.0, 0.5)
    words = [word for _, word in run(rooms, packets)]
    rooms.tick(packets[-1][0] + SETTLED)
    return rooms, [word for word in words if isinstance(word, Alert)]


@pytest.mark.parametrize("factor", first_of([0.001, 100.0]))
def test_after_two_earthquakes_a_third_is_told_as_without_wrong_gains(factor):
    recordings = [made_network.network(6, size, 25, 42.0) for size in (5.0, 4.7)]
    codes = {s.code for s in made_network.near(recordings[0])[:WRONG]}
    known = {}
    for recording in recordings:
        rooms, _ = played(recording, with_gain(recording, factor, codes), known)
        known = rooms.decider.gains.known()
    assert set(rooms.decider.gains.wrong()) == codes
    last = made_network.network(6, 5.5, 25)
    _, told = played(last, with_gain(last, factor, codes), known)
    assert {alert.event for alert in told} == {told[0].event}
    assert {alert.kind for alert in told} <= {"new", "update"}
    assert told[0].issued - last.info.origin_time <= 9.0
    assert abs(told[-1].magnitude.value - 5.5) < 0.5
    assert told[-1].max_intensity < 8.5
    origin = told[-1].origin
    assert float(distance_km(*made_network.QUAKE, origin.lat, origin.lon)) <= 15.0


def test_it_is_named_in_health_and_check(tmp_path):
    recording = made_network.network(6, None, seconds=2.0)
    bad = recording.stations[0].code
    known = {bad: (2.0, 2.1, 1.9, 2.0)}
    rooms = made_network.pipeline(recording.stations, gains=known)
    health = Health(recording.stations, 0.0)
    health.wrong_gains(rooms.decider.gains.wrong())
    assert any(
        bad in problem and "wrong gain" in problem for problem in health.report(1.0).problems
    )
    made_network.write_config(tmp_path, recording.stations)
    (tmp_path / "record").mkdir()
    gain_file.save(tmp_path / "record", recording.stations, known)
    found = check_config(tmp_path / "forewave.toml", seconds=0)
    assert [f.subject for f in found if "1e+02 times too large" in f.what] == [bad]
