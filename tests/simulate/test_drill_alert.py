"""The alert of a drill can be taken for nothing else."""

import pytest

from forewave.archive import travel_time
from forewave.earth.distance import distance_km
from forewave.simulate.drill_alert import drill_alert
from forewave.types import Place


@pytest.mark.parametrize("lat", [-80.0, 0.0, 64.5])
def test_s_comes_when_it_was_ordered_and_the_mode_is_drill(lat):
    place, travel_times, now = Place("here", lat, 179.9), travel_time.load(), 1_800_000_000.0
    alert = drill_alert(place, 12.0, now, travel_times)
    away_km = distance_km(alert.origin.lat, alert.origin.lon, place.lat, place.lon)
    s = alert.origin.time + float(travel_times.seconds("S", away_km, alert.origin.depth_km))
    assert s == pytest.approx(now + 12.0, abs=0.05)
    assert (alert.mode, alert.event[:6], alert.expires) == ("drill", "drill-", now + 132.0)
