import os
from types import SimpleNamespace

import numpy as np
import pytest
from msgspec.structs import replace

from forewave.check.check import check_config as check_live
from forewave.check.check import check_recording
from forewave.delivery import signing
from forewave.earth.gmm import DEFAULT, MODELS
from forewave.formats.inventories import stations_csv
from forewave.formats.recordings.event_directory import LAYOUT
from forewave.health import ntp
from forewave.types import Packet, Station, StreamId
from tests.check.bench import RATE, T0, network, only

FREE = SimpleNamespace(free=1e12)


class Opened:
    """A port that can be had, whatever else runs on this machine."""

    def __init__(self, address, family):
        pass

    def close(self):
        pass


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
