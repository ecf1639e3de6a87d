"""What the demo shows is what was received."""

import asyncio
import io

import pytest
from rich.console import Console

from forewave.cluster.demo.show import Show, show
from forewave.cluster.demo.stage import Stage
from forewave.cluster.wire import RoleStatus, encode
from forewave.delivery import signing
from tests.cluster.records import alert


def text(table):
    console = Console(file=io.StringIO(), width=160)
    console.print(table)
    return console.file.getvalue()


def test_statuses_and_alerts_are_shown_as_they_come(tmp_path):
    shown = Show(Stage(tmp_path / "stage", "small"))
    assert shown.leader() == ""
    assert not shown.is_hot()
    assert shown.longest() is None
    for n, state in enumerate(["leads", "standby"], 1):
        status = RoleStatus("decide", f"decide-{n}-abcd", state)
        shown.on_status("", encode(status))
        assert shown.state(shown.stage.decides[n - 1]) == "down"  # it does not run
    first, second = shown.screens[:2]
    message = shown.stage.keys.seal(alert())
    first.take(message)
    first.take(message)
    second.take(message)
    second.take(signing.generate().seal(alert(version=2)))  # not trusted
    second.take(b'{"type":"heartbeat","state":"drill"}')
    assert second.state == "drill"
    assert [len(each) for each in shown.received.values()] == [2]
    assert "fw1 version 1: on 2 of 3 screens" in text(shown.table())
    assert "n1 down" in text(shown.table())


@pytest.mark.thorough
@pytest.mark.live
@pytest.mark.slow
@pytest.mark.timeout(400)
def test_the_demo_kills_parts_and_alerts_reach_all_screens():
    console = Console(file=io.StringIO(), width=160)
    shown = asyncio.run(show(console, "small", seconds=50.0))
    assert any("killed" in each for each in shown.events)
    first = next(iter(shown.received.values()))
    assert len(first) == 3
    assert not any(process.running for process in shown.stage.processes)
    assert not shown.stage.folder.exists()
