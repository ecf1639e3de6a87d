import numpy as np
import pytest
from msgspec.structs import replace

import forewave
from forewave.pipeline import run

STREAM = forewave.StreamId("XX", "A", "", "HNZ")
CHANNEL = forewave.Channel(STREAM, 400_000.0, "m/s^2", 100.0)
STATION = forewave.Station("XX.A", 30.0, 104.0, 0.0, (CHANNEL,))
START = 1_600_000_000.0


def packet(second=0, samples=None):
    counts = np.zeros(100, np.int32) if samples is None else samples
    return forewave.Packet(STREAM, START + second, 100.0, counts)


def test_packet_by_packet_it_says_what_a_recording_says(recording, beginning, somewhere):
    """Fed as they arrive, with time passing between or not."""
    stations = recording.stations
    drill = forewave.Pipeline(stations, somewhere, mode="drill")
    known = list(run(drill._rooms, beginning))
    assert [m for _, m in known if isinstance(m, forewave.Alert)]
    for step in (0.0, 0.25):
        pipeline = forewave.Pipeline(stations, somewhere, mode="drill")
        found, before = [], beginning[0][0]
        for now, one in beginning:
            while step and before + step < now:
                before += step
                found += pipeline.advance(before)
            found += pipeline.feed(one, now)
            before = now
        assert repr(found) == repr(known)


def test_what_is_due_is_done_without_packets_too(recording, beginning, somewhere):
    pipeline = forewave.Pipeline(recording.stations, somewhere)
    rooms = pipeline._rooms
    for now, one in beginning:
        pipeline.feed(one, now)
        due = rooms.deadline()
        if due is not None:
            break
    assert due is not None
    assert due > now
    assert pipeline.advance((now + due) / 2.0) == []
    assert rooms.deadline() == due
    found = pipeline.advance(due)
    assert all(time == due for time, _ in found)
    assert rooms.deadline() != due


def test_alerts_are_tests_unless_said_otherwise(recording, beginning, somewhere):
    for mode in ({}, {"mode": "actual"}):
        pipeline = forewave.Pipeline(recording.stations, somewhere, **mode)
        found = [m for now, one in beginning for _, m in pipeline.feed(one, now)]
        modes = {m.mode for m in found if isinstance(m, forewave.Alert)}
        assert modes == {mode.get("mode", "test")}


def test_samples_of_other_kinds_are_converted():
    for samples in (np.zeros(100), np.zeros(100, np.int64), [0] * 100, read_only()):
        pipeline = forewave.Pipeline([STATION], [])
        found = [m for _, m in pipeline.feed(packet(samples=samples), START + 1.5)]
        assert [type(m) for m in found] == [forewave.StationState]


def read_only():
    samples = np.zeros(100, np.int32)
    samples.flags.writeable = False
    return samples


def test_an_unknown_station_is_dropped():
    other = replace(packet(), stream=forewave.StreamId("XX", "B", "", "HNZ"))
    [(time, dropped)] = forewave.Pipeline([STATION], []).feed(other, START)
    assert (time, dropped.reason) == (START, "station not in the inventory")


def test_a_station_at_a_wrong_place_is_named():
    def moved(code, lat, lon):
        stream = replace(STREAM, station=code)
        return forewave.Station(f"XX.{code}", lat, lon, 0.0, (replace(CHANNEL, stream=stream),))

    near = [moved(f"S{i}", 30.0 + i / 10, 104.0) for i in range(6)]
    pipeline = forewave.Pipeline([*near, moved("BAD", 0.0, 0.0)])
    assert list(pipeline.misplaced) == ["XX.BAD"]


@pytest.mark.parametrize("now", [START - 1.0, float("nan"), float("inf")])
def test_time_does_not_run_back(now):
    pipeline = forewave.Pipeline([STATION], [])
    pipeline.feed(packet(), START)
    with pytest.raises(forewave.InputError, match="expected a time not before"):
        pipeline.feed(packet(1), now)
    with pytest.raises(forewave.InputError, match="expected a time not before"):
        pipeline.advance(now)


def test_what_is_no_array_of_numbers_is_an_error():
    for samples in (np.zeros((2, 50)), np.array(["a"] * 100), np.zeros(100, complex)):
        with pytest.raises(forewave.InputError, match=r"XX\.A\.\.HNZ: samples: expected"):
            forewave.Pipeline([STATION], []).feed(packet(samples=samples), START)


@pytest.mark.parametrize(
    ("stations", "says"),
    [
        ([], "at least one"),
        ([STATION, STATION], r"XX\.A: expected each code once"),
        ([replace(STATION, lat=91.0)], "latitude is 91"),
        ([replace(STATION, lon=181.0)], "longitude is 181"),
        ([replace(STATION, channels=())], "expected a vertical channel"),
        ([replace(STATION, code="XX.B")], "another station's"),
        ([replace(STATION, channels=(replace(CHANNEL, gain=0.0),))], "gain is 0"),
        ([replace(STATION, channels=(replace(CHANNEL, rate=float("nan")),))], "rate is nan"),
    ],
)
def test_stations_that_cannot_be_are_errors(stations, says):
    with pytest.raises(forewave.InputError, match=says):
        forewave.Pipeline(stations, [])


def test_places_that_cannot_be_are_errors():
    for place in (forewave.Place("x", -91.0, 0.0), forewave.Place("x", 0.0, 0.0, vs30_ms=-1.0)):
        with pytest.raises(forewave.InputError, match="place 'x'"):
            forewave.Pipeline([STATION], [place])
