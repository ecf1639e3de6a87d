"""`forewave run --role`: one line about what is wrong, and the settings of the command line."""

import signal
import subprocess
import time

import pytest

from forewave.cluster.run import _read
from tests.live.live_made import COMMAND, live_folder, running, seedlink
from tests.small_network import recording

pytestmark = pytest.mark.slow


def typed(folder, *words):
    return subprocess.run(
        [*COMMAND, "run", *words], cwd=folder, capture_output=True, text=True, timeout=120
    )


def test_a_role_without_a_bus_is_a_configuration_error(tmp_path):
    live_folder(tmp_path, recording(), seedlink(18000))
    done = typed(tmp_path, "--role", "gateway")
    assert done.returncode == 78
    assert "cluster.bus" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_bus_without_a_role_is_wrong_use(tmp_path):
    done = typed(tmp_path, "--bus", "nats://a:4222")
    assert done.returncode == 2
    assert "--role" in done.stderr


def test_the_command_line_is_above_the_file(tmp_path):
    live_folder(tmp_path, recording(), seedlink(18000), '[cluster]\nshard = "1/2"\nbus = "x"\n')
    settings = _read(tmp_path / "forewave.toml", {}, {"bus": "nats://a:1"})
    assert settings.cluster.bus == "nats://a:1"
    assert settings.cluster.shard == "1/2"


@pytest.mark.parametrize("role", ["decide", "record"])
def test_a_role_that_reads_nothing_again_goes_on_after_sighup(tmp_path, role):
    live_folder(tmp_path, recording(), seedlink(18000))
    words = ("--role", role, "--bus", "nats://127.0.0.1:1")
    with running(tmp_path, "run", *words) as started:
        started.until(lambda said: f"role {role}" in said)

        def is_told(said):  # before its handler is in place a signal is ignored
            started.process.send_signal(signal.SIGHUP)
            time.sleep(0.1)
            return "SIGHUP: this role reads nothing again" in said

        started.until(is_told)
        assert started.stop() == 0
