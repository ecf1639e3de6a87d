import numpy as np
import pytest

from forewave.earth.site import velocity_amplification


def test_600_is_the_reference_and_400_amplifies_by_1_41():
    assert velocity_amplification([600.0, 400.0]) == pytest.approx([1.0, 1.41], abs=0.005)


def test_outside_what_is_known_it_is_nan():
    assert np.isnan(velocity_amplification([50.0, 2000.0, float("nan")])).all()
