"""/api/alerts: live and past alerts as JSON, newest first, each with its signed message."""

from collections.abc import Sequence

from msgspec import Struct

from forewave.delivery.feeds.history import Entry, latest
from forewave.delivery.feeds.parameters import AlertQuery, moment
from forewave.types import Kind, Level, Mode


class AlertRecord(Struct, frozen=True, kw_only=True):
    """One version of an alert. Times are ISO 8601 in UTC.

    message is the signed message exactly as it was sent to devices; the other fields are copied
    from it for convenience. Verify it before you rely on anything.
    """

    event: str
    version: int
    latest: bool  # whether it is the last version of its event
    mode: Mode
    kind: Kind
    why: str | None
    level: Level
    issued: str
    expires: str
    origin_time: str
    lat: float
    lon: float
    depth_km: float
    magnitude: float
    magnitude_sigma: float
    stations: int | None
    phones_only: bool
    message: str


class AlertList(Struct, frozen=True):
    """The answer. more: there are older ones; ask for them with `before` set to the last issued."""

    alerts: tuple[AlertRecord, ...]
    more: bool


def alert_list(entries: Sequence[Entry], query: AlertQuery) -> AlertList:
    """The alerts that were asked for. entries: oldest first."""
    last = latest(entries)
    found = [
        entry for entry in reversed(entries) if _is_wanted(entry, query, last[entry.event] is entry)
    ]
    chosen = found[: query.limit]
    records = (_record(entry, last[entry.event] is entry) for entry in chosen)
    return AlertList(tuple(records), len(found) > len(chosen))


def _is_wanted(entry: Entry, query: AlertQuery, is_last: bool) -> bool:
    message = entry.message
    return (
        query.since < entry.issued < query.before
        and query.mode in (message.mode, "all")
        and query.event in (None, message.id)
        and (is_last or query.versions == "all")
    )


def _record(entry: Entry, is_last: bool) -> AlertRecord:
    message = entry.message
    return AlertRecord(
        event=message.id,
        version=message.n,
        latest=is_last,
        mode=message.mode,
        kind=message.kind,
        why=message.why,
        level=message.level,
        issued=moment(message.iss / 1000.0),
        expires=moment(message.exp / 1000.0),
        origin_time=moment(message.t0 / 1000.0),
        lat=message.lat,
        lon=message.lon,
        depth_km=message.dep,
        magnitude=message.m,
        magnitude_sigma=message.sm,
        stations=message.ns,
        phones_only=message.by == "phones",
        message=entry.signed.decode(),
    )
