import numpy as np
import pytest

from forewave.earth.distance import distance_km
from forewave.simulate.network import Fdsn, Grid, Listed, Ring, sensor_of, stations
from forewave.types import Station

CENTRE = {"lat": 24.0, "lon": 121.0}


def test_a_grid_has_its_spacing():
    actual = stations(Grid(**CENTRE, spacing_km=20.0, count=25), 1)
    apart = [
        [float(distance_km(a.lat, a.lon, b.lat, b.lon)) for b in actual if b is not a]
        for a in actual
    ]
    assert len(actual) == 25
    assert [min(row) for row in apart] == pytest.approx([20.0] * 25, rel=0.02)


def test_one_more_station_changes_no_other():
    small, large = (
        stations(Grid(**CENTRE, spacing_km=20.0, count=n, jitter=0.4), 1) for n in (12, 40)
    )
    assert large[:12] == small


def test_jitter_follows_the_seed():
    one, two = (stations(Grid(**CENTRE, spacing_km=20.0, count=9, jitter=0.4), s) for s in (1, 2))
    assert one != two


def test_a_ring_is_round():
    actual = stations(Ring(**CENTRE, radius_km=50.0, count=8), 1)
    away = [float(distance_km(24.0, 121.0, s.lat, s.lon)) for s in actual]
    assert away == pytest.approx([50.0] * 8, rel=0.01)
    assert len({round(s.lat, 3) for s in actual}) > 4


def test_sensors_can_be_mixed_and_stay_with_their_stations():
    kinds = ("mems", "broadband")
    few, many = (
        stations(Grid(**CENTRE, spacing_km=20.0, count=n, sensor=kinds), 1) for n in (10, 60)
    )
    bands = [s.channels[0].stream.channel[:2] for s in many]
    assert many[:10] == few
    assert 15 < bands.count("HN") < 45
    network = Grid(**CENTRE, spacing_km=20.0, count=60, sensor=kinds)
    assert [sensor_of(network, s).band for s in many] == bands


def test_stations_of_an_fdsn_list_are_equipped(tmp_path):
    file = tmp_path / "stations.txt"
    file.write_text("#Network|Station|Latitude|Longitude|Elevation\nNZ|WEL|-41.28|174.77|138\n")
    (actual,) = stations(Fdsn(path=str(file), sensor="mems", vs30_ms=300.0), 1)
    assert (actual.code, actual.elevation_m, actual.vs30_ms) == ("NZ.WEL", 138.0, 300.0)
    assert [str(c.stream) for c in actual.channels] == [f"NZ.WEL..HN{c}" for c in "ZNE"]


def test_listed_stations_stand_where_they_are_listed():
    network = Listed(stations=(("AAA", 24.1, 121.2), ("BBB", 24.3, 121.4)), code="TW", rate=50.0)
    first, second = stations(network, 1)
    assert (first.code, first.lat, first.lon) == ("TW.AAA", 24.1, 121.2)
    assert [str(c.stream) for c in second.channels] == [f"TW.BBB..HN{c}" for c in "ZNE"]
    assert {c.rate for c in first.channels} == {50.0}


def test_sensor_classes_give_channels_their_names_and_units():
    actual = stations(Ring(**CENTRE, radius_km=50.0, count=1, sensor="broadband"), 1)
    assert [c.stream.channel for c in actual[0].channels] == ["HHZ", "HHN", "HHE"]
    assert {c.unit for c in actual[0].channels} == {"m/s"}
    assert isinstance(actual[0], Station)
    assert np.isfinite(actual[0].channels[0].gain)
