import json
from math import inf, nan

import pytest
from msgspec.structs import replace

from forewave.archive.catalogue.records import (
    ActRecord,
    AlertRecord,
    SolutionRecord,
    picks,
    rows,
    rupture,
    time_of,
)
from forewave.errors import FormatError
from tests.archive.catalogue.conftest import LINE, T0, record, solution


def test_a_solution_is_a_version_and_its_event():
    (where, version), (other, event) = rows(record(version=3, rupture=LINE))
    assert (where, other) == ("solutions", "events")
    assert version["picks"].startswith('[{"pick":"p1"')
    assert picks(version["picks"]) == solution().picks
    assert rupture(version["rupture"]) == LINE
    assert rupture(None) is None
    assert event["first"] == event["updated"] == T0 + 8.0
    assert {name: event[name] for name in ("mode", "event", "version")} == {
        "mode": "actual",
        "event": "fw1",
        "version": 3,
    }
    assert time_of(record()) == T0 + 6.0
    assert time_of(ActRecord(b"")) is None


@pytest.mark.parametrize("value", [nan, inf])
def test_what_is_not_finite_is_null(value):
    made = solution()
    vague = replace(made, origin=replace(made.origin, depth_sigma_km=value))
    (_, version), _ = rows(SolutionRecord(vague, T0, "actual"))
    assert version["depth_sigma_km"] is None


def test_an_act_is_kept_as_its_line():
    line = json.dumps(
        {"time": "2026-01-01T00:00:00.500Z", "what": "cancel", "who": "anna", "event": "fw1"}
    ).encode()
    ((where, act),) = rows(ActRecord(line))
    assert where == "acts"
    assert (act["time"], act["who"], act["line"]) == (1767225600.5, "anna", line)


@pytest.mark.parametrize("bad", [AlertRecord(b"{}"), ActRecord(b"["), ActRecord(b'{"time":"x"}')])
def test_what_is_no_message_is_refused(bad):
    with pytest.raises((FormatError, ValueError, KeyError)):
        rows(bad)
