"""Limits at which a station's room changes its mind, each from both sides."""

from types import SimpleNamespace

import numpy as np
import pytest

from forewave.stations.component import interpolate
from forewave.stations.detector import Detector
from forewave.stations.quality import Completeness, Usual, health, not_numbers, refuse
from forewave.stations.sample_grid import begin
from forewave.stations.settings import DetectorSettings
from forewave.stations.station_arrays import Memory
from forewave.types import Amplitude, Channel, Packet, Pick, StationState, StreamId
from tests.stations.signals import arrival, cut, feed, make_station, shake

STREAM = StreamId("XX", "MADE", "", "HNZ")
CHANNEL = Channel(STREAM, 1e6, "m/s^2", 100.0)
SETTINGS = DetectorSettings()
NOW = 1000.0


def reason(start, rate=100.0):
    """Why a second of data is refused, or None."""
    packet = Packet(STREAM, start, rate, np.zeros(100, np.int32))
    dropped = refuse(packet, CHANNEL, NOW, SETTINGS)
    return dropped and dropped.reason


@pytest.mark.parametrize(
    ("ended", "expected"),
    [
        (NOW - 61.0, "too late, or clock behind"),
        (NOW - 59.9, None),
        (NOW - 10.0, None),
        (NOW + 4.9, None),
        (NOW + 5.1, "clock ahead"),
    ],
)
def test_a_packet_may_end_a_minute_ago_or_five_seconds_from_now(ended, expected):
    assert reason(ended - 1.0) == expected


@pytest.mark.parametrize(("rate", "expected"), [(104.0, None), (106.0, "wrong rate")])
def test_a_rate_may_be_off_by_five_percent(rate, expected):
    assert reason(NOW - 1.5, rate) == expected


def test_infinite_samples_are_no_numbers():
    assert not_numbers(np.array([1.0, np.nan, np.inf, -np.inf])) == 3


@pytest.mark.parametrize(("missing", "gappy"), [(4, False), (6, True)])
def test_one_sample_in_twenty_may_be_missing(missing, gappy):
    complete = Completeness()
    complete.note(100, missing, 6000.0)
    assert complete.gappy is gappy


def test_a_raised_level_has_become_the_usual_one_after_a_few_hours_of_any_history():
    made = Usual()
    for noise_ms2, hours in ((1e-4, 24), (1e-2, 4)):
        for _ in range(60 * hours):
            made.note(noise_ms2, 60.0)
    assert made.times(1e-2) < 1.2


@pytest.mark.parametrize(
    ("noise", "word"), [(0.04, "good"), (0.06, "noisy"), (0.9, "noisy"), (1.1, "unusable")]
)
def test_noise_is_noisy_from_5_gal_and_unusable_from_100(noise, word):
    fine = {"stuck": False, "clipped": False, "late": False, "gappy": False}
    assert health(**fine, noise_pa_ms2=noise, settings=SETTINGS) == word


def flags(trace, unit="m/s^2"):
    """Which of the last samples of a trace, after a minute, are marked as clipped."""
    memory = Memory(make_station(100.0, unit, "Z"), SETTINGS)
    memory.restart(0, 0)
    for i in range(0, len(trace), memory.step):
        memory.run(0, trace[i : i + memory.step] * 1.0)
    order = np.arange(len(trace) - 500, len(trace)) % memory.arrays.clip.shape[1]
    return (memory.arrays.clip[0, order] & 1).astype(bool)


@pytest.mark.parametrize(
    ("size", "equal", "clipped"),
    [(5e-3, 6, False), (20e-3, 6, True), (20e-3, 3, False), (20e-3, 4, True)],
)
def test_a_flat_top_is_clipped_from_ten_times_the_usual_motion_on(size, equal, clipped):
    trace = 1e-3 * np.random.default_rng(1).standard_normal(9000)
    trace[8800 : 8800 + equal] = size
    assert flags(trace).any() == clipped


def test_a_plateau_below_the_largest_excursion_is_not_clipped():
    trace = 1e-3 * np.random.default_rng(1).standard_normal(9000)
    trace[8700], trace[8800:8806] = 40e-3, 20e-3
    assert not flags(trace).any()


def test_a_digitizer_with_few_steps_is_not_clipped_by_small_motion():
    trace = np.zeros(9000)
    trace[::700] = 0.1  # one step of the digitizer, now and then
    trace[8800:8806] = 5.0
    assert not flags(trace).any()
    trace[8800:8806] = 15.0
    assert flags(trace[:8806]).any()


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize(("share", "clipped"), [(0.78, False), (0.82, True)])
def test_a_velocity_sensor_of_24_bits_is_clipped_at_80_percent(sign, share, clipped):
    station = make_station(100.0, "m/s", "Z", gain=1e9)
    memory = Memory(station, SETTINGS)
    memory.restart(0, 0)
    counts = 1e3 * np.random.default_rng(1).standard_normal(9000)
    counts[8950] = sign * share * 2**23
    for i in range(0, 9000, 100):
        memory.run(0, counts[i : i + 100])
    assert bool((memory.arrays.clip[0] & 1).any()) == clipped


def picks(words):
    return [word for word in words if isinstance(word, Pick)]


def test_a_ruptures_own_growth_is_no_second_pick(play):
    first = shake(60, 100.0, 30.0, 2e-3)
    grown = shake(60, 100.0, 32.0, 2.0, noise=0.0, seed=7)
    assert len(picks(play(first + grown))) == 1


def test_peaks_of_a_second_pick_are_its_own(play):
    both = shake(150, 100.0, 30.0, 1.0) + shake(150, 100.0, 110.0, 0.02, noise=0.0, seed=8)
    words = play(both)
    first, second = picks(words)
    last = [w for w in words if isinstance(w, Amplitude) and w.pick == second.id][-1]
    before = [w for w in words if isinstance(w, Amplitude) and w.pick == first.id][-1]
    for peak in ("pd_m", "pd3_m", "pv_ms", "pa_ms2", "pga_ms2", "pgv_ms"):
        assert getattr(last, peak) < 0.2 * getattr(before, peak), peak


def healths(*segments):
    trace = np.concatenate(segments)
    station = make_station(components="Z")
    words = feed(Detector(station), cut(station, [trace]))
    return [word.health for word in words if isinstance(word, StationState)]


def test_a_channel_that_stands_still_is_stuck_after_three_seconds():
    noise = 1e-3 * np.random.default_rng(1).standard_normal(2000)
    found = healths(noise, np.full(600, 0.5))
    assert "stuck" not in found[:21]
    assert found[-1] == "stuck"


@pytest.mark.parametrize(("delay", "word"), [(4.0, "good"), (5.5, "late")])
def test_data_that_arrive_five_seconds_late_are_late(delay, word):
    station = make_station(components="Z")
    noise = 1e-3 * np.random.default_rng(1).standard_normal(2000)
    detector = Detector(station)
    words = [w for p in cut(station, [noise]) for w in detector.feed(p, arrival(p) - 0.5 + delay)]
    assert [w.health for w in words if isinstance(w, StationState)][-1] == word


@pytest.mark.parametrize(("unit", "sound", "absurd"), [("m/s^2", 90.0, 110.0), ("m/s", 9.0, 11.0)])
def test_what_no_ground_does_is_missing(unit, sound, absurd):
    noise = 1e-3 * np.random.default_rng(1).standard_normal(2000)
    station = make_station(unit=unit, components="Z")
    for value, count in ((sound, 0), (absurd, 1)):
        trace = noise.copy()
        trace[1500] = value
        detector = Detector(station)
        feed(detector, cut(station, [trace]))
        assert detector._memory.state()[3] == count


def test_an_absurd_value_is_told_once():
    trace = 1e-3 * np.random.default_rng(1).standard_normal(3000)
    trace[1500] = 1e12
    station = make_station(components="Z")
    words = feed(Detector(station), cut(station, [trace]))
    assert [w.detail for w in words if getattr(w, "reason", "") == "absurd values"] == ["1 samples"]


@pytest.mark.parametrize(("gap", "again"), [(59.0, False), (61.0, True)])
def test_a_gap_of_a_minute_is_filled_and_a_longer_one_begins_anew(gap, again):
    def second(start):
        return Packet(STREAM, start, 100.0, np.zeros(100))

    clock = begin(second(0.0), 100.0, None)
    clock.place(second(0.0))
    placed = clock.place(second(1.0 + gap))
    assert (placed.restart is not None) is again
    assert len(placed.samples) == 100 + (0 if again else round(100 * gap))


def test_a_clear_onset_is_known_to_a_tenth_of_a_second_in_seconds(play):
    (found,) = picks(play(shake(60, 100.0, 30.0, 0.5)))
    assert 0.05 <= found.sigma < 0.1


def test_slow_streams_are_interpolated_to_the_same_intensity():
    largest = []
    for rate in (31.3213, 50.0, 100.0):
        memory = Memory(make_station(rate, components="Z"), SETTINGS)
        memory.restart(0, 0)
        trace = np.sin(2 * np.pi * 2.0 * np.arange(round(60 * rate)) / rate)
        for i in range(0, len(trace), memory.step):
            memory.run(0, trace[i : i + memory.step])
        largest.append(np.abs(memory.arrays.jma[0]).max())
    assert largest == pytest.approx([largest[-1]] * 3, rel=0.03)


def test_a_ramp_is_interpolated_to_a_ramp_two_samples_late():
    before = SimpleNamespace(a1=-1.0, a2=-2.0, a3=-3.0)
    made = interpolate.py_func(before, 4, np.arange(10.0))
    assert made == pytest.approx(np.arange(40) / 4 - 2.0)
