from msgspec.structs import replace

from forewave.events.associate import Arrivals, Member
from forewave.events.event import Event, name
from forewave.events.location.search import Location
from forewave.types import PHONES, Magnitude, Origin
from tests.events import made
from tests.events.made import PLANE, T0

A, B = made.station("A", 0.0, 0.0), made.station("B", 20.0, 0.0)
ORIGIN = Origin(T0, 24.0, 121.0, 10.0, 0.3, 4.0, 5.0)
LOCATION = Location(0.0, 0.0, 10.0, 0.0, 4.0, 5.0, 0.3, 5.0, 0.3, 0.0, -10.0)


def event(*members):
    made_up = Event(
        "e1", PLANE, LOCATION, ORIGIN, Arrivals([], [], []), Magnitude(5.0, 0.3, "Menv", 2), 0.97
    )
    made_up.members = {m.pick.id: m for m in members}
    return made_up


def member(at, time, role="P", residual=0.1):
    return Member(made.pick(at, time), role, residual, 12.0)


def test_its_name_is_from_its_first_pick():
    assert name(made.pick(A, 0.9)) == "fw20200913122640a"


def test_versions_count_from_one():
    one = event(member(A, 3.0))
    first = one.solution()
    assert (first.version, first.event, first.withdrawn) == (1, "e1", None)
    one.published = first
    assert one.solution().version == 2


def test_a_solution_lists_p_and_s_by_time_and_no_coda():
    one = event(member(B, 6.0), member(A, 3.0), member(A, 5.0, "S"), member(B, 20.0, "coda"))
    arrivals = one.solution().picks
    assert [(a.station, a.phase, a.time - T0) for a in arrivals] == [
        ("XX.A", "P", 3.0),
        ("XX.A", "S", 5.0),
        ("XX.B", "P", 6.0),
    ]
    assert one.stations() == {"XX.A", "XX.B"}
    assert arrivals[0].residual == 0.1
    assert arrivals[0].distance_km == 12.0


def test_a_stations_first_pick_goes_on_placing_it():
    """Or a wrong place could silence the picks that would correct it."""
    first, other = member(A, 3.0), member(B, 6.0)
    one = event(first, other)
    assert one.placing() == [first.pick, other.pick]
    one.members = {other.pick.id: other}
    assert one.placing() == [first.pick, other.pick]


def test_a_pick_that_fits_better_takes_over():
    coda, p = member(A, 3.0, "S"), member(A, 2.0, "P")
    one = event(coda)
    assert one.placing() == [coda.pick]
    one.members = {m.pick.id: m for m in (coda, p)}
    assert one.placing() == [p.pick, coda.pick]


def test_a_withdrawn_event_has_a_reason():
    one = event(member(A, 3.0))
    one.withdrawn = "it was a lorry"
    assert one.solution().withdrawn == "it was a lorry"
    assert replace(one.solution(), withdrawn=None).likelihood == 0.97


def test_phones_are_one_more_witness_and_alone_it_does_not_stand():
    alone, confirmed = event(), event(member(A, 30.0))
    for each in (alone, confirmed):
        each.sighting = made.sighting(3.0, 4.0, 28.0)
    assert (alone.witnesses(), confirmed.witnesses()) == (1, 2)
    assert (alone.only_phones(), confirmed.only_phones()) == (True, False)
    assert (alone.stands(), confirmed.stands()) == (False, True)
    assert [arrival.station for arrival in confirmed.solution().picks] == [A.code, PHONES]
    assert confirmed.solution().picks[-1].time == T0 + 28.0
