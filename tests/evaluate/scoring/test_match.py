import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from forewave.evaluate.scoring.catalogue import Quake
from forewave.evaluate.scoring.match import Matching, match, separation
from tests.evaluate.synthetic import QUAKE, T0, alert, origin

SMALL = Quake(T0, 0.0, 0.0, 10.0, 5.0)


def kinds(actual):
    """Without what says of which earthquake."""
    return replace(actual, names=(), duplicate_of=(), cancelled=())


def test_one_event_at_the_place_and_time():
    assert kinds(match([alert(), alert(version=2)], QUAKE)) == Matching("a", (), (), (), ())


def test_no_alerts():
    assert kinds(match([], QUAKE)) == Matching(None, (), (), (), ())


@pytest.mark.parametrize(
    ("after", "east_km", "same"),
    [(30.0, 0, True), (30.1, 0, False), (0, 99.9, True), (0, 100.1, False), (-30.0, 99.9, True)],
)
def test_the_edge_is_100_km_and_30_s(after, east_km, same):
    found = match([alert(where=origin(after, east_km))], SMALL)
    assert (found.found == "a", found.false == ("a",)) == (same, not same)


def test_a_stray_version_does_not_lose_the_event():
    versions = [alert(), alert(version=2, where=origin(0, 225.0))]
    assert match(versions, QUAKE).found == "a"


def test_of_two_that_match_the_nearest_is_it_and_the_other_a_duplicate():
    both = [alert("early", where=origin(-4.0)), alert("true", where=origin(0.5, 3.0))]
    assert kinds(match(both, QUAKE)) == Matching("true", ("early",), (), (), ())


def test_a_second_event_in_the_window_that_is_another_source_is_false():
    """Issued 66 s after a great earthquake, 70 km from its epicentre."""
    second = alert("b", at=66.0, where=origin(20.0, 70.0))
    assert kinds(match([alert(), second], QUAKE)) == Matching("a", (), (), (), ("b",))


@pytest.mark.parametrize(
    ("where", "same"),
    [
        (origin(0.0, 14.9, sigma_km=1.0), True),  # sigmas may be too small
        (origin(0.0, 15.1, sigma_km=1.0), False),
        (origin(0.0, 29.9, sigma_km=15.0), True),
        (origin(0.0, 30.1, sigma_km=15.0), False),
        (origin(0.0, 51.0, sigma_km=90.0), False),  # may lie anywhere: no excuse
        (origin(4.9, 0.0), True),
        (origin(5.1, 0.0), False),
        (origin(9.9, 0.0, sigma_s=5.0), True),
        (origin(16.0, 0.0, sigma_s=50.0), False),
        (origin(0.0, 10.0, sigma_km=math.nan, sigma_s=math.nan), True),
    ],
)
def test_a_duplicate_is_the_same_source_by_its_own_uncertainty(where, same):
    actual = match([alert("a", where=origin(0.1)), alert("b", where=where)], SMALL)
    assert (actual.duplicates, actual.false) == ((("b",), ()) if same else ((), ("b",)))


def test_an_event_that_leaves_the_source_is_no_duplicate():
    second = [alert("b", where=origin(1.0, 5.0)), alert("b", 2, where=origin(1.0, 70.0))]
    assert match([alert(), *second], QUAKE).false == ("b",)


@given(st.floats(0, 60), st.floats(0, 300), st.floats(0, 100))
def test_an_event_beside_the_earthquakes_is_false_or_a_duplicate_and_never_excused(after, km, sg):
    second = alert("b", at=80.0, where=origin(after, km, sigma_km=sg))
    actual = match([alert(), second], QUAKE, complete=True)
    assert actual.found in ("a", "b")
    assert len(actual.duplicates) + len(actual.false) == 1
    assert actual.later == ()


def test_cancelled_events_are_named_whatever_they_were():
    alerts = [
        alert("a"),
        alert("a", 2, kind="cancel", why="smaller"),
        alert("b", where=origin(0, 300)),
        alert("b", 2, where=origin(0, 300), kind="cancel", why="false"),
        alert("c", where=origin(1.0)),
    ]
    assert match(alerts, QUAKE).cancelled == ("a", "b")


def test_what_is_far_is_false():
    assert match([alert(), alert("b", where=origin(10, 300))], QUAKE).false == ("b",)


def test_noise_knows_only_false_events():
    assert kinds(match([alert(), alert("b")], None)) == Matching(None, (), (), (), ("a", "b"))


def test_another_of_the_catalogue_is_neither_false_nor_duplicate():
    other = Quake(T0 + 60, 0.0, 1.0, 10.0, 4.0)
    second = alert("b", at=70.0, where=origin(60.0, 111.0))
    assert match([alert(), second], SMALL, [other]).others == ("b",)


@pytest.mark.parametrize(
    ("quake", "after", "east_km", "magnitude", "later"),
    [
        (QUAKE, 40, 50, 5.0, True),
        (SMALL, 40, 50, 4.0, False),  # a small one has no coda to hide in
        (QUAKE, 40, 120, 5.0, False),
        (QUAKE, 700, 50, 5.0, False),
        (QUAKE, -40, 50, 5.0, False),
        (QUAKE, 40, 50, 6.6, False),
    ],
)
def test_later_is_only_what_may_be_an_aftershock(quake, after, east_km, magnitude, later):
    found = match([alert("b", where=origin(after, east_km), magnitude=magnitude)], quake)
    assert (found.later, found.false) == ((("b",), ()) if later else ((), ("b",)))


def test_every_version_of_a_later_event_must_be_one():
    versions = [alert("b", where=origin(40)), alert("b", 2, where=origin(40, 300))]
    assert match(versions, QUAKE).false == ("b",)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(-90, 900), st.floats(0, 500))))
def test_every_event_is_counted_once(rows):
    alerts = [alert(name, where=origin(after, km)) for name, after, km in rows]
    m = match(alerts, QUAKE, [Quake(T0 + 100, 0.0, 0.0, 5.0, 5.0)])
    counted = [*([m.found] if m.found else []), *m.duplicates, *m.others, *m.later, *m.false]
    assert sorted(counted) == sorted({name for name, _, _ in rows})


def test_separation_is_the_worse_of_both():
    assert separation(origin(15.0, 10.0), QUAKE) == pytest.approx(0.5)
    assert separation(origin(3.0, 80.0), QUAKE) == pytest.approx(0.8)


SECOND = Quake(T0 + 20.0, 0.0, 0.5, 10.0, 6.0)


def late(event, where):
    """An alert when both earthquakes have begun."""
    return alert(event, at=30.0, where=where)


def test_two_events_of_two_near_earthquakes_are_one_of_each():
    first, second = late("a", origin(9.0, 25.0)), late("b", origin(12.0, 30.0))
    actual = match([first, second], QUAKE, [SECOND])
    assert actual.names == ("a", "b")
    assert actual.duplicates == ()


def test_one_event_between_two_earthquakes_is_the_nearer():
    actual = match([late("a", origin(14.0, 40.0))], QUAKE, [SECOND])
    assert actual.names == (None, "a")
    assert actual.found is None


def test_a_duplicate_has_the_index_of_its_earthquake():
    alerts = [late(n, origin(s, 55.0)) for n, s in (("b", 20.0), ("c", 24.0))]
    actual = match([alert("a"), *alerts], QUAKE, [SECOND])
    assert (actual.names, actual.duplicates, actual.duplicate_of) == (("a", "b"), ("c",), (1,))


def test_a_duplicate_of_the_first_earthquake_is_not_paired_with_the_second():
    """Of two earthquakes 56 km and 20 s apart only the first was issued, twice."""
    twice = [late("a", origin(0.0, 1.0)), late("b", origin(2.0, 8.0))]
    actual = match(twice, QUAKE, [SECOND])
    assert (actual.names, actual.duplicates, actual.duplicate_of) == (("a", None), ("b",), (0,))


def test_where_all_earthquakes_are_known_nothing_is_later():
    coda = alert("b", where=origin(90.0, 10.0), magnitude=5.0)
    assert match([alert("a"), coda], QUAKE).later == ("b",)
    assert match([alert("a"), coda], QUAKE, complete=True).false == ("b",)


def test_a_confirmed_event_is_paired_before_a_single_station_event():
    notice, full = alert("n", stations=1), alert("a", where=origin(2.0, 12.0))
    actual = match([notice, full], QUAKE)
    assert (actual.found, actual.duplicates) == ("a", ("n",))


def test_an_event_issued_before_the_origin_time_is_false():
    early = alert("a", at=-4.0, where=origin(-3.0, 10.0))
    assert match([early], QUAKE).found is None
    assert match([early], QUAKE).false == ("a",)
    assert match([alert("a", at=-1.0)], QUAKE).found == "a"  # catalogues err


def test_a_false_event_that_becomes_the_earthquakes_is_both():
    alerts = [alert("a", at=-4.0, where=origin(-3.0, 10.0)), alert("a", version=2, at=5.0)]
    actual = match(alerts, QUAKE)
    assert (actual.found, actual.false) == ("a", ("a",))
