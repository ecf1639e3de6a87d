"""What grows after its first second is a wave; what does not may be a knock."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from forewave.events.discrimination import knock
from forewave.events.location.evidence import AGES, PER_SECOND
from tests.events import made


def evidence(by_second, until=4.0, count=3):
    """Picks of different stations whose peaks (log10) are these by each second after them."""
    by_half = np.repeat(by_second, PER_SECOND)
    peaks = np.concatenate([by_half, np.full(AGES - len(by_half), by_half[-1])])
    places, times = np.arange(count) * 10.0, np.arange(count)
    found = made.known(places, places, times, peaks[int(until * PER_SECOND) - 1], until)
    return replace(found, pick_growth=np.tile(peaks, (count, 1)))


def total(by_second, **how):
    return float(knock.log_ratio(evidence(by_second, **how)).sum())


def test_still_peaks_favour_knocks_and_growing_peaks_favour_waves():
    assert total([-1.0, -1.0, -1.0, -1.0]) > 3.0
    assert total([-1.0, -0.7, -0.6, -0.5]) < -3.0
    assert total([-1.0, -0.99, -0.99, -0.99]) == total([-1.0, -1.0, -1.0, -1.0])


def test_the_older_a_still_peak_the_less_it_is_a_wave():
    young, older, old = (total([-1.0] * 4, until=until) for until in (1.5, 2.0, 4.0))
    assert 0.0 < young < older < old


@pytest.mark.parametrize("peaks", [[-1.0] * 4, [-1.0, -0.5, -0.4, -0.3]])
def test_nothing_is_known_in_the_first_second_or_of_two_picks(peaks):
    assert total(peaks, until=1.0) == 0.0
    assert total(peaks, count=2) == 0.0


def test_what_comes_after_four_seconds_may_be_the_next_knock():
    still = [-1.0] * 4
    assert total([*still, 0.0, 0.0], until=6.0) == total(still)


def test_a_gain_makes_no_difference():
    grown = np.array([-1.0, -0.8, -0.7, -0.6])
    assert total(grown - 3.0) == pytest.approx(total(grown))


def test_unknown_peaks_and_later_picks_are_no_evidence():
    known = evidence([-1.0] * 4)
    unknown = replace(known, pick_log_a=np.full(3, np.nan), pick_growth=np.full((3, AGES), np.nan))
    assert (knock.log_ratio(unknown) == 0.0).all()
    later = replace(evidence([-1.0] * 4, count=4), pick_follows=np.array([0, 0, 0, 1], bool))
    assert knock.log_ratio(later)[3] == 0.0
    assert (knock.log_ratio(later)[:3] > 0.0).all()


@given(st.floats(0.0, 3.0), st.floats(0.0, 3.0), st.sampled_from([1.5, 2.0, 3.0, 4.0]))
def test_more_growth_is_never_more_of_a_knock(one, other, until):
    less, more = (total([-1.0, *[-1.0 + grown] * 3], until=until) for grown in sorted((one, other)))
    assert more <= less + 1e-9


@pytest.mark.parametrize("count", [3, 12, 48])
def test_out_of_a_storm_a_small_earthquake_may_be_still_at_all_stations(count):
    still, growing = (evidence([-1.0, *[peak] * 3], count=count) for peak in (-1.0, -0.4))
    odds = [knock.log_odds(knock.log_ratio(each).sum(), False) for each in (still, growing)]
    assert 0.0 < odds[0] <= np.log(0.5 / 0.15) + 1e-9
    assert np.log(0.5 / 0.85) - 1e-9 <= odds[1] < 0.0


def test_in_a_storm_it_must_stand_out():
    still = knock.log_ratio(evidence([-1.0] * 4, count=12)).sum()
    assert knock.log_odds(still, True) == still > 10.0
