"""The signed messages of this server, live and past, in memory and bounded.

They are kept as they were signed: who asks for the past can verify it as if it had just come.
"""

import bisect
from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct

from forewave.delivery.signing import unseal
from forewave.errors import FormatError
from forewave.formats.protocols.alert_message import Message

MOST = 5_000  # messages, of at most 1 kB each


class Entry(Struct, frozen=True):
    """A message and the bytes that were signed."""

    message: Message
    signed: bytes

    @property
    def issued(self) -> float:
        """POSIX seconds."""
        return self.message.iss / 1000.0

    @property
    def event(self) -> tuple[str, str]:
        """Mode and id: the id alone may be that of a drill too."""
        return self.message.mode, self.message.id


class AlertHistory:
    """`add` what was published; `entries` is never changed but replaced, so threads may read it.

    trusted: public keys by id. past: messages of earlier runs. keep: is given each new message.
    refused: how many of the past could not be verified. changes: counts what was added.
    """

    def __init__(
        self,
        trusted: Mapping[str, bytes],
        past: Iterable[bytes] = (),
        keep: Callable[[bytes], object] = lambda signed: None,
    ) -> None:
        self.refused = self.changes = 0
        self._trusted, self._keep = trusted, keep
        found = [entry for signed in past if (entry := self._read(signed)) is not None]
        self.entries: tuple[Entry, ...] = _ordered(found)[-MOST:]

    def add(self, signed: bytes) -> None:
        """A message that was signed by this server just now."""
        entry = self._read(signed)
        if entry is None:
            return
        at = bisect.bisect_right(self.entries, entry.message.iss, key=lambda e: e.message.iss)
        self.entries = (*self.entries[:at], entry, *self.entries[at:])[-MOST:]
        self.changes += 1
        self._keep(signed)

    def has_drill(self, event: str) -> bool:
        """Whether a drill with this id was sent."""
        return any(e.message.id == event for e in self.entries if e.message.mode == "drill")

    def trust(self, trusted: Mapping[str, bytes], resealed: Iterable[bytes] = ()) -> None:
        """Keep only what these keys have signed. resealed: messages that were signed anew."""
        self._trusted = trusted
        known = [entry for entry in self.entries if entry.message.key in trusted]
        fresh = [entry for signed in resealed if (entry := self._read(signed)) is not None]
        kept = {id(entry) for entry in known}
        self.entries = _ordered([*fresh, *known])[-MOST:]
        self.changes += 1
        for entry in self.entries:
            if id(entry) not in kept:
                self._keep(entry.signed)

    def _read(self, signed: bytes) -> Entry | None:
        """Only what a listed key has signed is passed on as this server's."""
        try:
            return Entry(unseal(signed, self._trusted), signed)
        except FormatError:
            self.refused += 1
            return None


def latest(entries: Iterable[Entry]) -> dict[tuple[str, str], Entry]:
    """The last version of each event."""
    found: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        known = found.get(entry.event)
        if known is None or entry.message.n > known.message.n:
            found[entry.event] = entry
    return found


def first_issued(entries: Iterable[Entry]) -> dict[tuple[str, str], int]:
    """When the first known version of each event was issued, in ms."""
    found: dict[tuple[str, str], int] = {}
    for entry in entries:
        found[entry.event] = min(entry.message.iss, found.get(entry.event, entry.message.iss))
    return found


def _ordered(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """By time of issue, each version once."""
    once = {(entry.event, entry.message.n, entry.message.iss): entry for entry in entries}
    return tuple(sorted(once.values(), key=lambda entry: entry.message.iss))
