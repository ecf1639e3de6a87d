import pytest
from msgspec.structs import replace

from forewave.archive import travel_time
from forewave.config import TownSettings
from forewave.earth.distance import distance_km
from forewave.live.places import elsewhere, example, places
from forewave.shaking.forecaster import ShakingSettings


def test_stations_first_then_the_towns_around_them(recording, somewhere):
    count = len(recording.stations)
    assert [p.name for p in somewhere[:count]] == [s.code for s in recording.stations]
    towns = somewhere[count:]
    assert {p.kind for p in towns} == {"town"}
    assert towns[0].name == "Taipei"
    assert len({p.name for p in towns}) == len(towns)


def test_towns_beyond_reach_are_left_out(recording):
    near = places(recording.stations, TownSettings(min_population=100_000, radius_km=30.0))
    for town in near[len(recording.stations) :]:
        assert min(_away_km(town, s) for s in recording.stations) <= 30.0


def _away_km(a, b):
    return float(distance_km(a.lat, a.lon, b.lat, b.lon))


@pytest.fixture
def choose(somewhere):
    return lambda info: example(somewhere, info, travel_time.load(), ShakingSettings())


def test_the_example_is_strongly_shaken_and_has_time(recording, choose):
    great = replace(recording.info, magnitude=7.0)
    town = choose(great)
    assert town.kind == "town"
    assert 40 < _away_km(town, great) < 120


def test_there_is_no_example_for_a_small_or_unknown_earthquake(recording, choose):
    assert choose(replace(recording.info, magnitude=4.0)) is None
    assert choose(replace(recording.info, lat=None)) is None


def test_one_is_shown_where_it_is_felt_before_any_warning_and_one_where_it_is_light(
    recording, somewhere
):
    great = replace(recording.info, magnitude=7.0)
    others = elsewhere(somewhere, great, travel_time.load(), ShakingSettings())
    assert _away_km(others.near, great) == 0.0
    assert others.far.kind == "town"
    assert _away_km(others.far, great) > 100
    unknown = elsewhere(somewhere, replace(great, lat=None), travel_time.load(), ShakingSettings())
    assert (unknown.near, unknown.far) == (None, None)
