"""A listening program is held to the same vectors as pages and server."""

import json
from math import hypot, isnan, nan
from pathlib import Path

import numpy as np
import pytest

from forewave.client.place_alert import at_place, concerns
from forewave.earth import geohash
from forewave.earth.travel_time import TravelTimes
from forewave.formats.protocols.alert_message import Message
from forewave.types import Place
from tests.client import made

REFERENCE = Path(__file__).parents[1] / "reference"


@pytest.fixture(scope="module")
def coarse():
    table = json.loads((REFERENCE / "travel_times_iasp91.json").read_text())
    keys = ("distance_km", "depth_km", "p", "s")
    return TravelTimes(table["model"], *(np.array(table[key], float) for key in keys))


def message(**change):
    usual = {
        "v": 1, "id": "e1", "n": 1, "mode": "actual", "kind": "new", "why": None, "level": "action",
        "t0": 1_600_000_000_000, "st": 0.3, "lat": 24.0, "lon": 121.5, "sxy": 4.0, "dep": 15.0,
        "sdep": 5.0, "m": 6.5, "sm": 0.3, "line": None, "cells": {}, "iss": 1_600_000_005_000,
        "exp": 1_600_000_105_000, "key": "k", "ns": 5, "sig": "",
    }  # fmt: skip
    return Message(**(usual | change))


def of_row(row):
    keys = {"lat": "lat", "lon": "lon", "dep": "depth_km", "m": "magnitude"}
    fields = {field: float(row[key]) for field, key in keys.items()}
    if "lat1" in row:
        fields["line"] = tuple(float(row[k]) for k in ("lat1", "lon1", "lat2", "lon2", "top_km"))
    place = Place("here", float(row["place_lat"]), float(row["place_lon"]))
    if float(row.get("cell_mmi") or 0.0):
        fields["cells"] = {geohash.encode(place.lat, place.lon): float(row["cell_mmi"])}
    fields["b"] = float(row.get("bias", 0.0))
    return message(t0=round(float(row["t0"]) * 1000), **fields), place


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("device_vectors.csv", 200),
        ("device_line_vectors.csv", 40),
        ("device_term_vectors.csv", 24),
    ],
)
def test_it_says_what_the_vectors_say(reference, coarse, name, count):
    rows = reference(name)
    assert len(rows) == count
    for row in rows:
        found = at_place(*of_row(row), coarse)
        assert found.distance_km == pytest.approx(float(row["distance_km"]), abs=0.001)
        assert found.p_arrival == pytest.approx(float(row["p_arrival"]), abs=2e-3)
        assert found.s_arrival == pytest.approx(float(row["s_arrival"]), abs=2e-3)
        assert found.mmi == pytest.approx(float(row["mmi"] or nan), abs=1e-3, nan_ok=True)
        assert found.shaking_until >= found.s_arrival + 20.0
        assert isnan(found.mmi_sigma) or found.mmi_sigma > 0.3


def test_an_uncertain_source_makes_an_uncertain_forecast(coarse):
    place = Place("here", 24.5, 121.5)
    sure = at_place(message(sm=0.0, sxy=0.0, st=0.0), place, coarse)
    unsure = at_place(message(sm=0.5, sxy=20.0, st=2.0), place, coarse)
    assert unsure.mmi == sure.mmi
    assert unsure.mmi_sigma > sure.mmi_sigma
    assert (sure.s_sigma, unsure.s_sigma) == (0.0, pytest.approx(hypot(2.0, 20.0 / 3.5)))


def test_the_places_own_ground_counts(coarse):
    soft, rock = (Place("here", 24.5, 121.5, vs30_ms=v) for v in (200.0, 800.0))
    assert at_place(message(), soft, coarse).mmi > at_place(message(), rock, coarse).mmi + 0.3


def test_too_deep_for_the_table_there_is_no_arrival_and_no_intensity(coarse):
    place = Place("here", 24.5, 121.5)
    found = at_place(message(dep=800.0), place, coarse)
    assert isnan(found.s_arrival)
    assert isnan(found.mmi)
    assert found.shaking_until == found.issued + 60.0
    cells = {geohash.encode(place.lat, place.lon): 6.0}
    assert at_place(message(dep=800.0, cells=cells), place, coarse).mmi == 6.0


def test_a_depth_above_sea_level_is_zero(coarse):
    assert at_place(message(dep=-2.0), Place("here", 24.5, 121.5), coarse).depth_km == 0.0


def test_a_false_alert_is_cancelled_and_has_no_intensity(coarse):
    place = Place("here", 24.1, 121.5)
    false = at_place(message(kind="cancel", why="false", m=8.0), place, coarse)
    assert false.cancelled
    assert isnan(false.mmi)
    assert not false.calls_for_action(1.0)


def test_a_smaller_earthquake_is_judged_by_each_place(coarse):
    near, far = Place("near", 24.1, 121.5), Place("far", 26.0, 121.5)
    smaller = [
        at_place(message(kind="cancel", why="smaller"), place, coarse) for place in (near, far)
    ]
    assert not any(alert.cancelled for alert in smaller)
    assert [alert.calls_for_action(5.0) for alert in smaller] == [True, False]


@pytest.mark.parametrize(
    ("change", "acts"),
    [
        ({}, True),
        ({"mmi": 4.9}, False),
        ({"mmi": nan}, False),
        ({"cancelled": True}, False),
        ({"level": "aware"}, True),  # each place has its own level
        ({"single_station": True}, True),
        ({"single_station": True, "level": "aware"}, False),
    ],
)
def test_when_to_act(change, acts):
    assert made.place_alert(**({"mmi": 5.0} | change)).calls_for_action(5.0) is acts


def test_a_single_station_alert_concerns_its_surroundings():
    near = (24.0, 121.5, 40.0)
    alone = message(ns=1, near=near)
    assert concerns(alone, Place("inside", 24.3, 121.5))
    assert not concerns(alone, Place("outside", 24.5, 121.5))
    assert concerns(message(ns=5, near=None), Place("outside", 24.5, 121.5))
    assert concerns(message(ns=1), Place("anywhere", -40.0, 10.0))
