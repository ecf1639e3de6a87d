import numpy as np
import pytest

from forewave.evaluate.bench.great import stations_of
from forewave.evaluate.bench.synthetic_observations import SyntheticStations
from forewave.evaluate.scoring.catalogue import Quake
from forewave.types import Amplitude, Pick, StationState

STATIONS = stations_of(9)
QUAKE = Quake(3.0, 30.0, 104.0, 10.0, 6.0)


@pytest.fixture(scope="module")
def messages(travel_times):
    speaker = SyntheticStations(STATIONS, [QUAKE], travel_times)
    return [each for second in range(20) for each in speaker.second(float(second))]


def words(messages, kind):
    return [word for each in messages for word in each.words if isinstance(word, kind)]


def test_every_station_emits_a_state_every_second(messages):
    assert len(words(messages, StationState)) == 20 * len(STATIONS)


def test_every_station_picks_once_and_by_distance(messages, travel_times):
    picks = words(messages, Pick)
    assert sorted(p.station for p in picks) == sorted(s.code for s in STATIONS)
    assert all(3.0 < pick.time < 20.0 for pick in picks)


def test_nothing_arrives_before_it_happened(messages):
    assert all(word.time < each.arrival for each in messages for word in each.words
               if isinstance(word, Pick | Amplitude))  # fmt: skip
    arrivals = [each.arrival for each in messages]
    assert arrivals == sorted(arrivals)


def test_amplitudes_grow_and_belong_to_picks(messages):
    picks = {pick.id for pick in words(messages, Pick)}
    amplitudes = words(messages, Amplitude)
    assert {a.pick for a in amplitudes} == picks
    for code in {a.station for a in amplitudes}:
        peaks = [a.pa_ms2 for a in amplitudes if a.station == code]
        assert (np.diff(peaks) >= 0).all()


def test_an_earthquake_is_dropped_at_its_end(travel_times):
    speaker = SyntheticStations(STATIONS, [QUAKE], travel_times)
    list(speaker.second(4.0))
    assert len(speaker._motions) == 1
    list(speaker.second(200.0))
    assert speaker._motions == []
