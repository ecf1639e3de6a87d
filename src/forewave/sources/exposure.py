"""What others on the network could read or do because of an entry of [[sources]].

A card states it (`Card.exposure`) from the settings alone; `forewave check` shows it.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from forewave.formats.faults import Severity


class Exposure(Struct, frozen=True):
    """One thing that others could do. subject: the entry. what: the problem. remedy: what to do.

    host: nothing to worry about if this is a loopback address; "": wherever it is.
    shared: nothing to worry about if the entry is the only source.
    """

    severity: Severity
    subject: str
    what: str
    remedy: str
    host: str = ""
    shared: bool = False


def none(settings: Any) -> Sequence[Exposure]:
    """Of a kind that neither listens nor connects, such as files."""
    return ()


def password(subject: str, host: str, secret: str | None, *, tls: bool) -> Iterator[Exposure]:
    """A password that is sent unencrypted, if there is one."""
    if secret and not tls:
        what = "the password is sent unencrypted"
        remedy = "set tls = true, if the server supports it"
        yield Exposure("warning", subject, what, remedy, host=host)


def any_station(subject: str, stations: Sequence[str]) -> Iterator[Exposure]:
    """A server that could send the stations of other sources. stations: those that it may send."""
    if not stations:
        what = "may send data of any station in the inventory, also of other sources"
        remedy = "list its stations with the key stations"
        yield Exposure("note", subject, what, remedy, shared=True)
