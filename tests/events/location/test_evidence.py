import numpy as np
import pytest

from forewave.events.location import evidence
from forewave.events.location.evidence import DEPTHS_KM, MAGNITUDES
from forewave.events.relations import cua_heaton_2007 as envelopes
from tests.events import made


def known(above, follows=False):
    """One pick whose motion stands so far above its station's noise, log10."""
    log_noise = np.array([-3.0])
    return made.known(
        [0.0], 0.0, 0.0, above - 3.0, pick_log_noise=log_noise, pick_follows=np.array([follows])
    )


def test_the_tables_are_those_of_the_earth_and_of_the_envelopes(travel_times):
    tables = evidence.make_tables(travel_times)
    assert np.isfinite(tables.p).all()
    for k in (0, 5, len(DEPTHS_KM) - 1):
        for km in (0, 33, 250):
            assert tables.p[k, km] == travel_times.seconds("P", km, DEPTHS_KM[k])
            assert tables.s[k, km] == travel_times.seconds("S", km, DEPTHS_KM[k])
    row = int(np.argmin(np.abs(MAGNITUDES - 5.0)))
    expected = envelopes.log_amplitude(envelopes.P_ZA, MAGNITUDES[row], 80)
    assert tables.log_p[row, 80] == pytest.approx(float(expected))
    expected = envelopes.log_amplitude(envelopes.S_ZD, MAGNITUDES[row], 80)
    assert tables.log_sd[row, 80] == pytest.approx(float(expected))


def test_a_pick_is_mostly_a_p_and_noise_the_rarer_the_stronger():
    weak, strong = (evidence.shares(known(above)) for above in (0.9, 2.5))
    for p, s, noise in (weak, strong):
        assert p[0] > s[0]
        assert p[0] > 0.5
        assert noise[0] > 0.0
    assert strong[2][0] < 0.05 * weak[2][0]
    assert strong[1][0] < weak[1][0]  # had a strong S been felt, its P had been picked


def test_a_stations_later_pick_is_rarely_a_p():
    p, s, _ = evidence.shares(known(1.5, follows=True))
    assert s[0] > 3 * p[0]


def test_unknown_motion_is_taken_as_just_picked():
    assert np.allclose(evidence.shares(known(np.nan)), evidence.shares(known(0.9)))


@pytest.mark.parametrize("above", [-5.0, 0.0, 3.0, 10.0])
def test_rarity_has_bounds(above):
    assert 1e-6 < evidence.rarity(np.array([above]))[0] <= 1.0


def peaks(count, unknown=0):
    """Evidence of picks with a peak, and of some whose motion is not known yet."""
    log_a = [-1.0] * count + [np.nan] * unknown
    return made.known(np.arange(count + unknown), 0.0, 0.0, log_a)


def test_the_peaks_of_many_stations_count_as_those_of_ample():
    assert [evidence.counted(peaks(n)) for n in (1, 10)] == [1.0, 1.0]
    assert evidence.counted(peaks(40)) * 40 == evidence.AMPLE


def test_a_pick_without_known_motion_does_not_reduce_the_weight_of_others():
    assert evidence.counted(peaks(0, 20)) == 1.0
    for count in (8, 12, 40):
        assert evidence.counted(peaks(count, 30)) == evidence.counted(peaks(count))
