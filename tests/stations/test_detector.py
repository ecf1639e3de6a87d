import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from forewave.formats.recordings import event_directory
from forewave.sources.replay import arrivals
from forewave.stations.detector import Detector
from forewave.types import Amplitude, Dropped, Packet, Pick, StationState, StreamId
from tests.stations.signals import START, arrival, cut, feed, make_station, shake


def told(words):
    return [w for w in words if isinstance(w, Pick | Amplitude)]


def reasons(words):
    return [w.reason for w in words if isinstance(w, Dropped)]


def states(words):
    return [w for w in words if isinstance(w, StationState)]


RATES = (31.3213, 100.0)
STATIONS = {rate: make_station(rate) for rate in RATES}
TRACES = {rate: [shake(50, rate, 20.0, 0.3, seed=s) for s in (1, 2, 3)] for rate in RATES}
HOLED = {rate: [trace.copy() for trace in TRACES[rate]] for rate in RATES}
for _traces in HOLED.values():
    for _k, _trace in enumerate(_traces):
        _trace[len(_trace) // 3 : len(_trace) // 3 + 2] = np.nan
        _trace[len(_trace) // 2 + 9 * _k : len(_trace) // 2 + 100] = np.nan


def pieces(seed, longest, station, traces):
    """The traces cut anyhow, the components in any order within three seconds of each other."""
    random = np.random.default_rng(seed)
    rate, out = station.channels[0].rate, []
    for channel, trace in zip(station.channels, traces, strict=True):
        at, due = 0, 0.0
        while at < len(trace):
            part = trace[at : at + random.integers(1, max(2, round(longest * rate)))]
            packet = Packet(channel.stream, START + at / rate, rate, part)
            at += len(part)
            due = max(due, at / rate + random.uniform(0.0, 1.0))
            out.append((due, packet))
    return [packet for _, packet in sorted(out, key=lambda row: row[0])]


@pytest.mark.parametrize("holed", [False, True])
@pytest.mark.parametrize("rate", RATES)
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 1 << 32), longest=st.sampled_from([0.05, 0.3, 1.0, 2.0]))
def test_however_the_stream_is_cut_the_answer_is_the_same(rate, holed, seed, longest):
    station, traces = STATIONS[rate], (HOLED if holed else TRACES)[rate]
    whole = told(feed(Detector(station), cut(station, traces)))
    other = told(feed(Detector(station), pieces(seed, longest, station, traces)))
    for kind in (Pick, Amplitude):
        said = [repr(w) for w in whole if isinstance(w, kind)]
        assert said
        assert [repr(w) for w in other if isinstance(w, kind)] == said


def test_one_component_is_enough_for_the_picks():
    station = STATIONS[100.0]
    three = feed(Detector(station), cut(station, TRACES[100.0]))
    alone = make_station(components="Z")
    one = feed(Detector(alone), cut(alone, TRACES[100.0][:1]))
    assert [w for w in one if isinstance(w, Pick)] == [w for w in three if isinstance(w, Pick)]


def test_a_pick_names_its_stream_and_time(play):
    pick = next(w for w in play(TRACES[100.0][0]) if isinstance(w, Pick))
    assert pick.station == "XX.MADE"
    assert pick.id == f"XX.MADE..HNZ.{round(pick.time * 1000)}"
    assert pick.time == pytest.approx(START + 20.0, abs=0.1)


def test_state_is_told_each_second_with_the_noise(play):
    found = states(play(1e-3 * np.random.default_rng(1).standard_normal(6000)))
    assert len(found) == 60
    assert [s.health for s in found] == ["good"] * 60
    assert np.isnan(found[0].noise_pa_ms2)
    assert 2e-3 < found[-1].noise_pa_ms2 < 4e-3
    assert found[-1].latency == pytest.approx(0.51)
    assert found[-1].latest == pytest.approx(START + 59.99)


def test_an_earthquake_does_not_raise_the_noise(play):
    before, after = (states(play(x))[-1] for x in (TRACES[100.0][0][:1990], TRACES[100.0][0]))
    assert after.noise_pd_m < 3 * before.noise_pd_m


def test_the_rest_goes_on_after_anything_absurd(play):
    station = make_station()
    packets = cut(station, TRACES[100.0])
    stream = packets[0].stream
    bad = [
        Packet(StreamId("XX", "OTHER", "", "HNZ"), START, 100.0, np.zeros(100)),
        Packet(stream, START + 3605.0, 100.0, np.zeros(100)),
        Packet(stream, START + 5.0, 50.0, np.zeros(100)),
        Packet(stream, START + 5.0, 100.0, np.zeros(0)),
        packets[0],
        Packet(stream, START + 4.5, 100.0, TRACES[100.0][0][450:550]),
    ]
    detector, words = Detector(station), []
    for packet in packets[:15]:
        words += detector.feed(packet, arrival(packet))
    for packet in bad:
        words += detector.feed(packet, START + 6.5)
    assert reasons(words) == [
        "not a channel of this station",
        "clock ahead",
        "wrong rate",
        "empty packet",
        "duplicate",
        "overlap",
    ]
    for packet in packets[15:]:
        words += detector.feed(packet, arrival(packet))
    assert len([w for w in words if isinstance(w, Pick)]) == 1


def test_samples_that_cannot_be_motion_are_missing(play):
    trace = TRACES[100.0][0].copy()
    trace[1000:1010] = 1e12
    words = play(trace)
    assert "absurd values" in reasons(words)
    assert len([w for w in words if isinstance(w, Pick)]) == 1
    assert max(a.pga_ms2 for a in words if isinstance(a, Amplitude)) < 1.0


def test_short_gaps_are_bridged_and_long_ones_hold_off_the_picks(play):
    trace = TRACES[100.0][0].copy()
    trace[1800:1803] = np.nan
    assert len([w for w in play(trace) if isinstance(w, Pick)]) == 1
    trace[1700:1900] = np.nan
    assert [w for w in play(trace) if isinstance(w, Pick)] == []


def test_a_dead_channel_is_stuck_and_a_wrong_gain_unusable(play):
    dead = play(np.full(9000, 17.0))
    assert states(dead)[-1].health == "stuck"
    noise = np.random.default_rng(1).standard_normal(9000)
    assert states(play(5.0 * noise))[-1].health == "unusable"
    assert states(play(0.05 * noise))[-1].health == "noisy"


def test_a_clock_that_is_fast_is_told(play):
    station = make_station()
    packets = cut(station, TRACES[100.0])[:30]
    detector = Detector(station)
    told = [word for each in packets for word in detector.feed(each, arrival(each) - 1.2)]
    assert {s.health for s in states(told)} == {"clock"}


def test_noise_that_falls_far_under_its_own_history_is_told(play):
    noise = 1e-3 * np.random.default_rng(1).standard_normal(80_000)
    noise[70_000:] /= 100.0
    told = [s.health for s in states(play(noise))]
    assert set(told[:700]) == {"good"}
    assert told[-1] == "changed"


def test_counts_of_integers_are_read(play):
    counts = np.round(1e6 * TRACES[100.0][0]).astype(np.int32)
    pick = next(w for w in play(counts, gain=1e6) if isinstance(w, Pick))
    assert pick.time == pytest.approx(START + 20.0, abs=0.1)


def first_picks(folder):
    """Arrival of the deciding packets after origin, earliest first, and the picks."""
    recording = event_directory.read(folder)
    detectors = {station.code: Detector(station) for station in recording.stations}
    origin = recording.info.origin_time
    found = []
    for now, packet in arrivals(recording):
        words = detectors[packet.stream.code].feed(packet, now)
        found += [(now - origin, w) for w in words if isinstance(w, Pick)]
    return [(t, w) for t, w in found if w.time > origin]


def test_hualien_2021(recordings):
    found = first_picks(recordings / "tw-20210418-hualien")
    stations = {w.station for _, w in found}
    assert len(stations) >= 99
    assert [t for t, _ in found][3] < 6.3


def test_ridgecrest_2019(recordings):
    found = first_picks(recordings / "us-ci38457511-ridgecrest")
    assert found[0][1].station == "CI.CLC"
    assert found[0][0] < 2.0
    assert len({w.station for t, w in found if t < 8.0}) == 11


def test_no_pick_in_the_noise_of_cheap_sensors(recordings):
    found = [
        (t, w)
        for folder in sorted(recordings.glob("openeew-mx-*"))[:4]
        for t, w in first_picks_before(folder)
    ]
    assert found == []


def first_picks_before(folder):
    recording = event_directory.read(folder)
    detectors = {station.code: Detector(station) for station in recording.stations}
    origin = recording.info.origin_time
    return [
        (now - origin, word)
        for now, packet in arrivals(recording)
        if packet.start < origin
        for word in detectors[packet.stream.code].feed(packet, now)
        if isinstance(word, Pick) and word.time < origin
    ]


def growing(gap=None):
    """A wave that is ten times stronger from 8 s after its onset on; without the gap's seconds."""
    trace = shake(50, 100.0, 20.0, 0.03, seed=1)
    trace[2800:] += shake(22, 100.0, 0.0, 0.3, seed=2)
    if gap is not None:
        trace[round(100 * gap[0]) : round(100 * gap[1])] = np.nan
    return trace


def test_peaks_go_on_growing_under_the_same_pick_after_a_gap(play):
    whole, holed = (
        [w for w in told(play(growing(gap))) if isinstance(w, Amplitude)]
        for gap in (None, (23.0, 26.0))
    )
    assert len({w.pick for w in whole + holed if w.pick}) == 1
    assert holed[-1].pd_m == pytest.approx(whole[-1].pd_m, rel=0.1)
    assert holed[-1].pa_ms2 == pytest.approx(whole[-1].pa_ms2, rel=0.1)


def test_peaks_that_nothing_is_known_of_are_not_told(play):
    times = [w.time - START for w in told(play(growing((23.0, 26.0)))) if isinstance(w, Amplitude)]
    assert [time for time in times if 22.0 < time < 23.0]
    assert not [time for time in times if 23.0 < time < 30.0]  # the gap, and 4 s of settling
    assert [time for time in times if 30.0 <= time < 31.0]


def test_a_pick_that_is_made_again_is_the_known_one(play):
    station, traces = STATIONS[100.0], TRACES[100.0]
    words = told(feed(Detector(station), cut(station, traces)))
    (pick,) = (word for word in words if isinstance(word, Pick))
    known = replace(pick, id="the first", time=pick.time + 0.3)
    detector = Detector(station)
    detector.know([replace(known, id="another", time=pick.time + 0.9), known])
    again = told(feed(detector, cut(station, traces)))
    assert not [word for word in again if isinstance(word, Pick)]
    assert [w.pick for w in again] == [w.pick and "the first" for w in words if w != pick]


def test_a_pick_far_from_the_known_ones_is_new(play):
    station, traces = STATIONS[100.0], TRACES[100.0]
    (pick,) = (w for w in feed(Detector(station), cut(station, traces)) if isinstance(w, Pick))
    detector = Detector(station)
    detector.know([replace(pick, id="earlier", time=pick.time - 1.1)])
    assert pick in feed(detector, cut(station, traces))
