"""Databases of both kinds, and made-up events to put into them."""

import time

import pytest

from forewave.archive.catalogue.address import address
from forewave.archive.catalogue.records import SolutionRecord
from forewave.types import Alert, Area, Arrival, Magnitude, Origin, Rupture, Solution
from tests import postgresql

T0 = 1_700_000_000.0
BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]
PATIENCE = 30.0


@pytest.fixture(scope="session")
def server():
    if postgresql.program("initdb") is None:
        pytest.skip("PostgreSQL is not installed (make services)")
    made = postgresql.Server()
    made.start()
    yield made
    made.remove()


@pytest.fixture(params=BOTH)
def url(request, tmp_path):
    """The address of an empty database."""
    if request.param == "sqlite":
        return address("catalogue.sqlite", tmp_path)
    return address(request.getfixturevalue("server").database(), tmp_path)


def solution(event="fw1", version=1, **other):
    """other: time, lat, lon, depth_km, magnitude, kind, withdrawn, rupture, picks."""
    origin = Origin(
        other.get("time", T0),
        other.get("lat", 24.0),
        other.get("lon", 121.5),
        other.get("depth_km", 12.0),
        0.2,
        2.5,
        5.0,
    )
    magnitude = Magnitude(other.get("magnitude", 5.5), 0.25, other.get("kind", "Mw"), 7)
    pick = Arrival("p1", "CW.HWA", "P", T0 + 3.5, -0.12, 20.5, 0.9)
    picks = other.get("picks", (pick, Arrival("s1", "CW.HWA", "S", T0 + 6, 0.3, 20.5, 0.0)))
    line = other.get("rupture")
    return Solution(event, version, origin, magnitude, line, picks, 0.98, other.get("withdrawn"))


def record(event="fw1", version=1, mode="actual", issued=None, **other):
    made = solution(event, version, **other)
    return SolutionRecord(
        made, made.origin.time + 5.0 + version if issued is None else issued, mode
    )


LINE = Rupture(24.0, 121.5, 24.3, 121.7, 2.0, 35.0, 30.0)


def until(condition, patience=PATIENCE):
    """Wait for another thread or process."""
    ends = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.005)


def alert():
    """A drill's alert of the solution."""
    made = solution()
    return Alert(
        "fw1-1",
        "fw1",
        1,
        "new",
        "drill",
        "action",
        Area(24.0, 121.5, 80.0),
        T0 + 6.0,
        T0 + 90.0,
        made.origin,
        made.magnitude,
        None,
        (),
        6.5,
        7,
        "point",
    )
