"""The program in this process, against a real gateway."""

import json
from typing import get_args

import pytest

from forewave.client import program
from forewave.client.forward import GIVEN, NOT_READY
from forewave.client.program import Wanted, readiness_line
from forewave.client.readiness import Readiness, State
from tests.browser.warner import CHENGDU, Warner
from tests.client.made import place_alert


def test_the_first_alert_is_printed_and_the_state_is_told(capsys):
    with Warner() as warner:
        warner.publish(warner.alert())
        code = program.run(warner.url(), CHENGDU, Wanted(once=True, timeout=30.0))
    out, err = capsys.readouterr()
    [line] = out.splitlines()
    assert (code, json.loads(line)["event"]) == (GIVEN, "e1")
    assert "ready, a real alert would be received now" in err


def test_a_drill_is_printed_only_where_wanted(capsys):
    with Warner() as warner:
        warner.publish(warner.alert(event="d", mode="drill"))
        without = program.run(warner.url(), CHENGDU, Wanted(timeout=1.5))
        assert capsys.readouterr().out == ""
        wanted = Wanted(once=True, drills=True, timeout=30.0)
        with_drills = program.run(warner.url(), CHENGDU, wanted)
    assert (without, with_drills) == (3, GIVEN)
    assert json.loads(capsys.readouterr().out)["drill"] is True


def test_a_server_that_is_not_there_is_told_with_the_reason(capsys):
    with Warner() as warner:
        url = warner.url()
    assert program.run(url, CHENGDU, Wanted(timeout=0.5)) == NOT_READY
    assert "connecting" in capsys.readouterr().err


def test_lines_for_people_are_printed_where_wanted(capsys):
    with Warner() as warner:
        warner.publish(warner.alert(left=15.0))
        program.run(warner.url(), CHENGDU, Wanted(text=True, once=True, timeout=30.0))
    assert "MMI 5.3 (V), S in 1" in capsys.readouterr().out


@pytest.mark.parametrize("state", get_args(State))
def test_every_state_has_words(state):
    line = readiness_line(Readiness(state, ("a station", "kernels"), "refused"))
    assert line.endswith(": a station, kernels (refused)")


def test_lines_that_nobody_reads_are_counted_and_told():
    class Full:
        lost = 0

        def put(self, line):
            self.lost += 1

    told = []
    printed = program._Printed(Full(), False, told.append)
    printed.put(place_alert())
    printed.put(place_alert(version=2))
    assert [line.rpartition(" ")[2] for line in told] == ["1", "2"]
