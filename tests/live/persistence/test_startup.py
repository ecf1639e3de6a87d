import asyncio
from types import SimpleNamespace

import pytest

from forewave.live.loop import StepTime
from forewave.live.persistence import warm_start
from forewave.live.persistence.recovery import Rebuilt
from forewave.live.persistence.startup import Startup
from forewave.live.persistence.warm_start import Warmed
from forewave.sources.base import Left


class Recorder:
    def __init__(self, packets):
        self.packets, self.journal, self.given = packets, 0, None

    def begin(self, rooms, setup, *, past, begin_anew):
        self.given = (rooms, setup, past)
        return Rebuilt(steps=3)

    def recent_packets(self, known, stations):
        return self.packets

    def begin_catalogue(self):
        assert self.journal, "the catalogue is last"

    def begin_journal(self):
        self.journal += 1


@pytest.fixture
def started(monkeypatch):
    """Warm up with these packets; parts that were used."""

    def start(packets, warm):
        monkeypatch.setattr(warm_start, "left", lambda packets: Left(9.0, {}) if packets else None)
        monkeypatch.setattr(warm_start, "warm_up", warm)
        recorder, resumed, asked = Recorder(packets), [], []
        loop = SimpleNamespace(clock=StepTime(float), merge=None, resume=resumed.append)
        startup = Startup(
            recorder=recorder,
            setup="setup",
            pipeline=SimpleNamespace(detectors={"XX.A": None}, decider="rooms", begin_anew=None),
            loop=loop,
            sources=SimpleNamespace(resume=asked.append),
            began=0.0,
        )
        asyncio.run(startup.warm_up(startup.rebuild()))
        return SimpleNamespace(recorder=recorder, resumed=resumed, asked=asked)

    return start


def test_stations_are_warmed_and_sources_asked_for_what_was_missed(started):
    parts = started(["packet"], lambda *known: Warmed(1, 0, ["pick"]))
    assert parts.recorder.given == ("rooms", "setup", False)
    assert parts.resumed == [["pick"]]
    assert parts.asked == [Left(9.0, {})]
    assert parts.recorder.journal == 1


def test_without_a_journal_stations_begin_cold(started):
    parts = started([], lambda *known: pytest.fail("warmed all the same"))
    assert (parts.resumed, parts.asked, parts.recorder.journal) == ([], [], 1)


def test_a_fault_while_warming_does_not_end_the_process(started, caplog):
    def fail(*known):
        raise RuntimeError("damaged")

    parts = started(["packet"], fail)
    assert "stations begin cold" in caplog.text
    assert (parts.resumed, parts.recorder.journal) == ([], 1)
