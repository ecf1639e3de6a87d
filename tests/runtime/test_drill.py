import pytest

from forewave.delivery import signing
from forewave.earth import travel_time
from forewave.earth.distance import distance_km
from forewave.runtime.drill import drill_alert
from forewave.types import Place

CHENGDU = Place("Chengdu", 30.66, 104.06)


@pytest.mark.parametrize("seconds", [5.0, 20.0])
def test_s_comes_to_the_place_when_it_was_ordered(seconds):
    travel_times, now = travel_time.load(), 1_800_000_000.0
    alert = drill_alert(CHENGDU, seconds, now, travel_times)
    origin = alert.origin
    away_km = distance_km(origin.lat, origin.lon, CHENGDU.lat, CHENGDU.lon)
    s_arrival = origin.time + float(travel_times.seconds("S", away_km, origin.depth_km))
    assert s_arrival == pytest.approx(now + seconds, abs=0.01)
    assert origin.time < now


def test_it_says_that_it_is_a_drill_and_is_signed():
    keys = signing.generate()
    alert = drill_alert(CHENGDU, 20.0, 1_800_000_000.0, travel_time.load())
    message = signing.unseal(keys.seal(alert), keys.trusted)
    assert message.mode == "drill"
    assert message.id.startswith("drill-")
