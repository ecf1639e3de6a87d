"""`forewave bench`: its tables and files, and what it refuses."""

import json

import pytest
from click.testing import CliRunner

from forewave.cli.main import main
from forewave.delivery.connections import descriptors
from forewave.evaluate.bench.fanout.rows import NAMES
from tests.cli.test_evaluate import refused


@pytest.mark.slow
@pytest.mark.thorough
def test_bench_fanout_prints_a_table_and_writes_what_was_asked_for(tmp_path):
    figures, chart = tmp_path / "fanout.json", tmp_path / "fanout.svg"
    options = ["--clients", "20", "--rows", "gateway", "--repetitions", "1", "--alerts", "3"]
    words = ["bench", "fanout", *options, "--json", str(figures), "--chart", str(chart)]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 0, result.output
    assert "\n20 clients\n" in result.stdout
    assert [line["row"] for line in json.loads(figures.read_text())["lines"]] == [
        "floor",
        "gateway",
    ]
    assert "<svg" in chart.read_text()


def test_bench_fanout_names_all_rows_when_one_is_unknown():
    said = refused("bench", "fanout", "--rows", "gateway,nginx")
    assert "unknown name nginx" in said
    assert all(name in said for name in NAMES)


def test_bench_fanout_without_enough_descriptors_is_one_line(monkeypatch):
    monkeypatch.setattr(descriptors, "most", lambda share, wanted: 1024)
    result = CliRunner().invoke(main, ["bench", "fanout", "--clients", "5000"])
    assert result.exit_code == 1
    assert "5000 clients need 5100 file descriptors" in result.stderr
    assert result.stderr.count("\n") == 1


def test_bench_fanout_tree_is_the_same_with_the_same_seed(tmp_path):
    words = ["bench", "fanout-tree", "--samples", "1000"]
    first, again, other = (
        CliRunner().invoke(main, [*words, "--seed", seed]).stdout for seed in ("1", "1", "2")
    )
    assert first == again != other
    assert "1 B" in first


def test_bench_fanout_tree_refuses_a_file_of_something_else(tmp_path):
    path = tmp_path / "other.json"
    path.write_text("{}")
    result = CliRunner().invoke(main, ["bench", "fanout-tree", "--measured", str(path)])
    assert result.exit_code == 1
    assert "other.json: not the JSON of bench fanout" in result.stderr
    assert result.stderr.count("\n") == 1
