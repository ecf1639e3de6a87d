import io
import json

import pytest
from msgspec.structs import replace
from rich.console import Console

from forewave.evaluate.suite import suite as module
from forewave.evaluate.suite import task as tasks
from forewave.evaluate.suite.suite import suite
from forewave.evaluate.suite.task import Task
from tests.evaluate.suite.test_pool import SCENARIO

pytestmark = pytest.mark.slow

SINGLE = replace(SCENARIO, name="simulated-2", seed=2, earthquake=SCENARIO.earthquake[:1])


@pytest.fixture(scope="module")
def cases(quiet_set, tmp_path_factory):
    """Two made ones, a recording of noise, a folder that cannot be read, and what crashes."""
    broken = tmp_path_factory.mktemp("data") / "broken"
    broken.mkdir()
    return [
        Task("noise-1", "recorded noise", folder=quiet_set),
        Task("broken", "recorded", folder=broken),
        Task("crash", "simulated"),
        Task("simulated-1", "simulated", scenario=SCENARIO, in_network=True),
        Task("simulated-2", "simulated", scenario=SINGLE, in_network=True),
    ]


def run(monkeypatch, cases, folder, **more):
    monkeypatch.setattr(module, "tasks", lambda data, only: list(cases))
    out = io.StringIO()
    console = Console(file=out, width=200)
    board = suite(console=console, json_file=folder / "s.json", work=folder / "work", **more)
    return board, out.getvalue()


@pytest.fixture(scope="module")
def first(cases, tmp_path_factory):
    """One worker, with a report."""
    folder = tmp_path_factory.mktemp("first")
    with pytest.MonkeyPatch.context() as patch:
        board, text = run(patch, cases, folder, workers=1, report=folder / "report")
    return folder, board, text


def test_the_scoreboard_has_rows_groups_and_goals(first):
    folder, _, _ = first
    content = json.loads((folder / "s.json").read_text())
    ids = [row["id"] for row in content["events"]]
    assert ids == ["noise-1", "simulated-1", "simulated-1#2", "simulated-2"]
    assert set(content["groups"]) == {"recorded noise", "simulated"}
    assert content["groups"]["simulated"]["earthquakes"] == 3
    assert any(goal["met"] for goal in content["goals"])
    assert [row["id"] for row in content["failed"]] == ["crash"]
    assert [row["id"] for row in content["unread"]] == ["broken"]
    assert "compute" not in json.dumps(content["events"][1]["peers"])


def test_a_case_that_cannot_be_evaluated_is_reported(first):
    _, board, text = first
    assert "not evaluated crash: AssertionError" in text
    assert "cannot be replayed broken:" in text
    assert "found neither" in dict(board.unread)["broken"]


@pytest.mark.thorough
def test_the_number_of_workers_changes_no_byte(first, cases, tmp_path, monkeypatch):
    folder, _, _ = first
    run(monkeypatch, list(cases), tmp_path, workers=3)
    assert (tmp_path / "s.json").read_bytes() == (folder / "s.json").read_bytes()


def test_stored_cases_are_not_run_again(first, cases, monkeypatch):
    folder, _, _ = first
    before = (folder / "s.json").read_bytes()
    monkeypatch.setattr(module, "_watched", lambda missing, *_: _only_lost(missing))
    _, text = run(monkeypatch, cases, folder, workers=1)
    assert "3 of 5 cases are stored from earlier runs." in text
    rows = json.loads((folder / "s.json").read_text())["events"]
    assert rows == json.loads(before)["events"]


def _only_lost(missing):
    assert [task.name for task in missing] == ["broken", "crash"]
    return []


def test_ctrl_c_keeps_finished_cases(cases, tmp_path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "_watched", interrupted)
    board, text = run(monkeypatch, cases, tmp_path)
    assert board is None
    assert "continues from here" in text
    assert not (tmp_path / "s.json").exists()


def test_missing_recordings_are_reported(tmp_path, monkeypatch):
    monkeypatch.setenv(tasks.DATA_VARIABLE, str(tmp_path / "nowhere"))
    board, text = run(monkeypatch, [], tmp_path)
    assert "simulated cases only" in text
    assert board.done == ()


def test_the_report_has_a_page_for_every_case(first):
    folder, _, _ = first
    names = {path.name for path in (folder / "report").iterdir()}
    pages = {"noise-1.html", "simulated-1.html", "simulated-2.html"}
    assert names == pages | {"index.html", "scoreboard.json"}


def test_there_is_a_core_to_work_on():
    assert module.cores() >= 1
    assert module.work_folder().name == "suite"
