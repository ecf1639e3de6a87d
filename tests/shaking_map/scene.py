"""An M6.5 in the middle of nowhere, and observations around it."""

from forewave.earth.distance import LocalPlane
from forewave.shaking_map.observation import Observation
from forewave.types import Magnitude, Origin, Solution

PLANE = LocalPlane(35.0, 20.0)
SOLUTION = Solution(
    "fw1",
    3,
    Origin(1.6e9, 35.0, 20.0, 10.0, 0.3, 2.0, 2.0),
    Magnitude(6.5, 0.15, "M", 9),
    None,
    (),
    1.0,
)


def place(east_km: float, north_km: float) -> tuple[float, float]:
    lat, lon = PLANE.to_degrees(east_km, north_km)
    return float(lat), float(lon)


def record(name: str, east_km: float, north_km: float, pga: float, pgv: float) -> Observation:
    return Observation(name, *place(east_km, north_km), pga, pgv)


def felt(name: str, east_km: float, north_km: float, mmi: float) -> Observation:
    return Observation(name, *place(east_km, north_km), mmi=mmi)


RECORDS = (
    record("A", 10.0, 0.0, 3.0, 0.30),
    record("B", 0.0, 25.0, 2.2, 0.25),
    record("C", -40.0, 5.0, 0.9, 0.09),
    record("D", 30.0, -30.0, 1.1, 0.12),
    record("E", 60.0, 40.0, 0.6, 0.05),
)
