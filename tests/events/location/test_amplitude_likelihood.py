"""The likelihood of each magnitude by one station's motion, part by part."""

import numpy as np
import pytest

from forewave.events.location import amplitude_likelihood
from forewave.events.location.amplitude_likelihood import Answer, Motion
from forewave.events.location.evidence import AGES, MAGNITUDES, PER_SECOND, make_tables
from forewave.events.location.source_duration import half_duration, visible_magnitude
from forewave.events.relations import cua_heaton_2007 as envelopes

KM = 40.0
CHOSEN = np.arange(len(MAGNITUDES))
ROW = {m: int(np.argmin(np.abs(MAGNITUDES - m))) for m in (3.0, 5.0, 7.0, 8.0)}
AGE = np.arange(1, AGES + 1) / PER_SECOND


@pytest.fixture(scope="module")
def tables(travel_times):
    return make_tables(travel_times)


def growth(log_peak, later=0.0, since=np.inf):
    """A peak that is there after two seconds; `later` more since an age."""
    short = envelopes.GROWTH * np.maximum(0.0, 1.0 - AGE / envelopes.GROWTH_SPAN)
    return log_peak - short + np.where(since <= AGE, later, 0.0)


def nothing():
    return Answer(CHOSEN, np.zeros(len(MAGNITUDES)), np.zeros(len(MAGNITUDES)))


def test_a_table_is_looked_up_between_its_kilometres_and_ends_flat():
    row = np.array([0.0, 1.0, 4.0])
    assert [amplitude_likelihood.at(row, km) for km in (0.0, 0.5, 1.5, 9.0)] == [0.0, 0.5, 2.5, 4.0]


@pytest.mark.parametrize(("km", "depth_km"), [(30.0, 4.0), (30.0, 60.0), (0.0, 8.0)])
def test_distance_is_that_of_the_envelopes(km, depth_km):
    assert amplitude_likelihood.slant(km, depth_km) == pytest.approx(
        float(envelopes.slant_km(km, depth_km))
    )


def test_half_of_the_waves_at_the_level_of_picks_are_seen():
    assert amplitude_likelihood.seen(amplitude_likelihood.PICK_LEVEL) == pytest.approx(0.5)
    assert amplitude_likelihood.seen(-1.0) < 0.01
    assert amplitude_likelihood.seen(3.0) > 0.99


def test_a_phase_is_short_at_first_and_whole_after_two_seconds():
    assert amplitude_likelihood.short(0.0) == amplitude_likelihood.short(-1.0) == envelopes.GROWTH
    assert amplitude_likelihood.short(1.0) == pytest.approx(envelopes.GROWTH / 2)
    assert amplitude_likelihood.short(2.0) == amplitude_likelihood.short(60.0) == 0.0


@pytest.mark.parametrize("age", [2.0, 5.0, 12.0])
def test_no_more_is_seen_than_of_what_has_broken(tables, age):
    expected = envelopes.log_amplitude(envelopes.P_ZA, visible_magnitude(age), KM)
    assert amplitude_likelihood.ceiling(tables.log_p, KM, age) == pytest.approx(
        float(expected), abs=0.03
    )


@pytest.mark.parametrize("sigma", [0.2, 0.42])
def test_a_density_is_a_density_with_a_share_of_odd_ones(sigma):
    off = np.arange(-8.0, 8.0, 0.01)
    values = np.exp([amplitude_likelihood.density(each, sigma) for each in off])
    assert 0.9 < values.sum() * 0.01 <= 1.0  # the larger of two is less than their sum
    assert amplitude_likelihood.density(3.0, sigma) > -0.5 * (3.0 / sigma) ** 2 + 5.0


def test_displacement_drowned_in_noise_is_known_to_be_no_more():
    drowned = [amplitude_likelihood.colour(-6.0, -6.2, expected) for expected in (-8.0, -6.0, -4.0)]
    assert drowned == sorted(drowned, reverse=True)
    assert drowned[0] == pytest.approx(0.0, abs=0.01)
    assert drowned[2] > np.log(amplitude_likelihood.ODD) - 0.01  # a share is odd
    assert (
        amplitude_likelihood.colour(np.nan, -6.0, -5.0)
        == amplitude_likelihood.colour(-5.0, np.nan, -5.0)
        == 0.0
    )
    assert amplitude_likelihood.colour(-4.0, -6.0, -4.0) > amplitude_likelihood.colour(
        -4.0, -6.0, -5.0
    )


def test_the_peak_of_p_is_likeliest_of_its_own_magnitude(tables):
    answer = nothing()
    motion = Motion(growth(tables.log_p[ROW[5.0], int(KM)]), np.nan, np.nan)
    amplitude_likelihood.add_p(answer, motion, KM, 3.0, tables.log_p)
    _, out, off = answer
    assert int(np.argmax(out)) == ROW[5.0]
    assert off[ROW[5.0]] == pytest.approx(0.0, abs=1e-9)
    assert off[ROW[3.0]] > 1.0
    # of all that cannot have broken further in 3 s no more can have been seen
    assert out[ROW[7.0]] == pytest.approx(out[ROW[7.0] + 1], abs=1e-9)


def of_s(tables, later=0.0, known=True, shift=0.0):
    """Likelihood by 28 s of an M5's motion, S after 5 s; `later` more since 25 s."""
    answer = nothing()
    answer.off[:] = shift
    peak = growth(tables.log_s[ROW[5.0], int(KM)] + shift, later, 25.0)
    motion = Motion(peak, np.nan, np.nan)
    amplitude_likelihood.add_s(answer, motion, KM, 28.0, 23.0, known, tables)
    return answer.log_density


def test_the_peak_of_s_is_likeliest_of_its_own_magnitude(tables):
    assert int(np.argmax(of_s(tables))) == ROW[5.0]


def test_s_has_much_of_ps_residual_in_common(tables):
    """A site that made P twice as strong does so to S."""
    shared, alone = (of_s(tables, known=known, shift=0.3)[ROW[5.0]] for known in (True, False))
    assert shared > alone


def test_what_grows_on_after_the_source_should_have_ended_is_not_its_own(tables):
    ended, grows = of_s(tables), of_s(tables, later=0.6)
    small, great = ROW[5.0], ROW[8.0]  # the great one still breaks
    assert half_duration(8.0) > 23.0
    assert grows[small] < ended[small] - 2.0
    assert grows[great] - ended[great] > grows[small] - ended[small]


def test_much_displacement_favours_a_great_earthquake(tables):
    def best(more):
        answer = nothing()
        motion = Motion(np.zeros(AGES), tables.log_pd[ROW[5.0], int(KM)] + more, -9.0)
        amplitude_likelihood.add_colour(answer, motion, KM, 4.0, tables.log_pd)
        return MAGNITUDES[int(np.argmax(answer.log_density))]

    assert best(-0.6) < best(0.0) == 5.0
    assert best(0.6) > 5.0
