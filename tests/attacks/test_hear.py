"""An earthquake is heard soon after a disturbance, or beneath it."""

import numpy as np
import pytest
from msgspec.structs import replace

from tests.attacks.made_network import BEGIN, add, away_km, issued, nearest, network, packets, quake
from tests.cases import first_of

USUAL = 4.5  # s after origin at which this M5.5 is issued without any disturbance, at most 4.9


def only(events):
    """The alerts of the one event there is."""
    assert len(events) == 1, {name: rows[0] for name, rows in events.items()}
    (rows,) = events.values()
    assert all(alert.kind != "cancel" for _, alert in rows)
    return rows


@pytest.mark.parametrize("size", first_of([0.5, 0.2, 2.0]))
@pytest.mark.parametrize("back", first_of([20.0, 30.0]))
def test_an_earthquake_after_a_power_cut_is_issued_as_without(travel_times, size, back):
    calm = network(quake(40.0), seed=6)
    late = {s.code: s.lat * 97.0 % 2.0 for s in calm.stations}

    def restart(code, t):
        since = t - back - late[code]
        shape = np.exp(-since.clip(0) / 1.5) * np.cos(6.0 * np.pi * since)
        return np.where(since >= 0, size * shape, 0.0)

    given = [
        (now, packet)
        for now, packet in packets(add(calm, restart))
        if not BEGIN + back - 10.0 < packet.start < BEGIN + back + late[packet.stream.code]
    ]
    rows = only(issued(calm, travel_times, given))
    assert rows[0][0] - 40.0 < USUAL + 1.0
    assert away_km(rows[-1][1]) < 15.0


@pytest.mark.thorough
@pytest.mark.parametrize("share", [0.4, 1.0])
@pytest.mark.parametrize("size", [0.5, 0.1, 2.0])
def test_a_knock_at_all_stations_is_no_earthquake_and_hides_none(travel_times, size, share):
    """A hub's glitch within 2 s; the true one comes 20 s later."""
    calm = network(quake(40.0), seed=6)
    late = {s.code: s.lat * 97.0 % 2.0 for s in calm.stations}
    struck = {s.code for s in calm.stations if s.lon * 89.0 % 1.0 <= share}

    def knock(code, t):
        since = t - 20.0 - late[code]
        shape = np.exp(-since.clip(0) / 1.5) * np.cos(6.0 * np.pi * since)
        return np.where(since >= 0, size * shape, 0.0) if code in struck else None

    rows = only(issued(calm, travel_times, packets(add(calm, knock))))
    assert rows[0][0] - 40.0 < USUAL + 3.0
    assert away_km(rows[-1][1]) < 15.0


@pytest.mark.parametrize(
    ("size", "kind"),
    first_of([(0.2, "box"), (0.2, "recentring"), (2.0, "box"), (2.0, "recentring")]),
)
def test_an_earthquake_5_s_after_unannounced_calibration_is_issued_once(travel_times, size, kind):
    calm = network(quake(40.0), seed=6)
    disturbed = nearest(calm, 8)

    def pulse(code, t):
        if code not in disturbed:
            return None
        decay = np.exp(-(t - 35.0).clip(0) / 15.0)
        return size * np.where(t >= 35.0, (t < 37.0) if kind == "box" else decay, 0.0)

    rows = only(issued(calm, travel_times, packets(add(calm, pulse))))
    assert rows[0][0] - 40.0 < USUAL + 3.0
    assert away_km(rows[-1][1]) < 15.0
    assert rows[-1][1].magnitude.value == pytest.approx(5.6, abs=0.5)


def test_a_station_whose_records_say_calibration_is_left_out_while_it_lasts(travel_times):
    calm = network(quake(40.0), seed=6)
    disturbed = nearest(calm, 8)

    def sine(code, t):
        on = (t >= 25.0) & (t < 55.0)
        return 0.2 * np.where(on, np.sin(4.0 * np.pi * t), 0.0) if code in disturbed else None

    given = [
        (now, replace(p, calibration=p.stream.code in disturbed and 25 <= p.start - BEGIN < 55))
        for now, p in packets(add(calm, sine))
    ]
    rows = only(issued(calm, travel_times, given))
    assert rows[0][0] - 40.0 < 10.0
    assert away_km(rows[-1][1]) < 15.0
    assert rows[-1][1].magnitude.value == pytest.approx(5.6, abs=0.4)


@pytest.mark.thorough
def test_seven_earthquakes_47_s_apart_are_all_issued_within_7_s(travel_times):
    places = [(23.9, 121.2), (24.2, 121.5), (23.9, 121.3), (24.2, 121.6), (23.9, 121.4)]
    places += [(24.2, 121.2), (23.9, 121.5)]
    times = [30.0 + 47.0 * k for k in range(7)]
    made = "".join(quake(t, 5.2, *place) for t, place in zip(times, places, strict=True))
    series = network(made, duration=325.0, seed=9, count=16)
    events = issued(series, travel_times, packets(series))
    first = sorted(rows[0][0] for rows in events.values())
    assert len(first) == 7
    assert all(0.0 < told - t <= 7.0 for told, t in zip(first, times, strict=True))
    assert all(alert.kind != "cancel" for rows in events.values() for _, alert in rows)


@pytest.mark.parametrize("sensor", first_of(["mems", "force_balance"]))
@pytest.mark.parametrize(("size", "corner_hz"), first_of([(0.03, 0.3), (0.02, 1.0)]))
@pytest.mark.parametrize("before", first_of([10.0, 0.0]))
def test_an_earthquake_beneath_a_distant_one_is_told_from_it(
    travel_times, sensor, size, corner_hz, before
):
    distant = (
        f'[[disturbance]]\nkind = "teleseism"\nafter = {40.0 - before}\nsize = {size}\n'
        f"azimuth = 60.0\ncorner_hz = {corner_hz}\nlat = 24.0\nlon = 121.4\n"
    )
    both = network(quake(40.0) + distant, sensor)
    rows = only(issued(both, travel_times, packets(both)))
    first = rows[0][1]
    assert rows[0][0] - 40.0 < USUAL + 3.5
    assert away_km(first) < 15.0
    assert first.magnitude.value == pytest.approx(5.6, abs=0.7)
    assert rows[-1][1].magnitude.value == pytest.approx(5.6, abs=0.45)
