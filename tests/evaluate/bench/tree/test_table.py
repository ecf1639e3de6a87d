from msgspec.structs import replace

from forewave.evaluate.bench.tree import report, table
from forewave.evaluate.bench.tree.cells import Gain
from tests.evaluate.bench.tree.synthetic import COSTS, MANY, ONE

TWO = replace(ONE, name="two", devices=2000, affected=2000)
FOUND = report.variants(COSTS, samples=2000, plans=[TWO, MANY])


def test_each_table_has_the_figures_of_its_simulation():
    first = FOUND[0].outcome
    assert table.times(FOUND)[1][:5] == ("two", FOUND[0].name, "5", "10", "10")
    kind = first.devices[0]
    assert table.devices(FOUND)[1][2:4] == (kind.name, f"{kind.p50:.0f}")
    assert table.needed(FOUND)[1][2] == "2 + 1"


def test_all_ways_have_times_and_failures_a_time_to_reconnect():
    rows = table.times(FOUND)[1:]
    assert len(rows) == len(FOUND)
    assert [row[-1] != "-" for row in rows] == ["fail" in row[1] for row in rows]


def test_the_text_says_what_was_measured_and_what_is_assumed():
    said = table.text(FOUND, COSTS)
    assert "measured: 10.0 us a delivery" in said
    assert "last miles are assumptions" in said


def test_columns_are_aligned_and_markdown_has_the_same_cells():
    rows = [("a", "b", "c"), ("x", "long", "1"), ("y", "z", "22")]
    assert list(table.aligned(rows)) == ["a  b      c", "x  long   1", "y  z     22"]
    assert table.markdown(rows).splitlines()[1:3] == ["| --- | --- | --- |", "| x | long | 1 |"]


def test_what_cells_gain_is_told_for_one_process():
    assert table.addressed([Gain(1000, 10.0, (1.0, 0.1))])[1] == ("1,000", "10.0", "1.0", "0.1")
    assert "until the last affected client" in table.text(FOUND, COSTS)
