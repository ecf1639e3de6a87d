import numpy as np
import pytest

from forewave.simulate.ground_motion import path


def test_duration_is_boore_and_thompsons():
    printed = {0: 0.0, 7: 2.4, 45: 8.4, 125: 10.9, 175: 17.4, 270: 34.2, 370: 49.8}
    for distance_km, seconds in printed.items():
        assert path.duration(distance_km, "S") == pytest.approx(seconds)
    assert path.duration(45, "P") == pytest.approx(8.4 / 4)


def test_spreading_changes_from_body_to_trapped_waves_without_a_step():
    r = path.CROSSOVER_KM
    assert path.spreading(10, "S") == pytest.approx(0.1)
    assert path.spreading(r - 1e-6, "S") == pytest.approx(float(path.spreading(r + 1e-6, "S")))
    assert path.spreading(4 * r, "S") == pytest.approx(0.5 / r)
    assert path.spreading(4 * r, "P") == pytest.approx((4 * r) ** -1.13)


@pytest.mark.parametrize("phase", ["P", "S"])
def test_absorption_takes_the_high_and_the_far_first(phase):
    f = np.array([0.0, 1.0, 5.0, 20.0])
    near, far = (path.absorption(f, r, phase, 0.04) for r in (10, 100))
    assert near[0] == far[0] == 1.0
    assert (np.diff(near) < 0).all()
    assert (far[1:] < near[1:]).all()


def test_kappa_alone_is_the_exponential_of_anderson_and_hough():
    assert path.absorption(np.array([10.0]), 0.0, "S", 0.04)[0] == pytest.approx(
        np.exp(-np.pi * 0.4)
    )
