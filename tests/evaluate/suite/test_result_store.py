import msgspec
import pytest

from forewave.evaluate.scoring.reliability import Bin
from forewave.evaluate.suite import result_store as module
from forewave.evaluate.suite.result_store import CaseResult, Folder, digest
from forewave.evaluate.suite.task import Task
from tests.evaluate.scoring.test_score import MESSAGES, row
from tests.evaluate.suite.test_pool import SCENARIO

SIMULATED = Task("simulated-1", "simulated", scenario=SCENARIO, in_network=True)
DONE = CaseResult(
    name="simulated-1",
    group="simulated",
    title="t",
    result="found",
    rows=(row(*MESSAGES),),
    outcomes=(),
    bins_first=(Bin(),) * 10,
    bins_final=(Bin(3, 1.5, 2),) * 10,
    worst_epicentre_km=3.0,
    miss=None,
    false=(),
    cancelled=(),
    compute_s=1.0,
)


def test_what_is_kept_comes_back_the_same(tmp_path):
    folder = Folder(tmp_path)
    folder.save(SIMULATED, DONE, None)
    assert folder.load(SIMULATED, with_page=False) == DONE
    assert folder.load(SIMULATED, with_page=True) is None
    folder.save(SIMULATED, DONE, "<p>page</p>")
    assert folder.load(SIMULATED, with_page=True) == DONE
    assert folder.page(SIMULATED).read_text() == "<p>page</p>"


def test_half_a_file_is_none(tmp_path):
    folder = Folder(tmp_path)
    folder.save(SIMULATED, DONE, None)
    path = folder.page(SIMULATED).with_suffix(".json")
    path.write_bytes(path.read_bytes()[:100])
    assert folder.load(SIMULATED, with_page=False) is None


def test_another_scenario_is_another_case(tmp_path):
    other = msgspec.structs.replace(SCENARIO, seed=2)
    assert digest(SIMULATED) == digest(msgspec.structs.replace(SIMULATED))
    assert digest(SIMULATED) != digest(msgspec.structs.replace(SIMULATED, scenario=other))
    assert digest(SIMULATED) != digest(msgspec.structs.replace(SIMULATED, in_network=False))


def test_every_byte_of_a_recording_counts(tmp_path):
    task = Task("a", "recorded", folder=tmp_path)
    before = digest(task)
    (tmp_path / "event.json").write_text("{}")
    assert digest(task) != before


def test_another_source_keeps_its_cases_apart(tmp_path, monkeypatch):
    Folder(tmp_path).save(SIMULATED, DONE, None)
    monkeypatch.setattr(module, "source_digest", lambda: "another")
    assert Folder(tmp_path).load(SIMULATED, with_page=False) is None


def test_only_the_last_versions_are_kept(tmp_path, monkeypatch):
    for index in range(module.KEPT_VERSIONS + 2):
        monkeypatch.setattr(module, "source_digest", lambda index=index: f"v{index}")
        Folder(tmp_path).save(SIMULATED, DONE, None)
    Folder(tmp_path).tidy()
    assert len(list(tmp_path.iterdir())) == module.KEPT_VERSIONS


def test_the_source_has_a_digest():
    assert len(module.source_digest()) == module.DIGEST_LETTERS


@pytest.mark.parametrize("suffix", [".py", ".csv", ".toml"])
def test_the_source_is_what_can_change_a_result(suffix):
    assert suffix in module.SOURCE_KINDS
