import math

import pytest
from msgspec.structs import replace

from forewave.alerts import policy
from forewave.alerts.issuer import Issuer
from forewave.alerts.policy import AlertSettings
from forewave.earth.distance import distance_km
from forewave.types import Area, Forecast, Magnitude, Origin, Rupture, ShakingForecast

SETTINGS = AlertSettings()


@pytest.mark.parametrize(
    ("intensity", "magnitude", "held", "expected"),
    [
        (3.4, 6.0, None, None),
        (3.5, 6.0, None, "aware"),
        (4.9, 6.0, None, "aware"),
        (5.0, 6.0, None, "action"),
        (9.0, 3.9, None, None),
        (9.0, 3.9, "action", "action"),
        (9.0, 3.6, "action", None),
        (4.8, 6.0, "action", "action"),
        (4.6, 6.0, "action", "aware"),
        (4.8, 6.0, "aware", "aware"),
        (3.3, 6.0, "aware", "aware"),
        (3.1, 6.0, "aware", None),
        (math.nan, 6.0, None, None),
        (6.0, math.nan, None, None),
    ],
)
def test_level(shaking, intensity, magnitude, held, expected):
    assert policy.level(shaking(intensity, magnitude), SETTINGS, held) == expected


def test_peak_is_the_strongest_known_forecast(shaking):
    weak, strong = shaking(4.0).forecasts[0], shaking(5.5, source="plum").forecasts[0]
    unknown = replace(weak, intensity=math.nan)
    both = ShakingForecast(shaking().solution, (unknown, weak, strong))
    assert policy.peak(both) == (5.5, "plum")


def test_without_any_forecast_there_is_no_level(shaking):
    nothing = ShakingForecast(shaking().solution, ())
    assert policy.level(nothing, SETTINGS) is None
    assert not policy.complete(nothing)


@pytest.mark.parametrize(
    ("doubt", "expected"),
    [
        ({}, True),
        ({"likelihood": 0.79}, False),
        ({"epicentre_sigma_km": 61.0}, False),
        ({"epicentre_sigma_km": math.nan}, False),
        ({"epicentre_sigma_km": -1.0}, False),
        ({"depth_km": math.inf}, False),
        ({"bias": math.nan}, False),
        ({"likelihood": math.nan}, False),
    ],
)
def test_trusted(shaking, doubt, expected):
    assert policy.trusted(shaking(**doubt), SETTINGS) is expected


@pytest.mark.parametrize(("age", "wait"), [(3.0, 1.0), (10.0, 1.0), (50.0, 5.0), (500.0, 10.0)])
def test_versions_come_rarer_with_age(shaking, age, wait):
    (issued,) = Issuer().feed(shaking(), 1000.0 + age)
    assert policy.next_time(issued, shaking(), SETTINGS) == pytest.approx(1000.0 + age + wait)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"magnitude": 6.2}, False),
        ({"magnitude": 6.3}, True),
        ({"magnitude": 6.2, "bias": 0.2}, True),
        ({"bias": 0.3}, False),
        ({"rupture": Rupture(24.0, 121.5, 24.2, 121.6, 3.0, 24.0, 20.0)}, False),
        ({"rupture": Rupture(24.0, 121.5, 24.3, 121.6, 3.0, 35.0, 20.0)}, True),
        ({"cells": {"wsp3": 4.9}}, False),
        ({"cells": {"wsp3": 5.0}}, True),
        ({"cells": {"wsq3": 7.0}}, False),  # the source says already that it is strong there
    ],
)
def test_where_people_are_newly_threatened_the_wait_is_the_interval(shaking, change, expected):
    (issued,) = Issuer().feed(shaking(), 1050.0)
    assert policy.spreads(issued, shaking(**change), SETTINGS) is expected
    wait = 1.0 if expected else 5.0
    assert policy.next_time(issued, shaking(**change), SETTINGS) == pytest.approx(1050.0 + wait)


@pytest.mark.parametrize(
    ("sigma_km", "wanted", "expected"),
    [(75.0, True, True), (76.0, True, False), (5.0, False, False)],
)
def test_a_single_station_alert_is_trusted_by_its_own_rules(shaking, sigma_km, wanted, expected):
    alone = shaking(stations=1, epicentre_sigma_km=sigma_km)
    assert policy.trusted(alone, AlertSettings(single_station=wanted)) is expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "aware"),  # nothing is known of the station's own place
        ({"site": 4.9}, "aware"),
        ({"site": 5.0}, "action"),
        ({"site": math.nan}, "aware"),
        ({"site": 4.0, "cells": {"wsq3": 5.5}}, "action"),  # the station's cell
        ({"site": 4.0, "cells": {"wsq2": 5.5}}, "aware"),
    ],
)
def test_a_single_station_alert_asks_for_action_by_the_motion_at_its_station(
    shaking, change, expected
):
    alone = shaking(8.0, 7.0, stations=1, **change)
    assert policy.level(alone, SETTINGS) == expected


def test_a_sure_magnitude_counts_by_tenths(shaking):
    (issued,) = Issuer().feed(shaking(), 1005.0)
    sure = replace(issued, magnitude=Magnitude(6.0, 0.1, "M", 9))
    assert not policy.differs(sure, shaking(magnitude=6.09))
    assert policy.differs(sure, shaking(magnitude=6.1))


@pytest.mark.parametrize(("lat", "expected"), [(24.13, False), (24.14, True)])
def test_a_doubtful_epicentre_moves_by_15_km(shaking, lat, expected):
    (issued,) = Issuer().feed(shaking(epicentre_sigma_km=25.0), 1005.0)
    assert policy.differs(issued, shaking(lat=lat, epicentre_sigma_km=25.0)) is expected


RUPTURE = Rupture(24.0, 121.5, 24.2, 121.6, 3.0, 24.0, 20.0)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, False),
        ({"magnitude": 6.09}, False),
        ({"magnitude": 6.10}, True),
        ({"magnitude": 5.86}, False),  # sigma is 0.3
        ({"magnitude": 5.85}, True),
        ({"lat": 24.03}, False),  # 3.3 km, sigma is 4
        ({"lat": 24.04}, True),  # 4.4 km
        ({"epicentre_sigma_km": 2.0}, False),
        ({"origin_time": 1000.9}, False),
        ({"origin_time": 1001.0}, True),
        ({"depth_km": 24.0}, False),
        ({"depth_km": 25.0}, True),
        ({"intensity": 6.4}, False),
        ({"intensity": 6.5}, True),
        ({"rupture": RUPTURE}, True),
        ({"bias": 0.2}, False),
        ({"bias": 0.3}, True),
        ({"bias": -0.3}, True),
        ({"cells": {"wsp3": 4.0}}, True),
    ],
)
def test_differs(shaking, change, expected):
    (issued,) = Issuer().feed(shaking(), 1005.0)
    assert policy.differs(issued, shaking(**change)) is expected


def test_an_epicentre_known_twice_as_well_is_a_change(shaking):
    (issued,) = Issuer().feed(shaking(epicentre_sigma_km=20.0), 1005.0)
    assert not policy.differs(issued, shaking(epicentre_sigma_km=11.0))
    assert policy.differs(issued, shaking(epicentre_sigma_km=10.0))


def test_reach_inverts_the_relation_of_allen_wald_worden_2012():
    for m, depth_km in ((4.5, 8.0), (6.0, 10.0), (7.5, 20.0)):
        away_km = policy.reach(Magnitude(m, 0.3, "M", 5), depth_km, 3.5)
        r_km = math.sqrt(away_km**2 + depth_km**2)
        rm_km = -0.209 + 2.042 * math.exp(m - 5)
        intensity = 2.085 + 1.428 * m - 1.402 * math.log(math.hypot(r_km, rm_km))
        assert intensity == pytest.approx(3.5)


def test_a_deep_small_event_reaches_nowhere():
    assert policy.reach(Magnitude(3.0, 0.3, "M", 5), 300.0, 3.5) == 0.0


def test_area_holds_every_place_that_feels_it(shaking):
    around = shaking(6.0, 6.0)
    far = Forecast("e1", 1, "far", 24.0, 126.5, 1060.0, 1100.0, 3.6, 0.8, "point")
    quiet = replace(far, lon=130.0, intensity=3.4)
    unknown = replace(far, lon=135.0, intensity=math.nan)
    spread = ShakingForecast(around.solution, (*around.forecasts, far, quiet, unknown))
    assert policy.area(spread, SETTINGS).radius_km == pytest.approx(507.9, abs=0.5)


def test_area_holds_the_cells_to_their_corners(shaking):
    around = shaking(5.0, 4.0, cells={"wsq0": 5.0})
    cell = around.forecasts[-1]
    away_km = float(distance_km(24.0, 121.5, cell.lat, cell.lon))
    assert policy.area(around, SETTINGS).radius_km == pytest.approx(away_km + 22.0)


def test_the_event_term_widens_the_area(shaking):
    radius_km = [policy.area(shaking(bias=b), SETTINGS).radius_km for b in (-0.5, 0.0, 0.5)]
    assert radius_km == sorted(radius_km)
    assert radius_km[0] < radius_km[2]


def test_a_cell_that_the_source_has_come_to_explain_is_no_change(shaking):
    (issued,) = Issuer().feed(shaking(6.0, cells={"wsp3": 5.0, "wsp9": 4.5}), 1005.0)
    assert not policy.differs(issued, shaking(6.0, cells={"wsp3": 5.4}))
    assert policy.differs(issued, shaking(6.0, cells={"wsp3": 5.5}))


def test_expiry_waits_for_the_edge_of_the_area_within_limits():
    origin = Origin(1000.0, 24.0, 121.5, 0.0, 0.3, 4.0, 5.0)
    assert policy.expiry(origin, Area(24, 121.5, 160.0), 1010.0) == 1000 + 50 + 60
    assert policy.expiry(origin, Area(24, 121.5, 3200.0), 1010.0) == 1010 + 180
    assert policy.expiry(origin, Area(24, 121.5, 10.0), 1300.0) == 1300 + 60


def test_what_has_become_less_is_a_change_as_well(shaking):
    (issued,) = Issuer().feed(shaking(6.0, rupture=RUPTURE), 1005.0)
    assert not policy.differs(issued, shaking(5.6, rupture=RUPTURE))
    assert policy.differs(issued, shaking(5.5, rupture=RUPTURE))
    assert policy.differs(issued, shaking(6.0))


def test_what_was_told_before_threatens_nobody_newly(shaking):
    (issued,) = Issuer().feed(shaking(magnitude=5.6), 1050.0)
    assert policy.spreads(issued, shaking(magnitude=6.0), SETTINGS)
    strongest = policy.strength(Magnitude(6.0, 0.3, "M", 5), 0.0)
    assert not policy.spreads(issued, shaking(magnitude=6.0), SETTINGS, strongest)


def test_a_cell_that_the_event_term_explained_is_not_newly_shaken(shaking):
    cells = {"wsp3": 5.0}  # 196 km away: MMI 5 with 2 units more than the magnitude says
    for bias, expected in ((0.0, True), (2.0, False)):
        (issued,) = Issuer().feed(shaking(bias=bias), 1050.0)
        assert policy.spreads(issued, shaking(bias=bias, cells=cells), SETTINGS) is expected
