"""forewave channels: list and test."""

import pytest
from click.testing import CliRunner

from forewave.cli.main import main

TOML = """
[[channels]]
type = "command"
name = "bell"
command = ["sh", "-c", "echo $FOREWAVE_TYPE $FOREWAVE_REASON $FOREWAVE_TITLE >> said"]
place = [24.5, 121.5]
place_name = "School"

[[channels]]
type = "command"
name = "broken"
command = ["false"]
drills = true
"""


@pytest.fixture
def toml(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "forewave.toml"
    path.write_text(TOML)
    return path


def invoke(*typed):
    return CliRunner().invoke(main, ["channels", *map(str, typed)])


def test_the_channels_are_listed(toml):
    assert invoke("list").output.splitlines() == [
        "bell: command, from MMI 4 at School",
        "broken: command, from MMI 4 anywhere, also drills",
    ]
    toml.write_text("")
    assert "no [[channels]]" in invoke("list", "-c", toml).output


def test_a_test_reports_each_step_and_is_marked_as_a_drill(toml, tmp_path):
    result = invoke("test", "bell", "--stay", 0)
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.output.splitlines()] == [
        "open", "first", "cancel", "expire",
    ]  # fmt: skip
    first, cancel = (tmp_path / "said").read_text().splitlines()
    assert first.startswith("drill first DRILL - there is no earthquake: EARTHQUAKE")
    assert cancel.startswith("drill cancel DRILL - there is no earthquake: The drill has ended")


def test_a_test_that_fails_says_why(toml):
    result = invoke("test", "broken", "--stay", 0)
    assert result.exit_code == 1
    assert "exit code 1" in result.output


def test_a_name_that_is_none_is_an_error_of_one_line(toml):
    result = invoke("test", "bel")
    assert result.exit_code == 2
    assert "bel: no such channel; known: bell, broken" in result.output


def test_a_wrong_entry_is_an_error_that_names_the_file(toml):
    toml.write_text('[[channels]]\ntype = "x"\n')
    assert "forewave.toml: channels 1: type: expected one of" in invoke("list").output
