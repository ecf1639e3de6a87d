import csv
import math
from datetime import datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewave.earth import geohash
from forewave.earth.distance import distance_km
from forewave.phones import background_rates
from forewave.phones.detector import (
    KEPT,
    PhoneNetwork,
    PhoneTrigger,
    sightings,
)

LAT, LON, T0 = 35.0, -118.0, 1.6e9
KM = 1 / 111.19
EAST_KM = KM / math.cos(math.radians(LAT))


def cell(east_km, north_km):
    return geohash.encode(LAT + north_km * KM, LON + east_km * EAST_KM, 5)


def crowd(count, seed=1, half_km=40.0):
    """Places of phones, in km."""
    return np.random.default_rng(seed).uniform(-half_km, half_km, (count, 2))


def shaken(places, speed_km_s, seed=1, spread=0.8):
    """Triggers along a front from 0, 0 that begins at T0."""
    late = np.random.default_rng(seed).exponential(spread, len(places))
    away = np.hypot(*places.T)
    return [
        PhoneTrigger(T0 + d / speed_km_s + e, cell(*place), 0.1)
        for place, d, e in zip(places, away, late, strict=True)
    ]


def background(seconds=3600.0, per_second=0.5, seed=2):
    random = np.random.default_rng(seed)
    times = T0 - seconds + np.sort(random.uniform(0.0, seconds, int(seconds * per_second)))
    places = random.uniform(-80.0, 80.0, (len(times), 2))
    return [PhoneTrigger(t, cell(*p), 0.1) for t, p in zip(times.tolist(), places, strict=True)]


def likely(triggers):
    return [c for c in sightings(triggers) if c.probability > 0.5]


@pytest.mark.parametrize("speed_km_s", [3.4, 6.0])
def test_a_wave_front_is_an_earthquake_near_where_it_began(speed_km_s):
    found = likely(background() + shaken(crowd(120), speed_km_s))
    assert found
    first = found[0]
    assert first.cells >= 3
    assert float(distance_km(LAT, LON, first.lat, first.lon)) < 25.0
    assert first.time == pytest.approx(T0, abs=6.0)


def test_noise_alone_is_none():
    assert likely(background(7200.0, 1.0)) == []


def test_what_happens_everywhere_at_once_is_none():
    """Alarm clocks and power cuts."""
    random = np.random.default_rng(3)
    places = crowd(200)
    rings = [PhoneTrigger(T0 + abs(random.normal(0, 0.4)), cell(*p), 0.1) for p in places]
    assert likely(background() + rings) == []


def test_what_runs_at_the_speed_of_sound_is_none():
    assert likely(background() + shaken(crowd(80, half_km=12.0), 0.34, spread=0.2)) == []


def test_what_shakes_two_cells_is_none():
    places = np.array([[0.0, 0.0], [5.0, 0.0]] * 60)
    assert likely(background() + shaken(places, 3.4)) == []


def test_while_rates_are_not_learned_it_says_nothing():
    assert sightings(shaken(crowd(120), 3.4)) == []
    assert sightings(shaken(crowd(120), 3.4), learning=0.0) != []


def test_the_same_front_in_a_noisy_region_is_less_sure():
    event = shaken(crowd(40), 3.4)
    calm = max((c.probability for c in sightings(background() + event)), default=0.0)
    loud = background(2400.0, per_second=6.0)
    noisy = max((c.probability for c in sightings(loud + event)), default=0.0)
    assert noisy < calm


@settings(max_examples=50)
@given(st.lists(st.tuples(st.floats(), st.text(max_size=6), st.floats()), max_size=30))
def test_nonsense_is_passed_over(rows):
    network = PhoneNetwork(learning=0.0)
    for time, name, peak in rows:
        assert network.feed(PhoneTrigger(time, name, peak), T0) is None


def test_cells_that_somebody_makes_up_do_not_shut_out_real_ones(monkeypatch):
    """Many more than the tables hold, an hour before an earthquake."""
    monkeypatch.setattr(background_rates, "MOST_CELLS", 1600)
    made_up = [
        PhoneTrigger(T0 - 3800.0 + 0.01 * n, cell(5.0 * (n // 60), 300.0 + 5.0 * (n % 60)), 0.1)
        for n in range(12_000)
    ]
    found = likely([*background(), *made_up, *shaken(crowd(120), 3.4)])
    assert float(distance_km(LAT, LON, found[0].lat, found[0].lon)) < 25.0


def test_the_old_and_the_future_are_passed_over():
    network = PhoneNetwork(learning=0.0)
    for trigger in shaken(crowd(120), 3.4):
        assert network.feed(trigger, trigger.time + KEPT) is None
        assert network.feed(trigger, trigger.time - 2.0) is None


def test_a_real_earthquakes_triggers_are_found(recordings):
    """M5.2 of 2016-06-10 near Borrego Springs, as phones of MyShake told it.

    Of the two minutes before it only 20 triggers are known, so no cell has a past here.
    """
    file = recordings / "phones-myshake-borrego-20160610" / "triggers.csv"
    if not file.is_file():
        pytest.skip(f"no {file}")
    with file.open() as lines:
        triggers = [real(row) for row in csv.DictReader(lines)]
    origin = datetime.fromisoformat("2016-06-10T08:04:38.700+00:00").timestamp()
    network, found = PhoneNetwork(learning=0.0), []
    for trigger in sorted(triggers, key=lambda t: t.time):
        candidate = network.feed(trigger, trigger.time + 0.5)
        if candidate and candidate.probability > 0.5:
            found.append((trigger.time + 0.5 - origin, candidate))
    when, first = found[0]
    assert 8.0 < when < 16.0
    assert float(distance_km(33.4315, -116.4427, first.lat, first.lon)) < 20.0
    assert first.time == pytest.approx(origin, abs=4.0)
    assert first.cells >= 10


def real(row):
    time = datetime.fromisoformat(row["triggerTime"]).timestamp()
    name = geohash.encode(float(row["latitude"]), float(row["longitude"]), 5)
    return PhoneTrigger(time, name, float(row["pga"]))
