"""Whose motion it is, of two earthquakes under way."""

import numpy as np
import pytest

from forewave.events.associate import Arrivals, Member
from forewave.events.company import Company
from forewave.events.event import Event
from forewave.events.locate import Location
from forewave.events.relations import cua_heaton_2007 as envelopes
from forewave.types import Magnitude, Origin
from tests.events import made
from tests.events.made import PLANE, T0

A, B = made.station("A", 30.0, 0.0), made.station("B", 60.0, 0.0)
KM, P, S = 30.0, T0 + 40.0, T0 + 44.0
ORIGIN = Origin(T0 + 35.0, 24.0, 121.0, 8.0, 0.3, 4.0, 5.0)
LOCATION = Location(0.0, 0.0, 8.0, 0.0, 4.0, 5.0, 0.3, 6.0, 0.3, -10.0)
LEVEL = float(envelopes.log_amplitude(envelopes.S_ZA, 6.0, KM))  # of its S at A


def event(*members, s=S, withdrawn=None):
    """An M6 whose P and S come to A at P and S."""
    arrivals = Arrivals([P], [s], [KM])
    found = Event("e", PLANE, LOCATION, ORIGIN, arrivals, Magnitude(6.0, 0.2, "Menv", 5))
    found.members = {m.pick.id: m for m in members}
    found.withdrawn = withdrawn
    return found


def member(at, time, role):
    return Member(made.pick(at, time), role, 0.0, KM)


def test_what_others_explain_and_whether_but_in_their_wake():
    p, coda, both = member(A, 40.0, "P"), member(A, 50.0, "coda"), member(B, 45.0, "coda")
    also = Member(both.pick, "S", 0.0, KM)
    found = Company([event(p, coda, both), event(also)]).explained
    assert found == {p.pick.id: False, coda.pick.id: True, both.pick.id: False}


def test_neither_itself_nor_one_taken_back_is_company():
    itself, gone = event(member(A, 40.0, "P")), event(member(B, 45.0, "P"), withdrawn="a lorry")
    company = Company([itself, gone], itself)
    assert company.explained == {}
    assert company.until(0, T0 + 30.0, LEVEL) == np.inf


@pytest.mark.parametrize(
    ("since", "until"),
    [(30.0, P), (39.5, S), (42.0, S), (43.5, -np.inf), (50.0, -np.inf)],
    ids=["before both", "on its P", "after its P", "on its S", "after both"],
)
def test_motion_no_stronger_than_anothers_is_its_own_until_the_others_wave(since, until):
    assert Company([event()]).until(0, T0 + since, LEVEL - 0.1) == until


def test_motion_that_no_other_can_make_is_its_own():
    """A mainshock after a foreshock, whose S has come before."""
    assert Company([event()]).until(0, T0 + 50.0, LEVEL + 0.5) == np.inf


def test_coda_falls_so_later_motion_is_less_likely_anothers():
    company = Company([event()])
    assert company.until(0, T0 + 50.0, LEVEL - 0.3) == -np.inf
    assert company.until(0, T0 + 200.0, LEVEL - 0.3) == np.inf


def test_one_beyond_the_travel_times_sends_nothing():
    assert Company([event(s=np.inf)]).until(0, T0 + 50.0, -9.0) == np.inf


def test_of_several_the_first_wave_counts():
    later = event(s=S + 60.0)
    assert Company([later, event()]).until(0, T0 + 42.0, LEVEL - 0.2) == S


def test_what_phones_alone_see_has_no_say():
    seen, joined = event(), event(member(A, 40.0, "P"))
    seen.sighting = joined.sighting = made.sighting(0.0, 0.0, 35.0)
    assert Company([seen, joined]).events == [joined]
