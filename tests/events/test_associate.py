import numpy as np
import pytest
from msgspec.structs import replace

from forewave.events import associate
from forewave.events.memory.network import Network
from forewave.types import Magnitude, Origin
from tests.events import made
from tests.events.made import PLANE, T0, Quake

STATIONS = tuple(made.station(f"S{i}", 10.0 * i, 0.0) for i in range(7))
ORIGIN = Origin(T0 + 30.0, *PLANE.to_degrees(0.0, 0.0), 10.0, 0.2, 2.0, 3.0)
MAGNITUDE = Magnitude(5.0, 0.2, "Menv", 4)


@pytest.fixture
def network():
    network = Network(STATIONS)
    made.feed(network, made.calm(STATIONS, 60.0))
    return network


@pytest.fixture
def predicted(network, travel_times):
    return associate.predict(network, ORIGIN, travel_times)


@pytest.mark.parametrize(
    ("after_p", "role"),
    [(-5.0, None), (-1.5, "P"), (0.0, "P"), (1.5, "P"), (2.0, "coda"), (6.0, "S"), (15.0, "coda")],
)
def test_roles(after_p, role):
    """P at 10, S at 16 s."""
    pick = made.pick(STATIONS[0], 10.0 + after_p)
    assert associate.role(pick, T0 + 10.0, T0 + 16.0, slack=2.0 - 0.5, coda=30.0) == role


def test_long_after_it_is_nothing():
    pick = made.pick(STATIONS[0], 100.0)
    assert associate.role(pick, T0 + 10.0, T0 + 16.0, slack=1.5, coda=30.0) is None


def test_a_larger_event_has_a_longer_coda():
    codas = [associate.coda(m) for m in (3.0, 5.0, 7.0)]
    assert codas == sorted(codas)
    assert 5.0 < codas[0] < 60.0
    assert 100.0 < codas[2] < 1000.0


def test_a_less_sure_place_allows_more():
    unsure = Origin(T0, 24.0, 121.0, 10.0, 1.0, 30.0, 10.0)
    assert associate.slack(10.0, unsure) > associate.slack(10.0, ORIGIN)
    assert associate.slack(50.0, ORIGIN) > associate.slack(10.0, ORIGIN)


def test_in_a_storm_a_less_sure_place_allows_no_more():
    """Or the knocks that it takes in would make it less sure still."""
    unsure = Origin(T0, 24.0, 121.0, 10.0, 1.0, 30.0, 10.0)
    in_storm = associate.slack(10.0, unsure, in_storm=True)
    assert in_storm < associate.slack(10.0, ORIGIN) < associate.slack(10.0, unsure)


def test_in_a_storm_what_misses_an_unsure_place_is_not_its_p(network, travel_times):
    unsure = replace(ORIGIN, epicentre_sigma_km=18.0)
    predicted = associate.predict(network, unsure, travel_times)
    pick = made.pick(STATIONS[2], predicted.p[2] - T0 - 3.0)
    calm, storm = (
        associate.explained([pick], network, unsure, MAGNITUDE, predicted, in_storm)
        for in_storm in (False, True)
    )
    assert [member.role for member in calm.values()] == ["P"]
    assert storm == {}


def test_arrivals_are_the_tables(network, predicted, travel_times):
    for i, at in enumerate(STATIONS):
        km = 10.0 * i
        assert predicted.distance_km[i] == pytest.approx(km, abs=0.05)
        for phase, times in (("P", predicted.p), ("S", predicted.s)):
            expected = T0 + 30.0 + travel_times.seconds(phase, km, 10.0)
            assert times[i] == pytest.approx(float(expected), abs=0.02), at.code


def test_beyond_the_table_nothing_arrives(travel_times):
    far = (made.station("FAR", 0.0, 1500.0),)
    found = associate.predict(Network(far), ORIGIN, travel_times)
    assert np.isinf(found.p[0])
    assert np.isinf(found.s[0])


def test_what_is_beyond_the_table_is_not_explained():
    far = (made.station("FAR", 0.0, 1500.0),)
    network, pick = Network(far), made.pick(far[0], 60.0)
    endless = associate.Arrivals([np.inf], [np.inf], [1500.0])
    assert associate.explained([pick], network, ORIGIN, MAGNITUDE, endless) == {}


def test_each_pick_is_explained_as_what_it_is(network, predicted):
    p = made.pick(STATIONS[2], predicted.p[2] - T0 + 0.2)
    s = made.pick(STATIONS[3], predicted.s[3] - T0 - 0.3)
    later = made.pick(STATIONS[2], predicted.s[2] - T0 + 8.0)
    before = made.pick(STATIONS[4], 20.0)
    picks = sorted([p, s, later, before], key=lambda pick: pick.time)
    for pick in picks:
        network.add_pick(pick)
    found = associate.explained(picks, network, ORIGIN, MAGNITUDE, predicted)
    assert {k: m.role for k, m in found.items()} == {p.id: "P", s.id: "S", later.id: "coda"}
    assert found[p.id].residual == pytest.approx(0.2, abs=1e-3)
    assert found[s.id].residual == pytest.approx(-0.3, abs=1e-3)
    assert found[p.id].distance_km == pytest.approx(20.0, abs=0.05)


def test_a_station_has_one_p_the_earliest(network, predicted):
    first = made.pick(STATIONS[2], predicted.p[2] - T0 - 0.4)
    second = made.pick(STATIONS[2], predicted.p[2] - T0 + 0.4)
    found = associate.explained([first, second], network, ORIGIN, MAGNITUDE, predicted)
    assert found[first.id].role == "P"
    assert found.get(second.id) is None or found[second.id].role != "P"


def test_a_pick_in_its_waves_is_its_however_strong(network, predicted):
    """Whether it may still belong to another event is decided by `OtherEvents`."""
    late = predicted.s[1] - T0 + 10.0
    small, large = made.pick(STATIONS[1], late, 1), made.pick(STATIONS[2], late, 2)
    for pick, pa_ms2 in ((small, 0.01), (large, 20.0)):
        network.add_pick(pick)
        network.add_amplitude(made.amplitude(pick, 1.0, pa_ms2))
    found = associate.explained((small, large), network, ORIGIN, MAGNITUDE, predicted)
    assert {k: m.role for k, m in found.items()} == {small.id: "coda", large.id: "coda"}


def test_how_much_later_s_may_come_goes_with_how_unsure_p_is():
    """S comes later than P by 0.73 of it, so its model is no worse by more than 1.4."""
    for slack in (1.0, 2.0):
        early, late = (made.pick(STATIONS[0], 30.0 - share * slack) for share in (1.45, 1.35))
        roles = [associate.role(p, T0 + 10.0, T0 + 30.0, slack, 30.0) for p in (early, late)]
        assert roles == ["coda", "S"]


def test_picks_far_apart_in_time_are_not_together(network):
    near = [made.pick(STATIONS[0], 10.0), made.pick(STATIONS[1], 12.0)]
    later = [made.pick(STATIONS[0], 40.0), made.pick(STATIONS[1], 41.0)]
    found = associate.clusters([*near, *later], network)
    assert [{p.id for p in g} for g in found] == [{p.id for p in g} for g in (near, later)]


def test_clusters_come_largest_first_and_by_time(network):
    two = [made.pick(STATIONS[i], 10.0 + i) for i in (0, 1)]
    four = [made.pick(STATIONS[i], 100.0 + i) for i in (3, 2, 1, 0)]
    found = associate.clusters([*two, *four], network)
    assert [len(group) for group in found] == [4, 2]
    assert [p.time for p in found[0]] == sorted(p.time for p in found[0])


def test_one_station_alone_is_no_cluster(network):
    picks = [made.pick(STATIONS[0], 10.0), made.pick(STATIONS[0], 12.0)]
    assert associate.clusters(picks, network) == []
    assert associate.clusters([], network) == []
    assert associate.clusters(picks[:1], network) == []


def test_stations_across_the_date_line_are_near():
    pairs = zip(STATIONS, (179.95, -179.95), strict=False)
    stations = [replace(at, lat=-17.0, lon=lon) for at, lon in pairs]
    picks = [made.pick(at, 10.0) for at in stations]
    assert len(associate.clusters(picks, Network(stations))) == 1


def test_a_synthetic_earthquake_is_one_cluster(travel_times):
    stations = made.grid()
    network = Network(stations)
    picks = made.feed(network, made.whole(Quake(), stations, travel_times, 60.0))
    found = associate.clusters(picks, network)
    assert len(found) == 1
    assert len(found[0]) == len(picks) > 20
