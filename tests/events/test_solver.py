"""Known sources, recovered from the observations of a network."""

import numpy as np
import pytest
from msgspec.structs import replace

from forewave.events import solver
from forewave.events.memory.network import Network
from forewave.events.solver import Solver
from forewave.types import Pick
from tests.events import made
from tests.events.made import CHEAP, NOBODY, NONE, PLANE, QUIET, T0, Errors, Quake

NETWORKS = {
    "dense": made.grid(8.0, 7, 0.3, 2),
    "usual": made.grid(20.0, 6, 0.3, 3),
    "sparse": made.grid(45.0, 6, 0.4, 4),
}


@pytest.mark.parametrize("noise_ms2", [QUIET, CHEAP])
@pytest.mark.parametrize("network", sorted(NETWORKS))
@pytest.mark.parametrize(
    "quake",
    [Quake(4, -3, 8, 5.0), Quake(-10, 6, 16, 4.5), Quake(3, 12, 36, 5.5)],
    ids=["shallow", "crustal", "deep"],
)
def test_a_source_among_the_stations_is_found(travel_times, network, quake, noise_ms2):
    stations = NETWORKS[network]
    packets = made.whole(quake, stations, travel_times, 52.0, Errors(0.1, 0.01, 0.2), noise_ms2)
    _, event = made.begun(stations, travel_times, packets)
    assert len(event.stations()) >= 4
    assert made.off_km(event, quake) < max(3.0, 2.5 * event.origin.epicentre_sigma_km)
    assert event.origin.epicentre_sigma_km < 8.0
    # depths are looked at in steps of an eighth to a quarter of the depth
    spread = event.origin.depth_sigma_km + 0.2 * quake.depth_km
    assert abs(event.origin.depth_km - quake.depth_km) < 3 * spread
    assert event.origin.time == pytest.approx(T0 + quake.time, abs=0.5 + spread / 6.0)
    assert event.magnitude.value == pytest.approx(quake.magnitude, abs=0.4)
    # five picks barely above the noise may as well be those of a storm over that part
    assert event.likelihood > (0.99 if len(event.stations()) > 5 else 0.4)


def test_without_any_error_it_is_within_two_kilometres(travel_times):
    quake = Quake(7.0, -4.0, 12.0, 5.0)
    stations = NETWORKS["usual"]
    packets = made.whole(quake, stations, travel_times, 45.0, NONE)
    _, event = made.begun(stations, travel_times, packets)
    assert made.off_km(event, quake) < 2.0
    assert event.origin.time == pytest.approx(T0 + quake.time, abs=0.4)


@pytest.mark.thorough
@pytest.mark.slow
def test_the_stated_uncertainty_is_true(travel_times):
    """Of 60 sources, the picks erring as the likelihood supposes, 68 % should be within."""
    found = [case for case in (_random_case(travel_times, seed) for seed in range(72)) if case]
    found = found[:60]
    assert len(found) == 60
    inside = np.mean([off < event.origin.epicentre_sigma_km for off, _, event in found])
    assert 0.5 < inside < 0.85
    far = [off for off, _, event in found if off > 4 * event.origin.epicentre_sigma_km]
    assert len(far) <= 2
    late = [event.origin.time - T0 - quake.time for _, quake, event in found]
    assert abs(np.median(late)) < 0.4
    larger = [event.magnitude.value - quake.magnitude for _, quake, event in found]
    assert abs(np.median(larger)) < 0.3


def _random_case(travel_times, seed):
    """A source in or just outside a network, when its first 2 to 8 stations have picked."""
    rng = np.random.default_rng(seed)
    spacing_km, noise_ms2 = rng.uniform(12, 40), (QUIET, CHEAP)[seed % 2]
    stations = made.grid(spacing_km, 6, 0.4, seed)
    east_km, north_km = rng.uniform(-2.2, 2.2, 2) * spacing_km
    depth_km, magnitude = min(3 + rng.exponential(15), 80), rng.uniform(3.8, 5.5)
    quake = Quake(east_km, north_km, float(depth_km), float(magnitude))
    errors = Errors(0.4, 0.03, 0.42, seed)
    said = made.together(made.arrivals(quake, stations, travel_times, 90, errors, noise_ms2))
    times = sorted(i.time for _, items in said for i in items if isinstance(i, Pick))
    count = int(rng.integers(2, 9))
    if len(times) < count:
        return None
    until = times[count - 1] - T0 + 0.6
    packets = made.whole(quake, stations, travel_times, until, errors, noise_ms2)
    _, event = made.begun(stations, travel_times, packets)
    return made.off_km(event, quake), quake, event


QUAKE = Quake(4.0, 5.0, 10.0, 4.8)


def _until(count, stations, travel_times):
    """When so many stations have picked, s after T0."""
    said = made.arrivals(QUAKE, stations, travel_times, 90)
    times = sorted(i.time for _, items in said for i in items if isinstance(i, Pick))
    return times[count - 1] - T0 + 0.6


@pytest.mark.parametrize("count", [6, 8, 12])
@pytest.mark.parametrize("late", [-6.0, -2.0, 3.0, 8.0])
def test_one_wrong_pick_does_not_move_it(travel_times, count, late):
    stations = NETWORKS["usual"]
    until = _until(count, stations, travel_times)
    packets = made.whole(QUAKE, stations, travel_times, until)
    _, right = made.begun(stations, travel_times, packets)
    wrong = _with_pick(packets, 3, lambda pick: replace(pick, time=pick.time + late))
    _, event = made.begun(stations, travel_times, wrong)
    assert made.off_km(event, QUAKE) < made.off_km(right, QUAKE) + 3.0


@pytest.mark.parametrize("which", [0, 2, 5])
def test_an_s_in_place_of_a_p_does_not_move_it(travel_times, which):
    """A station that has missed the P and picks the S."""
    stations = NETWORKS["usual"]
    packets = made.whole(QUAKE, stations, travel_times, _until(9, stations, travel_times))
    _, right = made.begun(stations, travel_times, packets)

    def s_time(pick):
        at = next(s for s in stations if s.code == pick.station)
        km = float(made.distance_km(at.lat, at.lon, *QUAKE.place))
        return T0 + QUAKE.time + float(travel_times.seconds("S", km, QUAKE.depth_km))

    wrong = _with_pick(packets, which, lambda pick: replace(pick, time=s_time(pick)))
    _, event = made.begun(stations, travel_times, wrong)
    assert made.off_km(event, QUAKE) < made.off_km(right, QUAKE) + 4.0


def _with_pick(packets, which, change):
    """The same with the which-th pick changed and its peaks, which would show it, left out."""
    picks = sorted(
        (i for _, items in packets for i in items if isinstance(i, Pick)), key=lambda p: p.time
    )
    old = picks[which]

    def item(each):
        return change(each) if each is old else each

    return [
        (now, [item(i) for i in items if getattr(i, "pick", None) != old.id])
        for now, items in packets
    ]


def test_a_silent_station_pushes_it_away(travel_times):
    """Two picks leave two sides open; a healthy station that has not picked closes one."""
    west, east = made.station("W", -10.0, 0.0), made.station("E", 10.0, 0.0)
    watcher = made.station("N", 0.0, 25.0)
    picks = [made.pick(west, 30.0), made.pick(east, 30.0)]
    peaks = [made.amplitude(pick, 1.0, 0.05) for pick in picks]
    said = [(T0 + 32.0, [*picks, *peaks])]

    def north_km(stations, watching):
        states = made.calm(stations, 38.0)
        if not watching:
            states = [(t, [i for i in items if i.station != "XX.N"]) for t, items in states]
        _, event = made.begun(stations, travel_times, made.together(states, said))
        return PLANE.to_km(event.origin.lat, event.origin.lon)[1], event

    stations = (west, east, watcher)
    free, unsure = north_km(stations, watching=False)
    pushed, surer = north_km(stations, watching=True)
    assert abs(free) < 3.0
    assert pushed < free - 2.0
    assert surer.origin.epicentre_sigma_km < unsure.origin.epicentre_sigma_km


def test_a_station_whose_feed_is_late_is_not_silent(travel_times):
    stations = NETWORKS["usual"]
    until = _until(3, stations, travel_times)
    packets = made.whole(QUAKE, stations, travel_times, until)
    network = Network(stations)
    picks = made.feed(network, packets)
    heard = {pick.station for pick in picks}
    ordinary = Solver(network, travel_times).begin(picks, NOBODY)
    late = [
        (now, [i for i in items if i.station in heard or now < T0 + 10.0]) for now, items in packets
    ]
    _, event = made.begun(stations, travel_times, late)
    assert event.origin.epicentre_sigma_km > ordinary.origin.epicentre_sigma_km


def test_it_follows_what_comes(travel_times):
    stations = NETWORKS["usual"]
    packets = made.whole(QUAKE, stations, travel_times, 50.0)
    early = T0 + _until(3, stations, travel_times)
    network = Network(stations)
    solving = Solver(network, travel_times)
    event = solving.begin(made.feed(network, [p for p in packets if p[0] < early]), NOBODY)
    before = event.origin.epicentre_sigma_km
    solving.update(event, made.feed(network, [p for p in packets if p[0] >= early]), NOBODY)
    assert len(event.stations()) > 20
    assert event.origin.epicentre_sigma_km < before
    assert made.off_km(event, QUAKE) < 3.0
    assert event.magnitude.value == pytest.approx(QUAKE.magnitude, abs=0.3)


@pytest.mark.parametrize("doubted", [None, T0 + 45.0])
def test_an_event_that_is_doubted_is_looked_for_everywhere(travel_times, monkeypatch, doubted):
    """A local search may have reached a place from which it does not return."""
    stations = NETWORKS["usual"]
    packets = made.whole(Quake(4, -3, 8, 5.0), stations, travel_times, 52.0)
    _, event = made.begun(stations, travel_times, packets)
    looks = []
    monkeypatch.setattr(solver.search, "search", lambda *known: looks.append("everywhere"))
    monkeypatch.setattr(solver.search, "refine", lambda *known: looks.append("nearby"))
    event.searched_with, event.doubted_since = 20, doubted
    Solver(Network(stations), travel_times)._place(event, None, 21)
    assert looks == ["nearby" if doubted is None else "everywhere"]
