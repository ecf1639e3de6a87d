import logging

import pytest
from msgspec.structs import replace

from forewave.health.report import ClockReport
from forewave.live.log import LiveLog, OneLine, alert_line, sighting_line
from forewave.sources.intake.inbox import SourceStatus
from forewave.types import Alert, Dropped, PhoneSighting

STATUS = SourceStatus("seedlink a:18000", "connecting", "", 0.0, None, 0, 0, 0, {})


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.INFO, "forewave")
    return lambda: [record.getMessage() for record in caplog.records]


def test_a_fault_with_its_traceback_is_one_line():
    try:
        raise ValueError("bad\nnews")
    except ValueError as fault:
        told = (type(fault), fault, fault.__traceback__)
    record = logging.LogRecord("x", logging.ERROR, "file", 1, "it %s", ("failed",), told)
    record.created, record.msecs = 1.6e9, 7.0
    line = OneLine().format(record)
    assert "\n" not in line
    assert line.startswith("2020-09-13T12:26:40.007Z ERROR it failed | Traceback")
    assert line.endswith("ValueError: bad | news")


def test_a_source_is_told_of_when_it_changes(lines):
    log = LiveLog()
    for state in ("connecting", "live", "live", "lost", "connecting", "lost", "live"):
        reason = "no answer" if state == "lost" else ""
        log.sources([replace(STATUS, state=state, reason=reason)])
    assert lines() == [
        "seedlink a:18000 is live",
        "seedlink a:18000 is lost: no answer",
        "seedlink a:18000 is live",
    ]


def test_what_is_refused_is_counted_for_a_minute(lines):
    log = LiveLog()
    log.summary(100.0)
    for reason in ("late", "late", "duplicate"):
        log.output(Dropped("x", reason))
    log.summary(120.0)
    assert lines() == []
    log.summary(161.0)
    log.summary(300.0)
    assert lines() == ["dropped: duplicate 1, late 2"]


def test_losses_are_told_at_once_and_then_once_a_minute(lines):
    log = LiveLog()
    for second in range(125):
        log.losses("record", {"disk full": 10 * second}, 1000.0 + second)
        log.losses("tail", {"disk full": 0}, 1000.0 + second)
    assert lines() == [
        "record: not kept: 10 (disk full)",
        "record: not kept: 600 (disk full)",
        "record: not kept: 600 (disk full)",
    ]


def test_another_reason_is_told_at_once(lines):
    log = LiveLog()
    log.losses("record", {"disk full": 1}, 0.0)
    log.losses("record", {"disk full": 2, "Read-only file system": 1}, 1.0)
    assert lines()[1:] == ["record: not kept: 1 (Read-only file system)"]


def test_the_machines_clock_is_told_when_its_state_changes(lines):
    log = LiveLog()
    for state, reason in (
        ("good", ""),
        ("behind", "it is behind by 3.0 s"),
        ("behind", "it is behind by 3.1 s"),
        ("good", ""),
    ):
        log.clock(ClockReport(state, reason))
    assert lines() == [
        "the clock of this computer: it is behind by 3.0 s",
        "the clock of this computer is right again",
    ]


def test_an_alert_is_a_line_that_says_its_mode(words, lines):
    alert = next(word for _, word in words if isinstance(word, Alert))
    LiveLog().output(replace(alert, mode="drill"))
    assert lines()[0].startswith(f"drill new {alert.id} ")
    assert alert_line(alert).startswith("actual new ")


def test_phones_are_told_of_as_what_they_are(words):
    alert = next(word for _, word in words if isinstance(word, Alert))
    assert alert_line(alert).endswith(f", {alert.stations} stations")
    assert alert_line(replace(alert, only_phones=True)).endswith(", phones only")
    sighting = PhoneSighting(1e9, 35.0, -118.25, 12.0, 40, 12, 0.987)
    said = "40 phones in 12 cells detect an earthquake at 35.00, -118.25 (probability 0.99)"
    assert sighting_line(sighting) == said
