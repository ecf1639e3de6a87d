"""Migrations: from nothing, from an older file, and never from a newer one."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from forewave.archive.catalogue.database import SchemaError, engine, migrate
from forewave.archive.catalogue.query import EventQuery
from forewave.archive.catalogue.reader import Reader
from forewave.archive.catalogue.records import ActRecord
from forewave.archive.catalogue.store import Store
from forewave.archive.catalogue.tables import METADATA
from tests.archive.catalogue.conftest import record

pytestmark = pytest.mark.xdist_group("postgresql")
ACT = b'{"time":"2026-01-01T00:00:00.000Z","what":"start"}'


def test_the_migrations_make_the_tables_that_the_code_knows(url):
    opened = engine(url)
    migrate(opened)
    with opened.connect() as connection:
        differs = compare_metadata(MigrationContext.configure(connection), METADATA)
    opened.dispose()
    assert differs == []


def test_a_database_of_the_first_version_is_brought_up_to_date_and_keeps_its_events(url):
    old = engine(url)
    migrate(old, "0001")
    assert "acts" not in inspect(old).get_table_names()
    with old.begin() as connection:
        connection.execute(METADATA.tables["events"].insert(), _event())
    old.dispose()
    store = Store(url)
    store.write([ActRecord(ACT), record("fw2")])
    store.close()
    with engine(url).connect() as connection:
        found = connection.execute(text("SELECT event FROM events ORDER BY event")).scalars()
        assert list(found) == ["fw1", "fw2"]
        assert connection.execute(text("SELECT count(*) FROM acts")).scalar() == 1


def _event():
    from forewave.archive.catalogue.records import rows

    return dict(rows(record("fw1")))["events"]


def test_tables_of_a_newer_forewave_are_refused_and_stay_as_they_are(url):
    Store(url).close()
    opened = engine(url)
    with opened.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaError, match=r"newer forewave \(revision 9999, .* up to 0002\)"):
        Store(url)
    with opened.connect() as connection:
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    opened.dispose()
    assert version == "9999"


def test_a_migration_that_fails_leaves_the_tables_of_before(url, monkeypatch):
    """All in one transaction: a killed process leaves no half of a revision."""
    from forewave.archive.catalogue import database

    opened = engine(url)
    migrate(opened, "0001")
    upgrade = database.command.upgrade

    def fails(settings, to):
        upgrade(settings, to)
        raise OSError("killed")

    monkeypatch.setattr(database.command, "upgrade", fails)
    with pytest.raises(OSError, match="killed"):
        migrate(opened)
    assert "acts" not in inspect(opened).get_table_names()
    monkeypatch.undo()
    migrate(opened)
    assert "acts" in inspect(opened).get_table_names()
    opened.dispose()


def test_who_asks_changes_nothing(url):
    Store(url).close()
    opened = engine(url, read_only=True)
    with (
        pytest.raises(Exception, match=r"readonly|read-only"),
        opened.begin() as connection,
    ):
        connection.execute(text("DELETE FROM events"))
    opened.dispose()
    assert Reader(url).events(EventQuery(), 10) == []
