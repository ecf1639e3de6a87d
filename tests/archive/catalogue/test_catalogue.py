"""What is added is kept, whatever happens to process, disk and database; nobody waits for it."""

import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from forewave.archive.catalogue import catalogue as module
from forewave.archive.catalogue import database, store
from forewave.archive.catalogue.address import address
from forewave.archive.catalogue.catalogue import Catalogue
from forewave.archive.catalogue.query import EventQuery, GoneError
from forewave.archive.catalogue.reader import Reader
from forewave.archive.catalogue.records import AlertRecord
from forewave.archive.catalogue.store import Store
from forewave.delivery import signing
from tests.archive.catalogue.conftest import T0, alert, record, until

pytestmark = pytest.mark.xdist_group("postgresql")
EVERY = EventQuery(withdrawn=None, mode=None)


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(module, "AGAIN_S", 0.02)
    monkeypatch.setattr(module, "PAUSE_S", 0.0)


def started(url, *args, **kwargs):
    made = Catalogue(url, *args, **kwargs)
    made.start()
    return made


def numbers(url):
    """The numbers of the events that are there."""
    return {int(event.id[2:]) for event in Reader(url).events(EVERY, 10_000)}


def events(many, first=0):
    return [record(f"fw{n}", time=T0 + n) for n in range(first, first + many)]


def test_what_was_added_is_there_after_the_end_also_from_before_the_start(url):
    catalogue = Catalogue(url)
    for each in events(50):
        catalogue.add(each)
    catalogue.start()
    catalogue.add(record("fw50", time=T0 + 50))
    catalogue.close()
    assert catalogue.written == 51
    assert not catalogue.lost
    assert numbers(url) == set(range(51))


def test_a_message_is_kept_byte_for_byte(url):
    signed = signing.generate().seal(alert())
    catalogue = started(url)
    catalogue.add(AlertRecord(signed))
    catalogue.add(AlertRecord(signed))
    catalogue.close()
    with database.engine(url).connect() as connection:
        rows = connection.execute(text("SELECT message, mode FROM alerts")).all()
    assert [(bytes(row.message), row.mode) for row in rows] == [(signed, alert().mode)]


def test_a_record_that_cannot_be_kept_costs_no_other(url, caplog):
    catalogue = Catalogue(url)
    for each in [*events(3), AlertRecord(b"no message"), record("fw9", magnitude=None)]:
        catalogue.add(each)
    catalogue.add(record("fw3"))
    catalogue.start()
    catalogue.close()
    assert +catalogue.lost == {"cannot be kept": 2}
    assert numbers(url) == {0, 1, 2, 3}
    assert not catalogue.fault
    assert "INSERT" not in caplog.text, "a log has no statements"


CHILD = """
import sys
from forewave.archive.catalogue import catalogue as module
from tests.archive.catalogue.conftest import T0, record
module.PAUSE_S = 0.02
catalogue = module.Catalogue(sys.argv[1])
catalogue.start()
n = said = 0
while True:
    if n - catalogue.written < 300:
        catalogue.add(record(f"fw{n}", time=T0 + n))
        n += 1
    if catalogue.written > said:
        said = catalogue.written
        print(said, flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("after", [1, 8])
def test_what_was_acknowledged_survives_a_process_that_is_killed_while_it_writes(url, after):
    command = [sys.executable, "-c", CHILD, url]
    root = Path(__file__).parents[3]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as child:
        for _ in range(after):
            child.stdout.readline()
        child.kill()
        said = [int(line) for line in child.stdout.read().split("\n")[:-1] if line]
        acknowledged = said[-1] if said else 1
    found = numbers(url)
    assert set(range(acknowledged)) <= found
    assert found == set(range(len(found))), "and nothing out of turn"
    catalogue = started(url)
    catalogue.add(record("fw999999"))
    catalogue.close()
    assert 999999 in numbers(url), "and the next process goes on"


def test_a_full_disk_loses_nothing_that_memory_holds(tmp_path, monkeypatch, caplog):
    """By SQLite's own limit of pages: it answers as on a disk that is full."""
    url, full = address("x.sqlite", tmp_path), threading.Event()
    opened = database._opened

    def small(connection, known):
        opened(connection, known)
        if full.is_set():
            connection.execute("PRAGMA max_page_count = 1")

    monkeypatch.setattr(database, "_opened", small)
    catalogue = started(url)
    catalogue.add(record("fw0"))
    until(lambda: catalogue.written == 1)
    full.set()
    for each in events(400, 1):
        catalogue.add(each)
    until(lambda: catalogue.fault)
    assert "full" in catalogue.fault
    assert catalogue.counts()["database away"] == 1
    written = catalogue.written
    full.clear()
    until(lambda: catalogue.written == 401)
    catalogue.close()
    assert written < 401
    assert numbers(url) == set(range(401))
    assert not catalogue.fault
    assert not catalogue.lost
    said = [each for each in caplog.records if "x.sqlite" in each.getMessage()]
    assert [each.levelname for each in said] == ["ERROR", "WARNING"], "once, however often it tried"


@pytest.mark.slow
def test_a_server_that_is_gone_gets_everything_when_it_is_back(server, caplog):
    url = address(server.database(), None)
    catalogue = started(url)
    catalogue.add(record("fw0"))
    until(lambda: catalogue.written == 1)
    server.stop()
    try:
        for each in events(300, 1):
            catalogue.add(each)
        until(lambda: catalogue.fault)
        with pytest.raises(GoneError):
            numbers(url)
    finally:
        server.start()
    until(lambda: catalogue.written == 301)
    catalogue.close()
    assert numbers(url) == set(range(301))
    assert not catalogue.lost
    levels = [each.levelname for each in caplog.records if each.name == module.__name__]
    assert levels == ["ERROR", "WARNING"]


def test_a_file_that_is_gone_gets_everything_when_it_is_back(tmp_path):
    url, file = address("x.sqlite", tmp_path), tmp_path / "x.sqlite"
    catalogue = started(url)
    catalogue.add(record("fw0"))
    until(lambda: catalogue.written == 1)
    aside = tmp_path / "aside.sqlite"
    shutil.move(file, aside)
    file.mkdir()
    for each in events(30, 1):
        catalogue.add(each)
    until(lambda: catalogue.fault)
    file.rmdir()
    shutil.move(aside, file)
    until(lambda: catalogue.written == 31)
    catalogue.close()
    assert numbers(url) == set(range(31))


def test_what_memory_does_not_hold_is_counted_and_filled_in_from_the_log(url, monkeypatch):
    log, asked = events(100), []

    def fill(since):
        asked.append(since)
        return iter(log)

    away = threading.Event()
    away.set()
    write = Store.write

    def hangs(self, *args):
        if away.is_set():
            raise OSError("gone")
        write(self, *args)

    monkeypatch.setattr(store.Store, "write", hangs)
    catalogue = started(url, fill, waiting=10)
    for each in log:
        catalogue.add(each)
    until(lambda: catalogue.fault)
    assert catalogue.lost["database too slow"] + catalogue.lost["database gone"] == 90
    away.clear()
    until(lambda: catalogue.filled == 100)
    catalogue.close()
    assert numbers(url) == set(range(100))
    assert asked == [None]


def test_the_next_process_fills_in_only_what_follows_the_mark(url):
    asked = []

    def fill(since):
        asked.append(since)
        return events(3)

    catalogue = started(url, fill)
    until(lambda: catalogue.filled == 3)
    catalogue.add(record("fw7", issued=4e9))
    catalogue.close()
    again = started(url, fill)
    until(lambda: again.filled == 3)
    again.close()
    assert asked == [None, 4e9]
    assert numbers(url) == {0, 1, 2, 7}


def test_records_that_come_while_the_log_is_filled_in_do_not_wait_for_its_end(url):
    first, goes_on = threading.Event(), threading.Event()

    def fill(since):
        yield from events(module.EACH)
        first.set()
        goes_on.wait(10.0)
        yield from events(module.EACH, module.EACH)
        until(lambda: catalogue.written == 1)
        yield record("fw5000")

    catalogue = started(url, fill)
    first.wait(10.0)
    catalogue.add(record("fw6000"))
    goes_on.set()
    until(lambda: catalogue.filled == 2 * module.EACH + 1)
    catalogue.close()
    assert {5000, 6000} <= numbers(url)


def test_a_fault_while_the_log_is_read_is_none_of_the_database(url, caplog):
    asked = []

    def fill(since):
        asked.append(since)
        yield record("fw0")
        raise RuntimeError("a fault")

    catalogue = started(url, fill)
    until(lambda: catalogue.lost["event log unreadable"])
    catalogue.add(record("fw1"))
    catalogue.close()
    again = started(url, fill)
    until(lambda: again.lost["event log unreadable"])
    again.close()
    assert numbers(url) == {0, 1}
    assert asked == [None, None], "and the next process reads all of it again"
    assert "a fault" in caplog.text
    assert not catalogue.fault


def test_a_database_of_a_newer_forewave_is_named_and_left_alone(url, caplog):
    Store(url).close()
    with database.engine(url).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    catalogue = started(url)
    catalogue.add(record())
    until(lambda: "newer forewave" in catalogue.fault)
    catalogue.close()
    assert catalogue.written == 0
    assert numbers(url) == set()
    assert sum("newer forewave" in each.getMessage() for each in caplog.records) == 1
    assert "Traceback" not in caplog.text


def test_adding_never_waits_for_a_database_that_hangs(tmp_path, monkeypatch):
    goes_on = threading.Event()
    monkeypatch.setattr(Store, "write", lambda self, *args: goes_on.wait(30.0))
    catalogue = started(address("x.sqlite", tmp_path), waiting=100)
    for each in events(1000):
        catalogue.add(each)
    assert +catalogue.lost == {"database too slow": 900}
    assert catalogue.written == 0
    goes_on.set()
    catalogue.close()


def test_a_process_that_ends_does_not_wait_for_a_database_that_hangs(tmp_path, monkeypatch):
    goes_on = threading.Event()
    monkeypatch.setattr(Store, "write", lambda self, *args: goes_on.wait(30.0))
    monkeypatch.setattr(module, "CLOSE_S", 0.05)
    catalogue = started(address("x.sqlite", tmp_path))
    catalogue.add(record())
    catalogue.close()
    assert catalogue._thread.is_alive()
    assert catalogue._thread.daemon
    goes_on.set()


def test_a_damaged_file_is_named_and_replaced_by_nobody(tmp_path, caplog):
    (tmp_path / "x.sqlite").write_bytes(b"no database" * 500)
    catalogue = started(address("x.sqlite", tmp_path))
    catalogue.add(record())
    until(lambda: catalogue.fault)
    catalogue.close()
    assert "not a database" in catalogue.fault
    assert (tmp_path / "x.sqlite").read_bytes()[:11] == b"no database"
    assert "Traceback" not in caplog.text
