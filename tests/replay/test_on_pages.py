import io
import signal
import socket
import subprocess
import sys

import pytest
from rich.console import Console

from forewave.config import ServerSettings, Settings
from forewave.errors import ConfigError
from forewave.process.replay_clock import ReplayClock
from forewave.replay.on_pages import Pace, _Show, show
from forewave.types import Alert

pytestmark = pytest.mark.slow

ANYWHERE = Settings(server=ServerSettings(port=0, stream_port=0))


def test_it_opens_the_pages_plays_a_drill_and_sums_it_up(recording):
    out, words = io.StringIO(), []
    pace = Pace(speed=1000.0, patience=0.0, stay=0.0)
    console = Console(file=out, width=100)
    show(recording, console, ANYWHERE, pace, lambda now, word: words.append(word))
    text = out.getvalue()
    assert text.index("/tv") < text.index("ALERT") < text.index("First alert ")
    assert {word.mode for word in words if isinstance(word, Alert)} == {"drill"}


def test_its_heartbeats_say_that_everything_is_a_drill(recording):
    stage = _Show(recording, ANYWHERE, ReplayClock(0.0, 1.0), Console(file=io.StringIO()))
    assert b'"state":"drill"' in stage._gateway.stream._heartbeat()


def test_channels_that_want_drills_get_them(recording, tmp_path):
    told = ["sh", "-c", f"echo $FOREWAVE_TYPE $FOREWAVE_REASON $FOREWAVE_TITLE >> {tmp_path}/$0"]
    channels = tuple(
        {"type": "command", "name": name, "command": [*told, name], "drills": name == "yes"}
        for name in ("yes", "no")
    )
    settings = Settings(server=ServerSettings(port=0, stream_port=0), channels=channels)
    pace = Pace(speed=8.0, patience=0.0, stay=1.0)
    show(recording, Console(file=io.StringIO()), settings, pace, folder=tmp_path)
    lines = (tmp_path / "yes").read_text().splitlines()
    assert lines[0].startswith("drill first DRILL - there is no earthquake: EARTHQUAKE")
    assert all(line.startswith("drill ") for line in lines)
    assert not (tmp_path / "no").exists()


def test_a_taken_port_is_one_clear_line(recording):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        settings = Settings(server=ServerSettings(port=port, stream_port=0))
        with pytest.raises(ConfigError, match=f"cannot open port {port} on 127.0.0.1"):
            show(recording, Console(file=io.StringIO()), settings)


PROGRAM = """
from rich.console import Console
from forewave.config import ServerSettings, Settings
from forewave.replay.on_pages import demo
demo(Console(width=100), Settings(server=ServerSettings(port=0, stream_port=0)), None, "small")
"""


def test_ctrl_c_ends_it_without_a_traceback():
    program = subprocess.Popen(
        [sys.executable, "-u", "-c", PROGRAM],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        for line in program.stdout:
            if "/tv" in line:
                break
        program.send_signal(signal.SIGINT)
        _, errors = program.communicate(timeout=30)
    finally:
        program.kill()
    assert (program.returncode, errors) == (0, "")
