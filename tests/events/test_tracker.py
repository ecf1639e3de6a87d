"""The room: its solutions do not depend on the order and timing of the observations."""

import gc

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from forewave.events.publication import Criteria, TrackerSettings
from forewave.events.tracker import Tracker
from forewave.thresholds import Thresholds
from forewave.types import Amplitude, Dropped, Pick, Solution, StationState
from tests.cases import first_of
from tests.events import made
from tests.events.made import T0, Errors, Quake

STATIONS = made.grid(20.0, 5, 0.3, 3)
QUAKE = Quake(4.0, 5.0, 12.0, 5.0)
SLOW = settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def packets(travel_times):
    return made.whole(QUAKE, STATIONS, travel_times, 50.0)


@pytest.fixture
def tracker(travel_times):
    return Tracker(STATIONS, travel_times)


@pytest.fixture(scope="module")
def usual(travel_times, packets):
    """The solutions of the earthquake in real time."""
    return made.solutions(made.play(Tracker(STATIONS, travel_times), packets))


def test_an_earthquake_is_one_event_published_early_and_improving(usual):
    assert {s.event for s in usual} == {usual[0].event}
    assert [s.version for s in usual] == list(range(1, len(usual) + 1))
    assert len(usual[0].picks) <= 4
    assert made.error_km(usual[0], QUAKE) < 10.0
    assert max(made.error_km(s, QUAKE) for s in usual) < 12.0
    assert made.error_km(usual[-1], QUAKE) < 3.0
    assert usual[-1].magnitude.value == pytest.approx(5.0, abs=0.3)
    assert usual[-1].origin.epicentre_sigma_km < usual[0].origin.epicentre_sigma_km
    assert all(s.withdrawn is None for s in usual)
    assert usual[-1].likelihood > 0.99


def test_the_same_twice_is_the_same(travel_times, packets, usual):
    assert made.solutions(made.play(Tracker(STATIONS, travel_times), packets)) == usual


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_stations_within_a_packet_does_not_matter(travel_times, packets, seed):
    """The observations of each station stay in order."""
    order = np.random.default_rng(seed).permutation(len(STATIONS))
    rank = {s.code: int(k) for s, k in zip(STATIONS, order, strict=True)}
    by_second = _every(1.0, packets)
    shuffled = [(now, sorted(items, key=lambda i: rank[i.station])) for now, items in by_second]
    ordered, found = (
        made.solutions(made.play(Tracker(STATIONS, travel_times), each))
        for each in (by_second, shuffled)
    )
    assert found == ordered


@pytest.mark.thorough
@SLOW
@given(st.lists(st.integers(0, 24), max_size=10), st.floats(0.0, 3.0))
def test_a_repeated_pick_has_no_effect(travel_times, packets, usual, which, later):
    picks = [i for _, items in packets for i in items if isinstance(i, Pick)]
    again = [(picks[k].time + 1.0 + later, [replace(picks[k])]) for k in which if k < len(picks)]
    said = made.play(Tracker(STATIONS, travel_times), made.together(packets, again))
    _same_in_the_end(made.solutions(said), usual)


@SLOW
@given(st.floats(0.1, 3.0))
def test_packets_cut_differently_end_the_same(travel_times, packets, usual, seconds):
    said = made.play(Tracker(STATIONS, travel_times), _every(seconds, packets))
    _same_in_the_end(made.solutions(said), usual)


def _same_in_the_end(found, usual):
    """The same place within a kilometre: how it got there may have been another way."""
    one, other = found[-1], usual[-1]
    assert len({s.event for s in found}) == 1
    assert made.distance_km(
        one.origin.lat, one.origin.lon, other.origin.lat, other.origin.lon
    ) == pytest.approx(0.0, abs=1.0)
    assert one.origin.time == pytest.approx(other.origin.time, abs=0.3)
    assert one.magnitude.value == pytest.approx(other.magnitude.value, abs=0.1)
    assert {a.pick for a in one.picks} == {a.pick for a in other.picks}


def _every(seconds, packets):
    """The same observations, delayed and sent together."""
    held = {}
    for now, items in packets:
        held.setdefault(np.ceil(now / seconds) * seconds, []).extend(items)
    return list(held.items())


@pytest.mark.parametrize("seed", first_of(range(4)))
@pytest.mark.parametrize("magnitude", [4.0, 5.0, 6.0])
def test_one_quake_is_never_two(travel_times, magnitude, seed):
    """However its picks err, and with S picked as well at every other station."""
    quake = replace(QUAKE, magnitude=magnitude)
    errors = Errors(0.3, 0.03, 0.3, seed)
    said = made.whole(quake, STATIONS, travel_times, 80.0, errors)
    found = made.solutions(
        made.play(
            Tracker(STATIONS, travel_times),
            made.together(said, _s_picks(quake, said, travel_times)),
        )
    )
    assert len({s.event for s in found if not s.withdrawn}) == 1
    assert made.error_km(found[-1], quake) < 6.0


def _s_picks(quake, packets, table):
    picks = [i for _, items in packets for i in items if isinstance(i, Pick)]
    out = []
    for p in picks[::2]:
        at = next(s for s in STATIONS if s.code == p.station)
        km = float(made.distance_km(at.lat, at.lon, *quake.place))
        s = quake.time + float(table.seconds("S", km, quake.depth_km))
        if s + T0 > p.time + 2.0:
            out.append((T0 + s + 1.0, [made.pick(at, s, 7)]))
    return out


def test_two_quakes_at_once_and_far_apart_are_two(travel_times):
    stations = made.grid(25.0, 8, 0.3, 5)
    one, other = Quake(-70.0, -70.0, 10.0, 4.5), Quake(75.0, 70.0, 10.0, 4.5, 33.0)
    heard = {}
    for quake in (one, other):
        near = [
            s for s in stations if made.distance_km(s.lat, s.lon, *quake.place) < 60.0
        ]  # the far ones pick nothing of it
        heard[quake] = made.arrivals(quake, near, travel_times, 60.0)
    said = made.together(made.calm(stations, 60.0), *heard.values())
    found = made.solutions(made.play(Tracker(stations, travel_times), said))
    last = {s.event: s for s in found}
    assert len(last) == 2
    errors = [min(made.error_km(s, q) for s in last.values()) for q in (one, other)]
    assert max(errors) < 8.0


def test_two_picks_that_the_neighbours_do_not_confirm_are_not_published(tracker):
    """Barely above noise, 60 km apart, and a dozen stations in between have no pick."""
    apart = [made.pick(STATIONS[6], 30.0), made.pick(STATIONS[18], 38.0)]
    weak = [made.amplitude(pick, 1.0, 2.5e-3) for pick in apart]
    said = made.together(
        made.calm(STATIONS, 60.0),
        [(p.time + 1.5, [p, a]) for p, a in zip(apart, weak, strict=True)],
    )
    told = made.solutions(made.play(tracker, said))
    assert all(s.withdrawn for s in told[-1:])


def test_an_event_that_the_neighbours_do_not_confirm_is_taken_back(travel_times):
    """Told on two picks by a hasty tracker; then its neighbours stay silent."""
    hasty = TrackerSettings(withdraw_likelihood=0.01, patience=0.0)
    apart = [made.pick(STATIONS[6], 30.0), made.pick(STATIONS[7], 33.0)]
    strong = [made.amplitude(pick, 0.4, 0.05) for pick in apart]
    said = made.together(
        made.calm(STATIONS, 50.0),
        [(p.time + 0.5, [p, a]) for p, a in zip(apart, strong, strict=True)],
    )
    told = made.solutions(
        made.play(Tracker(STATIONS, travel_times, hasty, Thresholds(min_likelihood=0.02)), said)
    )
    assert told, "a hasty tracker tells"
    assert told[0].withdrawn is None
    assert told[-1].withdrawn == "the stations around it do not confirm it"
    assert len({s.event for s in told}) == 1


def test_one_that_was_taken_back_by_mistake_comes_again_by_another_name(travel_times, packets):
    """Nothing follows an event that was called off: its name must not silence a real one."""
    tracker = Tracker(STATIONS, travel_times)
    told = made.solutions(made.play(tracker, [p for p in packets if p[0] < T0 + 40.0]))
    assert len({s.event for s in told}) == 1
    tracker.events[0].withdrawn = "a mistake"
    rest = [p for p in packets if p[0] >= T0 + 40.0]
    again = made.solutions(made.play(tracker, rest))
    assert len({s.event for s in again}) == 1
    assert again[0].event != told[0].event
    assert again[0].version == 1
    assert made.error_km(again[-1], QUAKE) < 3.0


def strong_first_motion(stations, until, others=True):
    """What comes until then; the middle station moves strongly from half a second on."""
    first = min(stations, key=lambda s: made.distance_km(s.lat, s.lon, *Quake().place))
    pick = made.pick(first, 32.0)
    peaks = [
        replace(
            made.amplitude(pick, since, 0.8 + 0.2 * since, 0.006 + 0.002 * since),
            intensity_jma=3.0 + 0.2 * since,
        )
        for since in np.arange(0.5, min(until - 32.0, 10.0), 0.5)
    ]
    states = made.calm(stations, until)
    if not others:
        states = [(t, [i for i in items if i.station == first.code]) for t, items in states]
    said = [(pick.time + 0.8, [pick])] + [(a.time + 0.5, [a]) for a in peaks]
    return made.together(states, said), first


def test_one_station_makes_an_event_when_its_first_motion_is_strong(travel_times):
    packets, first = strong_first_motion(STATIONS, 36.0, others=False)
    found = made.solutions(made.play(Tracker(STATIONS, travel_times), packets))
    assert {a.station for a in found[0].picks} == {first.code}
    assert found[0].likelihood >= Thresholds().min_likelihood
    near = made.distance_km(found[0].origin.lat, found[0].origin.lon, first.lat, first.lon)
    assert near < 30.0


@pytest.mark.parametrize("spacing_km", [20.0, 60.0])
def test_a_blow_that_no_neighbour_feels_does_not_stand(travel_times, spacing_km):
    """As strong, but nothing follows: not published among near neighbours, else withdrawn."""
    stations = made.grid(spacing_km, 5, 0.3, 3)
    packets, _ = strong_first_motion(stations, 70.0)
    found = made.solutions(made.play(Tracker(stations, travel_times), packets))
    assert bool(found) is (spacing_km > 40.0)
    assert all(len(s.picks) == 1 for s in found)
    assert not found or found[-1].withdrawn is not None


@pytest.mark.thorough
@pytest.mark.slow
def test_an_earthquake_in_anothers_coda_is_found(travel_times):
    """An M5, and 25 s later another as large 60 km away: its picks fall into the first's coda."""
    stations = made.grid(20.0, 8, 0.3, 5)
    one, other = Quake(-35.0, -30.0, 10.0, 5.0), Quake(35.0, 30.0, 10.0, 5.0, 55.0)
    said = [made.arrivals(q, stations, travel_times, 90.0) for q in (one, other)]
    packets = made.together(made.calm(stations, 90.0), *said)
    found = made.solutions(made.play(Tracker(stations, travel_times), packets))
    last = {s.event: s for s in found if not s.withdrawn}
    assert len(last) == 2
    assert max(min(made.error_km(s, q) for s in last.values()) for q in (one, other)) < 8.0
    for solution in last.values():
        assert solution.magnitude.value == pytest.approx(5.0, abs=0.4)


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.parametrize(("magnitude", "wanted"), [(5.8, 4), (6.8, 6)])
def test_in_the_coda_of_a_great_earthquake_more_stations_are_needed(
    travel_times, magnitude, wanted
):
    stations = made.grid(20.0, 9, 0.3, 5)
    one, other = Quake(-70.0, -70.0, 10.0, magnitude), Quake(60.0, 60.0, 10.0, 5.0, 75.0)
    said = [made.arrivals(quake, stations, travel_times, 100.0) for quake in (one, other)]
    packets = made.together(made.calm(stations, 100.0), *said)
    found = made.solutions(made.play(Tracker(stations, travel_times), packets))
    first = next(s for s in found if made.error_km(s, other) < 20.0)
    assert len({a.station for a in first.picks}) >= wanted
    assert made.error_km(first, other) < 10.0


def test_many_stations_that_leave_it_unsure_contradict_each_other(travel_times, packets):
    """16 stations must place it within three quarters of what two may leave open."""
    tracker = Tracker(STATIONS, travel_times)
    made.play(tracker, [p for p in packets if p[0] < T0 + 40.0])
    (found,) = tracker.events
    assert len(found.stations()) >= 16
    criteria = Criteria(tracker.network, TrackerSettings(), Thresholds())
    for share, ready in ((0.8, False), (0.4, True)):
        sigma_km = share * Thresholds().max_epicentre_sigma_km
        found.location = replace(found.location, sigma_km=sigma_km)
        found.likelihood = 1.0
        assert criteria.is_ready(found, [], T0 + 40.0) is (ready and not criteria.is_due(found))


def test_stricter_settings_publish_later_or_never(travel_times, packets, usual):
    never = Thresholds(min_likelihood=1.1)
    assert made.play(Tracker(STATIONS, travel_times, thresholds=never), packets) == []
    narrow = Thresholds(max_epicentre_sigma_km=4.0)
    found = made.solutions(made.play(Tracker(STATIONS, travel_times, thresholds=narrow), packets))
    assert found[0].origin.epicentre_sigma_km <= 4.0
    assert len(found[0].picks) > len(usual[0].picks)


def test_without_picks_no_update_is_due(tracker):
    assert made.play(tracker, made.calm(STATIONS, 20.0)) == []
    assert tracker.deadline() is None


def test_strangers_are_counted(tracker):
    stranger = made.station("ALIEN", 0.0, 0.0)
    pick = made.pick(stranger, 10.0)
    for item in (pick, made.amplitude(pick, 1.0, 0.1), made.state(stranger, 10.0)):
        assert list(tracker.feed(item, T0 + 11.0)) == [
            Dropped("XX.ALIEN", "station not in the inventory")
        ]
    assert tracker.deadline() is None


ODD = st.sampled_from([np.nan, np.inf, -np.inf, 0.0, -1.0, 1e300, -1e300, 1e-300, T0 + 4000.0])


@st.composite
def odd_items(draw):
    """A pick, amplitude or state with one to three absurd fields."""
    at = draw(st.sampled_from(STATIONS[:6]))
    time = draw(st.floats(28.0, 34.0))
    pick = made.pick(at, time, 5)
    item = draw(st.sampled_from([pick, made.amplitude(pick, 1.0, 0.1), made.state(at, time)]))
    floats = [n for n in item.__struct_fields__ if isinstance(getattr(item, n), float)]
    chosen = draw(st.lists(st.sampled_from(floats), min_size=1, max_size=3, unique=True))
    return replace(item, **{name: draw(ODD) for name in chosen})


@pytest.mark.slow
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(odd_items(), min_size=1, max_size=8))
def test_absurd_numbers_never_raise_nor_come_out(travel_times, odd):
    tracker = Tracker(STATIONS, travel_times)
    good = [made.pick(STATIONS[i], 30.0 + i) for i in range(3)]
    peaks = [made.amplitude(pick, 1.0, 0.1) for pick in good]
    said = made.together(
        made.calm(STATIONS, 36.0, since=25.0),
        [(T0 + 31.0 + k / 10, [item]) for k, item in enumerate(odd)],
        [(T0 + 33.2, [*good, *peaks])],
    )
    for solution in made.solutions(made.play(tracker, said)):
        numbers = [*_numbers(solution.origin), *_numbers(solution.magnitude)]
        assert np.isfinite(numbers).all()


def _numbers(record):
    values = [getattr(record, name) for name in record.__struct_fields__]
    return [value for value in values if isinstance(value, int | float)]


@pytest.mark.parametrize("name", ["pd_m", "pv_ms", "pa_ms2", "pga_ms2", "pgv_ms", "pd3_m"])
@pytest.mark.parametrize("value", [np.inf, 1e300, -1e300])
def test_one_absurd_sensor_does_not_silence_the_rest(travel_times, packets, name, value):
    first = min((i for _, items in packets for i in items if isinstance(i, Pick)), key=_time)

    def absurd(item):
        mine = isinstance(item, Amplitude) and item.station == first.station
        return replace(item, **{name: value}) if mine else item

    until = T0 + 38.0
    said = [(now, [absurd(item) for item in items]) for now, items in packets if now < until]
    found = made.solutions(made.play(Tracker(STATIONS, travel_times), said))
    assert made.error_km(found[-1], QUAKE) < 5.0


def _time(pick):
    return pick.time


def test_a_displacement_that_a_sender_does_not_know_is_no_reason_to_refuse(tracker):
    pick = made.pick(STATIONS[0], 10.0)
    unknown = replace(made.amplitude(pick, 1.0, 0.1), pd3_m=np.nan)
    assert list(tracker.feed(unknown, T0 + 11.0)) == []


def test_one_absurd_clock_does_not_deafen_the_rest(travel_times, packets, usual):
    """Data from the future would make all other feeds late and all picks old."""
    tomorrow = [
        made.state(STATIONS[0], 86400.0),
        made.pick(STATIONS[0], 86400.0),
        replace(made.state(STATIONS[0], 0.0), latest=np.inf),
    ]
    said = made.play(
        Tracker(STATIONS, travel_times), made.together([(T0 + 5.0, tomorrow)], packets)
    )
    assert made.solutions(said) == usual
    assert [w.reason for _, w in said if isinstance(w, Dropped)] == ["time out of range"] * 3


@pytest.mark.thorough
@pytest.mark.slow
def test_hours_of_noise_leave_nothing_behind(travel_times):
    """10,000 unrelated weak picks over ten hours of a hundred stations."""
    stations = made.grid(40.0, 10, 0.3, 6)
    tracker = Tracker(stations, travel_times)
    rng = np.random.default_rng(4)
    held = []
    for number, time in enumerate(np.sort(rng.uniform(0.0, 36_000.0, 10_000))):
        at = stations[int(rng.integers(len(stations)))]
        pick = made.pick(at, float(time), number)
        now = T0 + float(time) + 1.5
        for item in (pick, made.amplitude(pick, 1.0, 10 ** rng.normal(-2.7, 0.2))):
            tracker.feed(item, now)
        if number % 50 == 0:
            for each in stations:
                tracker.feed(made.state(each, float(time)), now)
            tracker.tick(now)
        if number % 1000 == 999:
            held.append(_held(tracker))
    assert max(held) < 1000  # of 20,000 records


def _held(tracker):
    """How many input and output records are reachable from it."""
    seen, edge, count = set(), [tracker], 0
    while edge:
        each = edge.pop()
        if id(each) in seen or isinstance(each, type) or callable(each):
            continue
        seen.add(id(each))
        count += isinstance(each, Pick | Amplitude | StationState | Solution)
        edge += gc.get_referents(each)
    return count
