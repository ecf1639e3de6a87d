"""EPIC's rules and PLUM on picks and amplitudes made by hand."""

import numpy as np
import pytest

from forewave.evaluate.reference_algorithms import (
    ALGORITHMS,
    NAMES,
    epic,
    epic_source,
    message,
    plum,
)
from forewave.evaluate.reference_algorithms.epic_source import Table, Trigger
from forewave.types import Amplitude, Magnitude, Origin, Pick, Station, StationState, StreamId

T0 = 1_600_000_000.0
GRID = [(x, y) for x in (-30, -10, 10, 30) for y in (-30, -10, 10, 30)]  # km
KM = 1 / 111.195
EAST_KM, NORTH_KM = 3.0, 5.0


def station(index, x, y):
    return Station(f"XX.S{index:02d}", y * KM, x * KM, 0.0, ())


STATIONS = tuple(station(i, x, y) for i, (x, y) in enumerate(GRID))


def away(index):
    x, y = GRID[index]
    return float(np.hypot(x - EAST_KM, y - NORTH_KM))


def amplitude(code, time, pick, since, pd_m=1e-3, pga=1.0, pgv=0.1):
    return Amplitude(code, time, pick, since, pd_m, 0.01, pga, pga, pgv, 3.0, False)


@pytest.fixture
def observations(travel_times):
    """Every station picks P on time and reports 1 mm of displacement a second later."""
    table, words = Table(travel_times), []
    for index, s in enumerate(STATIONS):
        words.append((T0 - 1, StationState(s.code, T0 - 1.5, 0.5, "good", 1e-4, 1e-6)))
        p = T0 + float(table.seconds(np.array(away(index))))
        stream = StreamId("XX", s.code[3:], "", "HNZ")
        pick = Pick(f"p{index}", stream, "P", p, 0.1)
        words.append((p + 0.7, pick))
        words.append((p + 1.5, amplitude(s.code, p + 1, pick.id, 1.0)))
    return sorted(words, key=lambda pair: pair[0])


def test_epic_locates_and_alerts_at_four_stations(observations, travel_times):
    alerts = epic.run(STATIONS, observations, travel_times)
    first = alerts[0].alert
    picks = sorted(now for now, word in observations if isinstance(word, Pick))
    assert first.stations >= 4
    assert first.issued >= picks[3]
    assert first.issued < picks[6]
    assert first.origin.lat == pytest.approx(NORTH_KM * KM, abs=2 * KM)
    assert first.origin.lon == pytest.approx(EAST_KM * KM, abs=2 * KM)
    assert first.origin.time == pytest.approx(T0, abs=0.3)
    assert {m.alert.event for m in alerts} == {"epic-1"}


def test_epic_magnitude_is_the_papers(observations, travel_times):
    """Kuyuk and Allen (2013): 1 mm at 50 km is 6.50."""
    here = epic_source.Located(T0, 0.0, 0.0, False)
    far = Trigger("XX.S", 0.0, 50 * KM, T0 + 8, pd_m=1e-3, seconds=4.0)
    assert epic_source.magnitude([far], here) == pytest.approx(6.50, abs=0.01)
    assert np.isnan(epic_source.magnitude([Trigger("XX.S", 0.0, 0.0, T0)], here))


def test_epic_stays_quiet_with_three(observations, travel_times):
    codes = {s.code for s in STATIONS[:3]}
    few = [(now, word) for now, word in observations if word.station in codes]
    assert epic.run(STATIONS[:3], few, travel_times) == []


def test_epic_wants_two_fifths_of_the_active_stations(observations, travel_times):
    """Only the corners trigger, and the twelve stations between them are silent."""
    corners = {"XX.S00", "XX.S03", "XX.S12", "XX.S15"}
    some = [
        (now, w) for now, w in observations if w.station in corners or isinstance(w, StationState)
    ]
    assert epic.run(STATIONS, some, travel_times) == []


def test_epic_shaking_has_a_forecast_for_every_near_place():
    origin = Origin(T0, 0.0, 0.0, 8.0, 1.0, 5.0, 5.0)
    near, far = station(0, 10, 0), station(1, 900, 0)
    actual = epic_source.shaking("e", 1, [near, far], origin, 6.0)
    assert set(actual) == {"XX.S00"}
    assert 6.0 < actual["XX.S00"].intensity < 8.0


def test_plum_begins_with_a_strong_station_and_a_neighbour(travel_times):
    strong = amplitude("XX.S05", T0 + 4, None, None, pga=1.0, pgv=0.1)  # MMI 5.9
    weak = amplitude("XX.S06", T0 + 5, None, None, pga=0.15, pgv=0.012)  # MMI 3.8
    alone = plum.run(STATIONS, [(T0 + 4.5, strong)], travel_times, radius_km=30.0)
    assert alone == []
    first, *_ = plum.run(
        STATIONS, [(T0 + 4.5, strong), (T0 + 5.5, weak)], travel_times, radius_km=30.0
    )
    assert first.issued == T0 + 5.5
    assert first.alert.stations == 2
    alerts = {code: forecast.intensity for code, forecast in first.forecasts.items()}
    assert alerts["XX.S06"] == pytest.approx(plum.observed(strong))
    assert alerts["XX.S05"] == pytest.approx(plum.observed(weak))  # never by its own record
    assert alerts["XX.S10"] == pytest.approx(plum.observed(strong))  # 28 km away
    assert alerts["XX.S15"] == 1.0  # 57 km away


def test_plum_forgets_an_old_knock(travel_times):
    strong = amplitude("XX.S05", T0, None, None)
    weak = amplitude("XX.S06", T0 + 60, None, None, pga=0.15, pgv=0.012)
    messages = [(T0 + 0.5, strong), (T0 + 60.5, weak)]
    assert plum.run(STATIONS, messages, travel_times, radius_km=60.0) == []


def test_an_alert_is_not_single_station_and_has_no_delay():
    origin = Origin(T0, 0.0, 0.0, 8.0, 1.0, 5.0, 5.0)
    actual = message.issued_alert("e", 1, T0 + 5, origin, Magnitude(6.0, 0.3, "Pd", 4), {})
    assert (actual.issued, actual.alert.kind, actual.alert.stations) == (T0 + 5, "new", 4)
    assert actual.alert.kind == "new"


def test_every_algorithm_has_a_name():
    assert set(ALGORITHMS) == set(NAMES)
