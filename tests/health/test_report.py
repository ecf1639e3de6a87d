"""What is told in Python and shown by the page must be the same words."""

import re
from pathlib import Path
from typing import get_args

import msgspec

from forewave.events.memory.network import SILENT_HEALTH
from forewave.health.collector import Health
from forewave.health.prometheus import STATES
from forewave.health.report import (
    STAGES,
    ClockReport,
    Report,
    Stage,
    StageReport,
    StationReport,
)
from forewave.health.station import COUNTING
from forewave.sources.intake.inbox import SourceStatus, State
from tests.health.made import T0, station

CONSOLE = Path(__file__).parents[2] / "web" / "console"


def test_every_stage_is_explained():
    assert set(STAGES) == set(get_args(Stage))


def test_silence_counts_here_as_it_does_for_the_tracker():
    assert COUNTING == SILENT_HEALTH


def test_a_report_goes_through_json_and_back():
    report = Health([station()], T0).report(T0)
    assert msgspec.json.decode(msgspec.json.encode(report), type=Report) == report


def test_the_page_knows_every_state_of_a_station_and_a_source():
    text = (CONSOLE / "common" / "states.ts").read_text("utf-8")
    assert {state for state in STATES if f'"{state}"' not in text} == set()
    assert {state for state in get_args(State) if f'"{state}"' not in text} == set()


def test_the_page_asks_only_for_fields_that_there_are():
    text = (CONSOLE / "health" / "report.ts").read_text("utf-8")
    kinds = {
        "Report": Report,
        "Station": StationReport,
        "Source": SourceStatus,
        "Stage": StageReport,
        "Clock": ClockReport,
    }
    for name, kind in kinds.items():
        (body,) = re.findall(rf"interface {name} {{(.*?)^}}", text, re.S | re.M)
        asked = set(re.findall(r"^  readonly (\w+):", body, re.M))
        assert asked
        assert asked <= set(kind.__struct_fields__)
