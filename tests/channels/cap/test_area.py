"""The area holds the places that feel it."""

import itertools
from math import cos, radians

import pytest

from forewave.channels.cap.area import FELT_MMI, LEAST_KM, area_of
from forewave.channels.points import mmi_at
from forewave.earth.distance import distance_km
from forewave.formats.protocols import alert_message
from forewave.types import Area, Magnitude, Origin, Rupture
from tests.channels.sent import LAT, LON, NOW, an_alert


def message_of(keys, **change):
    return alert_message.read(keys.seal(an_alert(**change)))[0]


def test_a_point_source_has_a_circle_up_to_where_it_is_felt(keys, travel_times):
    message = message_of(keys)
    area = area_of(message, travel_times)
    [(lat, lon, radius_km)] = area.circles
    assert (lat, lon) == (LAT, LON)
    edge = [(LAT + factor * radius_km / 111.2, LON) for factor in (0.99, 1.3)]
    inside, outside = mmi_at(message, edge, travel_times)
    assert inside >= FELT_MMI > outside
    assert not area.polygons


def test_a_line_source_has_a_closed_polygon_around_it(keys, travel_times):
    line = Rupture(LAT, LON, LAT + 1.5, LON, 2.0, 170.0, 0.0)
    message = message_of(keys, rupture=line, magnitude=Magnitude(7.8, 0.2, "M", 8))
    area = area_of(message, travel_times)
    assert not area.circles
    [polygon] = area.polygons
    assert polygon[0] == polygon[-1]
    assert len(polygon) >= 4
    north = max(lat for lat, _ in polygon) - LAT
    south = LAT - min(lat for lat, _ in polygon)
    assert north > south + 0.8
    doubled = sum((x2 - x1) * (y2 + y1) for (y1, x1), (y2, x2) in itertools.pairwise(polygon))
    assert doubled < 0, "anticlockwise"


def test_a_line_at_the_date_line_has_a_circle(keys, travel_times):
    origin = Origin(NOW - 4, 0.0, 179.9, 10.0, 0.3, 2.0, 3.0)
    line = Rupture(0.0, 179.9, 0.0, -179.5, 2.0, 66.0, 90.0)
    area = area_of(message_of(keys, origin=origin, rupture=line), travel_times)
    assert len(area.circles) == 1
    assert not area.polygons


def test_a_single_station_alert_has_its_own_circle(keys, travel_times):
    message = message_of(keys, stations=1, area=Area(31.0, 104.0, 40.0))
    assert area_of(message, travel_times).circles == ((31.0, 104.0, 40.0),)


def test_cells_that_feel_it_beyond_the_circle_are_added(keys, travel_times):
    from forewave.earth import geohash

    far, near = geohash.encode(LAT + 4, LON), geohash.encode(LAT, LON)
    message = message_of(keys, field=((far, 5.0), (near, 6.0), (geohash.encode(LAT - 4, LON), 3.0)))
    [cell] = area_of(message, travel_times).polygons
    assert cell[0] == cell[-1]
    assert geohash.encode(cell[0][0] + 0.05, cell[0][1] + 0.05) == far


@pytest.mark.parametrize("magnitude", [2.0, 4.0, 8.5])
def test_there_is_always_an_area(keys, travel_times, magnitude):
    message = message_of(keys, magnitude=Magnitude(magnitude, 0.2, "M", 8))
    [(_, _, radius_km)] = area_of(message, travel_times).circles
    assert LEAST_KM <= radius_km <= 400.1


def test_distances_are_on_the_sphere(keys, travel_times):
    line = Rupture(LAT, LON, LAT + 0.2, LON, 2.0, 22.0, 0.0)
    [polygon] = area_of(message_of(keys, rupture=line), travel_times).polygons
    east = max(lon for _, lon in polygon)
    km = float(distance_km(LAT, LON, LAT, east))
    assert km == pytest.approx((east - LON) * 111.2 * cos(radians(LAT)), rel=0.02)
