import re
from typing import get_args

import pytest
from msgspec.structs import replace
from prometheus_client.parser import text_string_to_metric_families

from forewave.health.collector import Health
from forewave.health.prometheus import KINDS, STATES, text
from forewave.health.report import STAGES
from forewave.types import Mode
from tests.health.made import T0, lived


@pytest.fixture(scope="module")
def families():
    """What Prometheus' own parser reads of a machine with two stations and a source."""
    health = lived()
    for seconds in (0.0007, 0.3, 100.0):
        health.lag("arrival", seconds)
    read = text_string_to_metric_families(text(health.report(T0 + 2)).decode())
    return {family.name: family for family in read}


def value(families, name, **labels):
    for family in families.values():
        for sample in family.samples:
            if sample.name == name and labels.items() <= sample.labels.items():
                return sample.value
    return None


def test_every_metric_is_there(families):
    names = {sample.name for family in families.values() for sample in family.samples}
    assert {kind.name for kind in KINDS} <= names


def test_each_metric_has_its_help_text(families):
    for kind in KINDS:
        family = families[kind.name.removesuffix("_total")]
        assert family.documentation == kind.what
        assert family.type == ("counter" if kind.name.endswith("_total") else "gauge")
        assert re.fullmatch(r"[a-z0-9_]+", kind.name)


def test_alerts_are_counted_from_zero_on(families):
    assert value(families, "forewave_alerts_total", kind="new", mode="actual") == 1
    assert value(families, "forewave_alerts_total", kind="cancel", mode="drill") == 0


def test_one_mode_is_exported_beside_ready(families):
    modes = {mode: value(families, "forewave_mode", mode=mode) for mode in get_args(Mode)}
    assert modes == {"actual": 1.0, "drill": 0.0, "test": 0.0}
    report = replace(lived().report(T0 + 2), mode="test")
    assert 'forewave_mode{mode="test"} 1' in text(report).decode()


def test_numbers_are_the_reports(families):
    assert value(families, "forewave_dropped_total", reason="wrong rate") == 1
    assert value(families, "forewave_alerts_total", kind="new", mode="actual") == 1
    assert value(families, "forewave_station_noise_ms2", station="ST.A") == 2e-4
    assert value(families, "forewave_station_noise_ms2", station="ST.B") is None
    assert value(families, "forewave_station_counts", station="ST.B") == 0
    assert value(families, "forewave_tally_total", where="merge", reason="repeated") == 7
    assert value(families, "forewave_source_up", source='seedlink "a"') == 1
    assert value(families, "forewave_source_dropped_total", reason="damaged record") == 3
    assert value(families, "forewave_clock_jumps_total") == 2


def test_every_state_of_a_station_is_counted(families):
    samples = families["forewave_stations"].samples
    assert {sample.labels["state"] for sample in samples} == set(STATES) >= {"good", "silent"}
    assert sum(sample.value for sample in samples) == 2


def test_the_histogram_of_each_stage_counts_up(families):
    for stage in STAGES:
        boxes = [
            sample.value
            for sample in families["forewave_latency_seconds"].samples
            if sample.name.endswith("_bucket") and sample.labels["stage"] == stage
        ]
        assert boxes == sorted(boxes)
        assert boxes[-1] == (3 if stage == "arrival" else 0)
    bucket = "forewave_latency_seconds_bucket"
    assert value(families, bucket, stage="arrival", le="0.001") == 1
    assert value(families, bucket, stage="arrival", le="30.0") == 2


def test_the_process_tells_its_memory(families):
    assert value(families, "process_resident_memory_bytes") > 1e6


def test_what_is_not_known_is_left_out():
    told = text(Health([], T0).report(T0)).decode()
    assert "forewave_clock_synchronised{" not in told
    assert "\nforewave_clock_synchronised " not in told
