from collections import Counter

import numpy as np
import pytest

from forewave.archive import travel_time
from forewave.evaluate.scoring.catalogue import catalogue_quake
from forewave.evaluate.scoring.truth import LEVELS, TEN_G, is_clipped, predicted, truth
from forewave.formats.recordings import event_directory
from forewave.formats.recordings.event_directory import EventInfo
from forewave.shaking.intensity import worden_2012
from forewave.types import Packet
from tests.evaluate.synthetic import INFO, QUAKE, T0, record, recording, station, travel_times

BURST_S, PEAK_MS2, HZ = 20.0, 1.0, 4.0


def burst(t):
    """A cosine of 1 m/s^2 from 20 s on, a tenth of it before, beginning softly at the origin."""
    size = np.where(t >= BURST_S, PEAK_MS2, 0.1 * PEAK_MS2) * np.clip(t, 0, 1)
    return size * np.cos(2 * np.pi * HZ * (t - BURST_S))


def observed(*stations, motion=burst, info=INFO, **window):
    segments = [piece for s in stations for piece in record(s, motion, **window)]
    return truth(recording(stations, segments, info), travel_times())


def test_the_peaks_of_a_known_motion():
    (motion,) = observed(station()).motions
    assert motion.pga_ms2 == pytest.approx(PEAK_MS2, rel=0.03)
    assert motion.pgv_ms == pytest.approx(PEAK_MS2 / (2 * np.pi * HZ), rel=0.1)
    assert motion.pga_mmi == pytest.approx(float(worden_2012.from_pga(PEAK_MS2)), abs=0.05)
    by_pgv = float(worden_2012.from_pgv(motion.pgv_ms))
    assert motion.mmi == pytest.approx((motion.pga_mmi + by_pgv) / 2)
    assert motion.distance_km == pytest.approx(50.0)


def test_levels_are_reached_when_the_ground_reaches_them():
    (motion,) = observed(station()).motions
    # 0.1 m/s^2 before 20 s is MMI 3.3, 1 m/s^2 after it 5.8: III comes early, IV and V at once.
    assert motion.reached["III"] - T0 < 2.0
    quarter_s = 1 / HZ / 4
    for level in ("IV", "V"):
        assert 0 <= motion.reached[level] - T0 - BURST_S <= quarter_s
    assert set(motion.reached) == {"III", "IV", "V", TEN_G}


def test_velocity_and_acceleration_sensors_agree():
    by_acceleration = observed(station(gain=1e6)).motions[0]

    def speed(t):
        return np.cumsum(burst(t)) * (t[1] - t[0])

    by_velocity = observed(station(unit="m/s", gain=1e9), motion=speed).motions[0]
    assert by_velocity.pga_ms2 == pytest.approx(by_acceleration.pga_ms2, rel=0.05)


def test_only_the_horizontals_count_where_there_are_any():
    both, one = station("XX.AAA"), station("XX.BBB", components="Z")
    segments = [
        p for s in (both, one) for p in record(s, burst) if p.stream.channel == "HNZ"
    ] + record(both, lambda t: 0.1 * burst(t))[1:]
    motions = truth(recording([both, one], segments), travel_times()).motions
    assert [m.pga_ms2 for m in motions] == pytest.approx([0.1, 1.0], rel=0.05)


def test_an_offset_is_no_motion():
    (motion,) = observed(station(), motion=lambda t: 0.3 + 0 * t).motions
    assert motion.pga_ms2 == 0.0
    assert motion.reached == {}


def test_what_came_before_the_origin_does_not_count():
    (motion,) = observed(station(), motion=lambda t: np.where(t < -5, burst(t + 40), 0)).motions
    assert motion.pga_ms2 < 0.01


def test_in_noise_the_whole_record_counts():
    noise = EventInfo("n", event_type="noise")
    actual = observed(station(), info=noise, motion=lambda t: burst(t + 30))
    assert actual.quake is None
    assert actual.motions[0].pga_ms2 == pytest.approx(PEAK_MS2, rel=0.06)
    assert actual.motions[0].distance_km is None


def test_a_place_must_have_recorded_its_p_to_its_s():
    actual = observed(station(), seconds=20.0)  # S at 14.6 s, and 10 s after it
    assert actual.left_out == (("XX.AAA", "does not cover P to S"),)


def test_a_clipped_record_is_left_out():
    actual = observed(
        station(), motion=lambda t: np.clip(100 * burst(t), -0.5, 0.5) * (abs(t - 21) < 1)
    )
    assert actual.left_out == (("XX.AAA", "clipped"),)


def test_full_scale_of_a_digitiser_is_clipped():
    counts = np.array([0, 5, 8_300_000, -3], np.int32)
    assert is_clipped([Packet(station().channels[0].stream, T0, 100.0, counts)])
    assert not is_clipped([Packet(station().channels[0].stream, T0, 100.0, counts // 2)])


def test_a_station_without_data_is_left_out():
    actual = truth(recording([station()], []), travel_times())
    assert (actual.motions, actual.left_out) == ((), (("XX.AAA", "no data"),))


def test_predicted_arrivals():
    p = predicted("P", [station(km=30.0)], QUAKE, travel_times())
    assert p["XX.AAA"] - T0 == pytest.approx(np.hypot(30.0, 10.0) / 6.0)


@pytest.mark.parametrize("event_type", ["teleseism", "noise", "icequakes (not earthquakes)"])
def test_only_earthquakes_have_a_catalogue_quake(event_type):
    assert catalogue_quake(EventInfo("x", T0, 1.0, 2.0, 3.0, 4.0, event_type=event_type)) is None


# Places by level and the median moment of MMI IV, as measured for the published figures.
@pytest.mark.parametrize(
    ("name", "places", "levels", "median_iv_s"),
    [
        ("tw-20210418-hualien", 103, (43, 14, 8, 5), 10.1),
        ("us-ci38457511-ridgecrest", 11, (11, 11, 11, 8), 8.8),
        ("openeew-mx-20171225T202311", 14, (3, 3, 2, 0), 7.7),
        ("openeew-mx-20180216T233939", 13, (8, 2, 1, 1), 26.5),
        ("us-hv70907436-hawaii-clipped", 0, (0, 0, 0, 0), None),
    ],
)
def test_places_agree_with_an_independent_measurement(
    recordings, name, places, levels, median_iv_s
):
    actual = truth(event_directory.read(recordings / name), travel_time.load())
    reached = Counter(level for m in actual.motions for level in m.reached)
    assert len(actual.motions) == places
    assert tuple(reached[level] for level in LEVELS) == levels
    if median_iv_s is not None:
        times = [m.reached["IV"] - actual.quake.time for m in actual.motions if "IV" in m.reached]
        assert np.median(times) == pytest.approx(median_iv_s, abs=0.1)
