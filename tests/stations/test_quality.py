import math

import numpy as np
import pytest

from forewave.stations.quality import Completeness, health, refuse
from forewave.stations.settings import DetectorSettings
from forewave.types import Channel, Packet, StreamId

STREAM = StreamId("XX", "MADE", "", "HNZ")
CHANNEL = Channel(STREAM, 1e6, "m/s^2", 100.0)
SETTINGS = DetectorSettings()
NOW = 1000.0


def packet(start=998.5, rate=100.0, count=100):
    return Packet(STREAM, start, rate, np.zeros(count, np.int32))


def test_a_sound_packet_passes():
    assert refuse(packet(), CHANNEL, NOW, SETTINGS) is None


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (packet(count=0), "empty packet"),
        (packet(start=math.nan), "empty packet"),
        (packet(rate=50.0), "wrong rate"),
        (packet(rate=0.0), "wrong rate"),
        (packet(rate=math.nan), "wrong rate"),
        (packet(start=NOW + 3600), "clock ahead"),
        (packet(start=NOW - 3600), "too late, or clock behind"),
    ],
)
def test_a_bad_packet_is_refused_with_its_reason(bad, reason):
    dropped = refuse(bad, CHANNEL, NOW, SETTINGS)
    assert dropped is not None
    assert (dropped.source, dropped.reason) == ("XX.MADE..HNZ", reason)


@pytest.mark.parametrize("gain", [0.0, math.nan, math.inf])
def test_without_gain_nothing_can_be_used(gain):
    dropped = refuse(packet(), Channel(STREAM, gain, "m/s^2", 100.0), NOW, SETTINGS)
    assert dropped is not None
    assert dropped.reason == "gain unknown"


def test_gappy_for_about_a_minute_after_the_gap():
    complete = Completeness()
    complete.note(500, 400, 6000.0)
    assert complete.gappy
    for _ in range(180):
        complete.note(100, 0, 6000.0)
    assert not complete.gappy


@pytest.mark.parametrize(
    ("signs", "word"),
    [
        ({}, "good"),
        ({"noise_pa_ms2": math.nan}, "good"),
        ({"noise_pa_ms2": 0.1}, "noisy"),
        ({"gappy": True}, "gappy"),
        ({"late": True, "gappy": True}, "late"),
        ({"clipped": True, "late": True}, "clipped"),
        ({"stuck": True, "clipped": True}, "stuck"),
        ({"noise_pa_ms2": 5.0, "stuck": True}, "unusable"),
    ],
)
def test_the_worst_sign_names_the_health(signs, word):
    sound = {"stuck": False, "clipped": False, "late": False, "gappy": False, "noise_pa_ms2": 1e-3}
    assert health(**{**sound, **signs}, settings=SETTINGS) == word
