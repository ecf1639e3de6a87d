import os
import shutil
import time

import numpy as np
import pytest

from forewave.archive import packet_journal
from forewave.archive.catalogue.query import EventQuery
from forewave.archive.catalogue.reader import Reader
from forewave.archive.event_log import entries, files
from forewave.config import Settings
from forewave.delivery import signing
from forewave.errors import ConfigError
from forewave.formats.storage.log_blocks import Began
from forewave.live.persistence import recovery
from forewave.live.persistence.recorder import TOO_OLD, Recorder, waveforms
from forewave.live.persistence.recovery import Rebuilt
from forewave.live.persistence.setup_journal import setup_of
from forewave.settings import CatalogueSettings, RecordSettings, WaveformSettings
from forewave.types import Alert, Packet, ShakingForecast, Solution, StreamId
from tests.archive.catalogue.conftest import alert, until

NOTHING = Settings(record=RecordSettings(folder=""), waveforms=WaveformSettings(folder=""))


@pytest.fixture
def setup(recording):
    return setup_of(Settings().pipeline, recording.stations, ())


def test_what_is_not_wanted_is_not_kept(tmp_path, new_pipeline, setup, steps):
    recorder = Recorder(NOTHING, tmp_path)
    assert recorder.begin(new_pipeline().decider, setup, past=False).steps == 0
    recorder.step(1.0, steps[0].words, True)
    recorder.close()
    assert waveforms(NOTHING, tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_waveforms_go_where_the_settings_say(tmp_path):
    kept = waveforms(Settings(waveforms=WaveformSettings("sds", 3.0, 2.0)), tmp_path)
    assert (kept.root, kept.limits.days, kept.limits.gb) == (tmp_path / "sds", 3.0, 2.0)


def test_it_records_what_was_heard_and_said(tmp_path, new_pipeline, setup, steps):
    recorder = Recorder(Settings(), tmp_path)
    recorder.begin(new_pipeline().decider, setup, past=False)
    for step in steps:
        recorder.step(step.now, step.words, not step.words)
    recorder.step(steps[-1].now, (), False)
    recorder.close()
    began, *kept = entries(tmp_path / "record")
    assert isinstance(began, Began)
    assert [step.now for step in kept] == [step.now for step in steps]
    shaking_forecasts = [w for step in kept for w in step.words if isinstance(w, ShakingForecast)]
    assert shaking_forecasts
    assert all(len(shaking.forecasts) == 1 for shaking in shaking_forecasts)


def test_a_second_process_takes_up_what_the_first_left(
    tmp_path, new_pipeline, setup, steps, monkeypatch
):
    alert = next(m for m in steps if any(isinstance(w, Alert) for w in m.words))
    now = alert.now + 2.0
    monkeypatch.setattr("forewave.live.persistence.recorder.time.time", lambda: now)
    lives = []
    for _ in range(2):
        recorder = Recorder(Settings(), tmp_path)
        lives.append(recorder.begin(new_pipeline().decider, setup, past=False))
        if len(lives) == 1:
            for step in steps:
                if step.now < now:
                    recorder.step(step.now, step.words, not step.words)
        recorder.close()
        now += 1.0
    assert lives[0].steps == 0
    assert list(lives[1].alerts) == [alert.words[-1].event]
    begins = [e for e in entries(tmp_path / "record") if isinstance(e, Began)]
    assert [each.since is None for each in begins] == [True, False]


def test_a_record_that_cannot_be_read_costs_no_warning(tmp_path, new_pipeline, setup, caplog):
    root = tmp_path / "record"
    recorder = Recorder(Settings(), tmp_path)
    recorder.begin(new_pipeline().decider, setup, past=False)
    recorder.close()
    (file,) = files(root)
    data = bytearray(file.read_bytes())
    file.write_bytes(bytes(data[:8]) + b"\0" * 20)
    again = Recorder(Settings(), tmp_path)
    assert again.begin(new_pipeline().decider, setup, past=False).steps == 0
    again.close()


def test_two_machines_do_not_share_a_record(tmp_path, new_pipeline, setup):
    first, second = Recorder(Settings(), tmp_path), Recorder(Settings(), tmp_path)
    first.begin(new_pipeline().decider, setup, past=False)
    with pytest.raises(ConfigError, match=r"another live machine keeps its record there"):
        second.begin(new_pipeline().decider, setup, past=False)
    second.close()
    first.close()
    second.begin(new_pipeline().decider, setup, past=False)
    second.close()


def test_a_folder_that_cannot_be_made_is_said(tmp_path, new_pipeline, setup, caplog):
    (tmp_path / "record").write_text("a file")
    recorder = Recorder(Settings(), tmp_path)
    recorder.begin(new_pipeline().decider, setup, past=False)
    recorder.step(1.0, (), True)
    recorder.close()
    assert "the record cannot be used" in caplog.text
    assert sum(recorder.record.lost.values()) > 0


@pytest.fixture
def tailed(tmp_path, packets):
    """A recorder whose predecessor had these packets when it was ended."""

    def after(settings=None, ended=None):
        before = Recorder(settings or Settings(), tmp_path)
        before.begin_journal()
        for now, packet in packets[:200]:
            before.merged(packet, now)
        before.close()
        for file in packet_journal.files(tmp_path / "record" / "tail"):
            os.utime(file, (ended, ended) if ended else None)
        return Recorder(settings or Settings(), tmp_path)

    return after


def test_the_tail_lies_beside_the_record(tailed, packets):
    found = tailed().recent_packets(Rebuilt(1), 10)
    assert [piece.now for piece in found] == [now for now, _ in packets[:200]]


def test_a_tail_that_ended_long_ago_is_none(tailed):
    assert tailed(ended=time.time() - TOO_OLD - 1.0).recent_packets(Rebuilt(1), 10) == []


def test_without_rooms_that_go_on_the_tail_is_of_no_use(tailed):
    assert tailed().recent_packets(Rebuilt(), 10) == []


def test_without_a_record_there_is_no_tail(tailed, tmp_path):
    assert tailed(NOTHING).recent_packets(Rebuilt(1), 10) == []
    assert list(tmp_path.iterdir()) == []


def test_a_tail_that_cannot_be_read_is_said(tailed, caplog, monkeypatch):
    def refuse(root, since):
        raise OSError(5, "broken")

    monkeypatch.setattr(packet_journal, "read", refuse)
    assert tailed().recent_packets(Rebuilt(1), 10) == []
    assert "the recent-packet journal cannot be read" in caplog.text


def test_what_is_lost_is_counted_by_what_it_was_for(tailed, tmp_path):
    (tmp_path / "record").write_text("a file")
    recorder = Recorder(Settings(), tmp_path)
    assert recorder.lost() == {"catalogue": {}}
    recorder.begin_journal()
    recorder.merged(Packet(StreamId("XX", "A", "", "HNZ"), 1.0, 1.0, np.zeros(1, np.int32)), 2.0)
    recorder.close()
    lost = [(name, sum(counts.values())) for name, counts in recorder.lost().items()]
    assert lost == [("tail", 1), ("catalogue", 0)]


def test_a_record_that_was_removed_while_running_can_be_replayed_again(
    tmp_path, new_pipeline, setup, steps
):
    recorder = Recorder(Settings(), tmp_path)
    recorder.begin(new_pipeline().decider, setup, past=False)
    assert recorder.record.settle(5.0)
    shutil.rmtree(tmp_path / "record")
    for step in steps:
        recorder.step(step.now, step.words, not step.words)
    recorder.close()
    found = recovery.replay(tmp_path / "record", lambda now, word: None)
    assert found.alerts > 0
    assert found.stations == len(setup.stations)


def test_signed_messages_are_there_after_a_restart(tmp_path, new_pipeline, setup):
    recorder = Recorder(Settings(), tmp_path)
    recorder.sent(b'{"n":0}')  # before it has begun nothing is written
    recorder.begin(new_pipeline().decider, setup, past=False)
    recorder.sent(b'{"n":1}')
    recorder.close()
    assert Recorder(Settings(), tmp_path).past_alerts(10) == [b'{"n":1}']
    assert Recorder(NOTHING, tmp_path).past_alerts(10) == []


def test_messages_that_cannot_be_kept_count_as_losses_of_the_record(tmp_path, new_pipeline, setup):
    recorder = Recorder(Settings(), tmp_path)
    recorder.begin(new_pipeline().decider, setup, past=False)
    recorder.alerts.lost["disk full"] += 2
    recorder.record.lost["disk full"] += 1
    assert recorder.lost()["record"] == {"disk full": 3}
    recorder.close()


@pytest.fixture
def catalogued(new_pipeline, setup, steps):
    """A recorder that has been given all steps, and one message."""

    def after(recorder, given=True):
        recorder.begin(new_pipeline().decider, setup, past=True)
        recorder.begin_catalogue()
        if given:
            for step in steps:
                recorder.step(step.now, step.words, not step.words)
            recorder.sent(signing.generate().seal(alert()))
        return recorder

    return after


def found(recorder):
    query = EventQuery(mode=None, withdrawn=None)
    events = Reader(recorder.database).events(query, 100, every_version=True)
    return {(event.id, each.number): each.issued for event in events for each in event.versions}


def test_every_solution_and_message_is_in_the_catalogue(tmp_path, catalogued, steps):
    recorder = catalogued(Recorder(Settings(), tmp_path))
    recorder.close()
    wanted = {
        (word.event, word.version): step.now
        for step in steps
        for word in step.words
        if isinstance(word, Solution)
    }
    assert wanted
    assert found(recorder) == wanted
    assert (tmp_path / "record" / "catalogue.sqlite").exists()
    assert recorder.catalogue_counts()["written"] == len(wanted) + 1
    assert recorder.waits() == {"catalogue": ""}


def test_a_catalogue_that_was_removed_is_filled_in_from_the_event_log(tmp_path, catalogued):
    before = catalogued(Recorder(Settings(), tmp_path))
    before.close()
    wanted = found(before)
    for file in (tmp_path / "record").glob("catalogue.sqlite*"):
        file.unlink()
    again = catalogued(Recorder(Settings(), tmp_path), given=False)
    until(lambda: again.catalogue.filled == len(wanted) + 1)
    again.close()
    assert found(again) == wanted


def test_without_a_database_there_is_no_catalogue(tmp_path, catalogued):
    settings = Settings(catalogue=CatalogueSettings(database=""))
    recorder = catalogued(Recorder(settings, tmp_path))
    recorder.close()
    assert recorder.catalogue is None
    assert recorder.catalogue_counts() == recorder.waits() == {}
    assert not list((tmp_path / "record").glob("*.sqlite*"))
