"""The commands, as they are typed."""

import json
import socket
import subprocess
import sys
from importlib.metadata import version

import click
import pytest

from forewave.cli.main import main
from tests.cli.commands import SCENARIO, forewave


def commands(group=main, before=()):
    for name, command in group.commands.items():
        yield (*before, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*before, name))


@pytest.mark.parametrize("typed", [(), *commands()], ids=" ".join)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_every_command_explains_itself(typed, flag):
    result = forewave(*typed, flag)
    assert result.exit_code == 0
    assert result.output.startswith("Usage:")
    explained = result.output.split("\n\n")[1].strip()
    assert len(explained) > 20


def test_help_is_quick_since_nothing_heavy_is_imported():
    heavy = "{'numba', 'obspy', 'matplotlib', 'scipy'} & set(sys.modules)"
    script = f"import sys, forewave.cli.main; sys.exit(repr({heavy}) if {heavy} else 0)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_version_is_the_packages():
    assert forewave("--version").output.endswith(f", version {version('forewave')}\n")


def _without(name):
    return lambda folder: (folder / name).unlink()


def _text(name, text):
    return lambda folder: (folder / name).write_text(text)


def _cut(folder):
    path = folder / "waveforms.mseed"
    path.write_bytes(path.read_bytes()[:300])


SPOILED = {
    "no stations": (_without("stations.csv"), "stations"),
    "no waveforms": (_without("waveforms.mseed"), "mseed"),
    "event is not JSON": (_text("event.json", "{"), "event.json"),
    "event is a list": (_text("event.json", "[]"), "event.json"),
    "latitude is a word": (_text("event.json", '{"id": "x", "lat": "north"}'), "event.json"),
    "stations is not a table": (_text("stations.csv", "hello\n"), "stations.csv"),
    "stations is empty": (_text("stations.csv", ""), "stations.csv"),
    "waveforms cut off": (_cut, "mseed"),
}


@pytest.mark.parametrize("how", sorted(SPOILED))
def test_a_malformed_directory_is_one_line_that_names_the_file(damaged, how):
    spoil, named = SPOILED[how]
    spoil(damaged)
    result = forewave("replay", damaged, "--json")
    assert result.exit_code != 0
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1, result.stderr
    assert result.stderr.startswith("Error: ")
    assert named in result.stderr
    assert "Traceback" not in result.stderr
    assert result.exception is None or isinstance(result.exception, SystemExit)


@pytest.mark.parametrize("command", ["replay", "check", "evaluate"])
def test_a_folder_that_is_not_there_is_named(command, tmp_path):
    result = forewave(command, tmp_path / "nowhere")
    assert result.exit_code != 0
    assert "nowhere" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("speed", ["0", "-1", "fast", "nan"])
def test_a_wrong_speed_says_what_is_right(made, speed):
    result = forewave("replay", made, "--speed", speed)
    assert result.exit_code == 2
    assert "expected a number above 0, or max" in result.output


def test_a_wrong_setting_is_one_line(made, tmp_path):
    config = tmp_path / "forewave.toml"
    config.write_text("[alerts]\nthreshold_of_pain = 3\n")
    result = forewave("replay", made, "-c", config)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: {config}")
    assert "threshold_of_pain" in result.stderr
    assert result.stderr.count("\n") == 1


def test_evaluate_goes_on_after_a_bad_directory(made, damaged, tmp_path):
    (damaged / "event.json").write_text("{")
    board = tmp_path / "scoreboard.json"
    result = forewave("evaluate", damaged, made, "--json", board)
    assert result.exit_code == 0, result.output
    assert "event.json" in result.output
    found = json.loads(board.read_text())["events"]
    assert [event["id"] for event in found] == ["small"]
    assert found[0]["matched"]


def test_evaluate_of_nothing_readable_fails_and_shows_no_empty_table(damaged):
    (damaged / "event.json").write_text("{")
    result = forewave("evaluate", damaged)
    assert result.exit_code == 1
    assert result.stdout.strip().startswith("not evaluated")
    assert "Scoreboard" not in result.stdout


@pytest.mark.parametrize("command", [["demo"], ["drill"], ["replay", "--serve"], ["relay"]])
def test_a_taken_port_is_said_before_anything_is_read_or_computed(command, made, tmp_path):
    (tmp_path / "slow").mkdir()  # would be refused if it were read first
    folder = [tmp_path / "slow"] if command[0] in ("replay", "relay") else []
    with socket.create_server(("127.0.0.1", 0)) as server:
        result = forewave(*command, *folder, "--port", server.getsockname()[1])
    assert result.exit_code == 2, result.output
    assert result.stderr.startswith("Error: Invalid value for '--port': cannot open port")
    assert result.stderr.count("\n") == 1


def test_evaluate_writes_a_report(made, tmp_path):
    assert forewave("evaluate", made, "--report", tmp_path / "report").exit_code == 0
    assert "<html" in (tmp_path / "report" / "index.html").read_text()


def test_simulate_writes_what_replay_reads(tmp_path):
    scenario = tmp_path / "mine.toml"
    scenario.write_text(SCENARIO)
    result = forewave("simulate", scenario, "-o", tmp_path / "mine")
    assert result.exit_code == 0, result.output
    assert "9 stations" in result.output
    replayed = forewave("replay", tmp_path / "mine", "--json")
    assert json.loads(replayed.stdout.splitlines()[-1])["events"] == 1


def test_simulate_overwrites_nothing(made):
    result = forewave("simulate", "sichuan", "-o", made)
    assert result.exit_code == 2
    assert f"{made}: it is not empty; expected a folder that does not exist yet" in result.stderr


def test_a_drill_that_pages_would_not_show_is_refused():
    result = forewave("drill", "--magnitude", "3", "--port", "0")
    assert result.exit_code == 2
    assert "'--magnitude': 3: MMI" in result.stderr
    assert "pages show nothing below 3.5" in result.stderr


def test_check_of_a_file_of_an_event_directory_asks_for_the_folder(made):
    result = forewave("check", made / "event.json")
    assert result.exit_code == 2
    assert "expected the folder of an event directory, or a forewave.toml" in result.stderr


@pytest.mark.parametrize(
    ("text", "said"), [("duration = 'long'", "duration"), ("[network", "mine.toml")]
)
def test_a_wrong_scenario_is_one_line(tmp_path, text, said):
    scenario = tmp_path / "mine.toml"
    scenario.write_text(text)
    result = forewave("simulate", scenario, "-o", tmp_path / "out")
    assert result.exit_code == 1
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_an_unknown_scenario_names_those_there_are(tmp_path):
    result = forewave("simulate", "atlantis", "-o", tmp_path / "out")
    assert result.exit_code == 2
    assert "sichuan" in result.stderr


def test_check_finds_nothing_wrong_with_what_simulate_makes(made):
    result = forewave("check", made)
    assert result.exit_code == 0, result.output


def test_check_names_what_would_not_work(damaged):
    path = damaged / "stations.csv"
    header, *rows = path.read_text().splitlines()
    column = header.split(",").index("gain")
    cells = rows[0].split(",")
    cells[column] = ""
    path.write_text("\n".join([header, ",".join(cells), *rows[1:]]) + "\n")
    result = forewave("check", damaged)
    assert "gain" in result.output
    assert "Traceback" not in result.output


def test_relay_plays_a_directory_and_ends_when_it_is_told_to(made):
    options = ["--port", 0, "--speed", 10_000, "--stay", 0, "--keep-times"]
    done = forewave("relay", made, *options)
    assert done.exit_code == 0, done.output
    first, last = done.output.splitlines()
    assert first.startswith("SeedLink 3 and 4 on 127.0.0.1:")
    assert last == "end of the recordings"
