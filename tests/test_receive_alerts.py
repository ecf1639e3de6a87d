"""The examples of docs/how-to/receive-alerts.md, run against a real gateway and broker."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from forewave.client.place_alert import PlaceAlert
from tests.browser.warner import Warner
from tests.sources.broker import Broker

PAGE = (Path(__file__).parents[1] / "docs" / "how-to" / "receive-alerts.md").read_text()
BLOCKS = re.findall(r"^```(sh|python)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
pytestmark = pytest.mark.live


def run(kind, code, warner, folder):
    """Run an example where nothing of the repository is."""
    code = code.replace("http://127.0.0.1:8460", warner.url("").rstrip("/"))
    command = ["sh", "-e", "-c", code] if kind == "sh" else [sys.executable, "-c", code]
    bin_folder = folder / "bin"
    bin_folder.mkdir(exist_ok=True)
    program = bin_folder / "forewave"
    start = "from forewave.cli.start import start; start()"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{start}" "$@"\n')
    program.chmod(0o755)
    env = os.environ | {"PATH": f"{bin_folder}:{os.environ['PATH']}"}
    return subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False
    )


def example(words):
    [found] = [block for block in BLOCKS if words in block[1]]
    return found


@pytest.fixture
def warner():
    with Warner() as made:
        made.publish(made.alert())
        yield made


def test_there_are_six_examples_and_each_is_run_here():
    assert len(BLOCKS) == len(EXAMPLES) + 1 == 7


EXAMPLES = {
    "--place 30.66,104.06 --once --timeout 60\n": '"event": "e1"',
    "test $? = 3": "",
    "actions.log": '"event": "e1"',
    "curl": '"event":"e1"',
    "If-None-Match": "actual new e1 6.5",
    "websockets.connect": "actual new e1 version 1",
}


@pytest.mark.parametrize("words", EXAMPLES)
def test_it_does_what_the_page_says(words, warner, tmp_path):
    done = run(*example(words), warner, tmp_path)
    assert done.returncode == 0, done.stderr
    assert EXAMPLES[words] in done.stdout
    assert "Traceback" not in done.stderr


def test_the_command_has_written_its_line(warner, tmp_path):
    run(*example("actions.log"), warner, tmp_path)
    assert re.fullmatch(r"MMI 5\.\d+, cancelled: 0\n", (tmp_path / "actions.log").read_text())


def test_the_answers_of_curl_are_json_geojson_and_atom(warner, tmp_path):
    done = run(*example("curl"), warner, tmp_path)
    alerts, end = json.JSONDecoder().raw_decode(done.stdout)
    events, rest = json.JSONDecoder().raw_decode(done.stdout[end:])
    assert [alert["event"] for alert in alerts["alerts"]] == ["e1"]
    assert [event["id"] for event in events["features"]] == ["e1"]
    assert done.stdout[end:][rest:].startswith("<?xml")


def test_who_asks_with_the_tag_gets_each_alert_once(warner, tmp_path):
    done = run(*example("If-None-Match"), warner, tmp_path)
    assert done.stdout.count("e1") == 1


def test_a_broker_gets_the_line(warner, tmp_path):
    broker = Broker.if_there(tmp_path)
    try:
        kind, code = example("mqtt://127.0.0.1:1883")
        address = f"mqtt://127.0.0.1:{broker.port}"
        done = run(kind, code.replace("mqtt://127.0.0.1:1883", address), warner, tmp_path)
    finally:
        broker.kill()
    assert done.returncode == 0
    assert "connected" in done.stderr
    assert json.loads(done.stdout)["event"] == "e1"


def test_the_page_has_every_field_of_a_line():
    table = PAGE.partition("| field | meaning |")[2].partition("\n\n")[0]
    named = set(re.findall(r"`(\w+)`", re.sub(r"\|[^|]*\|$", "", table, flags=re.MULTILINE)))
    assert named == {"type", *(field.name for field in msgspec.structs.fields(PlaceAlert))}
