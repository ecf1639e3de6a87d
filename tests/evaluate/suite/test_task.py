from types import SimpleNamespace

import pytest

from forewave.evaluate.suite import task as module
from forewave.evaluate.suite.task import FEW, NOISE, RECORDED, Task, group_of, tasks
from tests.evaluate.suite.test_pool import SCENARIO


@pytest.fixture
def data(tmp_path, simulated_set, quiet_set, monkeypatch):
    """A data folder with an earthquake, noise, a folder of picks, and one made case."""
    for folder in (simulated_set, quiet_set):
        (tmp_path / folder.name).symlink_to(folder)
    (tmp_path / "picks-only").mkdir()
    made = SimpleNamespace(name="made-1", group="made", scenario=SCENARIO, in_network=True)
    monkeypatch.setattr(module, "cases", lambda: (made,))
    return tmp_path


def test_recorded_sets_come_first_then_made_ones(data):
    assert [(t.name, t.group) for t in tasks(data)] == [
        ("quiet", NOISE),
        ("small", RECORDED),
        ("made-1", "made"),
    ]


def test_without_data_there_are_made_ones_only(data):
    assert [t.name for t in tasks(None)] == ["made-1"]


@pytest.mark.parametrize(
    ("only", "names"), [("sm*", ["small"]), ("made", ["made-1"]), ("recorded*", ["quiet", "small"])]
)
def test_only_takes_names_and_groups(data, only, names):
    assert [t.name for t in tasks(data, only)] == names


def test_the_data_folder_is_as_asked_or_as_the_environment_says(tmp_path, monkeypatch):
    monkeypatch.setenv(module.DATA_VARIABLE, str(tmp_path / "nowhere"))
    assert module.data_folder(None) is None
    assert module.data_folder(tmp_path) == tmp_path
    monkeypatch.setenv(module.DATA_VARIABLE, str(tmp_path))
    assert module.data_folder(None) == tmp_path


def test_a_recording_of_few_stations_is_a_group_of_its_own():
    assert group_of(Task("a", RECORDED), 2) == FEW
    assert group_of(Task("a", RECORDED), 3) == RECORDED
    assert group_of(Task("a", "made"), 1) == "made"
