"""The four rooms in a row on a small made earthquake, whole and with things gone wrong."""

import inspect
from typing import get_args

import numpy as np
import pytest
from msgspec.structs import replace

from forewave.alerts.issuer import Issuer
from forewave.earth.distance import distance_km
from forewave.events.tracker import Tracker
from forewave.pipeline import Decider, Pipeline, PipelineSettings, Room, run
from forewave.shaking.forecaster import Forecaster
from forewave.simulate.disturbances.kinds import Pulse, Spike, Step
from forewave.simulate.scenario import load_scenario
from forewave.simulate.simulator import simulate
from forewave.sources.replay import arrivals
from forewave.types import (
    Alert,
    Amplitude,
    Dropped,
    Observation,
    Packet,
    Pick,
    Place,
    ShakingForecast,
    Solution,
)
from tests.cases import first_of

SCENARIO = load_scenario("small")
SHORT = replace(
    SCENARIO, duration=50.0, network=replace(SCENARIO.network, count=16, spacing_km=18.0)
)
QUAKE = SHORT.earthquake[0]
TOWN = Place("town", 24.3, 121.6)


@pytest.fixture(scope="module")
def recording():
    return simulate(SHORT)


@pytest.fixture(scope="module")
def quiet():
    """The same network for half a minute without an earthquake."""
    return simulate(replace(SHORT, duration=35.0, earthquake=()))


@pytest.fixture(scope="module")
def play(travel_times):
    def said(recording, packets=None, settings=None):
        pipeline = Pipeline(recording.stations, [TOWN], travel_times, settings)
        return list(run(pipeline, arrivals(recording) if packets is None else packets))

    return said


@pytest.fixture(scope="module")
def words(play, recording):
    return play(recording)


def of(kind, words):
    return [word for _, word in words if isinstance(word, kind)]


def quake_error_km(origin):
    return float(distance_km(origin.lat, origin.lon, QUAKE.lat, QUAKE.lon))


def test_one_earthquake_is_one_event_near_the_truth(words, recording):
    told = of(Alert, words)
    assert {alert.event for alert in told} == {told[0].event}
    assert told[0].kind == "new"
    assert told[0].issued - recording.info.origin_time < 8.0
    solution = of(Solution, words)[-1]
    assert quake_error_km(solution.origin) < 6.0
    assert solution.magnitude.value == pytest.approx(QUAKE.magnitude, abs=0.4)
    assert solution.origin.time == pytest.approx(recording.info.origin_time, abs=1.5)


def test_every_kind_of_word_comes_out_in_the_order_it_was_known(words):
    for kind in (Pick, Amplitude, Solution, ShakingForecast, Alert):
        assert of(kind, words), kind
    times = [now for now, _ in words]
    assert times == sorted(times)
    first = {kind: next(i for i, (_, w) in enumerate(words) if isinstance(w, kind))
             for kind in (Pick, Solution, ShakingForecast, Alert)}  # fmt: skip
    assert sorted(first, key=first.__getitem__) == [Pick, Solution, ShakingForecast, Alert]


def test_twice_is_the_same_word_by_word(play, recording, words):
    assert list(map(repr, play(recording))) == list(map(repr, words))


def test_other_packets_end_at_the_same_place(play, recording, words):
    other = of(Solution, play(recording, arrivals(recording, packet_s=0.5, latency=1.0)))[-1]
    usual = of(Solution, words)[-1]
    assert quake_error_km(other.origin) == pytest.approx(quake_error_km(usual.origin), abs=1.5)
    assert other.magnitude.value == pytest.approx(usual.magnitude.value, abs=0.1)


def test_packets_of_strangers_are_counted(play, recording, words):
    packets = arrivals(recording)
    now, packet = packets[100]
    stranger = replace(packet, stream=replace(packet.stream, station="ALIEN"))
    said = play(recording, [*packets[:101], (now, stranger), *packets[101:]])
    assert [w for w in of(Dropped, said) if "inventory" in w.reason] == [
        Dropped(str(stranger.stream), "station not in the inventory")
    ]
    assert of(Alert, said) == of(Alert, words)


def test_settings_reach_their_rooms(play, recording):
    never = PipelineSettings()
    never = replace(never, alerts=replace(never.alerts, min_likelihood=1.1))
    assert of(Solution, play(recording, settings=never)) == []


def test_without_packets_nothing_is_due(recording, travel_times):
    pipeline = Pipeline(recording.stations, [TOWN], travel_times)
    assert pipeline.deadline() is None
    assert pipeline.tick(1e9) == []


def test_an_event_is_taken_up_where_the_last_words_left_it(recording, travel_times, words):
    decider = Decider(recording.stations, [TOWN], travel_times)
    alert = of(Alert, words)[0]
    for now, word in words:
        if now <= alert.issued and isinstance(word, get_args(Observation)):
            decider.observe(word, now)
    solution = [w for now, w in words if isinstance(w, Solution) and now <= alert.issued][-1]
    decider.resume(solution, alert, alert.issued)
    said = decider.tick(alert.issued + 1.5)
    assert {w.event for w in said if isinstance(w, Solution)} <= {alert.event}
    assert all(w.version > alert.version for w in said if isinstance(w, Alert))


def test_a_change_that_was_not_issued_before_a_restart_is_issued_after_it(
    recording, travel_times, words
):
    """Whatever the events room finds afterwards: nothing is heard any more."""
    alert, last = of(Alert, words)[0], of(Solution, words)[-1]
    grown = replace(last.magnitude, value=alert.magnitude.value + 0.6)
    last = replace(last, magnitude=grown)
    decider = Decider(recording.stations, [TOWN], travel_times)
    decider.resume(last, alert, alert.issued + 0.1)
    said = of(Alert, [(0.0, word) for word in decider.tick(alert.issued + 30.0)])
    assert [(a.version, a.magnitude) for a in said] == [(alert.version + 1, last.magnitude)]


def test_a_quiet_network_says_nothing(play, quiet):
    assert of(Alert, play(quiet)) == []


@pytest.mark.parametrize(
    "what",
    [
        Spike(after=20.0, size=5.0),
        Step(after=20.0, size=2.0),
        Pulse(after=20.0, size=1.0),
    ],
    ids=["spike", "step", "calibration"],
)
@pytest.mark.parametrize("where", ["*", "one"])
def test_a_disturbance_is_no_earthquake(play, quiet, what, where):
    """At one station, or at all of them at the same moment."""
    station = "*" if where == "*" else quiet.stations[5].code
    scenario = replace(
        SHORT, duration=35.0, earthquake=(), disturbance=(replace(what, station=station),)
    )
    assert of(Alert, play(simulate(scenario))) == []


def _one_station(change):
    """Changes the packets of one station, the nearest to the earthquake but two."""

    def changed(recording):
        at = sorted(
            recording.stations, key=lambda s: float(distance_km(s.lat, s.lon, QUAKE.lat, QUAKE.lon))
        )[2]
        return [
            (now, change(packet) if packet.stream.code == at.code else packet)
            for now, packet in arrivals(recording)
        ]

    return changed


def _nan(packet: Packet) -> Packet:
    samples = packet.samples.astype(np.float32)
    samples[len(samples) // 2 :: 3] = np.nan
    return replace(packet, samples=samples)


def _louder(packet: Packet) -> Packet:
    return replace(packet, samples=packet.samples * np.int32(100))


DAMAGE = {
    "not a number": _nan,
    "clock an hour fast": lambda packet: replace(packet, start=packet.start + 3600.0),
    "clock an hour slow": lambda packet: replace(packet, start=packet.start - 3600.0),
    "no clock": lambda packet: replace(packet, start=float("nan")),
    "gain 100 times wrong": _louder,
    "no samples": lambda packet: replace(packet, samples=packet.samples[:0]),
    "another rate": lambda packet: replace(packet, rate=packet.rate * 2),
}


# What a packet alone cannot show: strong motion may be true.
BELIEVABLE = {"gain 100 times wrong"}


@pytest.mark.parametrize("name", first_of(sorted(DAMAGE)))
def test_one_bad_station_does_not_spoil_the_warning(play, recording, words, name):
    said = play(recording, _one_station(DAMAGE[name])(recording))
    told = of(Alert, said)
    assert len({alert.event for alert in told}) == 1
    assert told[0].issued - of(Alert, words)[0].issued < 3.0
    solution = of(Solution, said)[-1]
    assert quake_error_km(solution.origin) < 8.0
    assert solution.magnitude.value == pytest.approx(QUAKE.magnitude, abs=0.5)
    if name not in BELIEVABLE:
        assert of(Dropped, said)


@pytest.mark.parametrize("name", sorted(DAMAGE))
def test_one_bad_station_makes_no_earthquake(play, quiet, name):
    assert of(Alert, play(quiet, _one_station(DAMAGE[name])(quiet))) == []


@pytest.mark.parametrize("kind", [Tracker, Forecaster, Issuer])
@pytest.mark.parametrize("what", ["feed", "tick", "deadline"])
def test_a_room_takes_items_and_times_and_names_its_deadline(kind, what):
    names = [list(inspect.signature(getattr(each, what)).parameters) for each in (kind, Room)]
    assert names[0] == names[1]
