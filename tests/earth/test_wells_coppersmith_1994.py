import pytest

from forewave.earth.wells_coppersmith_1994 import rupture_length_km


def test_the_papers_lengths():
    assert rupture_length_km(5.0) == pytest.approx(3.2, abs=0.05)
    assert rupture_length_km(6.0) == pytest.approx(12.6, abs=0.05)
    assert rupture_length_km(7.0) == pytest.approx(49.0, abs=0.05)
    assert rupture_length_km(8.0) == pytest.approx(190.5, abs=0.05)
