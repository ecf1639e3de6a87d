from forewave.evaluate.bench.tree import chart, report
from tests.evaluate.bench.tree.synthetic import COSTS, MANY


def test_every_way_is_a_row_with_a_mark_for_each_kind_of_device():
    found = report.variants(COSTS, samples=2000, plans=[MANY])
    (axes,) = chart.draw(found).axes
    labels = [each.get_text() for each in axes.get_yticklabels()]
    assert labels == [f"many, {each.name}" for each in found]
    assert len(axes.get_legend().get_texts()) == len(found[0].outcome.devices)
