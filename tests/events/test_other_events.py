"""Concurrent events: whose a pick is, and whose motion it is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from forewave.events.associate import Arrivals, Member
from forewave.events.event import Event
from forewave.events.location.search import Location
from forewave.events.memory.network import Network
from forewave.events.other_events import (
    CLEARLY,
    CODA_RATE,
    OUTGROWN,
    RISE,
    Claim,
    OtherEvents,
    claim,
)
from forewave.events.relations import cua_heaton_2007 as envelopes
from forewave.types import Magnitude, Origin
from tests.events import made
from tests.events.made import PLANE, T0

A, B = made.station("A", 30.0, 0.0), made.station("B", 60.0, 0.0)
KM, P, S = 30.0, T0 + 40.0, T0 + 44.0
ORIGIN = Origin(T0 + 35.0, 24.0, 121.0, 8.0, 0.3, 4.0, 5.0)
LOCATION = Location(0.0, 0.0, 8.0, 0.0, 4.0, 5.0, 0.3, 6.0, 0.3, 0.0, -10.0)
LEVEL = float(envelopes.log_amplitude(envelopes.S_ZA, 6.0, KM))  # of its S at A
P_LEVEL = float(envelopes.log_amplitude(envelopes.P_ZA, 6.0, KM))


@pytest.fixture
def network():
    network = Network((A, B))
    made.feed(network, made.calm((A, B), 60.0))
    return network


def event(*members, p=P, s=S, magnitude=6.0, withdrawn=None):
    """One whose P and S come to A and B at these times."""
    arrivals = Arrivals([p, p], [s, s], [KM, KM])
    found = Event("e", PLANE, LOCATION, ORIGIN, arrivals, Magnitude(magnitude, 0.2, "Menv", 5))
    found.members = {m.pick.id: m for m in members}
    found.withdrawn = withdrawn
    return found


def member(at, time, role, residual=0.0, before_ms2=np.nan):
    return Member(replace(made.pick(at, time), noise_pa_ms2=before_ms2), role, residual, KM)


def moved(network, member, log_a):
    """Feed the motion of a pick's first second to the network."""
    network.add_pick(member.pick)
    network.add_amplitude(made.amplitude(member.pick, 1.0, 10**log_a))
    return member


def test_every_event_that_explains_a_pick_is_named(network):
    p, coda, both = member(A, 40.0, "P"), member(A, 50.0, "coda"), member(B, 45.0, "coda")
    also = Member(both.pick, "S", 0.0, KM)
    one, other = event(p, coda, both), event(also)
    assert OtherEvents(network, [one, other]).explained == {
        p.pick.id: [(one, p)],
        coda.pick.id: [(one, coda)],
        both.pick.id: [(one, both), (other, also)],
    }


def test_neither_itself_nor_one_taken_back_is_company(network):
    itself, gone = event(member(A, 40.0, "P")), event(member(B, 45.0, "P"), withdrawn="a lorry")
    others = OtherEvents(network, [itself, gone], itself)
    assert others.explained == {}
    assert others.claim(made.pick(A, 40.0)) is None
    assert others.until(0, T0 + 30.0, LEVEL) == np.inf


@pytest.mark.parametrize(("role", "level"), [("P", P_LEVEL), ("S", LEVEL)])
def test_a_phase_is_expected_at_the_level_of_its_envelope(network, role, level):
    found = claim(network, event(), moved(network, member(A, 42.0, role), level + 0.25))
    assert found.role == role
    assert found.log_level == pytest.approx(level)
    assert found.excess == pytest.approx(0.25)


def test_a_coda_onset_is_expected_a_little_above_what_was_before_it(network):
    """Or above the noise, if the motion before the pick is unknown."""
    told = claim(network, event(), moved(network, member(A, 50.0, "coda", 0.0, 0.02), -1.0))
    assert told.rate == CODA_RATE
    assert told.log_level == pytest.approx(np.log10(0.02) + RISE)
    assert told.excess == pytest.approx(-1.0 - told.log_level)
    unknown = claim(network, event(), member(B, 50.0, "coda"))
    assert unknown.log_level == pytest.approx(np.log10(made.QUIET) + RISE)
    assert np.isnan(unknown.excess)


def test_the_better_timed_a_phase_is_the_likelier_it_is_down_to_the_rate_of_a_coda(network):
    rates = [
        claim(network, event(), member(A, 42.0, "P", residual)).rate
        for residual in (0.0, -0.5, 1.0, -2.0, 40.0)
    ]
    assert rates == sorted(rates, reverse=True)
    assert rates[0] > 10.0 * CODA_RATE
    assert rates[-1] == CODA_RATE


@pytest.mark.parametrize(
    ("role", "above", "is_open"),
    [
        ("P", OUTGROWN - 0.05, False),
        ("P", OUTGROWN + 0.05, True),
        ("S", OUTGROWN - 0.05, False),
        ("S", OUTGROWN + 0.05, True),
        ("coda", OUTGROWN - RISE - 0.05, False),
        ("coda", OUTGROWN - RISE + 0.05, True),
        ("P", -3.0, False),
        ("P", np.nan, False),
    ],
)
def test_motion_far_above_what_an_event_makes_may_be_anothers(role, above, is_open):
    assert Claim(role, 0.1, -1.0, 0.4, above).is_open is is_open


@given(st.floats(-3.0, 3.0), st.floats(0.0, 2.0), st.sampled_from(["P", "S", "coda"]))
def test_the_more_its_motion_is_off_the_less_it_is_an_events(above, more, role):
    near, far = (Claim(role, 0.1, 0.0, 0.4, x) for x in (above, above + np.copysign(more, above)))
    assert far.score <= near.score
    assert near.score <= Claim(role, 0.2, 0.0, 0.4, above).score


def test_of_several_events_the_likeliest_has_the_claim(network):
    pick = moved(network, member(A, 42.0, "S"), LEVEL)
    fits, odd = event(pick), event(replace(pick, role="coda"))
    for events in ([fits, odd], [odd, fits]):
        assert OtherEvents(network, events).claim(pick.pick).role == "S"


def test_picks_without_another_explanation_or_above_its_coda_are_left_to_an_event(network):
    free, coda, strong = (member(A, t, r) for t, r in ((20.0, "P"), (50.0, "coda"), (41.0, "P")))
    moved(network, strong, P_LEVEL + OUTGROWN + 0.1)
    others = OtherEvents(network, [event(coda, strong)])
    for each in (free, coda, strong):
        assert others.leaves(each.pick, event(), None)


def test_anothers_phase_is_an_events_only_if_it_explains_it_clearly_better(network):
    theirs = moved(network, member(A, 42.0, "P", 1.5), P_LEVEL)
    others, own = OtherEvents(network, [event(theirs)]), event()
    better = replace(theirs, residual=0.0)
    gain = claim(network, own, better).score - claim(network, own, theirs).score
    assert gain > CLEARLY
    assert others.leaves(theirs.pick, own, better)
    assert not others.leaves(theirs.pick, own, theirs)
    assert not others.leaves(theirs.pick, own, replace(better, role="coda"))
    assert not others.leaves(theirs.pick, own, None)


@pytest.mark.parametrize(
    ("since", "log_pa", "until"),
    [
        (30.0, LEVEL - 0.1, P),
        (39.5, LEVEL + 0.2, S),
        (42.0, LEVEL + 0.2, S),
        (43.5, LEVEL - 0.1, -np.inf),
        (50.0, LEVEL - 0.1, -np.inf),
    ],
    ids=["before both", "on its P", "after its P", "on its S", "after both"],
)
def test_motion_no_stronger_than_anothers_is_its_own_until_the_others_wave(
    network, since, log_pa, until
):
    """Between its P and its S it is stronger than that P."""
    assert OtherEvents(network, [event()]).until(0, T0 + since, log_pa) == until


@pytest.mark.parametrize("since", [39.5, 42.0])
def test_motion_after_anothers_p_that_is_no_stronger_than_that_is_anothers(network, since):
    """A blast's picks, a moment before the P of a larger earthquake beside it."""
    found = OtherEvents(network, [event()]).until(0, T0 + since, P_LEVEL + 0.2)
    assert found == -np.inf


def test_motion_that_no_other_can_make_is_its_own(network):
    """A mainshock after a foreshock, whose S has come before."""
    assert OtherEvents(network, [event()]).until(0, T0 + 50.0, LEVEL + 0.5) == np.inf


def test_coda_falls_so_later_motion_is_less_likely_anothers(network):
    others = OtherEvents(network, [event()])
    assert others.until(0, T0 + 50.0, LEVEL - 0.3) == -np.inf
    assert others.until(0, T0 + 200.0, LEVEL - 0.3) == np.inf


def test_one_beyond_the_travel_times_sends_nothing(network):
    assert OtherEvents(network, [event(s=np.inf)]).until(0, T0 + 50.0, -9.0) == np.inf


def test_of_several_the_first_wave_counts(network):
    later = event(s=S + 60.0)
    assert OtherEvents(network, [later, event()]).until(0, T0 + 42.0, LEVEL + 0.2) == S


def test_events_of_phones_alone_explain_no_motion(network):
    seen, joined = event(), event(member(A, 40.0, "P"))
    seen.sighting = joined.sighting = made.sighting(0.0, 0.0, 35.0)
    assert OtherEvents(network, [seen, joined]).events == [joined]
