"""`forewave suite` and `forewave evaluate`: what is wrong is said before anything is computed."""

import json

import pytest
from click.testing import CliRunner

from forewave.cli.main import main
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
