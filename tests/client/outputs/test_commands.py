"""Real commands."""

import asyncio
import json
import os
from pathlib import Path

import pytest

from forewave.client.outputs import commands
from forewave.client.outputs.commands import Commands
from forewave.errors import InputError
from tests.client.made import place_alert

pytestmark = pytest.mark.skipif(os.name != "posix", reason="commands of a shell")
WAIT = 30.0


async def until(condition):
    while not condition():  # noqa: ASYNC110 (nobody tells us)
        await asyncio.sleep(0.01)


def run(command, *alerts, timeout=20.0, current=lambda alert: alert):
    """Run it for the alerts; what was reported, and the object itself."""
    reports = []

    async def whole():
        running = Commands(command, timeout, current, reports.append)
        running.start()
        for alert in alerts:
            running.put(alert)
        await until(lambda: not running.busy)
        await running.stop()
        return running

    return asyncio.run(asyncio.wait_for(whole(), WAIT)), reports


def test_it_gets_the_line_on_stdin_and_the_fields_in_its_environment(tmp_path):
    file = tmp_path / "out"
    done, reports = run(f"sh -c 'cat > {file}; echo $ALERT_MMI >> {file}'", place_alert())
    line, mmi = file.read_text().splitlines()
    assert (json.loads(line)["event"], mmi) == ("e1", "5.5")
    assert (done.failed, reports) == (0, [])


def test_a_version_does_not_wait_for_the_command_of_the_one_before(tmp_path):
    """The first ends when the second has begun."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    read, write = f"cat {fifo}", f"echo > {fifo}"
    word = f"sh -c 'if [ $ALERT_EVENT = a ]; then {read}; else {write}; fi'"
    done, reports = run(word, place_alert(event="a"), place_alert(event="b"))
    assert (done.failed, reports) == (0, [])


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("sh -c 'exit 3'", "exit code 3"),
        ("no-such-command-here", "cannot be started: No such file"),
        ("sh -c 'kill -9 $$'", "ended by signal 9"),
    ],
)
def test_a_failure_is_counted_and_reported_with_its_event(command, says):
    done, reports = run(command, place_alert(), place_alert(event="e2"))
    assert done.failed == 2
    assert all(says in report for report in reports)
    assert "e1 version 1" in "".join(reports)


def test_what_does_not_end_is_ended_with_all_that_it_has_started(tmp_path):
    file = tmp_path / "pid"
    done, [report] = run(f"sh -c 'sleep 600 & echo $! > {file}; wait'", place_alert(), timeout=0.5)
    assert "still running after 0.5 s" in report
    assert done.failed == 1
    state = Path(f"/proc/{int(file.read_text())}/stat")
    assert not state.exists() or state.read_text().split()[2] == "Z"


def test_no_more_than_a_few_run_at_once_and_the_newest_version_goes_first(tmp_path):
    go = tmp_path / "go"
    many = [place_alert(event=f"e{i}") for i in range(commands.MOST)]
    late = [place_alert(event="late", version=v) for v in (1, 2, 3)]
    file = tmp_path / "out"
    wait = f"until [ -e {go} ]; do sleep 0.02; done"
    word = f"sh -c 'echo $ALERT_EVENT $ALERT_VERSION >> {file}; {wait}'"

    async def whole():
        running = Commands(word, 20.0, lambda alert: alert, print)
        running.start()
        for alert in many:
            running.put(alert)
        await until(lambda: file.exists() and len(file.read_text().split()) == 2 * len(many))
        for alert in late:
            running.put(alert)
        assert "late" not in file.read_text()
        go.touch()
        await until(lambda: not running.busy)
        await running.stop()

    asyncio.run(asyncio.wait_for(whole(), WAIT))
    assert file.read_text().splitlines()[len(many) :] == ["late 3"]


def test_a_command_that_runs_at_the_end_may_finish(tmp_path):
    begun, file = tmp_path / "begun", tmp_path / "out"

    async def whole():
        word = f"sh -c 'touch {begun}; sleep 0.3; touch {file}'"
        running = Commands(word, 20.0, lambda alert: alert, print)
        running.start()
        running.put(place_alert())
        await until(begun.exists)
        await running.stop()

    asyncio.run(asyncio.wait_for(whole(), WAIT))
    assert file.exists()


def test_what_is_no_longer_in_force_is_not_run(tmp_path):
    file = tmp_path / "out"
    run(f"touch {file}", place_alert(), current=lambda alert: None)
    assert not file.exists()


@pytest.mark.parametrize("command", ["", "  ", "sh -c 'open"])
def test_what_is_no_command_is_refused(command):
    with pytest.raises(InputError, match="--exec"):
        Commands(command, 1.0, lambda alert: alert, print)
