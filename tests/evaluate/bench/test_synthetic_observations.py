import numpy as np
import pytest

from forewave.evaluate.bench.great import stations_of
from forewave.evaluate.bench.synthetic_observations import SyntheticStations
from forewave.evaluate.scoring.catalogue import Quake
from forewave.types import Amplitude, Pick, StationState

STATIONS = stations_of(9)
QUAKE = Quake(3.0, 30.0, 104.0, 10.0, 6.0)


@pytest.fixture(scope="module")
def said(travel_times):
    speaker = SyntheticStations(STATIONS, [QUAKE], travel_times)
    return [each for second in range(20) for each in speaker.second(float(second))]


def words(said, kind):
    return [word for each in said for word in each.words if isinstance(word, kind)]


def test_every_station_says_how_it_is_every_second(said):
    assert len(words(said, StationState)) == 20 * len(STATIONS)


def test_every_station_picks_once_and_by_distance(said, travel_times):
    picks = words(said, Pick)
    assert sorted(p.station for p in picks) == sorted(s.code for s in STATIONS)
    assert all(3.0 < pick.time < 20.0 for pick in picks)


def test_nothing_arrives_before_it_happened(said):
    assert all(word.time < each.arrival for each in said for word in each.words
               if isinstance(word, Pick | Amplitude))  # fmt: skip
    arrivals = [each.arrival for each in said]
    assert arrivals == sorted(arrivals)


def test_amplitudes_grow_and_belong_to_picks(said):
    picks = {pick.id for pick in words(said, Pick)}
    amplitudes = words(said, Amplitude)
    assert {a.pick for a in amplitudes} == picks
    for code in {a.station for a in amplitudes}:
        peaks = [a.pa_ms2 for a in amplitudes if a.station == code]
        assert (np.diff(peaks) >= 0).all()


def test_an_earthquake_is_forgotten(travel_times):
    speaker = SyntheticStations(STATIONS, [QUAKE], travel_times)
    list(speaker.second(4.0))
    assert len(speaker._heard) == 1
    list(speaker.second(200.0))
    assert speaker._heard == []
