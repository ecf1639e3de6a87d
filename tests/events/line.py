"""Six stations along a line, 10 km apart, and picks at them."""

from forewave.earth.distance import LocalPlane
from forewave.types import Channel, Pick, Station, StreamId

T0 = 1_600_000_000.0
PLANE = LocalPlane(24.0, 121.0)


def station(i, east_km=0.0):
    stream = StreamId("XX", f"S{i}", "", "HNZ")
    channels = (Channel(stream, 1.0, "m/s^2", 100.0),)
    return Station(stream.code, *PLANE.to_degrees(east_km, 0.0), 0.0, channels)


STATIONS = tuple(station(i, 10.0 * i) for i in range(6))


def pick(i, time):
    stream = STATIONS[i].channels[0].stream
    return Pick(f"{i}.{time}", stream, "P", T0 + time, 0.1, 1e-4)
