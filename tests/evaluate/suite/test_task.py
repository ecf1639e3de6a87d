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
    actual = SimpleNamespace(
        name="simulated-1", group="simulated", scenario=SCENARIO, in_network=True
    )
    monkeypatch.setattr(module, "cases", lambda: (actual,))
    return tmp_path


def test_recordings_come_before_simulated_cases(data):
    assert [(t.name, t.group) for t in tasks(data)] == [
        ("quiet", NOISE),
        ("small", RECORDED),
        ("simulated-1", "simulated"),
    ]


def test_without_data_there_are_only_simulated_cases(data):
    assert [t.name for t in tasks(None)] == ["simulated-1"]


@pytest.mark.parametrize(
    ("only", "names"),
    [("sm*", ["small"]), ("simulated", ["simulated-1"]), ("recorded*", ["quiet", "small"])],
)
def test_only_takes_names_and_groups(data, only, names):
    assert [t.name for t in tasks(data, only)] == names


def test_the_data_folder_is_the_option_or_the_environment_variable(tmp_path, monkeypatch):
    monkeypatch.setenv(module.DATA_VARIABLE, str(tmp_path / "nowhere"))
    assert module.data_folder(None) is None
    assert module.data_folder(tmp_path) == tmp_path
    monkeypatch.setenv(module.DATA_VARIABLE, str(tmp_path))
    assert module.data_folder(None) == tmp_path


def test_a_recording_of_few_stations_is_a_group_of_its_own():
    assert group_of(Task("a", RECORDED), 2) == FEW
    assert group_of(Task("a", RECORDED), 3) == RECORDED
    assert group_of(Task("a", "simulated"), 1) == "simulated"
