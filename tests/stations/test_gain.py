"""Whose gain is wrong, from earthquakes and from noise; and whose is not."""

import math

import numpy as np
import pytest
from msgspec.structs import replace

from forewave.stations import gain
from forewave.stations.gain import Gains
from forewave.types import Amplitude, Arrival, Magnitude, Origin, Solution, StationState

T0 = 1.79e9
CODES = [f"XX.S{i:02d}" for i in range(20)]


def amplitude(code, pick, pa_ms2, time=T0 + 30.0, clipped=False):
    motion = dict.fromkeys(("pd_m", "pv_ms", "pga_ms2", "pgv_ms", "intensity_jma"), 0.1)
    return Amplitude(code, time, pick, 20.0, pa_ms2=pa_ms2, clipped=clipped, **motion)


def state(code, noise_ms2, latest):
    return StationState(code, latest, 0.5, "good", noise_ms2, 1e-6, 1e-6)


def quake(gains, number, factors=None, magnitude=5.0, withdrawn=None, clipped=(), codes=CODES):
    """An earthquake that all stations record, with the scatter of sites and radiation."""
    begins, random = T0 + 1000.0 * number, np.random.default_rng(number)
    picks = []
    for i, code in enumerate(codes):
        km = 10.0 + 6.0 * i
        scatter = float(random.normal(0.0, 0.25))
        log = 0.5 - gain.DECAY * math.log10(math.hypot(km, 10.0)) + scatter
        peak = 10.0**log * (factors or {}).get(code, 1.0)
        pick = f"{code}.{number}"
        gains.usable(amplitude(code, pick, peak, begins + 30.0, code in clipped))
        picks.append(Arrival(pick, code, "P", begins + km / 6.0, 0.0, km, 1.0))
    origin = Origin(begins, 24.0, 121.0, 10.0, 0.3, 3.0, 3.0)
    size = Magnitude(magnitude, 0.2, "M", 20)
    gains.solution(Solution(f"e{number}", 1, origin, size, None, tuple(picks), 0.99, withdrawn))
    gains.tick(begins + gain.SETTLED)


@pytest.mark.parametrize("factor", [1000.0, 100.0, 30.0, 0.03, 0.01, 0.001])
@pytest.mark.parametrize("stations", [1, 5, 8])
def test_a_gain_that_is_off_is_known_after_a_few_earthquakes(factor, stations):
    gains = Gains(CODES)
    factors = dict.fromkeys(CODES[:stations], factor)
    for number in range(6):
        quake(gains, number, factors)
    assert set(gains.wrong()) == set(factors)
    why = gains.wrong()[CODES[0]]
    assert ("too large" if factor > 1 else "too small") in why


def test_sites_and_chance_are_no_wrong_gain():
    gains = Gains(CODES)
    for number in range(30):
        quake(gains, number, {CODES[0]: 4.0, CODES[1]: 0.25})
        assert gains.wrong() == {}


def test_one_earthquake_says_nothing_and_two_only_what_is_far_off():
    gains, factors = Gains(CODES), {CODES[3]: 100.0, CODES[4]: 9.0}
    quake(gains, 0, factors)
    assert gains.wrong() == {}
    quake(gains, 1, factors)
    assert set(gains.wrong()) == {CODES[3]}


def test_a_gain_that_is_put_right_is_believed_again():
    gains = Gains(CODES)
    for number in range(4):
        quake(gains, number, {CODES[3]: 100.0})
    assert gains.is_wrong(CODES[3])
    for number in range(4, 4 + gain.EARTHQUAKES):
        quake(gains, number)
    assert gains.wrong() == {}


@pytest.mark.parametrize(
    "changes",
    [
        {"withdrawn": "the stations around it do not confirm it"},
        {"magnitude": 7.0},
        {"clipped": CODES},
        {"codes": CODES[: gain.FEWEST - 1]},
    ],
)
def test_what_is_no_measure_teaches_nothing(changes):
    gains = Gains(CODES)
    for number in range(5):
        quake(gains, number, {CODES[3]: 100.0}, **changes)
    assert gains.known() == {}


def test_what_was_learned_can_be_given_back_and_is_bounded():
    gains = Gains(CODES)
    for number in range(40):
        quake(gains, number, {CODES[3]: 100.0})
    known = gains.known()
    assert max(map(len, known.values())) == gain.EARTHQUAKES
    assert Gains(CODES, known).wrong() == gains.wrong()
    assert Gains(CODES[:2], known).wrong() == {}
    assert Gains(CODES, known).known() == known


def test_motion_of_a_wrong_gain_is_kept_from_others_and_its_silence_is_no_calm():
    gains = Gains(CODES)
    for number in range(4):
        quake(gains, number, {CODES[3]: 0.001})
    assert gains.usable(amplitude(CODES[3], "p", 1.0)) is None
    assert gains.usable(amplitude(CODES[4], "p", 1.0)) == amplitude(CODES[4], "p", 1.0)
    assert gains.usable(state(CODES[3], 1e-4, T0)).health == "gain"
    assert gains.usable(state(CODES[4], 1e-4, T0)).health == "good"


def test_motion_of_a_station_that_calls_itself_unusable_is_not_used_while_it_does():
    gains = Gains(CODES)
    word = amplitude(CODES[0], "p", 95.0)
    gains.usable(replace(state(CODES[0], 4.3, T0), health="unusable"))
    assert gains.usable(word) is None
    gains.usable(state(CODES[0], 1e-3, T0 + 60.0))
    assert gains.usable(word) == word


def heard(gains, noise_ms2, seconds, since=0.0):
    for second in np.arange(since, since + seconds + 1.0, 30.0):
        gains.usable(state(CODES[0], noise_ms2, T0 + second))


@pytest.mark.parametrize(
    ("noise_ms2", "seconds", "found"),
    [
        (2e-9, gain.QUIET, True),
        (2e-9, 0.8 * gain.QUIET, False),
        (5e-8, 86_400.0, False),  # the quietest sites that there are
        (1e-3, 86_400.0, False),
        (0.03, 86_400.0, False),
        (0.3, gain.LOUD, True),
        (0.3, 0.8 * gain.LOUD, False),  # a windy morning, works beside it
    ],
)
def test_noise_that_no_ground_has(noise_ms2, seconds, found):
    gains = Gains(CODES)
    heard(gains, noise_ms2, seconds)
    assert list(gains.wrong()) == ([CODES[0]] if found else [])


def test_noise_that_is_plausible_again_is_forgiven():
    gains = Gains(CODES)
    heard(gains, 2e-9, gain.QUIET)
    heard(gains, 1e-4, 0.5 * gain.QUIET, 2 * gain.QUIET)
    assert gains.wrong() == {}


@pytest.mark.parametrize("noise_ms2", [math.nan, 0.0, math.inf, -1.0])
def test_what_is_no_noise_is_passed_over(noise_ms2):
    gains = Gains(CODES)
    heard(gains, noise_ms2, gain.LOUD)
    assert gains.wrong() == {}


def test_memory_is_bounded_by_picks():
    gains = Gains(CODES)
    for number in range(3000):
        gains.usable(amplitude(CODES[0], f"p{number}", 0.1, T0 + number))
    assert len(gains._peaks) <= gain.PICKS_KEPT + 2
