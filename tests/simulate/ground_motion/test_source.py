import numpy as np
import pytest

from forewave.simulate.ground_motion import source


def test_moment_is_that_of_hanks_and_kanamori():
    assert source.moment_nm(5.0) == pytest.approx(3.55e16, rel=0.01)
    assert source.moment_nm(7.0) / source.moment_nm(5.0) == pytest.approx(1000.0)


@pytest.mark.parametrize("magnitude", [3.0, 5.0, 7.0])
@pytest.mark.parametrize("bars", [50.0, 100.0])
def test_corner_is_brunes_in_boores_units(magnitude, bars):
    moment_dyne_cm = source.moment_nm(magnitude) * 1e7
    expected = 4.9e6 * 3.5 * (bars / moment_dyne_cm) ** (1 / 3)
    assert source.corner_hz(magnitude, bars / 10) == pytest.approx(expected, rel=0.003)


def test_radiation_means_are_those_of_a_double_couple():
    rng = np.random.default_rng(1)
    theta = np.arccos(rng.uniform(-1, 1, 200_000))
    phi = rng.uniform(0, 2 * np.pi, theta.size)
    pattern = {
        "P": np.abs(np.sin(2 * theta) * np.cos(phi)),
        "S": np.hypot(np.cos(2 * theta) * np.cos(phi), np.cos(theta) * np.sin(phi)),
    }
    for phase, f in pattern.items():
        assert source.RADIATION_RMS[phase] == pytest.approx(np.sqrt((f**2).mean()), rel=0.01)
        assert source.RADIATION_TYPICAL[phase] == pytest.approx(np.exp(np.log(f).mean()), rel=0.02)


def test_p_is_smaller_than_s_by_the_cube_of_the_speeds():
    assert source.far_field("S") / source.far_field("P") == pytest.approx(3**1.5)


def test_far_field_level_of_a_magnitude_5_at_10_km():
    level_m_s = source.far_field("S") * source.moment_nm(5.0) / 10
    by_hand = 2 * 3.548e16 / (4 * np.pi * 2800 * 3500**3 * 10_000)
    assert level_m_s == pytest.approx(by_hand, rel=0.001)


def test_brune_falls_with_the_square_of_frequency_and_halves_at_the_corner():
    gain = np.abs(source.brune(np.array([0.001, 1.0, 100.0, 200.0]), 1.0))
    assert gain[0] == pytest.approx(1.0, abs=1e-4)
    assert gain[1] == pytest.approx(0.5)
    assert gain[2] / gain[3] == pytest.approx(4.0, rel=0.001)


def test_small_earthquakes_are_weaker():
    assert source.typical_stress_drop_mpa(5.5) == 12.0
    assert source.typical_stress_drop_mpa(7.5) == pytest.approx(9.0, rel=0.01)
    assert source.typical_stress_drop_mpa(4.5) == pytest.approx(12.0 / 10**0.25)
