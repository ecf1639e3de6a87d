import re

import numpy as np
import pytest

from forewave.formats.recordings.event_directory import EventInfo, Receipt
from forewave.types import Packet
from tests.check.bench import RATE, T0, only


@pytest.mark.parametrize(
    ("later", "where"),
    [(-4_102_444_800.0, "before the first"), (4_102_444_800.0, "after the last")],
)
def test_an_origin_time_that_is_not_that_of_the_waveforms(bench, later, where):
    """130 years off, as a year of two digits may be read."""
    bench.info = EventInfo("made", origin_time=T0 + later)
    severity, subject, what = only(bench.found())
    assert (severity, subject) == ("warning", "event.json")
    assert re.search(rf"is \d+ s \(4748\d days\) {where} sample", what)


@pytest.mark.parametrize("later", [-600.0, 5.0])
def test_an_origin_shortly_before_or_within_the_waveforms_is_right(bench, later):
    bench.info = EventInfo("made", origin_time=T0 + later)
    assert bench.found() == []


def test_a_stuck_channel(bench):
    bench.change(samples=np.full(2000, 7, np.int32))
    assert only(bench.found()) == ("warning", "XX.S1 HNZ", "all samples have the same value")


def test_samples_that_are_no_number(bench):
    samples = np.linspace(-1, 1, 2000)
    samples[100:110] = np.nan
    bench.change(samples=samples)
    assert only(bench.found()) == ("warning", "XX.S1 HNZ", "10 samples are not a number")


def test_a_clipped_channel(bench):
    wave = 9e6 * np.sin(np.arange(2000) / 50)
    bench.change(samples=np.clip(wave, -(2**23), 2**23 - 1).astype(np.int32))
    findings = bench.rewrite("30.6,104.0,500.0,100000.0", "30.6,104.0,500.0,1e6")
    assert only(findings)[1:] == (
        "XX.S1 HNZ",
        "reaches full scale of a 24-bit digitizer: clipped?",
    )


def test_a_gap(bench):
    whole = bench.packets[bench.vertical].samples
    bench.change(samples=whole[:500])
    bench.packets["later"] = Packet(bench.vertical, T0 + 15, RATE, whole[1500:])
    assert only(bench.found()) == (
        "warning",
        "XX.S1 HNZ",
        "50 % of the samples are missing",
    )


def test_a_station_that_stops(bench):
    for stream, packet in bench.packets.items():
        samples = np.tile(packet.samples, 4)[: 3000 if stream.station == "S1" else 8000]
        bench.packets[stream] = Packet(stream, T0, RATE, samples)
    assert only(bench.found()) == (
        "warning",
        "XX.S1 HNE HNN HNZ",
        "ends 50 s before the other stations",
    )


@pytest.mark.parametrize("hour", [3600, -3600])
def test_a_clock_an_hour_off(bench, hour):
    bench.change(start=T0 + hour)
    assert only(bench.found())[2] == f"time differs by {hour:+d} s from the other stations"


@pytest.mark.parametrize(
    ("delay", "what"),
    [
        (8.0, "data arrive 8.0 s after the last sample"),
        (-3.0, "data arrive 3.0 s before the last sample: its clock is fast"),
    ],
)
def test_a_late_feed_and_a_fast_clock(bench, delay, what):
    bench.receipts = [Receipt("XX.S1", T0 + i, T0 + i + delay, 100) for i in range(1, 20)]
    assert only(bench.found()) == ("warning", "XX.S1", what)
