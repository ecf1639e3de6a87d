"""Counts of reports by kind, minute, subject and value, in an SQLite file: nothing else is kept."""

import os
import sqlite3
from collections import Counter
from pathlib import Path

from msgspec import Struct

_TABLE = (
    "CREATE TABLE IF NOT EXISTS tally (kind TEXT, minute INTEGER, subject TEXT, value INTEGER, "
    "count INTEGER, PRIMARY KEY (kind, minute, subject, value)) WITHOUT ROWID"
)
_ADD = (
    "INSERT INTO tally VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT DO UPDATE SET count = count + excluded.count"
)
_SINCE = "SELECT minute, subject, value, count FROM tally WHERE kind = ? AND minute >= ?"
KEPT_DAYS = 366


class Row(Struct, frozen=True):
    """How many reports had this subject and value in this minute (since 1970)."""

    minute: int
    subject: str
    value: int
    count: int


class Tally:
    """path: the file, made if missing; None: in memory only.

    `add` only counts; `write` and `since` use the file, so call them in a thread, one at a time.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._new: Counter[tuple[str, int, str, int]] = Counter()
        self._database: sqlite3.Connection | None = None

    def add(self, kind: str, minute: int, subject: str, value: int) -> None:
        """Count one report."""
        self._new[kind, minute, subject, value] += 1

    def write(self, minute: int) -> None:
        """Write what has been counted, and delete what is too old. minute: now. Raises OSError."""
        new, self._new = self._new, Counter()
        try:
            with self._open() as database:
                database.executemany(_ADD, [(*key, count) for key, count in new.items()])
                oldest = minute - KEPT_DAYS * 1440
                database.execute("DELETE FROM tally WHERE minute < ?", (oldest,))
        except sqlite3.Error as error:
            self._new.update(new)
            raise OSError(f"{self._path}: {error}") from None

    def since(self, kind: str, minute: int) -> list[Row]:
        """What was counted since a minute, as far as it has been written. Raises OSError."""
        try:
            return [Row(*row) for row in self._open().execute(_SINCE, (kind, minute))]
        except sqlite3.Error as error:
            raise OSError(f"{self._path}: {error}") from None

    def close(self) -> None:
        """Close the file."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def _open(self) -> sqlite3.Connection:
        if self._database is None:
            database = self._connected()
            database.execute(_TABLE)
            self._database = database
        return self._database

    def _connected(self) -> sqlite3.Connection:
        if self._path is None:
            return sqlite3.connect(":memory:", check_same_thread=False)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))  # readable by its owner only
        return sqlite3.connect(self._path, check_same_thread=False)
