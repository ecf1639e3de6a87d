"""A synthetic line is recovered in strike and length from its peaks; a point is not a line."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import astuple, replace

from forewave.earth.unknown_rupture import to_unknown_rupture
from forewave.earth.wells_coppersmith_1994 import rupture_length_km
from forewave.events.magnitude import line_source
from forewave.events.magnitude.expected_peaks import GRID, JOIN, S_HA
from forewave.events.magnitude.line_source import POINT_ALONE, Felt, Lines
from forewave.types import Origin
from tests.events.made import PLANE, T0

ORIGIN = Origin(T0, *PLANE.to_degrees(0.0, 0.0), 10.0, 0.3, 3.0, 4.0)
LATE = T0 + 120.0
AT = np.array([(x, y) for x in range(-200, 201, 25) for y in range(-200, 201, 25)], float)


def felt(magnitude, strike, back_km, ahead_km, sigma=0.25, seed=1, places=AT):
    """Peaks of S at stations around a line that breaks from (0, 0) to both sides."""
    x, y = places.T
    sin, cos = np.sin(np.radians(strike)), np.cos(np.radians(strike))
    along, across = x * sin + y * cos, x * cos - y * sin
    km = np.hypot(along - np.clip(along, -back_km, ahead_km), across)
    level = S_HA.log_peak[np.rint(km).astype(int), np.searchsorted(GRID, magnitude - 0.01)]
    rng = np.random.default_rng(seed)
    return Felt(x, y, level + rng.normal(0.0, sigma, len(x)), np.ones(len(x), bool))


def lines(known, magnitude=7.5, now=LATE):
    return line_source.search(known, PLANE, ORIGIN, magnitude, now)


def search(known, magnitude=7.5, now=LATE):
    return lines(known, magnitude, now).answer(PLANE, ORIGIN, answered=False)


def apart(one, other):
    """Degrees between two strikes, which have no direction."""
    return abs((one - other + 90.0) % 180.0 - 90.0)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("strike", "back_km", "ahead_km"), [(40.0, 0.0, 100.0), (95.0, 20.0, 80.0), (160.0, 60.0, 60.0)]
)
def test_a_great_earthquakes_line_is_found(strike, back_km, ahead_km, seed):
    found = search(felt(7.5, strike, back_km, ahead_km, seed=seed))
    assert apart(found.strike, strike) <= 15.0
    assert found.length_km == pytest.approx(back_km + ahead_km, rel=0.4)
    ends = sorted(
        float(np.hypot(*PLANE.to_km(lat, lon)))
        for lat, lon in ((found.lat1, found.lon1), (found.lat2, found.lon2))
    )
    assert ends == pytest.approx(sorted([back_km, ahead_km]), abs=35.0)
    assert found.top_km == 0.0


def test_it_can_be_recorded():
    """Plain numbers: numpy's cost a moment of the record."""
    found = search(felt(7.5, 40.0, 0.0, 110.0))
    assert {type(value) for value in astuple(found)} == {float}


def test_its_ends_are_its_length_apart_along_its_strike():
    found = search(felt(7.5, 40.0, 20.0, 100.0))
    x, y = PLANE.to_km(np.array([found.lat1, found.lat2]), np.array([found.lon1, found.lon2]))
    assert np.hypot(*np.ptp([x, y], axis=1)) == pytest.approx(found.length_km, rel=1e-3)
    towards = np.degrees(np.arctan2(x[1] - x[0], y[1] - y[0]))
    assert apart(towards, found.strike) < 0.5


@pytest.mark.parametrize("seed", range(5))
def test_a_point_is_not_a_line(seed):
    assert search(felt(6.5, 0.0, 0.0, 0.0, seed=seed), 6.5) is None


def test_a_stronger_or_weaker_earthquake_of_its_size_is_no_longer_or_shorter():
    """Stress drop moves all peaks alike; the pattern decides."""
    known = felt(7.5, 40.0, 0.0, 100.0)
    for level in (-0.2, 0.2):
        found = search(replace(known, log_pga=known.log_pga + level))
        assert apart(found.strike, 40.0) <= 15.0
        assert found.length_km == pytest.approx(100.0, rel=0.5)


def test_one_wrong_gain_makes_no_line():
    known = felt(6.5, 0.0, 0.0, 0.0)
    known.log_pga[7] += 2.0
    assert search(known, 6.5) is None


def test_it_is_no_longer_than_it_can_have_run_nor_than_its_size():
    known = felt(7.5, 40.0, 0.0, 100.0)
    for seconds in (5.0, 15.0):
        found = search(known, now=T0 + seconds)
        assert found is None or found.length_km <= 2 * line_source.FASTEST_KMS * seconds
    found = search(known, 6.3)
    assert found is None or found.length_km <= rupture_length_km(7.0)
    assert search(known, now=T0 - 3.0) is None


def test_few_stations_or_a_small_earthquake_show_no_direction():
    known = felt(7.5, 40.0, 0.0, 100.0)
    assert search(felt(7.5, 40.0, 0.0, 100.0, places=AT[:5])) is None
    assert search(known, 5.9) is None


def test_a_growing_peak_is_a_lower_bound():
    """Weak peaks ahead of the rupture do not end it; weak peaks that stay do."""
    known = felt(7.5, 0.0, 0.0, 100.0, sigma=0.05)
    ahead = known.y_km > 60.0
    weak = np.where(ahead, known.log_pga - 1.0, known.log_pga)
    growing, ended = (
        search(replace(known, log_pga=weak, ended=~ahead if grows else known.ended))
        for grows in (True, False)
    )
    assert ended is None or ended.length_km < growing.length_km


def one_line(strike, back_km, ahead_km, probability=1.0):
    of_line = (np.array([value]) for value in (strike, back_km, ahead_km, probability))
    return Lines(*of_line, 1.0 - probability)


def test_distance_is_from_the_line_where_there_is_one():
    line = one_line(0.0, 0.0, 100.0)
    found = line.slant_km(10.0, 90.0, float(np.hypot(10.0, 90.0)), 8.0)
    assert found == pytest.approx(np.full(len(GRID), 10.0), abs=0.1)
    assert line.slant_km(0.0, 130.0, 130.0, 8.0) == pytest.approx(30.0, abs=0.3)


def test_a_line_is_no_longer_behind_the_epicentre_than_it_reaches_back():
    found = one_line(0.0, 20.0, 100.0).slant_km(0.0, -70.0, 70.0, 8.0)
    assert found == pytest.approx(50.0, abs=0.3)


def test_without_a_line_it_is_the_mean_over_ruptures_of_each_magnitude():
    """Up to where the envelopes have records it is the epicentre's; a greater one comes nearer."""
    found = POINT_ALONE.slant_km(10.0, 90.0, 91.0, 8.0)
    assert found[GRID <= JOIN] == pytest.approx(91.0)
    assert (np.diff(found) <= 1e-9).all()
    for magnitude in (7.0, 8.0, 9.0):
        column = int(np.argmin(np.abs(GRID - magnitude)))
        expected = to_unknown_rupture(np.array([91.0]), float(GRID[column])).distance_km[0]
        assert found[column] == pytest.approx(expected, rel=1e-6)
    deep = POINT_ALONE.slant_km(10.0, 90.0, 91.0, 120.0)
    assert (deep > found + 20.0).all()


@given(st.floats(0.0, 1.0))
def test_a_line_of_probability_one_half_gives_a_mean_distance(probability):
    """No step of the distance, and so none of the magnitude, as a line comes or goes."""
    at = (10.0, 90.0, 90.6, 8.0)
    on_line, on_point = one_line(0.0, 0.0, 100.0).slant_km(*at), POINT_ALONE.slant_km(*at)
    found = one_line(0.0, 0.0, 100.0, probability).slant_km(*at)
    assert found == pytest.approx(on_line**probability * on_point ** (1.0 - probability))


def test_a_station_on_the_epicentre_has_a_distance():
    assert np.isfinite(POINT_ALONE.slant_km(0.0, 0.0, 0.0, 5.0)).all()


def test_lines_and_the_point_are_all_there_is():
    for known in (felt(7.5, 40.0, 0.0, 100.0), felt(6.5, 0.0, 0.0, 0.0)):
        found = lines(known)
        assert found.probability.sum() + found.point == pytest.approx(1.0)
        assert (found.probability >= 0.0).all()


def test_a_line_that_was_answered_stays_until_a_point_is_likelier():
    for probability, answered in ((0.97, True), (0.6, True), (0.4, False)):
        line = one_line(0.0, 0.0, 100.0, probability)
        assert (line.answer(PLANE, ORIGIN, answered=True) is not None) == answered
    assert one_line(0.0, 0.0, 100.0, 0.97).answer(PLANE, ORIGIN, answered=False) is not None
    assert one_line(0.0, 0.0, 100.0, 0.6).answer(PLANE, ORIGIN, answered=False) is None


def test_lengths_are_wells_and_coppersmiths():
    assert rupture_length_km(6.0) == pytest.approx(12.6, abs=0.05)
    assert rupture_length_km(7.0) == pytest.approx(49.0, abs=0.05)
    assert rupture_length_km(8.0) == pytest.approx(190.5, abs=0.05)
