import pytest

from forewave.evaluate.scoring.reliability import bins, pooled, probability
from tests.evaluate.synthetic import alert, issued_alert, motion


def test_the_probability_is_that_of_a_normal_distribution():
    assert probability(4.0, 0.6) == 0.5
    assert probability(4.6, 0.6) == pytest.approx(0.8413, abs=1e-4)
    assert probability(4.1, 0.0) == 1.0


def test_places_are_counted_by_tenths():
    motions = [motion("A", 4.5), motion("B", 3.0), motion("C", 6.0), motion("D", 5.0)]
    counts = bins(motions, [issued_alert(alert(), A=4.6, B=4.6, C=9.0)])
    assert (counts[8].places, counts[8].observed) == (2, 1)
    assert counts[8].probability == pytest.approx(2 * 0.8413, abs=1e-3)
    assert (counts[9].places, counts[9].observed) == (1, 1)  # D has no forecast
    assert sum(each.places for each in pooled([counts, counts])) == 6
