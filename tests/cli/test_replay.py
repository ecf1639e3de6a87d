"""`forewave replay`: the same result each time, for people and for programs."""

import json
import subprocess
import sys

import pytest

from tests.cli.commands import SCENARIO, forewave


def test_replay_twice_gives_the_same_bytes(made):
    """Once in this process, once in a new one."""
    here = forewave("replay", made, "--json")
    assert here.exit_code == 0
    code = "from forewave.cli.main import main; main()"
    command = [sys.executable, "-c", code, "replay", str(made), "--json"]
    there = subprocess.run(command, capture_output=True, check=True)
    assert there.stdout == here.stdout_bytes
    lines = [json.loads(line) for line in here.stdout.splitlines()]
    assert [line["type"] for line in lines] == ["alert"] * (len(lines) - 1) + ["summary"]
    assert lines[0]["kind"] == "new"
    assert 0 < lines[0]["t_after_origin"] < 10
    assert lines[-1]["events"] == 1


def test_a_recording_replays_twice_the_same(recordings):
    folder = recordings / "openeew-mx-20200129T231748"
    first, second = (forewave("replay", folder, "--json").stdout_bytes for _ in range(2))
    assert first == second
    assert json.loads(first.splitlines()[-1])["type"] == "summary"


def test_an_option_that_does_nothing_is_named(tmp_path):
    (tmp_path / "a.toml").write_text(SCENARIO + "[telemetry]\ndelay = 0.4\n")
    forewave("simulate", tmp_path / "a.toml", "-o", tmp_path / "a")
    said = forewave("replay", tmp_path / "a", "--latency", "3").stderr
    assert "--latency: no effect" in said
    said = forewave("replay", tmp_path / "a", "--wait", "5", "--stay", "1").stderr
    assert "--wait and --stay: no effect without --serve" in said


def test_replay_tells_a_person_the_story(made):
    result = forewave("replay", made)
    assert result.exit_code == 0
    assert "M" in result.output
    assert "{" not in result.output


def test_a_record_is_decided_again_without_pages_and_without_a_directory(made, tmp_path):
    for also in ([made], ["--serve"]):
        result = forewave("replay", "--from-log", tmp_path, *also)
        assert result.exit_code == 2
        assert str(also[0]) in result.stderr


@pytest.mark.parametrize("typed", [("replay",), ("replay", "--json")])
def test_replay_wants_a_directory_or_a_record(typed):
    result = forewave(*typed)
    assert result.exit_code == 2
    assert "--from-log" in result.output


def test_replay_of_what_is_no_record_is_one_line(tmp_path):
    result = forewave("replay", "--from-log", tmp_path)
    assert result.exit_code == 1
    assert "holds no record of a live machine" in result.stderr
