import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from forewave.earth.distance import LocalPlane
from forewave.earth.travel_time import TravelTimes
from forewave.errors import ModelError
from forewave.shaking.forecaster import EPICENTRE, Forecaster, ShakingSettings
from forewave.types import Amplitude, Magnitude, Origin, Outlook, Place, Rupture, Solution

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
    (outlook,) = Forecaster(places, TABLE, ShakingSettings(**settings)).feed(item, 1005.0)
    assert isinstance(outlook, Outlook)
    assert outlook.solution is item
    return {f.place: f for f in outlook.forecasts}


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


def test_amplitudes_are_taken_and_nothing_is_ever_due():
    room = Forecaster([place(20.0)], TABLE)
    seen = Amplitude("ST.A", 1.0, None, None, 0, 0, 0, float("nan"), 0.1, 0.01, 3.0, False)
    assert list(room.feed(seen, 2.0)) == []
    assert list(room.tick(3.0)) == []
    assert room.deadline() is None


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
