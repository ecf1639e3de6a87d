import pytest

from forewave.evaluate.scoring.station_intensity import (
    Places,
    expected,
    places_right,
    pooled,
    within_one,
)
from tests.evaluate.synthetic import alert, issued_alert, motion

STATIONS = (motion("A", 4.4), motion("B", 3.2), motion("C", 2.0))
TOLD = issued_alert(alert(), A=4.2, B=3.0, C=3.0)


@pytest.mark.parametrize(
    ("observed", "forecast", "right"),
    [(1.2, 3.0, 1.0), (1.2, 3.1, 0.0), (4.0, 5.0, 1.0), (4.0, 2.9, 0.0), (3.0, 0.0, 1.0)],
)
def test_within_one_unit_counts_what_nobody_feels_as_two(observed, forecast, right):
    assert within_one([motion("A", observed)], [issued_alert(alert(), A=forecast)]) == right


def test_within_one_is_a_share_and_no_forecast_counts_as_ii():
    assert within_one(STATIONS, [TOLD]) == 1.0
    assert within_one(STATIONS, []) == pytest.approx(1 / 3)
    assert within_one((), []) is None


def test_of_several_events_the_strongest_forecast_counts():
    assert expected("A", [TOLD, issued_alert(alert("b"), A=6.0)]) == 6.0
    assert expected("D", [TOLD]) == 2.0


def test_counts_by_first_and_final():
    assert places_right(STATIONS, [], [TOLD]) == Places(3, 1, 3, 2, 0, 2)
    assert pooled([Places(3, 1, 3, 2, 0, 2), Places(1, 1, 1, 0, 0, 0)]) == Places(4, 2, 4, 2, 0, 2)
    assert pooled([]) == Places()
