import pytest

from forewave.health.station import CHANGED, StationHealth
from forewave.stations.quality import SETTLED
from tests.health.made import T0, state


def heard(seconds, health=None, **words):
    """A station that has said the same each second."""
    health = health or StationHealth("ST.A")
    for second in range(*seconds):
        health.state(state(second, **words), T0 + second)
    return health


def word(health, after):
    return health.report(T0 + after).state


def test_a_station_that_never_came():
    report = StationHealth("ST.A").report(T0)
    assert (report.state, report.counts, report.latest, report.quiet) == (
        "never",
        False,
        None,
        None,
    )


def test_a_healthy_station_counts():
    report = heard((0, 60)).report(T0 + 60)
    assert (report.state, report.counts, report.well) == ("good", True, 1.0)


@pytest.mark.parametrize("told", ["noisy", "stuck", "clipped", "gappy", "late", "unusable"])
def test_what_the_detector_says_is_said(told):
    report = heard((0, 5), health=None)
    report.state(state(5, health=told), T0 + 5)
    assert word(report, 5) == told
    assert report.report(T0 + 5).counts == (told == "noisy")


def test_silence_of_its_feed_is_no_calm():
    health = heard((0, 60))
    assert word(health, 69) == "good"
    assert word(health, 70) == "silent"
    assert not health.report(T0 + 70).counts


def test_it_is_known_since_when_it_comes_without_a_pause():
    health = heard((0, 10))
    assert health.report(T0 + 10).since == T0
    heard((11, 13), health)
    assert health.report(T0 + 13).since == T0
    heard((20, 23), health)
    assert health.report(T0 + 23).since == T0 + 20


def test_a_station_of_which_all_is_refused_is_not_silent_but_not_used():
    health = StationHealth("ST.A")
    for second in range(30):
        health.drop("wrong rate", T0 + second)
    report = health.report(T0 + 30)
    assert (report.state, report.counts, report.dropped) == ("unusable", False, {"wrong rate": 30})


def test_a_clock_that_is_ahead_of_ours():
    assert word(heard((0, 5), latency=-0.8), 5) == "clock"


def test_a_clock_that_was_ahead_is_forgiven_in_minutes():
    health = heard((0, 5), latency=-0.8)
    assert word(heard((5, 120), health), 120) == "good"


@pytest.mark.parametrize(
    ("residuals", "told"),
    [
        ((3.0, 3.1, 2.8), "clock"),
        ((-3.0, -3.1, -2.8), "clock"),
        ((3.0, 3.1), "good"),  # two earthquakes: chance
        ((0.4, -0.2, 0.3), "good"),
        ((3.0, -3.0, 0.5, 4.0), "good"),  # off, but not alike: picks, not the clock
    ],
)
def test_arrivals_that_are_off_by_the_same_in_every_earthquake(residuals, told):
    health = heard((0, 5))
    for number, seconds in enumerate(residuals):
        health.residual(f"e{number}", seconds)
    assert word(health, 5) == told


@pytest.mark.parametrize("factor", [1.5 * CHANGED, 1 / (1.5 * CHANGED), 0.0])
def test_noise_that_left_its_own_history(factor):
    before = round(SETTLED) + 10
    health = heard((0, before), noise=1e-4)
    assert word(health, before) == "good"
    heard((before, before + 5), health, noise=factor * 1e-4)
    assert word(health, before + 5) == "changed"
    assert not health.report(T0 + before + 5).counts


def test_a_new_higher_level_becomes_the_usual_one():
    health = heard((0, 700), noise=1e-4)
    heard((700, 700 + 2 * 3600), health, noise=1.5 * CHANGED * 1e-4)
    assert word(health, 700 + 2 * 3600) == "good"


def test_noise_is_not_judged_before_it_is_known():
    health = heard((0, 300), noise=1e-4)
    heard((300, 305), health, noise=1.0)
    assert word(health, 305) == "good"


def test_memory_is_bounded():
    health = StationHealth("ST.A")
    for number in range(1000):
        health.residual(f"e{number}", 0.0)
        health.drop(f"reason {number}", T0)
    report = health.report(T0)
    assert len(report.dropped) <= 20
    assert len(health._residuals) <= 8
