import itertools

import msgspec
import pytest

from forewave.evaluate.bench import ingest


def test_small_run_counts_what_it_timed():
    ticks = itertools.count()
    found = ingest.measure(stations=3, seconds=30, clock=lambda: float(next(ticks)))
    assert found.station_seconds == 3 * (30 - ingest.SETTLED)
    assert found.picks == 3
    assert found.amplitudes >= 3 * 10
    assert found.us_per_station_second == pytest.approx(1e6 / found.station_seconds)
    assert found.ratio_to_obspy == pytest.approx(1.0)


def test_its_json_has_stable_keys():
    found = ingest.measure(stations=2, seconds=14)
    decoded = msgspec.json.decode(msgspec.json.encode(found))
    assert {"machine", "stations_realtime_per_core", "ratio_to_obspy"} <= set(decoded)
    assert decoded["stations_realtime_per_core"] > 1000
    assert decoded["machine"]
    assert "stations of three components" in str(found)
