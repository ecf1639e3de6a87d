"""Coincidence, storm, distant earthquake, or an earthquake here."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from forewave.events import observations
from forewave.events.discrimination import hypotheses
from forewave.events.location import search
from forewave.events.location.evidence import AGES, PER_SECOND, make_tables
from forewave.events.memory.network import Network
from tests.events import made
from tests.events.made import NOBODY, PLANE, T0, Quake

STATIONS = made.grid(25.0, 5, 0.2, 8)


def likelihood(travel_times, said, until, strange=hypotheses.NONE, stations=STATIONS):
    network = Network(stations)
    picks = made.feed(network, made.together(made.calm(stations, until), said))
    own = {pick.id for pick in picks}
    since = picks[0].time - 5.0
    known = observations.evidence(network, PLANE, picks, own, (0.0, 0.0), since, NOBODY)
    location = search.search(known, make_tables(travel_times))
    return hypotheses.likelihood(location.log_evidence, known, network.count, strange)


def told(*picks_and_peaks):
    """Picks (station, s after T0) with the peak a second later."""
    picks = [(made.pick(STATIONS[i], time), peak) for i, time, peak in picks_and_peaks]
    return [(T0 + 50.0, [pick, made.amplitude(pick, 1.0, peak)]) for pick, peak in picks]


def test_two_weak_far_coincidences_stay_unlikely(travel_times):
    assert likelihood(travel_times, told((0, 30.0, 2e-3), (23, 41.0, 2e-3)), 50.0) < 0.1


def test_an_earthquakes_picks_are_an_earthquake(travel_times):
    said = made.arrivals(Quake(5.0, 5.0, 10.0, 5.0), STATIONS, travel_times, 42.0)
    assert likelihood(travel_times, said, 42.0) > 0.99


def test_two_strong_picks_of_neighbours_can_be_enough(travel_times):
    quake = Quake(12.0, 3.0, 10.0, 5.5)
    said = made.arrivals(quake, STATIONS, travel_times, 90.0)
    picks = sorted(i.time for _, items in said for i in items if hasattr(i, "phase"))
    until = picks[1] - T0 + 0.6
    assert (
        likelihood(travel_times, made.arrivals(quake, STATIONS, travel_times, until), until) > 0.8
    )


def test_four_weak_picks_that_fit_nothing_are_too_few(travel_times):
    said = told((0, 30.0, 2e-3), (24, 31.0, 2e-3), (4, 36.0, 2e-3), (12, 39.0, 2e-3))
    assert likelihood(travel_times, said, 50.0) < 0.5


@pytest.mark.parametrize("peak", [2e-3, 2e-2])
def test_the_silence_of_neighbours_makes_it_less_likely(travel_times, peak):
    said = told((12, 45.0, peak), (13, 48.0, peak))
    early, late = (likelihood(travel_times, said, until) for until in (46.0, 60.0))
    assert late < early


def test_it_is_a_probability(travel_times):
    for said in (told((0, 30.0, 1e-9), (24, 30.0, 1e3)), told((0, 30.0, 50.0), (1, 33.0, 50.0))):
        assert 0.0 <= likelihood(travel_times, said, 60.0) <= 1.0


@pytest.mark.parametrize("seed", range(4))
def test_a_storm_of_false_picks_is_no_earthquake(travel_times, seed):
    """A lightning stroke or a bad link: a third of the stations within half a minute."""
    rng = np.random.default_rng(seed)
    at = rng.permutation(len(STATIONS))[:9]
    times = np.sort(rng.uniform(20.0, 45.0, 9))
    strong = 10 ** rng.uniform(-2.7, -1.5, 9)
    assert likelihood(travel_times, told(*zip(at, times, strong, strict=True)), 50.0) < 0.5


def test_picks_that_nothing_explains_make_others_doubtful(travel_times):
    """The same picks, with stations that have picked strangely in the last minute or without."""
    said = told((12, 45.0, 1e-2), (13, 48.5, 1e-2))
    strange = [hypotheses.Unassociated(*np.full((3, count), -20.0)) for count in (0, 12)]
    calm, storm = (likelihood(travel_times, said, 50.0, n) for n in strange)
    assert storm < 0.5 * calm


def knocks(strength, spread_s, count=None, seed=3):
    """All stations, or so many of them, at once: the power returns, a hub restarts."""
    rng = np.random.default_rng(seed)
    chosen = rng.permutation(len(STATIONS))[:count]
    picks = [made.pick(STATIONS[i], 40.0 + float(rng.uniform(0.0, spread_s))) for i in chosen]
    return [
        (pick.time + 1.5, [pick, made.amplitude(pick, 1.0, strength)])
        for pick in sorted(picks, key=lambda pick: pick.time)
    ]


@pytest.mark.parametrize("count", [None, 12])
@pytest.mark.parametrize("spread_s", [0.3, 2.0])
@pytest.mark.parametrize("strength", [0.1, 0.5, 2.0])
def test_a_knock_at_all_stations_at_once_is_no_earthquake(travel_times, strength, spread_s, count):
    assert likelihood(travel_times, knocks(strength, spread_s, count), 46.0) < 0.05


COUNT = 20


def knocked(apart_km=50.0, grown=0.0, stations=COUNT, others=0, tried=1.0):
    """Log-density of 20 picks within 2 s as false ones. grown: log10 after their first second."""
    at = made.known(
        *np.random.default_rng(3).normal(0.0, apart_km, (2, COUNT)), [0.0] * COUNT, -1.0
    )
    known = replace(
        at,
        pick_time=np.linspace(0.0, 1.9, COUNT),
        pick_growth=np.where(np.arange(AGES) < PER_SECOND, -1.0 - grown, -1.0)
        + np.zeros((COUNT, 1)),
        pick_rate=np.full(COUNT, 1e-12),
        tried=tried,
    )
    strange = hypotheses.Unassociated(*np.full((3, others), 1.0))
    probability = hypotheses.likelihood(-60.0, known, stations, strange)
    return -60.0 + np.log(hypotheses.EVENT_RATE / tried) + np.log(1.0 / probability - 1.0)


def test_a_knock_comes_once_a_week_and_at_any_moment_of_its_span():
    """19 picks more at 1 / 2 s each, at stations far enough apart to tell a burst from a wave."""
    far, near = knocked(), knocked(apart_km=5.0)
    assert far > near + 20.0


def test_a_knock_is_at_its_peak_within_a_second():
    """In a storm each pick that grows is evidence against knocks."""
    calm, storm = (
        [knocked(grown=grown, tried=tried) for grown in (0.0, 0.1, 0.3)] for tried in (1.0, 1e5)
    )
    assert calm == sorted(calm, reverse=True)
    assert 0.5 < calm[0] - calm[-1] < 2.0
    assert storm[0] - storm[-1] > COUNT


def test_in_a_storm_picks_that_grow_are_no_knocks():
    """Over 40 s, which no burst is."""
    at = made.known(*np.zeros((2, COUNT)), np.linspace(0.0, 40.0, COUNT), -1.0)
    false = []
    for first in (-1.0, -1.3):
        growth = np.where(np.arange(AGES) < PER_SECOND, first, -1.0) + np.zeros((COUNT, 1))
        known = replace(at, pick_growth=growth, pick_rate=np.full(COUNT, 1e-12), tried=1e5)
        false.append(hypotheses._log_false(known, COUNT, hypotheses.NONE))
    assert false[0] - false[1] > COUNT


def test_a_storm_may_be_over_a_part_of_the_network():
    """Of 8 picks in 20 s: their rate is that of the stations there, with the silent ones."""
    x, y = np.random.default_rng(3).normal(0.0, 20.0, (2, 8))
    at = made.known(x, y, np.linspace(0.0, 20.0, 8), -1.0)
    false = []
    for away_km in (200.0, 5.0):
        silent = {"silent_x": np.full(40, away_km), "silent_y": np.zeros(40)}
        known = replace(at, **silent, pick_rate=np.full(8, 1e-12))
        false.append(hypotheses._log_false(known, 48, hypotheses.NONE))
    assert false[0] - false[1] > 5.0


def test_a_storm_picks_its_stations_again_at_its_rate():
    """However seldom a station's later picks are otherwise."""
    time = np.linspace(0.0, 10.0, 20)
    at = made.known(*np.zeros((2, 20)), time, -1.0, pick_follows=np.arange(20) >= 12)
    false = [
        hypotheses._log_false(
            replace(at, pick_rate=np.where(at.pick_follows, rate, 1e-12)), 12, hypotheses.NONE
        )
        for rate in (1e-12, 1e-6, 1.0)
    ]
    assert false[0] == false[1] < false[2]


def test_a_recognised_storm_has_the_rate_that_it_shows_since_it_began():
    """Not that of a whole minute; of one pick a minute ago it has lasted as long."""
    at = made.known(*np.zeros((2, 11)), np.linspace(0.0, 9.0, 11), -1.0)
    at = replace(at, pick_rate=np.full(11, 1e-12))

    def false(tried, began):
        time = np.append(began, np.linspace(-2.0, 9.0, 32))
        others = hypotheses.Unassociated(*np.zeros((2, 33)), time)
        return hypotheses._log_false(replace(at, tried=tried), 49, others)

    assert false(1e5, -2.0) == false(1e5, -6.0)  # 15 s at least
    assert false(1e5, -2.0) - false(1e5, -51.0) > 10.0
    assert false(1.0, -2.0) == false(1.0, -51.0)


def test_stations_that_picked_in_the_same_moment_took_part_in_the_knock():
    """Of twice as many stations half have picked; the other half is in the event or beside it."""
    alone, together = (knocked(stations=2 * COUNT, others=n) for n in (0, COUNT))
    assert together - alone == pytest.approx(2 * COUNT * np.log(2.0), rel=0.05)


def test_of_a_knock_a_part_that_fits_a_source_is_none_either(travel_times):
    """Picked by chance from all that knocked: the others were in it too."""
    said = knocks(0.5, 2.0, 6)
    x, y = np.random.default_rng(2).uniform(-60.0, 60.0, (2, len(STATIONS) - 6))
    others = hypotheses.Unassociated(x, y, np.linspace(0.0, 1.5, len(x)))
    assert likelihood(travel_times, said, 52.0, others) < likelihood(travel_times, said, 52.0)


def test_stations_close_together_are_no_knock(travel_times):
    """Its P passes all of a city's stations within a second, strong and decaying."""
    city = made.grid(3.0, 4, 0.2, 5)
    said = made.arrivals(Quake(1.0, 2.0, 9.0, 5.0), city, travel_times, 44.0)
    assert likelihood(travel_times, said, 44.0, stations=city) > 0.99


def plane_wave(slowness_s_km, azimuth, log_a, colour, sigma=0.2):
    """A P that comes from afar to all stations alike, with its displacement by its colour."""
    rng = np.random.default_rng(3)
    x, y = PLANE.to_km(np.array([s.lat for s in STATIONS]), np.array([s.lon for s in STATIONS]))
    along = x * np.sin(np.radians(azimuth)) + y * np.cos(np.radians(azimuth))
    times = 40.0 + slowness_s_km * along + rng.normal(0.0, 0.1, len(x))
    picks = [made.pick(at, float(t)) for at, t in zip(STATIONS, times, strict=True)]
    peaks = 10 ** (log_a + rng.normal(0.0, sigma, len(x)))
    return [
        (p.time + 1.5, [p, made.amplitude(p, 1.0, a, a * 10**colour)])
        for p, a in zip(picks, peaks, strict=True)
    ]


@pytest.mark.parametrize("azimuth", [20.0, 200.0, 300.0])
@pytest.mark.parametrize("slowness_s_km", [0.05, 0.08])
def test_the_p_of_a_distant_earthquake_is_none_here(travel_times, slowness_s_km, azimuth):
    said = plane_wave(slowness_s_km, azimuth, -2.4, -1.2)
    assert likelihood(travel_times, said, 52.0) < 0.1


def test_a_deep_earthquake_below_is_not_taken_for_a_distant_one(travel_times):
    """Its P also comes to all within seconds, but strong and quick."""
    said = made.arrivals(Quake(5.0, -10.0, 90.0, 6.5), STATIONS, travel_times, 52.0)
    assert likelihood(travel_times, said, 52.0) > 0.99


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_slow_motion_favours_a_distant_earthquake_from_the_first_pick_on(travel_times, count):
    """No hypothesis begins to exist at some count: a pick more is no reason for a jump."""
    x, y, time = (
        [0.0, 20.0, 0.0, 20.0, 40.0],
        [0.0, 0.0, 20.0, 20.0, 0.0],
        [0.0, 1.0, 0.0, 1.0, 2.0],
    )
    known = made.known(x[:count], y[:count], time[:count], -2.4)
    slow, quick = (replace(known, pick_log_d=known.pick_log_a + c) for c in (-1.2, -2.4))
    real = search.search(known, make_tables(travel_times)).log_evidence
    assert hypotheses.likelihood(real, slow, 25) < hypotheses.likelihood(real, quick, 25)


def test_strong_motion_at_every_station_is_no_distant_ones(travel_times):
    """It pays its limit at each, not once: the more stations, the surer."""
    side = np.arange(4) * 15.0
    x, y = (v.ravel() for v in np.meshgrid(side, side))
    time = np.hypot(x - 22.0, y - 22.0) / 20.0  # a front as flat as a deep source's
    ratios = []
    for count in (4, 8, 16):
        weak, strong = (made.known(x[:count], y[:count], time[:count], a) for a in (-2.2, -1.2))
        ratios.append(hypotheses._log_distant(strong) - hypotheses._log_distant(weak))
    assert ratios == sorted(ratios, reverse=True)
    assert ratios[-1] < 2.0 * ratios[0] < 0.0


def test_silence_where_a_distant_p_has_passed_is_evidence_against_it():
    """Stations as quiet as those with picks have none, seconds after the wave has passed."""
    x, y = np.array([0.0, 20.0, 0.0, 20.0]), np.array([0.0, 0.0, 20.0, 20.0])
    here = made.known(x, y, 0.06 * x, -2.4)

    def silent(until, noise_ms2=made.QUIET):
        at, level = np.full(5, until), np.full(5, np.log10(noise_ms2))
        more = {"silent_x": np.full(5, 40.0), "silent_y": np.arange(5) * 10.0}
        return hypotheses._log_distant(
            replace(here, silent_until=at, silent_log_noise=level, **more)
        )

    alone = hypotheses._log_distant(here)
    assert silent(1.0) == pytest.approx(alone)  # it may not have come there yet
    assert silent(30.0) < alone - 5.0
    assert silent(30.0, noise_ms2=0.1) == pytest.approx(alone, abs=0.1)  # would not be seen there


def test_a_station_with_frequent_picks_has_less_weight(travel_times):
    """Its rate of false picks is its own."""
    pair = made.known([0.0, 20.0], [0.0, 0.0], [0.0, 0.5], -2.0)
    real = search.search(pair, make_tables(travel_times)).log_evidence
    usual, busy = (
        hypotheses.likelihood(real, replace(pair, pick_rate=np.full(2, rate)), 25)
        for rate in (1 / 10_800, 1 / 600)
    )
    assert busy < usual


def test_a_checked_motion_is_likelier_real_and_still_a_probability():
    assert [hypotheses.checked(p) for p in (0.0, 1.0)] == [0.0, 1.0]
    assert hypotheses.checked(1.0 / (1.0 + hypotheses.CHECKED)) == pytest.approx(0.5)
    found = [hypotheses.checked(p) for p in (0.01, 0.1, 0.5, 0.9)]
    assert found == sorted(found)
    assert found[0] > 0.01


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_surer_phones_weigh_more_up_to_a_bound(one, other):
    less, more = sorted((one, other))
    assert 0.0 <= hypotheses.sighted(less) <= hypotheses.sighted(more) <= hypotheses.MOST_SIGHTED


def test_phones_as_unsure_as_false_ones_were_weigh_nothing():
    """The likeliest false one of the simulated nights scored 22 where 28 is a half."""
    assert hypotheses.sighted(1.0 / (1.0 + np.exp(28.0 - 22.0))) == pytest.approx(0.0, abs=1e-9)
    assert hypotheses.sighted(0.5) == pytest.approx(hypotheses.SIGHTED)


def test_stations_that_keep_silent_outweigh_phones_alone():
    by = [hypotheses.phones_alone(1.0, silence) for silence in (0.0, -3.5, -7.0)]
    assert by[0] > 0.95
    assert by[1] > 0.5 > by[2]
