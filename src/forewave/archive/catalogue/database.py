"""Opens the database of a catalogue, and brings its tables up to the last migration."""

import threading
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import ResolutionError
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.pool import NullPool, QueuePool

from forewave.archive.catalogue.address import is_file, shown
from forewave.errors import InputError

MIGRATIONS = Path(__file__).parent / "migrations"
PATIENCE_S = 5.0  # for a lock, or for a connection
STATEMENT_S = 10.0  # for one statement, or for a server that does not answer
_LOCK = 7_203_514_866  # of PostgreSQL, while one process migrates
_ONE = threading.Lock()  # Alembic's context is one for the whole process


class SchemaError(InputError):
    """The tables are of a newer forewave, or of something else."""


def engine(url: str, *, read_only: bool = False) -> Engine:
    """Connections to a database, none opened yet. read_only: for questions, at most four at once.

    What is committed survives the end of the process, and of the machine: SQLite writes ahead and
    synchronises. A statement that takes longer than STATEMENT_S is given up.
    """
    if is_file(url):
        made = create_engine(url, poolclass=NullPool, connect_args=_SQLITE)
        event.listen(made, "connect", _opened_to_read if read_only else _opened)
        event.listen(made, "begin", _begin_to_read if read_only else _begin)
        return made
    milliseconds = int(STATEMENT_S * 1000)
    options = f"-c statement_timeout={milliseconds} -c lock_timeout={int(PATIENCE_S * 1000)}"
    arguments = {
        "connect_timeout": int(PATIENCE_S),
        "tcp_user_timeout": milliseconds,
        "options": options + " -c default_transaction_read_only=on" * read_only,
        "application_name": "forewave",
    }
    size = 4 if read_only else 1
    return create_engine(
        url,
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        pool_timeout=PATIENCE_S,
        pool_pre_ping=True,
        connect_args=arguments,
    )


_SQLITE: dict[str, Any] = {
    "timeout": PATIENCE_S,
    "isolation_level": None,
    "check_same_thread": False,
}


def _opened(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


def _opened_to_read(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA query_only = ON")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")  # so that changes of tables are one transaction


def _begin_to_read(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def migrate(opened: Engine, to: str = "head") -> None:
    """Bring the tables up to a revision, all in one transaction.

    Raises SchemaError where they are newer than that, and SQLAlchemyError as the database does.
    """
    url = opened.url.render_as_string(hide_password=False)
    if is_file(url) and opened.url.database:
        Path(opened.url.database).parent.mkdir(parents=True, exist_ok=True)
    with _ONE, opened.begin() as connection:
        if not is_file(url):
            connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _LOCK})
        settings = _settings(connection)
        check(connection, settings, shown(url))
        command.upgrade(settings, to)


def look(url: str) -> None:
    """Raise SchemaError or SQLAlchemyError if a catalogue could not be opened; changes nothing."""
    opened = engine(url, read_only=True)
    try:
        with _ONE, opened.connect() as connection:
            check(connection, _settings(connection), shown(url))
    finally:
        opened.dispose()


def _settings(connection: Connection) -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    settings.set_main_option("path_separator", "os")
    settings.attributes["connection"] = connection
    return settings


def check(connection: Connection, settings: Config, where: str) -> None:
    """Raise SchemaError if the tables are at a revision that this forewave does not know."""
    found = MigrationContext.configure(connection).get_current_heads()
    known = ScriptDirectory.from_config(settings)
    for revision in found:
        try:
            known.get_revision(revision)
        except (CommandError, ResolutionError):
            raise SchemaError(
                f"{where}: its tables are of a newer forewave (revision {revision:.40}, this one "
                f"knows up to {known.get_current_head()}): install that, or name another database"
            ) from None
