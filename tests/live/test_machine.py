"""Live in a process of its own, fed by a relay in another; the night itself is in conftest.py."""

import asyncio
import json
import time
from functools import partial

import httpx
import pytest
from click.testing import CliRunner

from forewave.archive.waveforms import ArchiveLimits, WaveformArchive
from forewave.cli.main import main
from forewave.config import NetworkSettings, Settings, read
from forewave.errors import ConfigError
from forewave.formats.recordings import event_directory
from forewave.health.collector import Health
from forewave.live.build import build
from forewave.sources.archive import ArchiveSettings
from forewave.sources.mqtt.source import MqttSettings
from forewave.sources.replay import arrivals
from forewave.types import Alert
from tests.live import live_made, live_pair

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("night")]


@pytest.mark.timeout(300)
def test_live_warns_as_the_replay_does(night, tmp_path):
    def play(folder):
        if folder.name == "again":
            return live_pair.through_relay(night.recording, folder)
        written = event_directory.read(night.folder / "event")
        return live_pair.pair(night.calm, written, arrivals(written))

    live_pair.assert_plays_same(play, tmp_path)


@pytest.mark.thorough
@pytest.mark.timeout(300)
def test_a_recorded_night_warns_as_its_replay_does(recordings, tmp_path):
    """A hundred stations, whose packets come at the same hundredths of a second."""
    folder = recordings / "tw-20210418-hualien"
    recording = live_pair.cut(event_directory.read(folder), 9.0, 20.0)
    live_pair.assert_plays_same(partial(live_pair.through_relay, recording), tmp_path)


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


@pytest.mark.parametrize("kind", ["archive", "mqtt"])
def test_the_past_is_never_warned_of_as_actual(recording, tmp_path, kind):
    folder = live_made.live_folder(tmp_path / "x", recording, "")
    network = NetworkSettings(inventory="made/stations.csv")
    past = {
        "archive": ArchiveSettings(str(folder / "made")),
        "mqtt": MqttSettings("broker.example", replayed=True),
    }
    settings = Settings(network=network, sources=(past[kind],))
    assert settings.alerts.mode == "actual"
    assert build(settings, folder).settings.alerts.mode == "drill"


def test_without_its_key_it_does_not_begin(recording, tmp_path):
    folder = live_made.live_folder(tmp_path / "x", recording, "")
    (folder / "forewave.key").unlink()
    with pytest.raises(ConfigError, match=r"forewave\.key"):
        build(Settings(), folder)


class Remembers(Health):
    """Health that also remembers what it heard."""

    words, stages, names = None, None, None

    def receive(self, word, now):
        self.words.append(word)
        Health.receive(self, word, now)

    def sources(self, statuses):
        self.names.update(status.source for status in statuses)
        Health.sources(self, statuses)

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
    live = build(settings, folder, health=health)
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
