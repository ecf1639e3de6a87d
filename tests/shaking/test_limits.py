"""Limits at which the shaking room changes its mind, each from both sides."""

import numpy as np
import pytest
from msgspec.structs import replace

from forewave.earth.gmm import boore_2014
from forewave.earth.gmm.card import Source
from forewave.earth.unknown_rupture import Spread
from forewave.earth.wells_coppersmith_1994 import rupture_length_km
from forewave.shaking import posterior, prior
from forewave.shaking.forecaster import Forecaster
from forewave.shaking.intensity import worden_2012
from forewave.shaking.observed import NOT_FELT, Observed
from forewave.shaking.source_distance import longest_km
from forewave.types import StationState
from tests.shaking.test_forecaster import TABLE, heard, ring, seen, solution
from tests.shaking.test_observed import amplitude, state
from tests.shaking.test_residuals import field, stations


def mmi(*words, p=10.0, s=17.0):
    """MMI that one station saw of an earthquake with a rupture of 5 km: S passes 5 s after s."""
    room = Observed(["ST.A"])
    for word in words:
        room.note(word)
    return room.of(np.array([p]), np.array([s]), 5.0).mmi[0]


@pytest.mark.parametrize(("grew", "own"), [(8.9, False), (9.1, True), (51.9, True), (52.1, False)])
def test_motion_is_an_earthquakes_from_a_second_before_p_to_half_a_minute_after_it(grew, own):
    assert np.isfinite(mmi(amplitude(grew))) == own


def test_the_larger_horizontal_is_eleven_twelfths_of_the_vector():
    by_both = worden_2012.from_pga(0.9 * 1.1 / 1.2) + worden_2012.from_pgv(0.08 * 1.1 / 1.2)
    assert mmi(amplitude(16.0, 0.9, 0.08)) == pytest.approx(by_both / 2)


@pytest.mark.parametrize(("later", "kept"), [(59.0, True), (61.0, False)])
@pytest.mark.parametrize("clipped", [False, True])
def test_a_peak_is_kept_for_a_minute_after_a_new_measurement_began(later, kept, clipped):
    room = Observed(["ST.A"])
    room.note(amplitude(5.0, 4.0, 0.4, clipped=clipped))
    assert room.note(amplitude(5.0 + later, 0.2, 0.02)) is not kept
    room.note(state(1000.0))
    found = room.of(np.array([5.0 + later]), np.array([6.0 + later]), 5.0)
    assert (found.mmi[0] < 6.0) is not kept
    assert found.settled[0] == (not (kept and clipped))


@pytest.mark.parametrize(("before", "silent"), [(119.0, False), (121.0, True)])
def test_for_two_minutes_an_earlier_peak_may_hide_a_smaller_one(before, silent):
    found = mmi(amplitude(200.0 - before), state(300.0), p=200.0, s=210.0)
    assert found == NOT_FELT if silent else np.isnan(found)


@pytest.mark.parametrize("health", ["good", "noisy", "gappy", "clock"])
def test_stations_that_measure_motion_rightly_are_asked_about_silence(health):
    assert mmi(state(60.0, health=health)) == NOT_FELT


@pytest.mark.parametrize("health", ["stuck", "clipped", "late", "changed", "unusable"])
def test_the_silence_of_other_stations_says_nothing(health):
    assert np.isnan(mmi(state(60.0, health=health)))


def test_a_word_that_comes_late_does_not_undo_a_later_one():
    assert mmi(state(60.0), state(15.0)) == NOT_FELT


def test_an_event_is_followed_for_two_minutes():
    room = Forecaster(ring(20.0), TABLE)
    room.feed(solution(5.5), 1020.0)
    room.feed(seen("ST.20", 1019.0, 8.0), 1118.0)
    assert room.deadline() == 1119.0
    room.tick(1121.0)
    room.feed(seen("ST.20", 1121.5, 9.0), 1121.5)
    assert room.deadline() is None


def test_motion_between_p_and_s_is_already_its_own():
    room = Forecaster(ring(20.0, 35.0, 50.0, 65.0), TABLE)
    (before,) = room.feed(solution(5.5), 1005.0)
    for x in (50, 65):  # P at 1010 and 1012.5, S at 1017.1 and 1021.4
        room.feed(seen(f"ST.{x}", 1014.0, 7.0), 1014.0)
    (after,) = room.feed(solution(5.5), 1014.5)
    assert after.bias > before.bias + 0.2


def test_the_event_that_is_due_first_makes_the_deadline():
    room = Forecaster(ring(20.0), TABLE)
    for i in range(8):
        room.feed(solution(5.5, event=f"ev{i}"), 1020.0 if i < 7 else 1022.0)
    room.feed(seen("ST.20", 1019.0, 8.0), 1022.1)
    assert room.deadline() == 1023.0


def test_forecasts_that_have_become_less_are_told_as_well():
    places = ring(20.0, 35.0, 50.0, 65.0)
    room = Forecaster(places, TABLE)
    room.feed(solution(6.0), 1020.0)
    for x in (20, 35, 50, 65):
        room.feed(StationState(f"ST.{x}", 1100.0, 0.5, "good", 0.001, 1e-6), 1100.0)
    (shaking,) = room.tick(1101.0)
    assert shaking.bias < -0.3


def test_motion_from_before_its_waves_is_not_another_earthquakes():
    """A later great earthquake does not take the motion of the one before it."""
    places = ring(20.0, 35.0, 50.0, 65.0)
    rooms = [Forecaster(places, TABLE) for _ in range(2)]
    later = solution(7.5, event="great")
    later = replace(later, origin=replace(later.origin, time=1040.0))
    for room, both in zip(rooms, (True, False), strict=True):
        room.feed(solution(5.5), 1020.0)
        for x in (20, 35, 50, 65):
            room.feed(seen(f"ST.{x}", 1030.0, 6.5), 1030.0)
        if both:
            room.feed(later, 1042.0)
    with_great, alone = (room.feed(solution(5.5), 1043.0)[0] for room in rooms)
    assert alone.bias > 0.5
    assert with_great == alone


def test_of_three_stations_each_is_told_by_two_which_cannot_doubt_the_source():
    x, residual = np.array([0.0, 50.0, 100.0]), np.full(3, 3.0)
    added, _ = stations(x, residual).at_themselves()
    for i in range(3):
        others = np.arange(3) != i
        said = stations(x[others], residual[others]).at(field(x[[i]]))
        assert added[i] == pytest.approx(said.bias + said.nearby[0], abs=1e-3)


def test_motion_that_was_expected_leaves_a_deep_earthquakes_bias_as_it_is():
    before, after = heard(
        solution(7.1, 60.0), ring(20.0, 50.0, 80.0), {f"ST.{x}": 0.0 for x in (20, 50, 80)}
    )
    assert before.bias > 1.0
    assert after.bias == pytest.approx(before.bias, abs=0.2)


def test_weak_motion_before_s_says_nothing_yet():
    room = Forecaster(ring(20.0, 65.0), TABLE)
    (before,) = room.feed(solution(6.5), 1005.0)
    room.feed(seen("ST.65", 1014.0, 2.5), 1014.0)  # P at 1012.5, S at 1021.4
    (early,) = room.feed(solution(6.5), 1014.5)
    assert early == before
    room.feed(seen("ST.65", 1021.5, 2.6), 1021.5)
    (later,) = room.feed(solution(6.5), 1022.0)
    assert later.forecasts != before.forecasts


def test_of_too_many_stations_the_nearest_are_asked(monkeypatch):
    monkeypatch.setattr(posterior, "MOST_STATIONS", 2)
    places = ring(20.0, 35.0, 150.0, 165.0)
    levels = {"ST.20": 1.0, "ST.35": 1.0, "ST.150": 0.01, "ST.165": 0.01}
    assert heard(solution(6.5), places, levels)[1].bias > 0.2


def test_an_epicentre_in_doubt_by_half_its_distance_makes_half_a_unit_of_doubt():
    here = Spread(np.array([40.0]), np.array([0.0]))
    at = (boore_2014.MODEL, Source(6.0, 10.0))
    doubts = [
        prior.forecast(*at, prior.Unsure(0.3, km), here, np.array([400.0])).placed[0]
        for km in (0.0, 20.0)
    ]
    assert doubts[0] == 0.0
    assert 0.5 < doubts[1] < 1.5  # 1 to 3 units of MMI for a factor e in distance


def test_a_rupture_may_be_as_long_as_a_sigma_more_of_magnitude_has_it():
    unsure = solution(magnitude=6.5)
    unsure = replace(unsure, magnitude=replace(unsure.magnitude, sigma=0.5))
    assert longest_km(unsure) == pytest.approx(rupture_length_km(7.0))
