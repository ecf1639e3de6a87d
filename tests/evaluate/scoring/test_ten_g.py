import pytest

from forewave.evaluate.scoring.ten_g import TenG, pooled, ten_g
from forewave.evaluate.scoring.truth import TEN_G, THRESHOLDS, Truth
from tests.evaluate.synthetic import QUAKE, alert, issued_alert, motion

AT = {TEN_G: 10.0}
STATIONS = (
    motion("A", 6.0, **AT),
    motion("B", 6.0, **AT),
    motion("C", 6.0, **AT),
    motion("D", 5.0),
    motion("E", 5.0),
)


def test_the_threshold_is_what_ten_per_cent_of_g_is_felt_as():
    assert THRESHOLDS[TEN_G] == pytest.approx(5.77, abs=0.005)


def test_a_late_warning_is_a_missed_one_and_no_false_one():
    early = issued_alert(alert(at=5.0), A=6.0, D=5.8, E=5.7)
    late = issued_alert(alert(version=2, at=12.0), B=6.0)
    actual = ten_g(Truth(QUAKE, (), STATIONS, ()), [early, late])
    assert actual == TenG(hit=1, missed=2, false=1)
    assert (actual.precision, actual.recall) == (0.5, pytest.approx(1 / 3))


def test_nothing_to_count_has_no_precision():
    assert TenG().precision is TenG().recall is None
    assert pooled([TenG(1, 2, 3), TenG(4, 5, 6)]) == TenG(5, 7, 9)
