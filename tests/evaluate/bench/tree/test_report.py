import json

from forewave.evaluate.bench.tree import report
from forewave.evaluate.bench.tree.plan import PLANS
from tests.evaluate.bench.tree.synthetic import COSTS, MANY, ONE


def test_where_all_are_affected_cells_gain_nothing():
    assert [name for name, _ in report.ways(ONE)] == [
        "to all of the region",
        "nearest cells first",
        "the same, 1 % of nodes fail",
    ]
    assert "to affected cells" in [name for name, _ in report.ways(MANY)]


def test_without_cells_the_server_cannot_know_who_is_near():
    ways = dict(report.ways(MANY))
    assert (ways["to all of the region"].addressed, ways["to all of the region"].order) == (
        False,
        "random",
    )
    assert ways["nearest cells first"].order == "nearest"


def test_every_plan_is_there_in_every_way_and_the_files_are_written(tmp_path):
    found = report.variants(COSTS, samples=2000, jitter_s=1.0)
    assert len(found) == sum(len(report.ways(plan)) for plan in PLANS)
    assert {each.outcome.plan.jitter_s for each in found} == {1.0}
    report.write(found, tmp_path / "a" / "tree.json", tmp_path / "b" / "tree.svg")
    assert len(json.loads((tmp_path / "a" / "tree.json").read_text())) == len(found)
    assert "<svg" in (tmp_path / "b" / "tree.svg").read_text()
