import os
import re
from types import SimpleNamespace

import numpy as np
import pytest
from msgspec.structs import replace

from forewave.check.check import check_config as check_live
from forewave.check.check import check_recording
from forewave.delivery import signing
from forewave.earth.gmm import DEFAULT, MODELS
from forewave.formats.inventories import stations_csv
from forewave.formats.recordings.event_directory import LAYOUT, EventInfo, Receipt, write
from forewave.health import ntp
from forewave.types import Channel, Packet, Station, StreamId

T0 = 1_600_000_000.0
RATE = 100.0


def network(count=4):
    """Stations near Chengdu and 20 s of noise of each of their channels."""
    noise = np.random.default_rng(1)
    stations, packets = [], {}
    for number in range(count):
        code = f"S{number}"
        channels = tuple(
            Channel(StreamId("XX", code, "", name), 1e5, "m/s^2", RATE)
            for name in ("HNZ", "HNE", "HNN")
        )
        stations.append(Station(f"XX.{code}", 30.5 + number / 10, 104.0, 500.0, channels))
        for channel in channels:
            samples = noise.integers(-1000, 1000, 2000).astype(np.int32)
            packets[channel.stream] = Packet(channel.stream, T0, RATE, samples)
    return stations, packets


FREE = SimpleNamespace(free=1e12)


class Opened:
    """A port that can be had, whatever else runs on this machine."""

    def __init__(self, address, family):
        pass

    def close(self):
        pass


class Bench:
    """A recording to plant faults in."""

    def __init__(self, path):
        self.path = path
        self.stations, self.packets = network()
        self.receipts = None
        self.info = EventInfo("made")
        self.vertical = StreamId("XX", "S1", "", "HNZ")

    def change(self, start=T0, samples=None):
        old = self.packets[self.vertical].samples
        self.packets[self.vertical] = Packet(
            self.vertical, start, RATE, old if samples is None else samples
        )

    def rewrite(self, old, new):
        self.write()
        path = self.path / "stations.csv"
        path.write_text(path.read_text().replace(old, new))
        return self.found(False)

    def write(self):
        pieces = list(self.packets.values())
        write(self.path, self.info, self.stations, pieces, self.receipts)

    def found(self, again=True):
        if again:
            self.write()
        return check_recording(self.path)


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path / "made")


def only(findings):
    (finding,) = findings
    assert finding.remedy
    assert "\n" not in finding.what
    return finding.severity, finding.subject, finding.what


def test_a_sound_recording(bench):
    assert bench.found() == []


def test_no_recording(tmp_path):
    severity, _, what = only(check_recording(tmp_path / "none"))
    assert severity == "error"
    assert "no such directory" in what


def test_file_and_remedy_are_said_once(tmp_path):
    (finding,) = check_recording(tmp_path)
    assert finding.subject == str(tmp_path)
    assert finding.what == "expected stations.xml or stations.csv, found neither"
    assert finding.remedy == LAYOUT
    (tmp_path / "stations.csv").touch()
    (tmp_path / "event.json").write_text("{]")
    (finding,) = check_recording(tmp_path)
    assert finding.subject == str(tmp_path / "event.json")
    assert finding.what.startswith("JSON is malformed")


def test_a_gain_that_is_missing(bench):
    line = "XX,S1,,HNZ,30.6,104.0,500.0,100000.0,counts per m/s^2"
    findings = bench.rewrite(line, line.replace("100000.0", ""))
    assert [(f.severity, f.subject) for f in findings] == [
        ("warning", "XX.S1 HNZ"),
        ("warning", "XX.S1 HNE HNN"),
        ("warning", "stations"),
    ]
    assert findings[0].what.startswith("gain missing: ")
    assert "no vertical component" in findings[1].what
    assert "counts per m/s^2" in findings[0].remedy


def test_no_gain_anywhere(bench):
    findings = bench.rewrite("counts per m/s^2", "counts")
    assert (findings[0].severity, findings[0].what) == ("error", "no station can be used")
    assert findings[1].subject == "XX.S0 HNE HNN HNZ"


def test_a_gain_that_cannot_be(bench):
    findings = bench.rewrite("30.6,104.0,500.0,100000.0", "30.6,104.0,500.0,10.0")
    assert {f.subject[:6] for f in findings} == {"XX.S1 "}
    assert {c for f in findings for c in f.subject[6:].split()} == {"HNZ", "HNE", "HNN"}
    assert all("the gain is wrong" in f.what for f in findings)


def test_an_unknown_station(bench):
    stranger = StreamId("ZZ", "WHO", "", "HNZ")
    bench.packets[stranger] = Packet(stranger, T0, RATE, np.arange(100, dtype=np.int32))
    assert only(bench.found()) == ("warning", "ZZ.WHO HNZ", "not in the inventory")


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


def test_stations_that_are_all_at_one_place(bench):
    bench.stations = [replace(s, lat=30.5, lon=104.0) for s in bench.stations]
    assert only(bench.found()) == (
        "warning",
        "stations",
        "all 4 stations are within 1 km: nothing can be located",
    )


@pytest.mark.parametrize("elevation", ["inf", "nan", "99999.0"])
def test_an_elevation_that_cannot_be(bench, elevation):
    findings = bench.rewrite("30.6,104.0,500.0", f"30.6,104.0,{elevation}")
    severity, subject, what = only(findings)
    assert (severity, subject) == ("warning", "XX.S1")
    assert what.endswith("m is impossible")


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


def test_a_station_in_another_part_of_the_world(bench):
    findings = bench.rewrite(",30.6,104.0,", ",30.6,-104.0,")
    assert "the sign of the longitude is wrong" in only(findings)[2]


def test_damaged_records_are_counted_once(bench):
    bench.write()
    path = bench.path / "waveforms.mseed"
    data = bytearray(path.read_bytes())
    for record in (2, 5, 8):
        data[record * 512 : record * 512 + 48] = b"x" * 48
    path.write_bytes(data)
    damaged = [f for f in bench.found(False) if f.subject == "miniSEED"]
    assert only(damaged)[2].startswith("not miniSEED (3 times): byte 1024")


def test_one_component(bench):
    bench.stations[1] = Station("XX.S1", 30.6, 104.0, 500.0, bench.stations[1].channels[:1])
    for name in ("HNE", "HNN"):
        del bench.packets[StreamId("XX", "S1", "", name)]
    assert only(bench.found())[:2] == ("note", "XX.S1")


SOURCE = '\n[[sources]]\nkind = "seedlink"\nserver = "127.0.0.1"\nstations = ["XX.*"]\n'


def check_config(path, environment=None):
    """Of what the file says, without opening its source."""
    path.write_text(path.read_text() + SOURCE)
    return check_live(path, environment, seconds=0)


@pytest.fixture
def live(tmp_path, monkeypatch):
    """A working configuration."""
    monkeypatch.setattr(ntp, "synchronised", lambda: True)
    monkeypatch.setattr("forewave.check.machine.shutil.disk_usage", lambda path: FREE)
    monkeypatch.setattr("forewave.check.machine.socket.create_server", Opened)
    stations_csv.write(tmp_path / "stations.csv", network()[0])
    signing.generate().save(tmp_path / "forewave.key")
    path = tmp_path / "forewave.toml"
    path.write_text("")
    return path


def test_a_sound_configuration(live):
    assert check_config(live) == []


def test_no_source(live):
    assert only(check_live(live, seconds=0))[:2] == ("error", "sources")


def test_a_wrong_key(live):
    live.write_text("[alerts]\nmod = 1")
    severity, _, what = only(check_config(live))
    assert severity == "error"
    assert what.endswith("did you mean alerts.mode?")


@pytest.mark.parametrize(
    ("name", "ends"),
    [
        ("boore_2014", ""),
        ("si_midorikawa_1999_crustal", ""),
        ("bindi_2014", "M 4 to 7.6 and 0 to 300 km"),
        ("allen_wald_worden_2012", "M 5 to 7.9 and 0 to 300 km"),
        ("short", "M 3 to 8.5 and 0 to 299 km"),
    ],
)
def test_a_ground_motion_model_that_ends_early(live, monkeypatch, name, ends):
    short = replace(DEFAULT, name="short", distances_km=(0.0, 299.0))
    monkeypatch.setitem(MODELS, "short", short)
    live.write_text(f'[shaking]\nmodel = "{name}"')
    found = check_config(live)
    assert [(each.severity, each.subject) for each in found] == [("note", "shaking.model")] * bool(
        ends
    )
    assert all(f"{ends}: outside, boore_2014 is used" in each.what for each in found)


def test_no_inventory(live):
    (live.parent / "stations.csv").unlink()
    assert only(check_config(live))[:2] == ("error", "network.inventory")


def test_no_signing_key(live):
    (live.parent / "forewave.key").unlink()
    assert only(check_config(live))[:2] == ("error", "keys.file")


@pytest.mark.skipif(os.name != "posix", reason="files have no modes here")
def test_a_signing_key_that_others_may_read(live):
    (live.parent / "forewave.key").chmod(0o644)
    assert "chmod 600" in only(check_config(live))[2]


def test_a_region_elsewhere(live):
    live.write_text("[network]\nregion = [120, 20, 123, 26]")
    assert only(check_config(live))[:3] == (
        "error",
        "network.region",
        "none of 4 stations can be used: 30.5, 104 is outside network.region",
    )


def test_a_region_that_leaves_one_station_out(live):
    live.write_text("[network]\nregion = [100, 30.55, 110, 40]")
    findings = check_config(live)
    assert {found.subject for found in findings if "outside network.region" in found.what}


def test_no_town_near(live):
    live.write_text("[towns]\nradius_km = 0.001")
    assert only(check_config(live))[:2] == ("warning", "towns")


def test_the_environment_is_looked_at(live):
    findings = check_config(live, {"FOREWAVE_SERVER__PORT": "web"})
    assert only(findings)[2].startswith("FOREWAVE_SERVER__PORT: ")
