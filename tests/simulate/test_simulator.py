import subprocess
import sys

import numpy as np
import pytest
from msgspec.structs import replace

from forewave.archive import travel_time
from forewave.evaluate.scoring import truth
from forewave.formats.recordings import event_directory
from forewave.simulate.scenario import load_scenario, parse
from forewave.simulate.simulator import simulate
from forewave.simulate.telemetry import Telemetry
from forewave.sources import replay

SCENARIO = """
duration = 40.0
[[earthquake]]
after = 5.0
lat = 24.0
lon = 121.0
depth_km = 10.0
magnitude = 5.5
[network]
layout = "grid"
lat = 24.0
lon = 121.0
spacing_km = 25.0
count = 5
"""


@pytest.fixture(scope="module")
def scenario():
    return parse(SCENARIO, "test.toml")


@pytest.fixture(scope="module")
def recording(scenario):
    return simulate(scenario)


def samples(recording):
    return {str(p.stream): p.samples.tobytes() for p in recording.segments}


def test_the_same_scenario_makes_the_same_bytes(scenario, recording):
    assert samples(simulate(scenario)) == samples(recording)


def test_another_seed_gives_another_recording(scenario, recording):
    other = samples(simulate(replace(scenario, seed=2)))
    assert all(other[stream] != data for stream, data in samples(recording).items())


def test_one_more_station_changes_no_other(scenario, recording):
    more = samples(simulate(replace(scenario, network=replace(scenario.network, count=9))))
    few = samples(recording)
    assert {stream: more[stream] for stream in few} == few


def test_the_record_holds_every_channel_for_the_whole_time(scenario, recording):
    assert len(recording.segments) == 15
    assert {len(p.samples) for p in recording.segments} == {4000}
    assert {p.start for p in recording.segments} == {scenario.start.timestamp()}
    assert recording.info.origin_time == scenario.start.timestamp() + 5.0
    assert (recording.info.magnitude, recording.info.event_type) == (5.5, "earthquake")


def test_the_centre_shakes_and_was_quiet_before(recording):
    station = recording.stations[0]
    vertical = next(p for p in recording.segments if p.stream == station.channels[0].stream)
    motion = vertical.samples / station.channels[0].gain
    assert np.abs(motion[:600]).max() < 0.01
    assert 0.3 < np.abs(motion).max() < 20.0


def test_an_event_directory_of_it_reads_back(tmp_path, recording):
    event_directory.write(tmp_path / "x", recording.info, recording.stations, recording.segments)
    back = event_directory.read(tmp_path / "x")
    assert samples(back) == samples(recording)
    assert back.info.magnitude == 5.5


def test_two_earthquakes_are_the_sum_of_each(scenario):
    first = scenario.earthquake[0]
    later = replace(first, after=20.0)
    both, one = (
        samples_of(simulate(replace(scenario, earthquake=quakes)))
        for quakes in ((first, later), (first,))
    )
    assert np.abs(both - one)[:, :2000].max() <= 10
    assert np.abs(both - one)[:, 2200:].max() > 1000


def test_every_earthquake_is_named_and_read_by_a_referee(tmp_path, scenario):
    first = scenario.earthquake[0]
    later = replace(first, after=20.0, lat=24.5, magnitude=4.5)
    actual = simulate(replace(scenario, earthquake=(first, later)))
    assert actual.info.complete
    event_directory.write(tmp_path / "x", actual.info, actual.stations, actual.segments)
    facts = truth.truth(event_directory.read(tmp_path / "x"), travel_time.load())
    begin = scenario.start.timestamp()
    assert facts.quake == truth.Quake(begin + 5.0, 24.0, 121.0, 10.0, 5.5)
    assert facts.others == (truth.Quake(begin + 20.0, 24.5, 121.0, 10.0, 4.5),)
    assert facts.complete


def test_of_simulated_noise_it_is_known_that_there_was_no_earthquake(scenario):
    assert simulate(replace(scenario, earthquake=())).info.complete


def test_the_rupture_of_a_large_earthquake_is_in_event_json(tmp_path, scenario):
    great = replace(scenario.earthquake[0], magnitude=7.0, along=0.0)
    actual = simulate(replace(scenario, earthquake=(great,)))
    event_directory.write(tmp_path / "x", actual.info, actual.stations, actual.segments)
    rupture_read = event_directory.read(tmp_path / "x").info.rupture
    assert rupture_read == actual.info.rupture
    assert rupture_read.length_km == pytest.approx(49.0, abs=1.0)
    assert rupture_read.lat2 - rupture_read.lat1 == pytest.approx(49.0 / 111.195, abs=0.02)


def samples_of(recording):
    return np.stack([p.samples.astype(float) for p in recording.segments])


def test_telemetry_leaves_gaps_and_receipts(scenario):
    lossy = simulate(replace(scenario, telemetry=Telemetry(loss=0.2)))
    assert lossy.receipts is not None
    assert len(lossy.segments) > 15
    assert sum(len(p.samples) for p in lossy.segments) < 15 * 4000
    by_code = {r.station for r in lossy.receipts}
    assert by_code == {s.code for s in lossy.stations}


def test_replay_gives_the_packets_as_telemetry_sent_them(scenario):
    sent = simulate(replace(scenario, telemetry=Telemetry(delay=0.3, spread=0.2)))
    arrivals = replay.arrivals(sent)
    assert len(arrivals) == 15 * 40
    lags = [at - (p.start + len(p.samples) / p.rate) for at, p in arrivals]
    assert np.median(lags) == pytest.approx(0.3, rel=0.1)


def test_a_disturbance_strikes_its_station_only(scenario):
    text = SCENARIO.replace("[[earthquake]]", '[[disturbance]]\nkind = "spike"\nafter = 30.0\n'
                            'size = 5.0\nstation = "XX.S0002"\n[[earthquake]]')  # fmt: skip
    struck, clean = (samples(simulate(s)) for s in (parse(text, "x.toml"), scenario))
    assert {stream for stream in clean if clean[stream] != struck[stream]} == {"XX.S0002..HNZ"}


def test_without_earthquakes_it_is_noise():
    recording = simulate(load_scenario("quiet"))
    assert (recording.info.event_type, recording.info.magnitude) == ("noise", None)
    assert len(recording.stations) == 25


def test_progress_counts_the_stations(scenario):
    seen = []
    simulate(scenario, lambda done, total: seen.append((done, total)))
    assert seen == [(i, 5) for i in range(1, 6)]


def test_a_network_can_be_borrowed_from_an_event_directory(tmp_path, scenario, recording):
    event_directory.write(tmp_path / "x", recording.info, recording.stations, recording.segments)
    text = SCENARIO[: SCENARIO.index("[network]")] + '[network]\nlayout = "event"\npath = "x"\n'
    borrowed = simulate(parse(text, str(tmp_path / "y.toml")))
    assert [s.code for s in borrowed.stations] == sorted(s.code for s in recording.stations)


def test_neither_obspy_nor_matplotlib_is_imported(scenario):
    """The demo must start at once; the table of travel times is in the cache by now."""
    code = (
        "import sys; from forewave.simulate.scenario import load_scenario; "
        "from forewave.simulate.simulator import simulate; simulate(load_scenario('small')); "
        "sys.exit(bool({'obspy', 'matplotlib'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
