import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.simulate.telemetry import Outage, Telemetry, packets, receipts
from forewave.types import Packet, StreamId

START = 1_900_000_000.0


def segments(codes=("AAA", "BBB"), seconds=60, rate=50.0):
    samples = np.arange(int(seconds * rate), dtype=np.int32)
    return [
        Packet(StreamId("XX", code, "", f"HN{c}"), START, rate, samples)
        for code in codes
        for c in "ZNE"
    ]


def of(arrivals, code, channel="HNZ"):
    return [a for a in arrivals if a[1].stream.station == code and a[1].stream.channel == channel]


@given(packet_s=st.floats(0.1, 10.0), delay=st.floats(0.0, 5.0), spread=st.floats(0.0, 1.5))
def test_without_loss_every_sample_arrives_once_and_never_early(packet_s, delay, spread):
    arrivals = packets(segments(), Telemetry(packet_s=packet_s, delay=delay, spread=spread), 1)
    assert [a[0] for a in arrivals] == sorted(a[0] for a in arrivals)
    for code in ("AAA", "BBB"):
        own = sorted((p.start, p) for _, p in of(arrivals, code))
        assert np.concatenate([p.samples for _, p in own]).tolist() == list(range(3000))
    assert all(at >= p.start + len(p.samples) / p.rate - 1e-6 for at, p in arrivals)


def test_delay_has_its_median():
    arrivals = packets(segments(seconds=2000), Telemetry(delay=0.7, spread=0.5), 1)
    delays = [at - (p.start + len(p.samples) / p.rate) for at, p in of(arrivals, "AAA")]
    assert np.median(delays) == pytest.approx(0.7, rel=0.05)


def test_loss_and_doubles_have_their_rates():
    arrivals = packets(segments(seconds=4000), Telemetry(loss=0.1, doubled=0.2), 1)
    starts = [p.start for _, p in of(arrivals, "AAA")]
    assert len(set(starts)) / 4000 == pytest.approx(0.9, abs=0.02)
    assert len(starts) / len(set(starts)) == pytest.approx(1.2, abs=0.02)


def test_components_share_their_packets_fate():
    arrivals = packets(segments(), Telemetry(loss=0.3), 1)
    starts = [[p.start for _, p in of(arrivals, "AAA", c)] for c in ("HNZ", "HNN", "HNE")]
    assert starts[0] == starts[1] == starts[2]


def test_a_burst_holds_packets_and_lets_them_go_together():
    arrivals = packets(segments(), Telemetry(delay=0.0, bursts=0.05, burst_s=10.0), 3)
    times = [at for at, _ in of(arrivals, "AAA")]
    assert max(np.unique(np.round(times, 6), return_counts=True)[1]) >= 9


def test_delays_can_overtake():
    arrivals = packets(segments(), Telemetry(packet_s=0.5, delay=1.0, spread=1.0), 1)
    starts = [p.start for _, p in of(arrivals, "AAA")]
    assert starts != sorted(starts)


def test_a_detour_lets_the_next_ones_overtake():
    settings = Telemetry(delay=0.2, spread=0.0, detours=0.1, detour_s=2.5)
    arrivals = packets(segments(seconds=2000), settings, 1)
    lags = np.array([at - (p.start + len(p.samples) / p.rate) for at, p in of(arrivals, "AAA")])
    starts = [p.start for _, p in of(arrivals, "AAA")]
    assert (lags > 2.6).mean() == pytest.approx(0.1, abs=0.02)
    assert sorted(set(np.round(lags, 3))) == pytest.approx([0.2, 2.7])
    assert starts != sorted(starts)


def test_an_outage_silences_a_share_of_the_stations_for_its_time():
    codes = tuple(f"S{i:03d}" for i in range(200))
    whole, cut = (
        packets(segments(codes), Telemetry(outage=outage), 1)
        for outage in (None, Outage(after=20.0, share=0.5, seconds=10.0))
    )
    ends = {code: [p.start - START for _, p in of(cut, code)] for code in codes}
    silent = [code for code in codes if not any(20.0 <= end < 30.0 for end in ends[code])]
    assert len(silent) == pytest.approx(100, abs=20)
    assert all(len(ends[code]) == (50 if code in silent else 60) for code in codes)
    kept = {(at, p.stream, p.start) for at, p in cut}
    assert kept <= {(at, p.stream, p.start) for at, p in whole}


def test_a_wrong_clock_stamps_wrong_and_arrives_as_ever():
    right, wrong = (
        packets(segments(), Telemetry(clocks=clocks), 1) for clocks in ({}, {"XX.AAA": 3600.0})
    )
    stamps = [[p.start for _, p in of(arrivals, "AAA")] for arrivals in (right, wrong)]
    assert np.subtract(stamps[1], stamps[0]) == pytest.approx(np.full(60, 3600.0))
    for code in ("AAA", "BBB"):
        assert [at for at, _ in of(right, code)] == [at for at, _ in of(wrong, code)]
    assert {p.start for _, p in of(right, "BBB")} == {p.start for _, p in of(wrong, "BBB")}


def test_one_more_station_changes_no_other():
    settings = Telemetry(loss=0.2, bursts=0.1, doubled=0.1)
    alone = packets(segments(("AAA",)), settings, 1)
    among = packets(segments(("ZZZ", "AAA", "BBB")), settings, 1)
    assert [at for at, _ in of(alone, "AAA")] == [at for at, _ in of(among, "AAA")]


def test_receipts_have_each_packet_once_with_its_last_sample():
    rows = receipts(packets(segments(("AAA",)), Telemetry(doubled=1.0), 1))
    assert len(rows) == 60
    assert rows[0].last == pytest.approx(START + 0.98)
    assert {r.samples for r in rows} == {50}
    assert all(r.received > r.last for r in rows)
