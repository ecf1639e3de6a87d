import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from forewave.earth import geohash
from forewave.earth.distance import LocalPlane
from forewave.earth.gmm import DEFAULT, MODELS
from forewave.earth.travel_time import TravelTimes
from forewave.errors import ModelError
from forewave.shaking.forecaster import EPICENTRE, FOLLOWED, Forecaster, ShakingSettings
from forewave.shaking.intensity import worden_2012
from forewave.shaking.observed import VECTOR
from forewave.types import (
    Amplitude,
    Magnitude,
    Origin,
    Place,
    Rupture,
    ShakingForecast,
    Solution,
    StationState,
)

X = np.array([0.0, 1000.0])
Z = np.array([0.0, 700.0])
# Straight lines: P at 6 km/s along the surface, S at 3.5 km/s, depth as far again.
TABLE = TravelTimes("straight", X, Z, (X[:, None] + Z) / 6.0, (X[:, None] + Z) / 3.5)
PLANE = LocalPlane(30.0, 103.0)


def place(east_km, name="here", kind="town", vs30_ms=None):
    return Place(name, *PLANE.to_degrees(east_km, 0.0), kind, vs30_ms)


def solution(magnitude=6.5, depth_km=10.0, rupture=None, **changes):
    origin = Origin(1000.0, 30.0, 103.0, depth_km, 0.5, 5.0, 5.0)
    made = Solution("ev", 3, origin, Magnitude(magnitude, 0.3, "Mpd", 5), rupture, (), 0.9)
    return replace(made, **changes)


def forecasts(item, *places, **settings):
    (shaking,) = Forecaster(places, TABLE, ShakingSettings(**settings)).feed(item, 1005.0)
    assert isinstance(shaking, ShakingForecast)
    assert shaking.solution is item
    return {f.place: f for f in shaking.forecasts}


def test_a_place_is_told_how_strongly_and_when():
    found = forecasts(solution(), place(60.0))["here"]
    assert (found.event, found.version, found.source) == ("ev", 3, "point")
    assert found.p_arrival == pytest.approx(1000.0 + 70.0 / 6.0, abs=0.01)
    assert found.s_arrival == pytest.approx(1000.0 + 70.0 / 3.5, abs=0.01)
    assert found.intensity == pytest.approx(5.0, abs=0.4)
    assert 0.9 < found.sigma < 1.6


def test_the_epicentre_is_always_a_place_and_the_strongest():
    found = forecasts(solution(), place(20.0), place(40.0, "there"))
    assert list(found) == [EPICENTRE, "here", "there"]
    assert (found[EPICENTRE].lat, found[EPICENTRE].lon) == (30.0, 103.0)
    assert found[EPICENTRE].intensity > found["here"].intensity > found["there"].intensity
    assert list(forecasts(solution(3.0), place(300.0))) == [EPICENTRE]


def test_a_withdrawn_solution_forecasts_nothing():
    assert forecasts(solution(withdrawn="false"), place(20.0)) == {}


def test_a_town_that_feels_nothing_is_left_out_but_a_station_is_not():
    far = [place(250.0, "town"), place(250.0, "ST.A", "station"), place(250.0, "cell", "cell")]
    assert list(forecasts(solution(4.0), *far)) == [EPICENTRE, "ST.A"]
    assert list(forecasts(solution(4.0), *far, floor=1.0)) == [EPICENTRE, "town", "ST.A", "cell"]


def test_a_model_that_ends_at_100_km_warns_at_150_km_as_the_default_does(monkeypatch):
    monkeypatch.setitem(MODELS, "short", replace(DEFAULT, name="short", distances_km=(0.0, 100.0)))
    great, places = solution(7.9), (place(50.0, "near"), place(150.0, "far"))
    short, usual = forecasts(great, *places, model="short"), forecasts(great, *places)
    assert short == usual
    assert short["far"].intensity == pytest.approx(5.5, abs=0.3)


def test_where_no_model_holds_there_is_no_forecast():
    far = [place(500.0), place(500.0, "ST.A", "station")]
    assert list(forecasts(solution(6.0), *far)) == [EPICENTRE]
    assert forecasts(solution(float("nan")), place(20.0)) == {}
    assert forecasts(solution(origin=replace(solution().origin, lat=float("nan")))) == {}


def test_the_greatest_earthquakes_are_not_forecast_as_nothing():
    great = forecasts(solution(9.1), place(100.0))["here"]
    assert great.intensity == forecasts(solution(8.5), place(100.0))["here"].intensity
    assert great.intensity > 5.0


def test_a_line_source_counts_from_its_nearest_end():
    ends = (*PLANE.to_degrees(0.0, 0.0), *PLANE.to_degrees(100.0, 0.0))
    rupture = Rupture(*ends, top_km=2.0, length_km=100.0, strike=90.0)
    line = forecasts(solution(7.5, rupture=rupture), place(110.0), place(-110.0, "behind"))
    point = forecasts(solution(7.5), place(110.0), place(-110.0, "behind"))
    assert line["here"].source == "line"
    assert line["here"].intensity > point["here"].intensity + 0.5
    assert line["behind"].intensity < point["behind"].intensity
    assert line["here"].sigma < point["here"].sigma
    assert line["here"].s_arrival == point["here"].s_arrival


def test_soft_ground_shakes_more_and_the_default_is_for_those_who_do_not_know():
    soft = forecasts(solution(5.0), place(60.0, vs30_ms=250.0))["here"].intensity
    rock = forecasts(solution(5.0), place(60.0, vs30_ms=1000.0))["here"].intensity
    unknown = forecasts(solution(5.0), place(60.0))["here"].intensity
    assert rock < unknown < soft
    assert forecasts(solution(5.0), place(60.0, vs30_ms=3000.0))["here"].intensity <= rock
    assert unknown == forecasts(solution(5.0), place(60.0, vs30_ms=400.0))["here"].intensity


def test_deep_is_weaker_above():
    depths_km = (5.0, 15.0, 40.0, 120.0)
    above = [forecasts(solution(6.5, z), deep_model=None)[EPICENTRE].intensity for z in depths_km]
    assert above[0] == above[1] > above[2] > above[3]


def test_another_model_can_be_chosen_and_a_wrong_name_is_refused():
    found = forecasts(solution(6.0), place(49.0), model="allen_wald_worden_2012")["here"]
    assert found.intensity == pytest.approx(5.16, abs=0.02)
    with pytest.raises(ModelError, match="'boor': expected one of boore_2014"):
        Forecaster([], TABLE, ShakingSettings(model="boor"))


def seen(code, time, mmi, **changes):
    """An amplitude of a motion that is felt so."""
    motion = (VECTOR * float(to(mmi)) for to in (worden_2012.to_pga, worden_2012.to_pgv))
    nan = float("nan")
    word = Amplitude(code, time, None, None, nan, nan, nan, *motion, nan, False)
    return replace(word, **changes)


def ring(*distances_km):
    """Stations east of the epicentre, a place of a town beside each."""
    stations = [place(x, f"ST.{x:.0f}", "station") for x in distances_km]
    return [*stations, *(place(x + 2.0, f"Town {x:.0f}") for x in distances_km)]


def by_place(shaking):
    return {f.place: f for f in shaking.forecasts}


def heard(item, places, levels, now=1060.0, **settings):
    """The shaking forecast after motion was seen. seen: {station: MMI beyond the source's}."""
    room = Forecaster(places, TABLE, ShakingSettings(**settings))
    (before,) = room.feed(item, 1005.0)
    for code, more in levels.items():
        room.feed(seen(code, 1030.0, by_place(before)[code].intensity + more), 1030.0)
        room.feed(StationState(code, now, 0.5, "good", 0.001, 1e-6), now)
    (after,) = room.feed(item, now)
    return before, after


def test_without_motion_nothing_is_ever_due():
    room = Forecaster([place(20.0, "ST.A", "station")], TABLE)
    assert list(room.feed(seen("ST.A", 1.0, 4.0), 2.0)) == []
    assert room.deadline() is None
    assert list(room.tick(3.0)) == []


def test_stations_that_see_more_raise_the_bias_and_every_forecast_by_it():
    places = ring(20.0, 35.0, 50.0, 65.0, 80.0, 95.0)
    levels = {f"ST.{x}": 0.6 for x in (20, 35, 50, 65, 80, 95)}
    before, after = heard(solution(5.5), places, levels)
    assert before.bias == 0.0
    assert after.bias == pytest.approx(0.5, abs=0.1)
    old, new = by_place(before), by_place(after)
    for x in (20, 35, 50, 65, 80, 95):
        gain = new[f"Town {x}"].intensity - old[f"Town {x}"].intensity
        assert gain == pytest.approx(0.6, abs=0.15)
        assert new[f"Town {x}"].sigma < old[f"Town {x}"].sigma
    far = place(250.0, "far", "station")
    old, new = (by_place(o)["far"] for o in heard(solution(6.5), [*places, far], levels))
    assert new.intensity - old.intensity == pytest.approx(0.5, abs=0.15)


def test_a_station_is_not_forecast_from_its_own_record():
    places = ring(20.0, 35.0, 50.0, 65.0)
    quiet = {f"ST.{x}": 0.1 for x in (20, 35, 50, 65)}
    one, other = (
        by_place(heard(solution(5.5), places, {**quiet, "ST.35": more})[1]) for more in (0.1, 2.0)
    )
    assert one["ST.35"].intensity == pytest.approx(other["ST.35"].intensity, abs=1e-6)
    assert one["ST.35"].sigma == pytest.approx(other["ST.35"].sigma, abs=1e-6)
    assert one["Town 35"].intensity < other["Town 35"].intensity - 0.2


def test_where_motion_exceeds_the_source_it_is_plum_and_the_cells_around_are_told():
    near = [place(x, f"ST.{x:.0f}", "station") for x in (60.0, 63.0, 66.0)]
    far = [place(-x, f"ST.-{x:.0f}", "station") for x in (40.0, 80.0, 120.0, 150.0)]
    levels = {p.name: 1.8 if p in near else 0.0 for p in (*near, *far)}
    _, after = heard(solution(5.5), [*near, *far, place(64.0, "Town")], levels)
    found = by_place(after)
    assert found["Town"].source == "plum"
    assert found["ST.-80"].source == "point"
    cells = [f for f in after.forecasts if len(f.place) == 4 and f.source == "plum"]
    assert 1 <= len(cells) - 1 <= 16
    assert geohash.encode(*PLANE.to_degrees(63.0, 0.0)) in {f.place for f in cells}
    assert all(f.intensity >= 1.5 + after.bias for f in cells)


def test_motion_between_solutions_is_told_when_it_changes_a_place_by_half_a_unit():
    places = ring(20.0, 35.0, 50.0, 65.0)
    room = Forecaster(places, TABLE)
    room.feed(solution(5.5), 1020.0)
    assert room.deadline() is None
    for x in (20, 35, 50):
        room.feed(seen(f"ST.{x}", 1019.0, 8.0), 1020.2)
    assert room.deadline() == 1021.0
    (shaking,) = room.tick(1021.0)
    assert shaking.solution == solution(5.5)
    assert shaking.bias > 0.5
    assert room.deadline() is None
    room.feed(seen("ST.20", 1021.5, 8.01), 1021.6)
    assert room.deadline() == 1022.0
    assert list(room.tick(1022.0)) == []


def test_events_are_followed_for_a_while_and_not_after_they_were_withdrawn():
    room = Forecaster(ring(20.0), TABLE)
    room.feed(solution(5.5), 1020.0)
    room.feed(solution(5.5, event="other", withdrawn="false"), 1020.0)
    room.feed(seen("ST.20", 1019.0, 8.0), 1020.2)
    assert room.deadline() == 1021.0
    room.feed(solution(5.5, withdrawn="false"), 1020.5)
    assert room.deadline() is None
    room.feed(solution(5.5), 1020.6)
    assert list(room.tick(1000.0 + FOLLOWED + 1.0)) == []
    assert room.deadline() is None


def test_motion_belongs_to_the_earthquake_that_is_expected_to_make_it():
    """A foreshock's shaking forecast does not take the great earthquake's motion for its own."""
    places = ring(20.0, 35.0, 50.0, 65.0)
    room = Forecaster(places, TABLE)
    room.feed(solution(7.0, event="great"), 1020.0)
    for x in (20, 35, 50, 65):
        room.feed(seen(f"ST.{x}", 1030.0, 7.0), 1030.0)
    (small,) = room.feed(solution(2.5, event="small"), 1031.0)
    assert small.bias == 0.0
    (alone,) = Forecaster(places, TABLE).feed(solution(2.5, event="small"), 1031.0)
    assert small.forecasts == alone.forecasts


def test_many_events_at_once_are_looked_at_less_often():
    room = Forecaster(ring(20.0), TABLE)
    for i in range(20):
        room.feed(solution(5.5, event=f"ev{i}"), 1020.0)
    room.feed(seen("ST.20", 1019.0, 8.0), 1020.2)
    assert room.deadline() == 1025.0


def test_a_deep_earthquake_shakes_harder_by_the_bias_and_motion_may_be_ignored():
    slab = solution(7.1, 60.0)
    (shaking,) = Forecaster([place(80.0)], TABLE).feed(slab, 1005.0)
    crust = forecasts(slab, place(80.0), deep_model=None)["here"]
    assert shaking.bias > 1.0
    assert by_place(shaking)["here"].intensity == pytest.approx(crust.intensity + shaking.bias)
    places = ring(20.0, 35.0, 50.0)
    levels = {f"ST.{x}": 2.0 for x in (20, 35, 50)}
    before, after = heard(solution(5.5), places, levels, observe=False)
    assert before.forecasts == after.forecasts


@given(
    magnitude=st.floats(3.0, 8.4),
    depth_km=st.floats(0.0, 200.0),
    near=st.floats(0.0, 299.0),
    step=st.floats(0.0, 100.0),
)
def test_nearer_and_greater_are_never_weaker(magnitude, depth_km, near, step):
    places = [place(near, "near", "station"), place(near + step, "far", "station")]
    found = forecasts(solution(magnitude, depth_km), *places)
    if "far" in found:
        assert found["near"].intensity >= found["far"].intensity - 1e-9
    if "near" in found:
        greater = forecasts(solution(magnitude + 0.1, depth_km), *places)["near"]
        assert greater.intensity >= found["near"].intensity - 1e-9
        assert 1.0 <= found["near"].intensity <= 10.0
        assert found["near"].p_arrival <= found["near"].s_arrival
