"""Server and devices are held to the same vectors: see tests/reference/README.md."""

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from forewave.archive.travel_time import load
from forewave.earth.distance import distance_km
from forewave.earth.travel_time import TravelTimes
from forewave.shaking.forecaster import Forecaster, ShakingSettings
from forewave.types import Magnitude, Origin, Place, Rupture, Solution

REFERENCE = Path(__file__).parent.parent / "reference"
AS_DEVICES = ShakingSettings(deep_model=None)  # depth reaches them as the message's bias


@pytest.fixture(scope="module")
def coarse():
    table = json.loads((REFERENCE / "travel_times_iasp91.json").read_text())
    keys = ("distance_km", "depth_km", "p", "s")
    return TravelTimes(table["model"], *(np.array(table[key], float) for key in keys))


def solution(row):
    t0, lat, lon, depth, m = (
        float(row[key]) for key in ("t0", "lat", "lon", "depth_km", "magnitude")
    )
    rupture = None
    if "lat1" in row:
        ends = (float(row[key]) for key in ("lat1", "lon1", "lat2", "lon2", "top_km"))
        rupture = Rupture(*ends, length_km=0.0, strike=0.0)
    origin = Origin(t0, lat, lon, depth, 0.0, 0.0, 0.0)
    return Solution("e", 1, origin, Magnitude(m, 0.0, "M", 4), rupture, (), 1.0)


@pytest.mark.parametrize(
    ("name", "count"), [("device_vectors.csv", 200), ("device_line_vectors.csv", 40)]
)
def test_the_forecaster_says_what_the_vectors_say(reference, coarse, name, count):
    rows = reference(name)
    assert len(rows) == count
    for row in rows:
        there = Place("here", float(row["place_lat"]), float(row["place_lon"]), "station")
        item = solution(row)
        away = distance_km(item.origin.lat, item.origin.lon, there.lat, there.lon)
        assert float(away) == pytest.approx(float(row["distance_km"]), abs=0.001)
        (shaking,) = Forecaster([there], coarse, AS_DEVICES).feed(item, 0.0)
        found = [f for f in shaking.forecasts if f.place == "here"]
        assert bool(found) == bool(row["mmi"])
        for forecast in found:
            assert forecast.intensity == pytest.approx(float(row["mmi"]), abs=1e-3)
            assert forecast.p_arrival == pytest.approx(float(row["p_arrival"]), abs=2e-3)
            assert forecast.s_arrival == pytest.approx(float(row["s_arrival"]), abs=2e-3)


def test_the_vectors_span_what_can_happen(reference):
    rows = reference("device_vectors.csv")
    classes = Counter(round(float(row["mmi"])) for row in rows if row["mmi"])
    assert set(range(1, 9)) <= set(classes)
    assert sum(not row["mmi"] for row in rows) >= 10
    assert max(float(row["depth_km"]) for row in rows) > 180
    assert max(float(row["distance_km"]) for row in rows) > 550


def test_the_table_beside_is_what_devices_get_now(coarse):
    now = load("iasp91").coarse()
    assert now.distances_km == pytest.approx(coarse.distances_km)
    assert now.depths_km == pytest.approx(coarse.depths_km)
    assert now.p == pytest.approx(coarse.p, abs=0.011)
    assert now.s == pytest.approx(coarse.s, abs=0.011)
