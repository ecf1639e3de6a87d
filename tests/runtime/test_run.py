"""Live in a process of its own, fed by a relay in another; the night itself is in conftest.py."""

import asyncio
import json
import statistics
import time

import httpx
import pytest
from click.testing import CliRunner

from forewave.archive.waveforms import ArchiveLimits, WaveformArchive
from forewave.cli import main
from forewave.config import NetworkSettings, Settings, read
from forewave.errors import ConfigError
from forewave.formats import event_directory
from forewave.pipeline import Pipeline, run
from forewave.runtime.health import Health
from forewave.runtime.run import Live
from forewave.sources.archive import ArchiveSettings
from forewave.sources.mqtt import MqttSettings
from forewave.sources.replay import arrivals
from forewave.types import Alert
from tests.runtime import live_made

TIGHT = 0.05  # seconds, in the median: a busy machine may let one alert wait


@pytest.fixture(scope="module")
def expected(night, travel_times):
    """The alerts of a replay of the directory that the relay plays."""
    recording = event_directory.read(night.folder / "event")
    pipeline = Pipeline(recording.stations, [], travel_times)
    return [word for _, word in run(pipeline, arrivals(recording)) if isinstance(word, Alert)]


def test_live_warns_as_the_replay_does(night, expected):
    found = live_made.recorded(night.calm)
    # A look at an earthquake that is a millisecond later may find the next change worth telling
    # earlier or later; so much the two may differ in the end.
    assert abs(len(found) - len(expected)) <= 1
    assert {alert.event for alert in found} == {found[0].event}
    moved = round(found[0].origin.time - expected[0].origin.time)
    late = [
        here.issued - moved - there.issued for here, there in zip(found, expected, strict=False)
    ]
    assert abs(late[0]) < TIGHT, late
    assert abs(statistics.median(late)) < TIGHT, late
    for here, there in zip(found[:5], expected[:5], strict=True):
        assert (here.version, here.kind, here.level) == (there.version, there.kind, there.level)
        assert here.origin.time - moved == pytest.approx(there.origin.time, abs=0.5)
        assert here.origin.lat == pytest.approx(there.origin.lat, abs=0.05)
    assert found[0].magnitude.value == pytest.approx(expected[0].magnitude.value, abs=0.05)


def test_it_ends_cleanly_when_it_is_asked_to(night):
    assert night.exit == (0, 0)
    said = (night.calm / "run.log").read_text()
    assert said.splitlines()[-1].endswith("INFO stopped")
    assert "Traceback" not in said


def test_every_line_of_its_log_begins_with_a_time(night):
    for line in (night.calm / "run.log").read_text().splitlines():
        assert line[:2] == "20", line
        assert line[23] == "Z", line


def test_what_came_in_is_kept(night):
    assert list((night.calm / "waveforms").rglob("*.D.*"))


def test_its_record_decides_the_same_again_byte_for_byte(night):
    done = CliRunner().invoke(main, ["replay", "--from-log", str(night.calm / "record"), "--json"])
    assert done.exit_code == 0, done.output
    *alerts, summary = map(json.loads, done.output.splitlines())
    assert len(alerts) == len(live_made.recorded(night.calm))
    assert (summary["differ"], summary["exact"]) == (0, True)


def test_without_a_source_there_is_nothing_to_run(recording, tmp_path):
    folder = live_made.live_folder(tmp_path / "x", recording, "")
    done = CliRunner().invoke(main, ["run", "-c", str(folder / "forewave.toml")])
    assert done.exit_code == 78
    assert "there is no [[sources]]" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_configuration_that_is_not_there_is_named(tmp_path):
    done = CliRunner().invoke(main, ["run", "-c", str(tmp_path / "none.toml")])
    assert done.exit_code == 78
    assert "none.toml" in done.stderr


@pytest.mark.parametrize(
    "past", [ArchiveSettings("made"), MqttSettings("broker.example", replayed=True)]
)
def test_the_past_is_never_warned_of_as_actual(recording, tmp_path, past):
    folder = live_made.live_folder(tmp_path / "x", recording, "")
    network = NetworkSettings(inventory="made/stations.csv")
    settings = Settings(network=network, sources=(past,))
    assert settings.alerts.mode == "actual"
    assert Live(settings, folder).settings.alerts.mode == "drill"


def test_without_its_key_it_does_not_begin(recording, tmp_path):
    folder = live_made.live_folder(tmp_path / "x", recording, "")
    (folder / "forewave.key").unlink()
    with pytest.raises(ConfigError, match=r"forewave\.key"):
        Live(Settings(), folder)


class Remembers(Health):
    """Health that also remembers what it heard."""

    words, stages, names = None, None, None

    def hear(self, word, now):
        self.words.append(word)
        Health.hear(self, word, now)

    def source(self, status):
        self.names.add(status.source)
        Health.source(self, status)

    def lag(self, stage, seconds):
        self.stages.add(stage)
        Health.lag(self, stage, seconds)


def test_an_archive_is_played_through_all_of_it_as_a_drill(recording, tmp_path):
    source = '[[sources]]\nkind = "archive"\npath = "sds"\nspeed = 0\npacket_s = 1\n'
    more = "[relay]\non = true\nport = 0\n[phones]\non = true\n"
    folder = live_made.live_folder(tmp_path / "x", recording, source, more)
    archive = WaveformArchive(folder / "sds", ArchiveLimits(), time.time)
    for segment in recording.segments:
        archive.add(segment)
    archive.flush()
    settings = read(folder / "forewave.toml", {"FOREWAVE_ALERTS__MODE": "actual"})
    health = Remembers(recording.stations, 0.0)
    health.words, health.stages, health.names = [], set(), set()
    live = Live(settings, folder, health=health)
    last = arrivals(recording)[-1][0] - 0.1

    async def play():
        running = asyncio.create_task(live.run())
        async with asyncio.timeout(60.0):
            while live.loop.now < last:  # noqa: ASYNC110 (nobody tells us)
                await asyncio.sleep(0.01)
        async with httpx.AsyncClient() as client:
            answer = (await client.get(f"{live.gateway.url}healthz")).json()
            phones = (await client.get(f"{live.gateway.url}triggers")).json()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return answer, phones

    answer, phones = asyncio.run(play())
    alerts = [word for word in health.words if isinstance(word, Alert)]
    assert {alert.mode for alert in alerts} == {"drill"}
    assert alerts == live_made.recorded(folder)
    assert health.stages >= {"arrival", "merge", "compute", "send"}
    assert next(iter(health.names)).startswith("archive ")
    assert answer["status"] == "ok"
    assert phones["now"] == pytest.approx(recording.info.origin_time, abs=200.0)
