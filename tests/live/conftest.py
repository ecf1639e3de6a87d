"""Tests of `forewave run` as a whole: a live machine with sources, pages and disk.

The fixtures play a magnitude 7: one machine receives all of it, another one is killed amid it.
"""

import contextlib
import time

import pytest
from msgspec.structs import replace

from forewave.formats.recordings import event_directory
from forewave.simulate.scenario import load_scenario
from forewave.simulate.simulator import simulate
from tests.live import live_made


class Night:
    """A great earthquake, live: one machine hears all of it, another one is killed amid it."""

    def __init__(self, recording, folder):
        self.recording, self.folder = recording, folder
        self.calm, self.killed = folder / "calm", folder / "killed"
        self.ready, self.exit = 0.0, None

    def play(self):
        event_directory.write(self.folder / "event", *_parts(self.recording))
        port = live_made.free_port()
        for each in (self.calm, self.killed):
            live_made.live_folder(each, self.recording, live_made.seedlink(port))
        with (
            live_made.running(self.calm, "run") as calm,
            live_made.running(self.killed, "run") as killed,
        ):
            for each in (calm, killed):
                each.until(lambda said: " ready: " in said)
            options = ["--port", port, "--stay", 0]
            with live_made.running(self.folder, "relay", "event", *options) as relay:
                killed.until(lambda said: said.count(" drill ") >= 2)
                killed.kill()
                with self.restarted() as killed:
                    relay.until(lambda said: "end of the recordings" in said)
                    self.exit = calm.stop(), killed.stop()

    @contextlib.contextmanager
    def restarted(self):
        began = time.monotonic()
        with live_made.running(self.killed, "run") as again:
            again.until(lambda said: said.count(" ready: ") == 2)
            self.ready = time.monotonic() - began
            yield again


def _parts(recording):
    return recording.info, recording.stations, recording.segments, recording.receipts


@pytest.fixture(scope="session")
def great():
    """The first 30 s of a magnitude 7."""
    return simulate(replace(load_scenario("sichuan"), duration=50.0))


@pytest.fixture(scope="session")
def night(great, tmp_path_factory):
    played = Night(great, tmp_path_factory.mktemp("night"))
    played.play()
    return played
