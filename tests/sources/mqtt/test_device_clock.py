import gzip

import pytest

from forewave.formats.protocols import openeew
from forewave.formats.recordings import event_directory
from forewave.pipeline import Pipeline, run
from forewave.sources import replay
from forewave.sources.mqtt.device_clock import LEARN, DeviceClock
from forewave.types import Alert

TRUE, STATED, COUNT = 30.06, 31.25, 32


def times(count, first=1.6e9):
    return [first + n * COUNT / TRUE for n in range(count)]


def noted(clock, last, arrivals):
    return [clock.note(t, COUNT, STATED, a) for t, a in zip(last, arrivals, strict=True)]


def test_the_true_rate_is_learned_from_packets_that_follow_each_other():
    last = times(LEARN + 3)
    found = noted(DeviceClock(), last, [t + 0.3 for t in last])
    assert found[:LEARN] == [None] * LEARN
    assert [timing.rate for timing in found[LEARN:]] == [pytest.approx(TRUE, rel=1e-6)] * 3
    assert {timing.shift for timing in found[LEARN:]} == {0.0}


def test_lost_packets_do_not_spoil_the_rate():
    last = [t for n, t in enumerate(times(30)) if n % 3]
    found = noted(DeviceClock(), last, last)
    assert found[-1].rate == pytest.approx(TRUE, rel=1e-6)


def test_a_known_rate_is_used_from_the_first_packet_on():
    assert DeviceClock(30.0).note(1.6e9, COUNT, STATED, 1.6e9).rate == 30.0


def test_a_wrong_clock_is_put_right_once_packets_agree():
    true = times(LEARN + 3)
    found = noted(DeviceClock(TRUE), [t - 1816.0 for t in true], [t + 0.2 for t in true])
    assert [timing.shift for timing in found[: LEARN - 1]] == [0.0] * (LEARN - 1)
    assert found[-1].shift == pytest.approx(1816.1)


def test_a_clock_that_was_set_is_believed_again():
    clock, true = DeviceClock(TRUE), times(20)
    noted(clock, [t - 1816.0 for t in true], true)
    again = times(20, true[-1] + 1)
    assert noted(clock, again, again)[-1].shift == 0.0


def test_a_backlog_is_no_wrong_clock():
    """What a device kept while it was offline comes at once: every packet less late."""
    clock, last = DeviceClock(TRUE), times(60)
    found = noted(clock, last, [last[-1] + 0.01 * n for n in range(60)])
    assert {timing.shift for timing in found} == {0.0}


def test_time_that_stands_still_or_runs_back_is_no_rate():
    clock = DeviceClock()
    assert noted(clock, [1.6e9] * 10 + [1.5e9] * 10, [1.6e9] * 20)[-1] is None


@pytest.mark.parametrize("rates_known", [True, False])
def test_a_networks_own_messages_alert_as_its_recording_does(recordings, travel_times, rates_known):
    """The M7.2's original messages: nominal rates, and two clocks half an hour off."""
    folder = recordings / "openeew-mx-20180216T233939"
    if not (folder / "original").is_dir():
        pytest.skip(f"no originals in {folder}")
    recording = event_directory.read(folder)
    since, until = recording.info.origin_time - 60.0, recording.info.origin_time + 30.0
    whole = [a for a in replay.arrivals(recording) if since < a[0] < until]
    rates = {s.code: s.channels[0].rate for s in recording.stations} if rates_known else {}
    live = list(arrivals(messages(folder, since, until), rates))
    expected, found = alerts(recording, travel_times, whole), alerts(recording, travel_times, live)
    assert len({a.event for a in expected}) == 1
    assert {a.event for a in found} == {a.event for a in expected}
    assert found[0].issued == pytest.approx(expected[0].issued, abs=0.05)
    assert found[0].magnitude.value == pytest.approx(expected[0].magnitude.value, abs=0.05)


def messages(folder, since, until):
    naming = openeew.Naming()
    files = (folder / "original").glob("*.jsonl.gz")
    read = [r for f in files for r in openeew.lines(gzip.decompress(f.read_bytes()), naming)]
    return sorted((r for r in read if since < r.received < until), key=lambda r: r.received)


def arrivals(readings, rates):
    clocks = {}
    for r in readings:
        clock = clocks.setdefault(r.code, DeviceClock(rates.get(r.code)))
        timing = clock.note(r.last, r.samples.shape[1], r.stated, r.received)
        for packet in openeew.packets(r, timing.rate, timing.shift) if timing else ():
            yield r.received, packet


def alerts(recording, travel_times, arrivals):
    pipeline = Pipeline(recording.stations, [], travel_times)
    return [word for _, word in run(pipeline, arrivals) if isinstance(word, Alert)]
