import msgspec
import pytest

from forewave.evaluate.bench.fanout.case import Case
from forewave.evaluate.bench.fanout.result import FIGURES, Invalid, Line, line


def measured(last, row="gateway", fault="", **more):
    figures = dict.fromkeys(FIGURES, 1.0) | {"last_ms": last, "worst_ms": last + 5.0}
    return Case(row, False, 1000, fault, **(figures | more))


def floors(*last):
    return [measured(each, "floor") for each in last]


def test_each_repetition_is_compared_with_its_own_floor():
    found = line("Gateway", [measured(20.0), measured(60.0), measured(33.0)], floors(10, 50, 30))
    assert found.last_ms == 33.0
    assert (found.least_last_ms, found.most_last_ms, found.worst_ms) == (20.0, 60.0, 65.0)
    assert found.ratio == pytest.approx(1.2)  # of 2.0, 1.2 and 1.1: not 33 over 30
    assert (found.least_ratio, found.most_ratio) == pytest.approx((1.1, 2.0))


def test_a_repetition_with_a_fault_is_left_out_and_told():
    cases = [measured(20.0), Case("gateway", False, 1000, "alert 1 reached 3 of 1000")]
    found = line("Gateway", cases, floors(10, 1))
    assert (found.valid, found.last_ms, found.ratio) == (1, 20.0, 2.0)
    assert found.faults == ("alert 1 reached 3 of 1000",)


def test_without_a_valid_repetition_there_are_no_figures():
    found = line("Gateway", [Case("gateway", True, 1000, "no")], floors(10))
    assert found == Invalid("gateway", "Gateway", True, 1000, ("no",))


def test_without_a_valid_floor_there_is_no_ratio():
    found = line("Gateway", [measured(20.0)], [Case("floor", False, 1000, "no")])
    assert (found.last_ms, found.ratio, found.least_ratio) == (20.0, None, None)


def test_a_line_survives_json():
    found = line("Gateway", [measured(20.0)], [Case("floor", False, 1000, "no")])
    assert msgspec.json.decode(msgspec.json.encode(found), type=Line) == found
