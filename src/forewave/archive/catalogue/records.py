"""What the catalogue is given to keep, and the rows of the tables that it becomes."""

import hashlib
import json
import math
from datetime import datetime
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

from forewave.formats.protocols import alert_message
from forewave.types import Arrival, Mode, Rupture, Solution

Rows: TypeAlias = list[tuple[str, dict[str, Any]]]  # names of tables, and values by column


class SolutionRecord(Struct, frozen=True):
    """A version of an event. issued: POSIX seconds. mode: of the machine that found it."""

    solution: Solution
    issued: float
    mode: Mode


class AlertRecord(Struct, frozen=True):
    """A signed message, as it was sent."""

    message: bytes


class ActRecord(Struct, frozen=True):
    """A line of the audit log, without its end."""

    line: bytes


Record: TypeAlias = SolutionRecord | AlertRecord | ActRecord


def rows(record: Record) -> Rows:
    """The rows of a record. Raises FormatError or ValueError for what is no message or line."""
    if isinstance(record, SolutionRecord):
        return _of_solution(record)
    return _of_alert(record.message) if isinstance(record, AlertRecord) else _of_act(record.line)


def time_of(record: Record) -> float | None:
    """When a solution was issued; None for what the event log does not have."""
    return record.issued if isinstance(record, SolutionRecord) else None


def picks(text: str) -> tuple[Arrival, ...]:
    """The picks of a solution's row."""
    return msgspec.json.decode(text, type=tuple[Arrival, ...])


def rupture(text: str | None) -> Rupture | None:
    """The rupture of a solution's row."""
    return None if text is None else msgspec.json.decode(text, type=Rupture)


def _of_solution(record: SolutionRecord) -> Rows:
    solution, origin, magnitude = record.solution, record.solution.origin, record.solution.magnitude
    key = {"mode": record.mode, "event": solution.event, "version": solution.version}
    both = {
        "time": origin.time,
        "lat": origin.lat,
        "lon": origin.lon,
        "depth_km": origin.depth_km,
        "magnitude": magnitude.value,
        "magnitude_kind": magnitude.kind,
        "likelihood": finite(solution.likelihood),
        "withdrawn": solution.withdrawn,
    }
    line = solution.rupture
    full = {
        "issued": record.issued,
        "time_sigma": finite(origin.time_sigma),
        "epicentre_sigma_km": finite(origin.epicentre_sigma_km),
        "depth_sigma_km": finite(origin.depth_sigma_km),
        "magnitude_sigma": finite(magnitude.sigma),
        "magnitude_stations": magnitude.stations,
        "rupture": None if line is None else msgspec.json.encode(line).decode(),
        "picks": msgspec.json.encode(solution.picks).decode(),
    }
    seen = {"first": record.issued, "updated": record.issued}
    return [("solutions", key | both | full), ("events", key | both | seen)]


def _of_alert(signed: bytes) -> Rows:
    message, _ = alert_message.read(signed)
    values = {
        "digest": hashlib.sha256(signed).hexdigest(),
        "mode": message.mode,
        "event": message.id,
        "version": message.n,
        "kind": message.kind,
        "level": message.level,
        "issued": message.iss / 1000.0,
        "expires": message.exp / 1000.0,
        "message": signed,
    }
    return [("alerts", values)]


def _of_act(line: bytes) -> Rows:
    fields = json.loads(line)
    values = {
        "digest": hashlib.sha256(line).hexdigest(),
        "time": datetime.fromisoformat(fields["time"]).timestamp(),
        "what": str(fields["what"])[:40],
        "who": _text(fields.get("who")),
        "event": _text(fields.get("event")),
        "line": line,
    }
    return [("acts", values)]


def finite(value: float) -> float | None:
    """The value, None where it is no number."""
    return value if math.isfinite(value) else None


def _text(value: Any) -> str | None:
    return None if value is None else str(value)[:80]
