"""A cell has the strongest shaking of its devices, so that none is left out."""

from math import isnan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewave.channels.push.cells import strongest
from forewave.client.place_alert import at_place
from forewave.earth import geohash
from forewave.formats.protocols import alert_message
from forewave.types import Area, Place, Rupture
from tests.channels.sent import LAT, LON, NOW, an_alert


def message_of(keys, **change):
    return alert_message.read(keys.seal(an_alert(**change)))[0]


@given(
    lat=st.floats(LAT - 3, LAT + 3),
    lon=st.floats(LON - 3, LON + 3),
    letters=st.sampled_from([3, 4]),
    line=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_no_device_of_a_cell_works_out_more(keys, travel_times, lat, lon, letters, line):
    rupture = Rupture(LAT - 0.3, LON - 0.3, LAT + 0.5, LON + 0.4, 2.0, 70.0, 0.0) if line else None
    message = message_of(keys, rupture=rupture)
    cell = geohash.encode(lat, lon, letters)
    device = at_place(message, Place("", lat, lon), travel_times).mmi
    at_most = strongest(message, [cell], travel_times)[cell]
    assert isnan(device) or at_most >= device - 0.1


def test_the_nearest_cells_come_first(keys, travel_times):
    cells = [geohash.encode(LAT, LON + x) for x in (2.0, 0.0, 1.0)]
    found = strongest(message_of(keys), cells, travel_times)
    assert list(found) == [cells[1], cells[2], cells[0]]
    assert list(found.values()) == sorted(found.values(), reverse=True)


def test_motion_observed_in_a_cell_counts(keys, travel_times):
    cell = geohash.encode(LAT + 5, LON)
    field = ((cell, 6.0),)
    found = strongest(message_of(keys, field=field), [cell, cell[:3]], travel_times)
    assert found == {cell: 6.0, cell[:3]: 6.0}


def test_what_is_beyond_the_forecast_has_none(keys, travel_times):
    far = geohash.encode(LAT + 9, LON)
    assert isnan(strongest(message_of(keys), [far], travel_times)[far])


def test_a_cancel_is_of_the_cells_that_its_source_reached(keys, travel_times):
    near = geohash.encode(LAT, LON)
    false = message_of(keys, kind="cancel", why="false", version=2)
    assert strongest(false, [near], travel_times) == strongest(
        message_of(keys), [near], travel_times
    )


def test_a_single_station_alert_reaches_its_circle_only(keys, travel_times):
    area = Area(LAT, LON, 30.0)
    message = message_of(keys, stations=1, area=area)
    inside, outside = geohash.encode(LAT + 0.25, LON), geohash.encode(LAT + 0.8, LON)
    found = strongest(message, [inside, outside], travel_times)
    assert not isnan(found[inside])
    assert isnan(found[outside])


@pytest.mark.parametrize("lon", [179.9, -179.9])
def test_cells_across_the_date_line_are_near(keys, travel_times, lon):
    alert = an_alert()
    origin = type(alert.origin)(NOW - 4, 0.0, lon, 10.0, 0.3, 2.0, 3.0)
    message = message_of(keys, origin=origin)
    cells = [geohash.encode(0.1, other) for other in (179.95, -179.95)]
    assert min(strongest(message, cells, travel_times).values()) > 6


def test_no_cells_need_no_forecast(keys, travel_times):
    assert strongest(message_of(keys), [], travel_times) == {}
