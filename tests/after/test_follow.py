"""Reports of a live machine as its events end."""

import shutil

import pytest

from forewave.after import follow, run
from forewave.after.follow import AGAIN_S, GIVEN_UP_S, QUIET_S, Follower
from forewave.after.gather import from_record
from forewave.after.pages import all_events
from forewave.after.request import Request
from forewave.errors import ForewaveError


@pytest.fixture
def ended(record):
    """The name of the event, and when its last message was issued."""
    ((name, issued),) = from_record.events(record).items()
    return name, issued.issued


@pytest.fixture
def runs(monkeypatch):
    """The requests for which a report was to be written; those with a catalogue fail."""
    asked = []
    written = run.run

    def ran(request, say=lambda line: None):
        asked.append(request)
        if request.catalogue is not None:
            raise ForewaveError("no event is near")
        return written(request, say)

    monkeypatch.setattr(run, "run", ran)
    return asked


def test_an_event_is_reported_once_it_is_quiet(record, ended, runs, tmp_path):
    name, issued = ended
    said = []
    follower = Follower(Request(event=record, out=tmp_path), said.append)
    follower.step(issued + QUIET_S - 1.0)
    assert runs == []
    for seconds in (QUIET_S, QUIET_S + 5.0, 1e6):
        follower.step(issued + seconds)
    assert [request.out for request in runs] == [tmp_path / name]
    assert said[0].startswith(f"{name}: version 1: ")
    page = (tmp_path / "index.html").read_text()
    assert f'href="{name}/index.html"' in page


def test_messages_are_read_again_only_when_there_are_new_ones(
    record, ended, runs, tmp_path, monkeypatch
):
    name, issued = ended
    known, asked = from_record.sent(record), []
    monkeypatch.setattr(from_record, "sent", lambda root: asked.append(root) or known)
    follower = Follower(Request(event=record, out=tmp_path), lambda line: None)
    for _ in range(3):
        follower.step(issued + QUIET_S - 1.0)
    assert len(asked) == 1
    follower.step(issued + QUIET_S)
    assert [request.name for request in runs] == [name]


def test_a_catalogue_is_asked_until_it_has_the_earthquake_or_a_day_has_passed(
    record, ended, runs, tmp_path
):
    _, issued = ended
    request = Request(event=record, out=tmp_path, catalogue="https://example.org/")
    said = []
    follower = Follower(request, said.append)
    begins = issued + QUIET_S
    for now in (begins, begins + 5.0, begins + AGAIN_S, issued + GIVEN_UP_S + 60.0):
        follower.step(now)
    assert [r.catalogue is None for r in runs] == [False, True, False, True]
    assert "reported without a catalogue" in said[0]


def test_a_record_that_cannot_be_read_is_told_and_does_not_end_the_others(
    record, ended, tmp_path, monkeypatch
):
    def fails(request, say=None):
        raise ForewaveError("broken")

    monkeypatch.setattr(run, "run", fails)
    said = []
    follower = Follower(Request(event=record, out=tmp_path), said.append)
    follower.step(ended[1] + QUIET_S)
    follower.step(ended[1] + QUIET_S + 5.0)
    assert said == [f"{ended[0]}: broken"]


def test_a_record_without_events_is_waited_for(tmp_path):
    follower = Follower(Request(event=tmp_path, out=tmp_path / "out"), pytest.fail)
    follower.step(2e9)


def test_the_list_leaves_out_what_is_no_report(record, ended, tmp_path):
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "report.json").write_text("{}")
    Follower(Request(event=record, out=tmp_path), lambda line: None).step(ended[1] + QUIET_S)
    assert [name for name, _ in all_events.read(tmp_path)] == [ended[0]]
    shutil.rmtree(tmp_path / ended[0])
    assert all_events.read(tmp_path) == []
    assert follow.PAUSE_S < QUIET_S
