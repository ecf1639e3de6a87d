import numpy as np
import pytest

from forewave.simulate.ground_motion import site

# Boore and Joyner (1997), Table 3: generic rock.
FREQUENCY_HZ = np.array([0.01, 0.09, 0.16, 0.51, 0.84, 1.25, 2.26, 3.17, 6.05, 16.6])
GENERIC_ROCK = np.array([1.0, 1.10, 1.18, 1.42, 1.58, 1.74, 2.06, 2.25, 2.58, 3.13])


def test_generic_rock_is_near_boore_and_joyner():
    """Within 14 %: they grade density otherwise than Brocher does."""
    assert site.amplification(FREQUENCY_HZ, "S", 620.0) == pytest.approx(GENERIC_ROCK, rel=0.14)


@pytest.mark.parametrize("vs30_ms", [400.0, 620.0, 760.0])
def test_profile_has_the_vs30_it_is_named_for(vs30_ms):
    depth_km = np.linspace(0, 0.03, 3001)
    speed = site.s_speed_kms(depth_km, vs30_ms)
    mean_ms = 30.0 / np.trapezoid(1.0 / speed, depth_km)
    assert mean_ms == pytest.approx(vs30_ms, rel=0.03)


def test_softer_ground_amplifies_more_and_p_less_than_s():
    soft, hard = (site.amplification(np.array([5.0]), "S", v)[0] for v in (300.0, 900.0))
    assert soft > hard > 1
    p = site.amplification(np.array([5.0]), "P", 400.0)[0]
    assert 1 < p < site.amplification(np.array([5.0]), "S", 400.0)[0]


def test_brocher_relations_at_a_crustal_speed():
    assert site.p_speed_kms(np.array([3.5]))[0] == pytest.approx(6.0, abs=0.15)
    assert site.density_kgm3(np.array([6.0]))[0] == pytest.approx(2720, abs=20)
