import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from forewave.events.magnitude.growth import has_ended
from tests.events import made

AT = made.station("A", 40.0, 0.0)
PICK = made.pick(AT, 10.0)
S_TIME = PICK.time + 6.0


def history(peaks, **change):
    """Peaks of acceleration, and in proportion of velocity, in each second of S."""
    rows, largest = [], 0.0
    for second, peak in enumerate(peaks):
        largest = max(largest, peak)
        known = made.amplitude(PICK, 6.0 + second, largest)
        rows.append(replace(known, pga_ms2=largest, pgv_ms=0.1 * largest, **change))
    return rows


@pytest.mark.parametrize(
    ("peaks", "ended"),
    [
        ([1.0], False),
        ([1.0, 1.0], True),
        ([1.0, 2.0, 3.0, 4.0], False),
        ([1.0, 2.0, 3.0, 4.0, 4.0, 4.0], False),
        ([1.0, 2.0, 3.0, 4.0, 4.0, 4.0, 4.0], True),
        ([4.0, 1.0, 1.0, 1.0, 5.0], False),
        ([4.0, 1.0, 1.0, 1.0, 4.1], True),
    ],
    ids=["at S", "once", "grows", "pause", "ended", "second burst", "5 % are no growth"],
)
def test_it_has_ended_when_it_has_not_grown_for_as_long_as_it_grew(peaks, ended):
    assert has_ended(history(peaks), S_TIME) is ended


def test_both_acceleration_and_velocity_must_have_ended():
    still = [replace(a, pgv_ms=0.1 * i) for i, a in enumerate(history([4.0] * 8))]
    assert has_ended(history([4.0] * 8), S_TIME)
    assert not has_ended(still, S_TIME)


def test_p_says_nothing_of_the_end():
    assert not has_ended(history([4.0] * 8), S_TIME + 60.0)
    assert not has_ended([], S_TIME)


def test_after_clipping_nothing_is_known():
    assert not has_ended(history([4.0] * 8, clipped=True), S_TIME)


@given(st.lists(st.floats(1e-6, 100.0), min_size=1, max_size=30), st.floats(1e-3, 1e3))
def test_gain_does_not_matter(peaks, gain):
    assert has_ended(history(peaks), S_TIME) == has_ended(
        history([gain * peak for peak in peaks]), S_TIME
    )
