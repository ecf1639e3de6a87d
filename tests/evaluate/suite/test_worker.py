import pytest

from forewave.evaluate.suite.result_store import Folder
from forewave.evaluate.suite.task import Task
from forewave.evaluate.suite.worker import perform, standing_still
from tests.evaluate.suite.test_pool import SCENARIO

SIMULATED = Task("case-1", "doublet", scenario=SCENARIO, in_network=True)


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    folder = tmp_path_factory.mktemp("work")
    kept = Folder(folder)
    perform(SIMULATED, kept, True)
    return kept


def test_a_case_is_stored_under_its_own_name(kept):
    done = kept.load(SIMULATED, with_page=True)
    assert (done.name, done.group) == ("case-1", "doublet")
    assert [row.id for row in done.rows] == ["case-1", "case-1#2"]
    assert [row.magnitude for row in done.rows] == [5.0, 4.5]
    assert all(row.in_network and row.group == "doublet" for row in done.rows)
    assert done.rows[0].matched
    assert set(done.rows[0].references) == {"epic", "plum", "plum_30"}
    assert "Several earthquakes" in kept.page(SIMULATED).read_text()


def test_compute_is_apart(kept):
    done = kept.load(SIMULATED, with_page=True)
    assert all(row.compute_s is None for row in done.rows)
    assert done.compute_s > 0
    assert standing_still() == 0.0


def test_another_source_than_the_folders_is_refused(tmp_path):
    kept = Folder(tmp_path)
    kept.source = "another"
    with pytest.raises(RuntimeError, match="changed while the suite ran"):
        perform(SIMULATED, kept, False)


def test_an_unreadable_case_returns_the_reason(tmp_path):
    reason = perform(Task("x", "recorded", folder=tmp_path), Folder(tmp_path), False)
    assert str(tmp_path) in reason
    assert "expected stations.xml or stations.csv" in reason


def test_noise_has_no_network_to_be_in(tmp_path, quiet_set):
    task = Task("calm", "recorded noise", folder=quiet_set)
    perform(task, Folder(tmp_path), False)
    (row,) = Folder(tmp_path).load(task, with_page=False).rows
    assert (row.id, row.in_network, row.false_events) == ("calm", None, 0)
