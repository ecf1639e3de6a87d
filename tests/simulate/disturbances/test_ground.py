import numpy as np
import pytest

from forewave.simulate.disturbances import kinds as d
from tests.simulate.disturbances.added import NORTH, RATE, changed

FREQUENCY_HZ = np.fft.rfftfreq(6000, 1 / RATE)
PLACE = {"lat": 24.0, "lon": 121.0}


def share(signal, low_hz, high_hz):
    """Of the power, between two frequencies."""
    power = np.abs(np.fft.rfft(signal)) ** 2
    return power[(low_hz < FREQUENCY_HZ) & (high_hz > FREQUENCY_HZ)].sum() / power.sum()


def onset(signal):
    return int(np.argmax(np.abs(signal) > 1e-12)) / RATE


def test_traffic_swells_fades_and_rumbles_at_5_to_15_hz():
    actual = changed(d.Traffic(after=10.0, size=1.0, seconds=20.0))[0]
    frequency = np.fft.rfftfreq(6000, 1 / RATE)
    power = np.abs(np.fft.rfft(actual)) ** 2
    assert power[(frequency > 4) & (frequency < 16)].sum() > 0.98 * power.sum()
    assert (actual[:1000] == 0).all()
    assert 0.2 < actual[1500:2500].std() < 1.5


def test_a_teleseism_is_slow_low_and_comes_from_its_side():
    what = d.Teleseism(after=20.0, size=0.01, azimuth=0.0, lat=24.0, lon=121.0)
    here, north = changed(what)[0], changed(what, NORTH)[0]
    assert np.abs(here).max() == pytest.approx(0.01, rel=0.2)
    onset = [int(np.argmax(np.abs(x) > 1e-12)) / RATE for x in (here, north)]
    assert onset[0] == pytest.approx(20.0, abs=0.3)
    assert onset[0] - onset[1] == pytest.approx(111.2 * 0.06, abs=0.3)
    frequency = np.fft.rfftfreq(6000, 1 / RATE)
    power = np.abs(np.fft.rfft(here)) ** 2
    assert power[frequency < 1.5].sum() > 0.85 * power.sum()
    slow, corner = (np.abs(np.fft.rfft(here))[(f < frequency) & (frequency < 2 * f)].mean()
                    for f in (0.03, 0.25))  # fmt: skip
    assert slow < corner / 2


def test_a_storm_knocks_here_and_there_at_any_time():
    what = d.Storm(after=5.0, size=0.1, seconds=40.0, times=3.0)
    actual = [changed(what, seed=seed)[0] for seed in range(40)]
    assert all((row[:500] == 0).all() for row in actual)
    onsets = np.array([onset(row) for row in actual if row.any()])
    assert len(onsets) >= 35
    assert onsets.std() > 5
    assert 0.03 < np.median([np.abs(row).max() for row in actual]) < 0.2


def test_thunder_comes_with_the_speed_of_sound_and_fades():
    away = d.Thunder(after=5.0, size=0.1, lat=24.0 + 5 / 111.195, lon=121.0)
    near = d.Thunder(after=5.0, size=0.1, lat=24.0 + 1 / 111.195, lon=121.0)
    actual = [changed(what)[0] for what in (near, away)]
    assert onset(actual[0]) == pytest.approx(5 + 1 / 0.34, abs=3.0)
    assert onset(actual[1]) - onset(actual[0]) == pytest.approx(4 / 0.34, abs=0.2)
    assert np.abs(actual[0]).max() / np.abs(actual[1]).max() == pytest.approx(5.0, rel=0.4)
    assert share(actual[0], 4, 50) > 0.9


def test_a_blast_is_rich_in_p_and_crosses_as_p_does():
    what = d.Blast(after=5.0, size=0.5, lat=24.0, lon=121.0)
    near = d.Blast(after=5.0, size=0.5, lat=24.0 + 20 / 111.195, lon=121.0)
    actual = changed(near)
    assert onset(actual[0]) == pytest.approx(5 + 20 / 5.0, abs=0.05)
    p, rest = actual[:, 900:1200], actual[:, 1400:2400]
    assert np.abs(p[0]).max() > np.abs(p[1:]).max()
    assert np.abs(p[0]).max() > np.abs(rest).max() * 0.5
    assert onset(changed(what, NORTH)[0]) == pytest.approx(5 + 111.195 / 5.0, abs=0.1)
