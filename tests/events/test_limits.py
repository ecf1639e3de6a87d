"""Limits at which the room of events changes its mind, each from both sides."""

import numpy as np
import pytest
from msgspec.structs import replace

from forewave.events import associate, event_pairs, single_station
from forewave.events.associate import Arrivals, Member
from forewave.events.discrimination import hypotheses
from forewave.events.event import Event
from forewave.events.location import source_duration
from forewave.events.location.evidence import AGES, Evidence
from forewave.events.memory.network import Network
from forewave.events.other_events import Claim, OtherEvents
from forewave.types import Amplitude, Origin, StationState
from tests.events.line import STATIONS, T0, pick


@pytest.mark.parametrize(
    ("time", "role"),
    [
        (7.9, None),
        (8.1, "P"),
        (11.9, "P"),
        (12.1, "coda"),
        (17.1, "coda"),
        (17.3, "S"),  # S at 20 s, give or take 2.8
        (22.7, "S"),
        (22.9, "coda"),
        (49.9, "coda"),
        (50.1, None),
    ],
)
def test_a_pick_is_p_or_s_within_the_slack_and_coda_for_its_length(time, role):
    assert associate.role(pick(0, time), T0 + 10.0, T0 + 20.0, slack=2.0, coda=30.0) == role


def test_the_slack_is_of_reading_model_and_place():
    origin = Origin(T0, 24.0, 121.0, 10.0, 0.5, 6.0, 5.0)
    assert associate.slack(50.0, origin) == pytest.approx(1.0 + 3.0 + 1.0)
    lost = replace(origin, epicentre_sigma_km=90.0)
    assert associate.slack(50.0, lost) == pytest.approx(1.0 + 3.0 + 3.0)


def test_a_coda_lasts_15_s_after_an_m4_and_two_and_a_half_times_as_long_by_magnitude():
    assert [associate.coda(m) for m in (4.0, 5.0, 6.0)] == pytest.approx([15.0, 37.5, 93.75])


@pytest.mark.parametrize(("apart", "together"), [(5.1, True), (5.3, False)])
def test_picks_are_together_while_the_slowest_wave_may_go_between(apart, together):
    network = Network(STATIONS)  # 10 km at 4.5 km/s are 2.2 s, and 3 s more
    assert bool(associate.clusters([pick(0, 0.0), pick(1, apart)], network)) == together


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({}, True),
        ({"east_km": 31.0}, True),  # 20 km, and twice what both are unsure by
        ({"east_km": 33.0}, False),
        ({"time": 6.9}, True),
        ({"time": -6.9}, True),
        ({"time": -7.1}, False),
        ({"time": 60.0}, False),
        ({"east_km": 50.0, "time": 6.0}, False),
    ],
)
def test_what_is_near_in_place_and_time_is_the_same_earthquake(event, change, same):
    assert event_pairs.is_same(event(**change), event()) is same


def test_a_rupture_runs_on_for_its_length_and_time(event):
    great = event(magnitude=7.5)
    assert event_pairs.is_same(event(90.0, 30.0), great)
    assert not event_pairs.is_same(event(90.0, 1.0), great)  # faster than it can run
    assert not event_pairs.is_same(event(90.0, 30.0), event(magnitude=5.0))


@pytest.mark.parametrize(
    ("east_km", "later", "inside"),
    [(200.0, 10.0, True), (210.0, 10.0, False), (50.0, 111.0, True), (50.0, 114.0, False)],
)
def test_a_coda_reaches_200_km_and_three_times_its_length(event, east_km, later, inside):
    there = event(east_km)  # unsure by 3 km, which counts twice
    assert event_pairs.in_coda(there, event(), T0 + later) is inside


@pytest.mark.parametrize(
    ("change", "alike"),
    [
        ({"east_km": 70.0}, True),
        ({"east_km": 74.0}, False),
        ({"time": 19.0}, True),
        ({"time": -21.0}, False),
    ],
)
def test_what_phones_see_may_be_60_km_and_20_s_off(event, change, alike):
    assert event_pairs.alike(event(**change), event()) is alike


def unrelated(span, false=0):
    """Log-density of ten picks at ten stations, evenly over so many seconds, as false ones."""
    count = 10
    rng = np.random.default_rng(3)
    many, none = np.full(count, np.nan), np.array([])
    time = np.linspace(0.0, span, count)
    evidence = Evidence(
        *rng.standard_normal((2, count)),  # km: too near each other for a wave that takes so long
        rng.permutation(time),
        np.full(count, 0.1),
        many,
        np.full((count, AGES), np.nan),
        many,
        many,
        many,
        many,
        np.full(count, 1e-12),
        many,
        np.zeros(count, dtype=bool),
        *(none for _ in range(4)),
    )
    others = hypotheses.Unassociated(*np.full((3, false), -500.0))
    likelihood = hypotheses.likelihood(-85.0, evidence, count, others)
    return -85.0 + np.log(1.0 / 2000.0) + np.log(1.0 / likelihood - 1.0)


def storm(span):
    """Log of the rate per second and station that ten picks at ten stations show."""
    return np.log(10 / (np.e * 10 * span))


def test_a_storm_goes_on_for_a_hundredth_of_the_time():
    assert unrelated(120.0) == pytest.approx(np.log(0.01) + 10 * storm(120.0), abs=0.05)


def test_false_picks_of_the_last_minute_make_a_storm_likelier():
    assert unrelated(120.0, false=9) - unrelated(120.0) == pytest.approx(np.log(10.0), abs=0.05)


def test_a_storm_may_begin_twice_a_week():
    everywhere, over_a_part = 9 * storm(20.0), np.log(0.3) - 9 * np.log(60.0)
    begun = np.log(1 / 302400.0 / 10) + np.logaddexp(everywhere, over_a_part)
    lasting = np.log(0.01) + 10 * storm(60.0)
    assert unrelated(20.0) == pytest.approx(np.logaddexp(begun, lasting), abs=0.01)


@pytest.mark.parametrize(("probability", "ratio"), [(0.5, 6.0), (0.99999, 7.0), (1e-6, 0.0)])
def test_phones_weigh_e6_where_they_are_half_sure_and_e7_at_most(probability, ratio):
    assert hypotheses.sighted(probability) == pytest.approx(ratio)


def test_phones_alone_reach_log_odds_of_4_and_less_where_stations_are_silent():
    assert hypotheses.phones_alone(0.99999, 0.0) == pytest.approx(1 / (1 + np.exp(-4.0)))
    assert hypotheses.phones_alone(0.99999, -4.0) == pytest.approx(0.5)


def test_a_first_motion_that_was_checked_counts_ninetyfold():
    assert hypotheses.checked(0.01) == pytest.approx(0.9 / 1.89)


def test_an_m5_breaks_for_as_long_as_it_is_seen_to():
    half = source_duration.half_duration(5.0)
    assert source_duration.visible_magnitude(half) == pytest.approx(5.0)
    assert source_duration.visible_magnitude(10.0 * half) == pytest.approx(7.0)
    assert source_duration.half_duration(7.0) == pytest.approx(10.0 * half)


class TestNotice:
    @pytest.fixture
    def strong(self):
        def said(age=2.0, pd_m=0.006, jma=3.0, clipped=False, before=None):
            network, first = Network(STATIONS), pick(0, 0.0)
            network.add_state(StationState(STATIONS[0].code, first.time, 0.5, "good", 1e-4, 1e-7))
            network.add_pick(first)
            moments = [(age, pd_m, jma)] if before is None else [before, (age, pd_m, jma)]
            for since, peak, intensity in moments:
                motion = (peak, 0.1, 1.0, 1.0, 0.1, intensity, clipped, peak)
                word = Amplitude(STATIONS[0].code, first.time + since, first.id, since, *motion)
                network.add_amplitude(word)
            return single_station.strong(network, first, {first.id})

        return said

    @pytest.mark.parametrize(
        ("motion", "is_strong"),
        [
            ({}, True),
            ({"pd_m": 0.0049}, False),
            ({"jma": 2.4}, False),
            ({"pd_m": 0.001, "jma": 3.4}, False),
            ({"pd_m": 0.001, "jma": 3.6}, True),
            ({"age": 0.4}, False),
            ({"age": 10.5}, False),
            ({"clipped": True}, False),
            ({"age": 5.0, "before": (2.5, 0.006, 3.0)}, False),  # it has not grown for 2 s
            ({"age": 5.0, "jma": 3.1, "before": (2.5, 0.006, 3.0)}, True),
        ],
    )
    def test_one_station_is_strong_enough(self, strong, motion, is_strong):
        assert strong(**motion) is is_strong


class TestCompany:
    def of(self, event, role, time, log_a=None, s=20.0):
        """Another event whose P and S come at 10 and 20 s, and one pick as its P, S or coda."""
        network, one = Network(STATIONS), pick(0, time)
        network.add_pick(one)
        other = event()
        other.arrivals = Arrivals([T0 + 10.0] * 6, [T0 + s] * 6, [30.0] * 6)
        residual = time - {"P": 10.0, "S": 20.0, "coda": 10.0}[role]
        other.members = {one.id: Member(one, role, residual, 30.0)}
        return OtherEvents(network, [other]), one

    @pytest.mark.parametrize(("role", "time"), [("P", 10.0), ("S", 20.0), ("coda", 30.0)])
    def test_an_event_claims_its_p_and_s_more_than_its_coda(self, event, role, time):
        others, one = self.of(event, role, time)
        found = others.claim(one)
        assert found.role == role
        assert (found.rate > 1.0 / 60.0) == (role != "coda")

    @pytest.mark.parametrize(
        ("role", "excess", "is_open"),
        [
            ("P", 0.6, False),
            ("P", 0.8, True),
            ("coda", 0.3, False),
            ("coda", 0.4, True),
            ("P", np.nan, False),
        ],
    )
    def test_a_pick_is_open_where_it_far_outgrows_what_is_expected(self, role, excess, is_open):
        assert Claim(role, 0.1, -2.0, 0.4, excess).is_open is is_open

    def test_only_an_event_that_explains_it_clearly_better_takes_a_pick(self, event):
        others, one = self.of(event, "P", 12.0)  # two seconds late for the other
        mine: Event = event(name="mine")
        mine.arrivals = Arrivals([T0 + 12.0] * 6, [T0 + 25.0] * 6, [30.0] * 6)
        assert others.leaves(one, mine, Member(one, "P", 0.0, 30.0))
        assert not others.leaves(one, mine, Member(one, "P", 2.0, 30.0))
        assert not others.leaves(one, mine, Member(one, "coda", 0.0, 30.0))
        assert not others.leaves(one, mine, None)

    def test_a_pick_in_a_coda_is_left_to_others(self, event):
        others, one = self.of(event, "coda", 30.0)
        assert others.leaves(one, event(name="mine"), None)
