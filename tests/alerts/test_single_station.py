import math

import pytest
from msgspec.structs import replace

from forewave.alerts import single_station
from forewave.earth import geohash


@pytest.mark.parametrize(("stations", "expected"), [(0, False), (1, True), (2, False)])
def test_one_contributing_station_makes_a_single_station_alert(shaking, stations, expected):
    assert single_station.is_single_station(shaking(stations=stations).solution) is expected


def test_picks_without_say_do_not_count(shaking):
    solution = shaking(stations=2).solution
    first, second = solution.picks
    silent = replace(solution, picks=(first, replace(second, weight=0.0)))
    assert single_station.stations(silent) == 1


def test_the_area_is_around_the_station_or_else_the_epicentre(shaking):
    known, unknown = shaking(stations=1, site=6.0), shaking(stations=1)
    assert single_station.area(known).lat == pytest.approx(24.1)
    assert single_station.area(unknown).lat == 24.0
    assert single_station.area(known).radius_km == single_station.RADIUS_KM


def test_only_places_near_the_station_are_kept(shaking):
    wide = shaking(stations=1, site=6.0, cells={"wsq3": 5.0, "wt00": 7.0})
    assert [f.place for f in single_station.local(wide).forecasts] == ["epicentre", "TW.S0", "wsq3"]


def test_the_motion_at_the_station_is_the_stronger_of_forecast_and_seen(shaking):
    assert single_station.site_intensity(shaking(stations=1, site=5.5, cells={"wsq3": 6.0})) == 6.0
    assert single_station.site_intensity(shaking(stations=1, site=5.5, cells={"wsq3": 4.0})) == 5.5
    assert math.isnan(single_station.site_intensity(shaking(9.0, stations=1)))


def test_phones_count_as_one_station(shaking):
    assert single_station.is_single_station(shaking(stations=0, phones=True).solution)
    assert single_station.stations(shaking(stations=1, phones=True).solution) == 2


@pytest.mark.parametrize(("stations", "only"), [(0, True), (1, False)])
def test_whether_only_phones_speak(shaking, stations, only):
    assert single_station.only_phones(shaking(stations=stations, phones=True).solution) is only


def test_nobody_has_measured_how_strong_it_is_where_phones_are(shaking):
    cells = {"wsq3": 8.0, geohash.encode(24.0, 121.5): 8.0}
    seen = shaking(9.0, stations=0, phones=True, cells=cells)
    assert math.isnan(single_station.site_intensity(seen))
    assert (single_station.area(seen).lat, single_station.area(seen).lon) == (24.0, 121.5)


def test_a_single_station_alert_is_for_places_within_40_km(shaking):
    assert single_station.area(shaking(stations=1)).radius_km == 40.0
