import pytest

from forewave.health.clock_drift import REPORTED, MachineClock

T0 = 1_700_000_000.0


def looked(offset, seconds=90, synchronised=True):
    """The last report of a clock that is `offset(s)` ahead after s seconds."""
    clock = MachineClock()
    for second in range(seconds):
        report = clock.update(T0 + second + offset(second), 50.0 + second, synchronised)
    return report


def test_a_clock_that_runs_with_the_steady_one():
    report = looked(lambda s: 0.0)
    assert (report.state, report.jumps, report.offset) == ("good", 0, 0.0)


@pytest.mark.parametrize("by", [3600.0, 0.5, -0.5, -86_400.0])
def test_a_jump_is_reported_and_counted(by):
    report = looked(lambda s: by * (s >= 60))
    assert (report.state, report.jumps) == ("jumped", 1)
    assert report.reason == f"it jumped by {by:+.3f} s 29 s ago"


def test_there_and_back_are_two_jumps():
    assert looked(lambda s: 2.0 * (30 <= s < 40)).jumps == 2


def test_a_jump_is_reported_for_ten_minutes_and_counted_since_the_start():
    report = looked(lambda s: 3.0 * (s >= 60), seconds=60 + round(REPORTED) + 1)
    assert (report.state, report.jumps) == ("good", 1)


def test_what_ntp_pulls_is_no_drift():
    assert looked(lambda s: 500e-6 * s).state == "good"


@pytest.mark.parametrize("rate", [2e-3, -2e-3])
def test_a_drift_is_reported(rate):
    report = looked(lambda s: rate * s)
    assert report.state == "drifts"
    assert report.reason == f"it drifts by {1e6 * rate:+.0f} ppm"
    assert report.offset == pytest.approx(60 * rate, rel=0.01)


def test_trembling_looks_are_no_drift():
    assert looked(lambda s: 0.02 * (s % 2)).state == "good"


def test_an_unsynchronised_system_clock_is_reported():
    assert looked(lambda s: 0.0, synchronised=False).state == "not synchronised"
    assert looked(lambda s: 0.0, synchronised=None).state == "good"
