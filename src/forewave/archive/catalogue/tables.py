"""The tables of the catalogue, as the last migration leaves them.

Times are POSIX seconds, other units as in forewave.types; what is not finite is null. mode: actual,
drill or test, of the machine that found the event: the id alone may be that of a drill too.

    events     the latest version of each event, and when its first and last version were issued
    solutions  every version, with its picks and rupture as JSON
    alerts     signed messages byte for byte, by their SHA-256
    acts       lines of the audit log byte for byte, by their SHA-256
    marks      complete_to: up to when the catalogue has all that the event log has
"""

from sqlalchemy import (
    Column,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

METADATA = MetaData()
COMPLETE_TO = "complete_to"  # name of the mark
_ORIGIN = ("time", "lat", "lon", "depth_km", "magnitude")


def _origin() -> list[Column[float]]:
    return [Column(name, Double, nullable=False) for name in _ORIGIN]


EVENTS = Table(
    "events",
    METADATA,
    Column("mode", String(8), primary_key=True),
    Column("event", String(80), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("first", Double, nullable=False),
    Column("updated", Double, nullable=False),
    *_origin(),
    Column("magnitude_kind", String(20), nullable=False),
    Column("likelihood", Double),
    Column("withdrawn", Text),
    Index("events_time", "time"),
    Index("events_updated", "updated"),
)
SOLUTIONS = Table(
    "solutions",
    METADATA,
    Column("mode", String(8), primary_key=True),
    Column("event", String(80), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("issued", Double, nullable=False),
    *_origin(),
    Column("time_sigma", Double),
    Column("epicentre_sigma_km", Double),
    Column("depth_sigma_km", Double),
    Column("magnitude_sigma", Double),
    Column("magnitude_kind", String(20), nullable=False),
    Column("magnitude_stations", Integer, nullable=False),
    Column("likelihood", Double),
    Column("withdrawn", Text),
    Column("rupture", Text),
    Column("picks", Text, nullable=False),
)
ALERTS = Table(
    "alerts",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("mode", String(8), nullable=False),
    Column("event", String(80), nullable=False),
    Column("version", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("level", String(20), nullable=False),
    Column("issued", Double, nullable=False),
    Column("expires", Double, nullable=False),
    Column("message", LargeBinary, nullable=False),
    Index("alerts_event", "mode", "event"),
)
ACTS = Table(
    "acts",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("time", Double, nullable=False),
    Column("what", String(40), nullable=False),
    Column("who", String(80)),
    Column("event", String(80)),
    Column("line", LargeBinary, nullable=False),
    Index("acts_time", "time"),
)
MARKS = Table(
    "marks",
    METADATA,
    Column("name", String(40), primary_key=True),
    Column("value", Double, nullable=False),
)
