from msgspec.structs import replace

from forewave.evaluate.scoring.reliability import Bin
from forewave.evaluate.suite import diagrams
from tests.evaluate.report.test_figures import svg
from tests.evaluate.suite.test_result_store import DONE

CASE = replace(DONE, bins_final=(Bin(),) * 8 + (Bin(20, 17.0, 15), Bin(2, 1.9, 2)))


def test_the_figures_have_labels():
    assert "forecast probability of MMI IV" in svg(diagrams.reliability([CASE])).decode()
    drawn = svg(diagrams.magnitudes([CASE])).decode()
    assert "true magnitude" in drawn
    assert "simulated" in drawn


def test_the_table_has_every_tenth():
    rows = diagrams.reliability_rows([CASE])
    assert len(rows) == 10
    assert rows[8] == ["80 to 90 %", "0", "", "", "20", "85 %", "75 %"]


def test_groups_differ_in_shape():
    assert len({shape for shape, _ in diagrams.SHAPES}) == len(diagrams.SHAPES)
