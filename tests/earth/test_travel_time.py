import numpy as np
import pytest
from obspy.taup import TauPyModel

from forewave.earth import travel_time
from forewave.units import DEGREE_KM

FIRST = {"P": ["p", "P", "Pn", "Pdiff"], "S": ["s", "S", "Sn"]}


@pytest.mark.parametrize("phase", ["P", "S"])
@pytest.mark.parametrize(
    ("depth_km", "distances_km"),
    [
        (0.0, (3.0, 30.0, 145.0, 400.0)),
        (7.3, (0.5, 12.5, 33.3, 90.0, 160.0, 250.0, 700.0)),
        (15.0, (0.0, 20.0, 77.7, 180.0, 990.0)),
        (33.0, (10.0, 60.0, 200.0, 500.0)),
        (52.0, (1.0, 80.0, 300.0)),
        (155.0, (40.0, 350.0)),
        (600.0, (0.0, 800.0)),
    ],
)
def test_agrees_with_taup(travel_times, phase, depth_km, distances_km):
    taup = TauPyModel("iasp91")
    for km in distances_km:
        arrivals = taup.get_travel_times(depth_km, km / DEGREE_KM, FIRST[phase])
        first = min(arrival.time for arrival in arrivals)
        assert travel_times.seconds(phase, km, depth_km) == pytest.approx(first, abs=0.06)


def test_s_comes_after_p_and_later_farther_away(travel_times):
    assert np.all(travel_times.s >= travel_times.p)
    assert np.all(np.diff(travel_times.p, axis=0) > -1e-6)
    assert np.all(np.diff(travel_times.s, axis=0) > -1e-6)
    assert np.all(np.isfinite(travel_times.p))
    assert np.all(np.isfinite(travel_times.s))


@pytest.mark.parametrize(
    ("distance_km", "depth_km"),
    [(1000.1, 10.0), (-0.1, 10.0), (10.0, -0.1), (10.0, 700.1), (np.nan, 1.0), (1.0, np.nan)],
)
def test_beyond_its_edges_is_nan(travel_times, distance_km, depth_km):
    assert np.isnan(travel_times.seconds("P", distance_km, depth_km))


def test_its_edges_are_inside(travel_times):
    assert np.isfinite(travel_times.seconds("P", [0.0, 1000.0], [[0.0], [700.0]])).all()


def test_shapes_broadcast(travel_times):
    assert travel_times.seconds("S", np.ones((4, 1)), np.ones(3)).shape == (4, 3)


def test_the_phones_table_is_as_good(travel_times):
    """Within 0.2 s; below 100 km, where its depths are 50 km apart, 0.3 s."""
    coarse = travel_times.coarse()
    km, depth_km = np.arange(0.0, 1000.0, 3.7)[:, None], np.arange(0.0, 200.0, 3.1)
    for phase in ("P", "S"):
        error = coarse.seconds(phase, km, depth_km) - travel_times.seconds(phase, km, depth_km)
        assert np.abs(error[:, depth_km <= 100.0]).max() < 0.2
        assert np.abs(error).max() < 0.3
    assert coarse.p.size < 2000


def test_another_model_is_another_earth(travel_times):
    prem = travel_time.build("prem").seconds("P", 100.0, 10.0)
    assert 0.3 < abs(prem - travel_times.seconds("P", 100.0, 10.0)) < 3.0
