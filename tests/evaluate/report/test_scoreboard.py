import io
import json

import pytest
from rich.console import Console

from forewave.evaluate.report.scoreboard import evaluate
from forewave.evaluate.scoring.playback import Replay
from forewave.formats.recordings import event_directory
from forewave.simulate.simulator import simulate
from tests.evaluate.suite.test_pool import SCENARIO


def run(folders, **more):
    out = io.StringIO()
    board = evaluate(folders, console=Console(file=out, width=160), clock=lambda: 0.0, **more)
    return board, out.getvalue()


@pytest.fixture(scope="module")
def written(simulated_set, quiet_set, tmp_path_factory):
    """Everything `evaluate` writes of an earthquake, noise, and two folders that are not sets."""
    folder = tmp_path_factory.mktemp("out")
    empty = folder / "shaking-only"
    empty.mkdir()
    sets = [simulated_set, empty, folder / "nowhere", quiet_set]
    board, text = run(sets, json_file=folder / "s.json", report=folder / "report")
    return folder, board, text


def test_the_json_has_what_programs_compare(written):
    folder, _, _ = written
    content = json.loads((folder / "s.json").read_text())
    quake, quiet = content["events"]
    assert (quake["id"], quake["kind"], quake["matched"]) == ("small", "earthquake", True)
    assert (quiet["id"], quiet["kind"], quiet["first_alert_s"]) == ("quiet", "noise", None)
    assert set(quake["users"]) == {"III", "IV", "V", "VI"}
    names = {"hit", "late", "miss", "false", "lead_time_median_s", "lead_time_p90_s"}
    assert set(quake["users"]["IV"]) == names
    assert content["settings"] == {"packet_s": 1.0, "latency_s": 0.5}
    assert content["summary"]["matched"] == content["summary"]["earthquakes"] == 1


def test_noise_is_quiet(written):
    _, board, _ = written
    assert board.cases[1].score.false_events == 0


def test_a_folder_that_cannot_be_evaluated_is_reported_and_the_others_are_evaluated(written):
    folder, board, text = written
    assert [name for name, _ in board.failed] == ["shaking-only", "nowhere"]
    assert [row["id"] for row in json.loads((folder / "s.json").read_text())["failed"]] == [
        "shaking-only",
        "nowhere",
    ]
    assert "not evaluated shaking-only" in text
    assert "no such directory" in text


def test_the_report_is_written(written):
    folder, _, _ = written
    names = {path.name for path in (folder / "report").iterdir()}
    assert names == {"index.html", "small.html", "quiet.html", "scoreboard.json"}


def test_twice_is_the_same_to_the_byte(written, simulated_set, quiet_set):
    _, board, _ = written
    again, _ = run([simulated_set, quiet_set])
    assert again.content()["events"] == board.content()["events"]


def test_packets_and_latency_are_those_asked_for(simulated_set):
    board, _ = run([simulated_set], replay=Replay(packet_s=0.5, latency_s=2.5))
    usual, _ = run([simulated_set])
    score, before = board.cases[0].score, usual.cases[0].score
    assert 1.0 < score.p1_s - before.p1_s < 2.5
    assert board.content()["settings"] == {"packet_s": 0.5, "latency_s": 2.5}


def test_figures_are_rounded(written):
    _, board, _ = written
    row = board.content()["events"][0]
    assert row["first_alert_s"] == round(row["first_alert_s"], 4)


def test_every_earthquake_of_a_simulated_folder_is_known(tmp_path):
    """As `forewave simulate` writes it and `forewave evaluate` reads it."""
    actual = simulate(SCENARIO)
    event_directory.write(tmp_path / "two", actual.info, actual.stations, actual.segments)
    board, text = run([tmp_path / "two"])
    assert [row.magnitude for row in board.cases[0].rows] == [5.0, 4.5]
    assert board.cases[0].truth.complete
    assert "of 2 earthquakes found in 1 recordings" in text
    assert "unproven" not in text
