"""The page on scaling has the figures that were measured, and what is simulated from them."""

import pytest

from scripts import scaling
from tests.evaluate.bench.fanout.synthetic import synthetic_fanout, synthetic_line


@pytest.fixture(scope="module")
def texts():
    return scaling.blocks(*scaling.figures())


@pytest.mark.slow
def test_its_tables_are_those_of_the_figures_that_come_with_forewave(texts):
    page = scaling.PAGE.read_text("utf-8")
    assert page == scaling.replaced(page, texts), "python scripts/scaling.py --write"


@pytest.mark.slow
def test_it_says_how_busy_the_machine_was(texts):
    assert "other work on the machine: " in texts["machine"]


def test_it_shows_both_charts():
    page = scaling.PAGE.read_text("utf-8")
    for chart in (scaling.CHART, scaling.TREE_CHART):
        assert f"](../images/{chart.name})" in page
        assert chart.exists()


def test_a_page_without_a_place_is_refused():
    with pytest.raises(ValueError, match="no place for cells"):
        scaling.replaced("# Scaling\n", {"cells": ""})


def test_a_server_that_was_not_measured_at_a_size_has_no_figure_there():
    lines = (
        synthetic_line("floor", 1000, title="floor", last_ms=8.0, ratio=1.0),
        synthetic_line("floor", 5000, title="floor", last_ms=40.0, ratio=1.0),
        synthetic_line("gateway", 1000, title="ours", last_ms=9.0, ratio=1.125),
    )
    rows = scaling._measured(synthetic_fanout(lines=lines)).splitlines()
    assert rows[2:] == ["| floor | 8.0 (1.00) | 40 (1.00) |", "| ours | 9.0 (1.12) | - |"]


def test_the_costs_are_those_at_the_largest_size():
    lines = tuple(synthetic_line("gateway", n, title="ours", cpu_us=n / 1000) for n in (1000, 5000))
    (row,) = scaling._costs(synthetic_fanout(lines=lines)).splitlines()[2:]
    assert row.startswith("| ours | no | 5,000 | 5.0 us |")
