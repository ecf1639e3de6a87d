"""The subscriptions to push messages, in an SQLite file and in memory.

Of each only this is known: where to send, with what keys, and the cell (a geohash of 3 or 4
letters, 156 by 156 km or 39 by 20 km at the equator) that the device's place is in. No name, no
language, no time, no position.
"""

import os
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from forewave.channels.push.encryption import Prepared, prepare
from forewave.delivery.signing import from_base64url
from forewave.errors import ConfigError, InputError

_TABLE = (
    "CREATE TABLE IF NOT EXISTS subscriptions "
    "(endpoint TEXT PRIMARY KEY, public BLOB, auth BLOB, cell TEXT) WITHOUT ROWID"
)
_LETTERS = frozenset("0123456789bcdefghjkmnpqrstuvwxyz")
LONGEST = 1000  # characters of an endpoint


class Subscription(Struct):
    """One device. prepared: keys for its next message, used once."""

    endpoint: str
    public: bytes
    auth: bytes
    cell: str
    prepared: Prepared | None = None

    def keys(self) -> Prepared:
        """Keys for one message, and no other."""
        prepared, self.prepared = self.prepared, None
        return prepared or prepare(self.public, self.auth)

    def make_ready(self) -> None:
        """Prepare the keys of its next message, 0.2 ms."""
        self.prepared = self.prepared or prepare(self.public, self.auth)


class Subscriptions:
    """path: the file, made if missing; None: in memory only. most: limit of their number.

    `add`, `remove` and `load` write or read the file and take milliseconds; call them in a thread.
    Raises ConfigError if the file cannot be used.
    """

    def __init__(self, path: Path | None, most: int) -> None:
        self._path, self._most = path, most
        self._cells: dict[str, dict[str, Subscription]] = {}
        self._by_endpoint: dict[str, Subscription] = {}
        self._database: sqlite3.Connection | None = None

    def __len__(self) -> int:
        return len(self._by_endpoint)

    def __iter__(self) -> Iterator[Subscription]:
        return iter(tuple(self._by_endpoint.values()))

    def of(self, endpoint: str) -> Subscription | None:
        """The subscription with this endpoint."""
        return self._by_endpoint.get(endpoint)

    @property
    def cells(self) -> Mapping[str, Mapping[str, Subscription]]:
        """Subscriptions by cell and endpoint."""
        return self._cells

    def load(self) -> None:
        """Read the file."""
        for row in self._open().execute("SELECT endpoint, public, auth, cell FROM subscriptions"):
            self._insert(Subscription(*row))

    def add(self, subscription: Subscription) -> bool:
        """Add or replace one; False if there are too many."""
        if subscription.endpoint not in self._by_endpoint and len(self) >= self._most:
            return False
        row = (subscription.endpoint, subscription.public, subscription.auth, subscription.cell)
        with self._open() as database:
            database.execute("INSERT OR REPLACE INTO subscriptions VALUES (?, ?, ?, ?)", row)
        self._forget(subscription.endpoint)
        self._insert(subscription)
        return True

    def remove(self, endpoint: str) -> None:
        """Remove one, if it is there."""
        with self._open() as database:
            database.execute("DELETE FROM subscriptions WHERE endpoint = ?", (endpoint,))
        self._forget(endpoint)

    def close(self) -> None:
        """Close the file."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def _open(self) -> sqlite3.Connection:
        if self._database is None:
            try:
                database = self._connected()
                database.execute(_TABLE)
            except (OSError, sqlite3.Error) as error:
                raise ConfigError(f"{self._path}: cannot keep subscriptions: {error}") from None
            self._database = database  # only now: the next try makes the table
        return self._database

    def _connected(self) -> sqlite3.Connection:
        if self._path is None:
            return sqlite3.connect(":memory:", check_same_thread=False)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))  # readable by its owner only
        return sqlite3.connect(self._path, check_same_thread=False)

    def _insert(self, subscription: Subscription) -> None:
        self._by_endpoint[subscription.endpoint] = subscription
        self._cells.setdefault(subscription.cell, {})[subscription.endpoint] = subscription

    def _forget(self, endpoint: str) -> None:
        old = self._by_endpoint.pop(endpoint, None)
        if old is None:
            return
        cell = self._cells[old.cell]
        del cell[endpoint]
        if not cell:
            del self._cells[old.cell]


def read(
    endpoint: str, p256dh: str, auth: str, cell: str, services: tuple[str, ...]
) -> Subscription:
    """A subscription as a browser states it, with keys prepared.

    services: host names of push services, with subdomains: this server must not be made to send
    requests anywhere else. Raises InputError.
    """
    if not is_of(endpoint, services):
        raise InputError("endpoint: not of a known push service (channels: services)")
    if len(cell) not in (3, 4) or not _LETTERS.issuperset(cell):
        raise InputError("cell: expected a geohash of 3 or 4 letters")
    try:
        public, secret = from_base64url(p256dh), from_base64url(auth)
        if len(secret) != 16:
            raise ValueError
        subscription = Subscription(endpoint, public, secret, cell)
        subscription.make_ready()
    except ValueError:
        raise InputError("keys: expected p256dh and auth in base64url") from None
    return subscription


def is_of(endpoint: str, services: tuple[str, ...]) -> bool:
    """Whether an endpoint is a valid address of one of the services, or of a subdomain.

    A service may be given with scheme and port, which then must be the same; otherwise HTTPS.
    """
    try:
        parts = urlsplit(endpoint)
        origin, host = f"{parts.scheme}://{parts.netloc}", parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    if len(endpoint) > LONGEST or not endpoint.isascii() or "@" in parts.netloc:
        return False
    if origin in services:
        return True
    plain = parts.scheme == "https" and parts.netloc == host
    return plain and any(host == each or host.endswith(f".{each}") for each in services)
