from collections import Counter
from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from forewave.health.report import ClockReport
from forewave.live.log import LiveLog
from forewave.live.loop import StepTime
from forewave.live.monitor import Monitor, TimeKeeper
from forewave.live.steady_clock import SteadyClock
from forewave.sources.intake.inbox import SourceStatus

STATUS = SourceStatus("seedlink a:18000", "live", "", 0.0, None, 0, 0, 0, {})


class Health:
    """What health was given, by method."""

    def __init__(self):
        self.given = {}

    def __getattr__(self, method):
        return lambda *values: self.given.setdefault(method, []).append(values)

    def clock_now(self, now):
        return ClockReport()


class Loop:
    def __init__(self, past=False):
        self.clock = StepTime(lambda: 100.0, past=past)
        self.merge = SimpleNamespace(counts=Counter(gap=2), disagreeing={"XX.A": "b"})
        self.begun = 0

    def begin_anew(self):
        self.begun += 1


def monitor_of(health, loop, steady=None):
    gains = SimpleNamespace(wrong=lambda: {"XX.B": "ten times"})
    kept = []
    return Monitor(
        log=LiveLog(),
        health=health,
        time_keeper=TimeKeeper(steady or SteadyClock(), loop, health),
        loop=loop,
        pipeline=SimpleNamespace(decider=SimpleNamespace(gains=gains)),
        gains=SimpleNamespace(keep=kept.append),
        statuses=lambda: iter([STATUS]),
        counts={"merge": lambda: loop.merge.counts},
        losses=lambda: {"record": {"disk full": 3}},
        waits=lambda: {"catalogue": "refused"},
    )


def test_health_is_given_what_is_counted_elsewhere():
    health = Health()
    monitor_of(health, Loop()).report_counts()
    assert health.given["tally"] == [("merge", Counter(gap=2))]
    assert health.given["disagree"] == [({"XX.A": "b"},)]
    assert health.given["wrong_gains"] == [({"XX.B": "ten times"},)]
    assert health.given["storage_losses"] == [("record", {"disk full": 3}, 100.0)]
    assert health.given["storage_waits"] == [("catalogue", "refused")]


def test_changes_are_logged_and_sources_given_to_health(caplog):
    caplog.set_level("INFO", "forewave")
    health = Health()
    monitor_of(health, Loop()).log_changes(0.0)
    assert health.given["sources"] == [([STATUS],)]
    assert [record.getMessage() for record in caplog.records] == [
        "seedlink a:18000 is live",
        "record: not kept: 3 (disk full)",
    ]


class Steady:
    """A steady clock that steps by so many seconds."""

    def __init__(self, step):
        self.step, self.stepped, self.looks = step, True, 0

    def look(self, synchronised):
        self.looks += 1
        return self.step

    def report(self, report):
        return replace(report, state="jumped")


@pytest.mark.parametrize(("step", "begun"), [(-30.0, 1), (30.0, 0), (0.0, 0)])
def test_rooms_begin_anew_when_time_steps_back_and_only_then(step, begun):
    health, loop = Health(), Loop()
    TimeKeeper(Steady(step), loop, health).follow()
    assert loop.begun == begun
    assert [report.state for (report,) in health.given["clock"]] == ["jumped"]


def test_where_the_past_is_played_the_wall_clock_does_not_matter():
    health, loop, steady = Health(), Loop(past=True), Steady(-30.0)
    TimeKeeper(steady, loop, health).follow()
    assert (steady.looks, loop.begun, health.given) == (0, 0, {})
