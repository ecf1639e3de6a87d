from msgspec.structs import replace

from forewave.archive import alert_archive
from forewave.archive.alert_archive import AlertArchive
from forewave.archive.catalogue.records import AlertRecord
from forewave.archive.event_log import EventLog, EventLogLimits
from forewave.delivery import signing
from forewave.formats.storage.log_blocks import Began, Step
from forewave.live.persistence import setup_journal
from forewave.live.persistence.log_records import log_records
from forewave.settings import Settings
from tests.archive.catalogue.conftest import T0, alert, solution


def logged(root, steps, mode="actual"):
    """An event log with one process of these steps."""
    settings = Settings().pipeline
    settings = replace(settings, alerts=replace(settings.alerts, mode=mode))
    setup = setup_journal.keep(setup_journal.setup_of(settings, (), ()), root)
    log = EventLog(root, EventLogLimits(spare_gb=0.0), lambda: T0, Began(T0, setup, None))
    for step in steps:
        log.add(step)
    log.close()


def test_every_version_is_found_with_its_time_and_the_mode_of_its_process(tmp_path):
    logged(tmp_path, [Step(T0 + n, (solution(version=n),)) for n in (1, 2, 3)])
    logged(tmp_path, [Step(T0 + 9, (solution("fw2"), alert()))], mode="drill")
    found = list(log_records(tmp_path, None))
    assert [(each.solution.event, each.solution.version, each.mode) for each in found] == [
        ("fw1", 1, "actual"),
        ("fw1", 2, "actual"),
        ("fw1", 3, "actual"),
        ("fw2", 1, "drill"),
    ]
    assert [each.issued for each in found] == [T0 + 1, T0 + 2, T0 + 3, T0 + 9]


def test_only_what_follows_is_read_with_a_margin(tmp_path):
    logged(tmp_path, [Step(T0 + 1000 * n, (solution(version=n),)) for n in (1, 2, 3)])
    found = list(log_records(tmp_path, T0 + 2500))
    assert [each.solution.version for each in found] == [2, 3]


def test_signed_messages_are_found_as_they_are(tmp_path):
    signed = signing.generate().seal(alert())
    archive = AlertArchive(tmp_path / alert_archive.NAME)
    for message in (b'{"no":"message"}', signed):
        archive.add(message)
    archive.close()
    assert list(log_records(tmp_path, None)) == [AlertRecord(signed)]
    assert list(log_records(tmp_path, T0 + 9999)) == []


def test_solutions_of_which_it_is_not_known_whether_they_are_a_drill_are_left_out(tmp_path, caplog):
    logged(tmp_path, [Step(T0, (solution(),))])
    for setup in tmp_path.glob("setup-*"):
        setup.write_bytes(b"damaged")
    logged(tmp_path / "other", [Step(T0, (solution(),))])
    assert list(log_records(tmp_path, None)) == []
    assert "not filled into the catalogue" in caplog.text
    assert len(list(log_records(tmp_path / "other", None))) == 1


def test_without_a_log_there_is_nothing(tmp_path):
    assert list(log_records(tmp_path / "none", None)) == []
