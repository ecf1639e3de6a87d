from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.health.histogram import BOUNDS, Histogram

seconds = st.floats(-1.0, 100.0)


def made(values):
    histogram = Histogram()
    for value in values:
        histogram.add(value)
    return histogram.counts()


def test_a_value_on_a_bound_is_within_it():
    assert made([BOUNDS[3]]).boxes[3] == 1


@given(st.lists(seconds))
def test_every_number_is_in_one_box(values):
    counts = made(values)
    assert sum(counts.boxes) == counts.count == len(values)
    assert counts.total == pytest.approx(sum(max(0.0, v) for v in values))


@given(st.lists(seconds, min_size=1), st.floats(0.01, 1.0))
def test_a_quantile_is_not_below_the_true_one(values, share):
    counts = made(values)
    needed = sorted(max(0.0, v) for v in values)[max(0, round(share * len(values) + 0.499) - 1)]
    assert counts.quantile(share) >= needed or counts.quantile(share) == pytest.approx(needed)


def test_what_is_no_number_is_passed_over():
    assert made([nan]).count == 0


def test_an_empty_histogram_has_no_quantile():
    assert made([]).quantile(0.5) is None
