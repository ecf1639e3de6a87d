"""Simulated devices: a steady sampler, a clock cut to seconds, telemetry with jitter by chance."""

from math import floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.sources.mqtt.coarse_clock import FIT, LEARN, CoarseClock, DeviceTimes

COUNT = 32


def played(
    true=31.25, packets=300, nominal=None, off=0.0, lost=(), stall=(0, 0), states=True, seed=1
):
    """Of each packet that got a time: its number, the rate, and the error of the time."""
    chance, clock = np.random.default_rng(seed), CoarseClock(nominal)
    first, found = 1.7e9 + chance.random(), []
    for number in range(packets):
        taken = first + number * COUNT / true
        arrival = taken + 0.1 + chance.exponential(0.1)
        if stall[0] <= number < stall[1]:
            arrival = max(arrival, first + stall[1] * COUNT / true)
        if number in lost:
            continue
        sampled = clock.note(floor(taken + off) if states else None, COUNT, arrival)
        if sampled is not None:
            found.append((number, sampled.rate, sampled.last - taken))
    return np.array(found)


CASES = {
    "nominal": {},
    "4 % slower": {"true": 30.06},
    "inventory": {"true": 30.06, "nominal": 31.25},
    "one packet a second": {"true": 32.0},
    "125/s": {"true": 125.0},
    "packets lost": {"true": 30.06, "lost": (50, 51, 120)},
    "a stall of 8 s": {"stall": (60, 68)},
    "half an hour off": {"off": 1800.0},
    "no time": {"states": False},
    "no time, a packet lost": {"states": False, "lost": (50,)},
}


@pytest.mark.parametrize("case", CASES)
def test_rate_and_time_are_learned(case):
    settings = CASES[case]
    late = played(**settings)[-180:]
    # 0.4 %: what 0.1 s of jitter leave of a fit over 64 packets of 0.26 s, the shortest.
    assert late[:, 1] == pytest.approx(settings.get("true", 31.25), rel=0.005)
    # 0.15 s: the telemetry's shortest delay counts as 0.1 s; a clock that beats with the second
    # (32/s) is bounded by arrivals alone.
    assert np.abs(late[:, 2]).max() < 0.15


@given(st.floats(29.5, 32.5), st.integers(0, 10**6))
def test_the_first_packets_are_within_a_second_already(true, seed):
    early = played(true=true, packets=FIT, nominal=31.25, seed=seed)
    assert len(early) == FIT
    assert np.abs(early[:, 2]).max() < 1.0


def test_packets_follow_each_other_without_holes():
    """Half a sample is what the grid of samples bears: most steps are below it."""
    late = played(true=30.06)[-180:]
    steps = np.abs(np.diff(late[:, 2]))
    assert (steps > 0.5 / 30.06).mean() < 0.1


def test_without_any_rate_it_is_chosen_once_a_few_packets_have_come():
    assert played(packets=30)[0, 0] == LEARN - 1
    assert played(packets=30, nominal=31.25)[0, 0] == 0


def test_ten_seconds_of_history_amid_the_packets_are_put_where_they_belong():
    clock, last = CoarseClock(31.25), 1.7e9
    for number in range(40):
        last = 1.7e9 + number * COUNT / 31.25
        clock.note(floor(last), COUNT, last + 0.2)
    history = clock.note(floor(last), 352, last + 0.3)
    assert history.last == pytest.approx(last, abs=1.0)
    following = last + COUNT / 31.25
    assert clock.note(floor(following), COUNT, following + 0.2).last == pytest.approx(
        following, abs=1.0
    )


def test_a_time_with_fractions_is_taken_as_it_is():
    device = DeviceTimes(30.0)
    for number in range(20):
        last = 1.6e9 + number * COUNT / 30.0  # the first is a whole second
        sampled = device.note(last, COUNT, 31.25, last + 0.2)
        assert (sampled.rate, sampled.last) == (30.0, last)


@pytest.mark.parametrize(("true", "nominal"), [(30.06, 31.25), (121.0, 125.0)])
def test_a_rate_that_is_not_stated_is_learned_from_times_with_fractions(true, nominal):
    device = DeviceTimes()
    times = [1.6e9 + 0.3 + number * COUNT / true for number in range(12)]
    found = [device.note(last, COUNT, None, last + 0.2) for last in times]
    assert found[-1].rate == pytest.approx(true, rel=1e-3)
    assert found[-1].last == times[-1]
    assert abs(found[-1].rate / nominal - 1.0) < 0.08


def test_whole_seconds_are_not_believed_to_be_exact_though_a_rate_is_stated():
    device, errors = DeviceTimes(), []
    for number in range(200):
        taken = 1.7e9 + 0.37 + number * COUNT / 31.25
        sampled = device.note(floor(taken), COUNT, 31.25, taken + 0.15)
        if number > 100:
            errors.append(abs(sampled.last - taken))
    assert max(errors) < 0.15
