import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from forewave.earth import geohash
from forewave.phones.detector import CELLS, PhoneNetwork
from forewave.sources.phones import EACH, EACH_CELLS, PATH, Phones

NOW = 1.6e9
TRIGGER = {"t": NOW - 0.5, "peak": 0.12, "cell": "9qh0v"}


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


def phones():
    found = []
    return Phones(Clock(), lambda now, sighting: found.append(sighting)), found


def status(made, change, address="a"):
    return made.take(json.dumps(TRIGGER | change).encode(), address).status_code


def test_the_server_returns_its_time_and_accepts_triggers():
    made, _ = phones()
    client = TestClient(Starlette(routes=[made.route()]))
    assert client.get(PATH).json() == {"now": NOW}
    answer = client.post(PATH, content=json.dumps(TRIGGER))
    assert (answer.status_code, answer.content, made.triggers) == (204, b"", 1)
    assert client.post(PATH, content=b" " * 1000).status_code == 413
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "change",
    [
        {"t": NOW - 61.0},
        {"t": NOW + 2.0},
        {"t": "now"},
        {"peak": 0.001},
        {"peak": 99.0},
        {"cell": "9qh0"},
        {"cell": "9qh0vx"},
        {"cell": "9qh0a"},
        {"phone": "an identity"},
        {"lat": 35.0},
    ],
)
def test_what_is_no_trigger_is_refused_and_counted(change):
    made, _ = phones()
    assert status(made, change) == 400
    assert (made.triggers, made.dropped.total()) == (0, 1)


@given(st.binary(max_size=200))
def test_garbage_is_refused(body):
    made, _ = phones()
    assert made.take(body, "a").status_code == 400


def test_one_address_cannot_speak_for_many():
    made, _ = phones()
    assert [status(made, {}) for _ in range(EACH + 1)] == [204] * EACH + [429]
    assert status(made, {}, "b") == 204
    made.clock.now += 61.0
    assert status(made, {"t": made.clock.now}) == 204


def test_one_address_speaks_of_few_cells_and_so_makes_no_front():
    made, _ = phones()
    cells = [f"9qh{a}{b}" for a in "0123" for b in "0123"]
    taken = [status(made, {"cell": cell}) == 204 for cell in cells]
    assert taken == [True] * EACH_CELLS + [False] * (16 - EACH_CELLS)
    assert EACH_CELLS < CELLS
    assert status(made, {"cell": cells[0]}) == 204
    assert status(made, {"cell": cells[-1]}, "b") == 204


def test_many_phones_on_a_wave_front_are_reported():
    made, found = phones()
    made.network = PhoneNetwork(learning=0.0)
    places = np.random.default_rng(1).uniform(-40.0, 40.0, (150, 2))
    away = np.hypot(*places.T)
    for number in np.argsort(away).tolist():
        east, north = places[number]
        lon = -118.0 + east / 111.19 / math.cos(math.radians(35.0))
        time = NOW + away[number] / 3.4
        made.clock.now = time + 0.5
        change = {"t": time, "cell": geohash.encode(35.0 + north / 111.19, lon, 5)}
        assert status(made, change, str(number)) == 204
    assert max(sighting.probability for sighting in found) > 0.9
