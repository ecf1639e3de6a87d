import math

import numpy as np
import pytest

from forewave.stations.quality import FALLEN, Completeness, Usual, health, refuse
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
        ({"fast": True, "gappy": True}, "clock"),
        ({"fallen": True, "clipped": True}, "changed"),
        ({"clipped": True, "late": True}, "clipped"),
        ({"stuck": True, "clipped": True}, "stuck"),
        ({"noise_pa_ms2": 5.0, "stuck": True}, "unusable"),
    ],
)
def test_the_worst_sign_names_the_health(signs, word):
    sound = {"stuck": False, "clipped": False, "late": False, "gappy": False, "noise_pa_ms2": 1e-3}
    assert health(**{**sound, **signs}, settings=SETTINGS) == word


def usual(*levels):
    """Of a station whose noise was each of these (m/s^2, seconds)."""
    made = Usual()
    for noise_ms2, seconds in levels:
        for _ in range(seconds):
            made.note(noise_ms2, 1.0)
    return made


def test_the_usual_noise_is_not_known_before_ten_minutes():
    assert math.isnan(usual((1e-4, 599)).times(1e-9))
    assert usual((1e-4, 600)).times(1e-4) == pytest.approx(1.0)


def test_a_higher_level_becomes_the_usual_one_within_an_hour_or_two():
    assert usual((1e-4, 3600), (1e-2, 7200)).times(1e-2) < 2.0


def test_a_level_that_fell_far_stays_fallen_for_hours():
    assert usual((1e-4, 3600), (1e-6, 5 * 3600)).times(1e-6) < FALLEN


def test_a_night_that_is_three_times_as_calm_has_not_fallen():
    assert usual((3e-4, 3600)).times(1e-4) > FALLEN


@pytest.mark.parametrize("noise", [math.nan, 0.0, -1.0, math.inf])
def test_what_is_no_noise_teaches_nothing(noise):
    assert usual((1e-4, 900), (noise, 900)).noise_ms2 == pytest.approx(1e-4)
