"""Live machines in processes of their own, for tests: what they say, and how they are ended."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time

from forewave.archive.event_log import entries
from forewave.delivery import signing
from forewave.formats.recordings import event_directory
from forewave.formats.storage.log_blocks import Step
from forewave.types import Alert

COMMAND = [sys.executable, "-c", "from forewave.cli.main import main; main()"]
PATIENCE = 90.0


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Running:
    """A forewave command in its own process; its output goes to a file."""

    def __init__(self, folder, *typed, **environment):
        self.log = folder / f"{typed[0]}.log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*COMMAND, *map(str, typed)],
                cwd=folder,
                stdout=log,
                stderr=log,
                env=os.environ | environment,
            )

    def said(self):
        return self.log.read_text()

    def until(self, condition, patience=PATIENCE):
        """Wait until it has said so; answer all that it has said."""
        ends = time.monotonic() + patience
        while time.monotonic() < ends:
            if condition(self.said()):
                return self.said()
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise AssertionError(f"{self.process.poll()}: {self.said()}")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        """Ask it to end; answer its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20.0)


@contextlib.contextmanager
def running(folder, *typed, **environment):
    started = Running(folder, *typed, **environment)
    try:
        yield started
    finally:
        started.kill()


def live_folder(folder, recording, sources, more=""):
    """A folder with forewave.toml, stations and key."""
    folder.mkdir(parents=True, exist_ok=True)
    event_directory.write(folder / "made", recording.info, recording.stations, recording.segments)
    (folder / "made" / "waveforms.mseed").unlink()
    (folder / "forewave.toml").write_text(
        '[network]\ninventory = "made/stations.csv"\n[server]\nport = 0\nstream_port = 0\n'
        f'[alerts]\nmode = "drill"\n{more}\n{sources}'
    )
    signing.generate().save(folder / "forewave.key")
    return folder


def recorded(folder):
    """The alerts that a live machine's record has."""
    moments = (entry for entry in entries(folder / "record") if isinstance(entry, Step))
    return [word for moment in moments for word in moment.words if isinstance(word, Alert)]


def seedlink(port):
    return f'[[sources]]\nkind = "seedlink"\nserver = "127.0.0.1:{port}"\nstations = ["*.*"]\n'
