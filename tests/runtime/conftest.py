"""A small made earthquake, and the pipeline that listens to it."""

import contextlib
import time

import pytest
from msgspec.structs import replace

from forewave.config import Settings
from forewave.earth import travel_time
from forewave.formats import event_directory
from forewave.formats.record import Moment
from forewave.pipeline import Pipeline
from forewave.runtime.places import places
from forewave.runtime.replay import replay
from forewave.runtime.run_loop import Loop
from forewave.simulate.scenario import load_scenario
from forewave.simulate.simulator import simulate
from forewave.sources.base import Delivery, Inbox
from forewave.sources.replay import arrivals
from forewave.types import Dropped
from tests.runtime import live_made


@pytest.fixture(scope="session")
def recording():
    return simulate(load_scenario("small"))


@pytest.fixture(scope="session")
def packets(recording):
    return arrivals(recording)


@pytest.fixture(scope="session")
def somewhere(recording):
    return places(recording.stations, Settings().towns)


@pytest.fixture(scope="session")
def new_pipeline(recording, somewhere):
    return lambda: Pipeline(recording.stations, somewhere, travel_time.load())


@pytest.fixture(scope="session")
def words(new_pipeline, packets):
    """All that the pipeline says: (now, word)."""
    said = []
    replay(new_pipeline(), packets, lambda now, word: said.append((now, word)))
    return said


@pytest.fixture(scope="session")
def beginning(recording, packets):
    """The packets until the first alert is out."""
    return [pair for pair in packets if pair[0] < recording.info.origin_time + 8.0]


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
                    relay.until(lambda said: "all is played" in said)
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


@pytest.fixture(scope="session")
def moments(new_pipeline, packets):
    """What a live machine that hears the packets in time has to record."""
    heard = []
    loop = Loop(Inbox(), new_pipeline(), lambda *moment: heard.append(moment))
    for arrival, packet in packets:
        loop.take(Delivery(arrival, "a", packet))
    kept = (
        (now, tuple(w for w in words if not isinstance(w, Dropped)), thought)
        for now, words, thought in heard
    )
    return [Moment(now, words) for now, words, thought in kept if words or thought]
