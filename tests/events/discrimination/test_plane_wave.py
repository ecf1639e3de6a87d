"""A plane wave through picks."""

import numpy as np
import pytest

from forewave.events.discrimination import plane_wave

EAST, NORTH = np.meshgrid(np.arange(0.0, 80.0, 20.0), np.arange(0.0, 60.0, 20.0))
X, Y = EAST.ravel(), NORTH.ravel()
SLOWNESS = np.array([0.03, -0.05])


def times(slowness):
    return 7.0 + X * slowness[0] + Y * slowness[1]


def test_it_is_found_and_gives_its_arrival_elsewhere():
    wave = plane_wave.fit(X, Y, times(SLOWNESS), 0.5, 0.09)
    assert wave.slowness == pytest.approx(SLOWNESS)
    assert wave.residual == pytest.approx(0.0, abs=1e-9)
    there = wave.arrival(np.array([100.0]), np.array([-40.0]))
    assert there == pytest.approx(7.0 + 3.0 + 2.0)


def test_one_odd_pick_does_not_turn_it():
    odd = times(SLOWNESS)
    odd[0] += 8.0
    wave = plane_wave.fit(X, Y, odd, 0.5, 0.09)
    assert wave.slowness == pytest.approx(SLOWNESS, abs=0.012)
    assert wave.residual[0] > 6.0


def test_it_is_never_slower_than_it_may_be():
    wave = plane_wave.fit(X, Y, times(5.0 * SLOWNESS), 0.5, 0.09)
    assert np.hypot(*wave.slowness) <= 0.09 + 1e-9


def test_its_aperture_is_that_of_the_stations_and_never_nothing():
    wave = plane_wave.fit(X, Y, times(SLOWNESS), 0.5, 0.09)
    assert wave.aperture_km == pytest.approx(np.sqrt(X.var() + Y.var()))
    one = plane_wave.fit(X[:1], Y[:1], X[:1], 0.5, 0.09)
    assert one.aperture_km == 1.0
