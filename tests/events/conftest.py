"""An event whose source is given, under the stations of line.py."""

import pytest

from forewave.events.associate import Member
from forewave.events.memory.network import Network
from forewave.events.restore import event_at
from forewave.types import Magnitude, Origin
from tests.events.line import PLANE, STATIONS, T0, pick


@pytest.fixture
def event(travel_times):
    """An M5 at the origin of the plane, at T0, unless said otherwise."""

    def at(east_km=0.0, time=0.0, magnitude=5.0, depth_km=10.0, name="e", sigma_km=3.0):
        lat, lon = PLANE.to_degrees(east_km, 0.0)
        origin = Origin(T0 + time, lat, lon, depth_km, 0.5, sigma_km, 5.0)
        size = Magnitude(magnitude, 0.3, "M", 3)
        found = event_at(name, origin, size, Network(STATIONS), travel_times)
        first = pick(0, time + 2.0)
        found.members = {first.id: Member(first, "P", 0.0, abs(east_km))}
        return found

    return at
