"""`forewave suite` and `forewave evaluate`: what is wrong is said before anything is computed."""

import json

import pytest
from click.testing import CliRunner

from forewave.cli.main import main
from forewave.delivery.connections import descriptors
from forewave.evaluate.bench.fanout.rows import NAMES
from forewave.evaluate.suite import suite


@pytest.fixture
def idle(monkeypatch):
    """The suite, if it began, would fail."""
    monkeypatch.setattr(suite, "suite", lambda **asked: pytest.fail(f"begun: {asked}"))


def refused(*typed):
    result = CliRunner().invoke(main, [str(word) for word in typed])
    assert result.exit_code == 2, result.output
    assert result.stderr.count("\n") == 1
    return result.stderr


def test_a_case_that_is_not_there_names_the_groups(idle):
    said = refused("suite", "--only", "nosuchcase")
    assert "--only" in said
    assert "nosuchcase" in said
    assert "doublet" in said
    assert "faults" in said


def test_a_folder_without_recordings_is_refused(idle, tmp_path):
    said = refused("suite", "--data", tmp_path)
    assert "--data" in said
    assert str(tmp_path) in said


def test_a_comparison_needs_a_scoreboard_and_a_report(idle, tmp_path):
    old = tmp_path / "old.json"
    old.write_text("{}")
    assert "--report" in refused("suite", "--against", old)
    said = refused("suite", "--against", old, "--report", tmp_path / "r")
    assert str(old) in said
    assert "not a scoreboard" in said


def test_what_is_right_begins(monkeypatch, tmp_path):
    old, begun = tmp_path / "old.json", []
    old.write_text(json.dumps({"events": []}))
    monkeypatch.setattr(suite, "suite", lambda **asked: begun.append(asked))
    typed = ["suite", "--only", "faults", "--against", str(old), "--report", str(tmp_path / "r")]
    result = CliRunner().invoke(main, typed)
    assert (len(begun), begun[0]["only"], begun[0]["against"]) == (1, "faults", old)
    assert result.exit_code == suite.INTERRUPTED


@pytest.mark.slow
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
