"""One source's likelihood, piece by piece, at nodes chosen by hand."""

import numpy as np
import pytest
from msgspec.structs import replace

from forewave.events.location import likelihood
from forewave.events.location.amplitude_likelihood import seen
from forewave.events.location.evidence import (
    AGES,
    DEPTHS_KM,
    MAGNITUDES,
    PER_SECOND,
    PICK_LEVEL,
    make_tables,
)
from forewave.events.relations import cua_heaton_2007 as envelopes
from tests.events import made

DEPTH = int(np.argmin(np.abs(DEPTHS_KM - 12.0)))
X = np.array([-20.0, 25.0, 5.0, 10.0])
Y = np.array([5.0, 0.0, 30.0, -25.0])


@pytest.fixture(scope="module")
def tables(travel_times):
    return make_tables(travel_times)


@pytest.fixture(scope="module")
def picks(travel_times):
    """Four stations around an M5 at (0, 0), 12 km deep, at time 0; 3 s of P each."""
    km = np.hypot(X, Y)
    time = travel_times.seconds("P", km, DEPTHS_KM[DEPTH])
    slant = envelopes.slant_km(km, DEPTHS_KM[DEPTH])
    log_a = envelopes.log_amplitude(envelopes.P_ZA, 5.0, slant)
    return made.known(X, Y, time, log_a)


def node(x_km=0.0, y_km=0.0, depth=DEPTH, half_km=0.5):
    return np.array([[x_km, y_km, float(depth), half_km]])


def test_the_true_source_is_the_likeliest(picks, tables):
    side = np.arange(-40.0, 41.0, 8.0)
    nodes = np.concatenate([node(x, y) for x in side for y in side])
    best = likelihood.score(nodes, picks, tables)[:, 0].argmax()
    assert nodes[best, :2].tolist() == [0.0, 0.0]


def test_it_finds_origin_time_and_magnitude(picks, tables):
    _, time, magnitude, sigma = likelihood.score(node(), picks, tables)[0]
    assert time == pytest.approx(0.0, abs=0.05)
    assert magnitude == pytest.approx(5.0, abs=0.35)  # small ones are more frequent
    assert 0.1 < sigma < 0.6


def test_a_later_clock_is_only_a_later_origin(picks, tables):
    later = replace(picks, pick_time=picks.pick_time + 7.0, pick_until=picks.pick_until + 7.0)
    here, then = (likelihood.score(node(), each, tables)[0] for each in (picks, later))
    assert then[0] == pytest.approx(here[0], abs=1e-6)
    assert then[1] == pytest.approx(here[1] + 7.0, abs=1e-6)


def test_nodes_do_not_hang_on_each_other(picks, tables):
    nodes = np.concatenate([node(0, 0), node(6, 2), node(-4, 3)])
    together = likelihood.score(nodes, picks, tables)
    alone = np.concatenate([likelihood.score(n[None, :], picks, tables) for n in nodes])
    assert np.allclose(together, alone)


def test_one_wrong_time_costs_no_more_than_noise(picks, tables):
    """However wrong it is: the likelihood is a mixture, not a sum of squares."""
    off = []
    for late in (10.0, 30.0):
        time = picks.pick_time + np.array([0.0, 0.0, 0.0, late])
        off.append(likelihood.score(node(), replace(picks, pick_time=time), tables)[0, 0])
    assert off[0] == pytest.approx(off[1], abs=3.0)
    assert off[0] > likelihood.score(node(), picks, tables)[0, 0] - 15.0


def silent(picks, x_km, y_km, until, log_noise=-3.7):
    one = np.ones(1)
    return replace(
        picks,
        silent_x=x_km * one,
        silent_y=y_km * one,
        silent_until=until * one,
        silent_log_noise=log_noise * one,
    )


def test_silence_counts_only_after_the_wave_has_passed(picks, tables):
    base = likelihood.score(node(), picks, tables)[0, 0]
    before, after = (
        likelihood.score(node(), silent(picks, 30.0, 30.0, t), tables)[0, 0] for t in (5.0, 12.0)
    )
    assert before == base
    assert after < base - 2.0


def test_silence_of_a_noisy_station_has_little_weight(picks, tables):
    base = likelihood.score(node(), picks, tables)[0, 0]
    noisy = silent(picks, 30.0, 30.0, 12.0, log_noise=0.0)
    assert likelihood.score(node(), noisy, tables)[0, 0] > base - 0.3


def test_motion_too_weak_for_the_place_is_evidence_against_it(picks, tables):
    less = np.array([2.0, 0.0, 0.0, 0.0])
    growth = picks.pick_growth - less[:, None]
    weak = replace(picks, pick_log_a=picks.pick_log_a - less, pick_growth=growth)
    here, there = (likelihood.score(node(), each, tables)[0, 0] for each in (weak, picks))
    assert here < there - 1.0


def test_a_great_earthquake_may_begin_like_a_small_one(picks, tables):
    """Half a second after its picks an M7 is not ruled out, ten seconds later it is."""
    early = replace(picks, pick_until=picks.pick_time + 0.5)
    sigma = [likelihood.score(node(), each, tables)[0, 3] for each in (early, picks)]
    assert sigma[0] > sigma[1]


def test_no_layout_of_evidence_makes_the_compiler_run(picks, tables):
    """It would run for seconds, in the middle of an earthquake."""
    usual = likelihood.score(node(), picks, tables)
    fixed = picks.pick_growth.copy()
    fixed.flags.writeable = False
    for growth in (np.asfortranarray(picks.pick_growth), fixed, np.repeat(fixed, 2, 1)[:, ::2]):
        again = likelihood.score(node(), replace(picks, pick_growth=growth), tables)
        assert np.array_equal(again, usual)
    assert likelihood.detection_probability(np.zeros(4)[::2]).shape == (2,)
    assert len(likelihood._score.signatures) == 1
    assert len(likelihood._detection_probability.signatures) == 1


def test_detection_probability_is_that_of_each_station():
    above = np.array([-1.0, PICK_LEVEL, 3.0])
    assert likelihood.detection_probability(above).tolist() == [seen(each) for each in above]


def test_magnitudes_near_are_around_it_and_inside():
    for magnitude in (0.0, 2.0, 5.2, 8.5, 12.0):
        chosen = MAGNITUDES[likelihood.magnitudes_near(magnitude)]
        assert 3 <= len(chosen) <= 8
        assert np.abs(chosen - np.clip(magnitude, 2.0, 8.5)).min() <= 0.5


def test_slow_motion_is_that_of_a_larger_earthquake(picks, tables):
    """Much displacement for its acceleration, whatever the distance; noise has no effect."""
    usual = envelopes.log_amplitude(envelopes.P_ZD, 5.0, np.hypot(X, Y))

    def magnitude(more, log_noise):
        noise = np.full(4, log_noise)
        known = replace(picks, pick_log_d=usual + more, pick_log_noise_d=noise)
        return likelihood.score(node(), known, tables)[0, 2]

    quick, slow = magnitude(-0.4, -8.0), magnitude(0.4, -8.0)
    assert slow > quick + 0.15
    drowned = magnitude(0.0, 0.0)
    assert drowned == pytest.approx(magnitude(-0.3, 0.0))


def test_motion_that_grows_on_after_it_should_have_ended_is_not_a_small_ones(picks, tables):
    """Of a nearby M5 all is over 30 s after its P: what still grows is another's, or greater."""
    age = np.arange(1, AGES + 1) / PER_SECOND
    over = replace(picks, pick_until=picks.pick_time + 30.0)
    still = over.pick_growth + np.where(age > 20.0, 0.8, 0.0)
    growing = replace(over, pick_growth=still, pick_log_a=still[:, -1])
    ended, grows = (likelihood.score(node(), each, tables)[0] for each in (over, growing))
    assert grows[0] < ended[0] - 2.0


def test_the_weight_of_peaks_is_limited_to_that_of_ample_ones(tables, travel_times):
    """What the envelopes get wrong they get wrong at all stations."""

    def surer(count):
        angle = np.linspace(0.0, 2.0 * np.pi, count, endpoint=False)
        x, y = 25.0 * np.cos(angle), 25.0 * np.sin(angle)
        time = travel_times.seconds("P", np.full(count, 25.0), DEPTHS_KM[DEPTH])
        slant = envelopes.slant_km(25.0, DEPTHS_KM[DEPTH])
        log_a = envelopes.log_amplitude(envelopes.P_ZA, 5.0, slant)
        return likelihood.score(node(), made.known(x, y, time, log_a), tables)[0, 3]

    ten, twenty = surer(10), surer(20)
    assert twenty == pytest.approx(ten, abs=0.01)
    assert ten < surer(3)


@pytest.fixture(scope="module")
def coast(travel_times):
    """Twenty-four stations along a coast, 110 km from a source off it at (0, 0); times alone."""
    x, y = np.full(24, 110.0), np.linspace(-120.0, 120.0, 24)
    time = travel_times.seconds("P", np.hypot(x, y), DEPTHS_KM[DEPTH])
    return made.known(x, y, time, np.full(24, np.nan))


def test_exact_times_along_a_coast_are_not_drawn_to_nearer_sources(coast, tables):
    """Errors that grow with the travel time, were they of each station alone, would favour those:
    24 times the log of a narrower density.
    """
    nodes = np.concatenate([node(x) for x in (0.0, 20.0, 40.0, 60.0)])
    score = likelihood.score(nodes, coast, tables)[:, 0]
    assert score.argmax() == 0
    assert score[0] > score[2] + 3.0


@pytest.mark.parametrize("share", [-0.03, 0.03])
def test_a_region_slower_or_faster_throughout_is_hardly_less_likely(coast, tables, share):
    """What all travel times have in common is one error, not twenty-four."""
    stretched = replace(coast, pick_time=(1.0 + share) * coast.pick_time)
    usual, other = (likelihood.score(node(), each, tables)[0] for each in (coast, stretched))
    assert other[0] > usual[0] - 2.0
    assert other[1] == pytest.approx(usual[1], abs=1.0)
