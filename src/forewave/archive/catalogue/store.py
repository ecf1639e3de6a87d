"""Writes records into the database: in one transaction, and any number of times."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from forewave.archive.catalogue import tables
from forewave.archive.catalogue.database import engine, migrate
from forewave.archive.catalogue.records import Record, rows

_E = tables.EVENTS.c
# An earlier version may be written after a later one, when it is filled in from the event log.
_FIRST = (
    tables.EVENTS.update()
    .where(_E.mode == bindparam("m"), _E.event == bindparam("e"), _E.first > bindparam("f"))
    .values(first=bindparam("f"))
)
_TABLES = {table.name: table for table in (tables.SOLUTIONS, tables.ALERTS, tables.ACTS)}


class Store:
    """An open database with the tables of this forewave. Raises SQLAlchemyError and SchemaError."""

    def __init__(self, url: str) -> None:
        self._engine = opened(url)

    def write(self, records: Sequence[Record], complete_to: float | None = None) -> None:
        """Write records, all or none; those that are there already stay as they are.

        complete_to: the mark, in the same transaction; None: it stays.
        """
        found = [row for record in records for row in rows(record)]
        with self._engine.begin() as connection:
            for name, table in _TABLES.items():
                if values := [value for where, value in found if where == name]:
                    connection.execute(_insert(connection, table).on_conflict_do_nothing(), values)
            events = _newest([value for where, value in found if where == "events"])
            if events:
                connection.execute(_event(connection), events)
                connection.execute(_FIRST, [_first(values) for values in events])
            if complete_to is not None:
                connection.execute(_mark(connection), _complete(complete_to))

    def complete_to(self) -> float | None:
        """Up to when the catalogue has what the event log has, POSIX seconds; None: not known."""
        wanted = select(tables.MARKS.c.value).where(tables.MARKS.c.name == tables.COMPLETE_TO)
        with self._engine.connect() as connection:
            found: float | None = connection.execute(wanted).scalar()
        return found

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def opened(url: str) -> Engine:
    """Connections to a database whose tables are those of this forewave."""
    made = engine(url)
    try:
        migrate(made)
    except BaseException:
        made.dispose()
        raise
    return made


def _insert(connection: Connection, table: Table) -> Any:
    """An INSERT that may say what happens to a row that is there: both have the same words."""
    kind = sqlite if connection.dialect.name == "sqlite" else postgresql
    return kind.insert(table)


def _event(connection: Connection) -> Any:
    """The latest version stays; `first` is the earliest that was seen."""
    insert, table = _insert(connection, tables.EVENTS), tables.EVENTS
    fresh = insert.excluded
    values = {
        column.name: fresh[column.name]
        for column in table.columns
        if not column.primary_key and column.name != "first"
    }
    return insert.on_conflict_do_update(
        index_elements=["mode", "event"], set_=values, where=table.c.version < fresh.version
    )


def _first(values: dict[str, Any]) -> dict[str, Any]:
    return {"m": values["mode"], "e": values["event"], "f": values["first"]}


def _newest(events: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The newest version of each event, with when the first of these was issued."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for values in events:
        key = values["mode"], values["event"]
        known = found.get(key)
        first = min(values["first"], values["first"] if known is None else known["first"])
        newer = known is None or values["version"] > known["version"]
        found[key] = {**(values if newer or known is None else known), "first": first}
    return list(found.values())


def _mark(connection: Connection) -> Any:
    insert = _insert(connection, tables.MARKS)
    value = insert.excluded.value
    later = tables.MARKS.c.value < value
    return insert.on_conflict_do_update(index_elements=["name"], set_={"value": value}, where=later)


def _complete(value: float) -> dict[str, Any]:
    return {"name": tables.COMPLETE_TO, "value": value}
