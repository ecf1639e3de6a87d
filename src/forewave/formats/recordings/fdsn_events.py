"""Events in the text format of an FDSN event service (`format=text`).

Columns as in the FDSN web service specification 1.1 and 1.2; the header line may be missing.
"""

from forewave.formats.dates import posix
from forewave.formats.inventories.fdsn_channels import rows
from forewave.formats.recordings.event_info import EventInfo

COLUMNS = 13


def events(text: str) -> list[EventInfo]:
    """The events of a text answer; lines that cannot be read are skipped."""
    found = []
    for _, cells in rows(text):
        try:
            found.append(_event(cells))
        except (ValueError, IndexError):
            continue
    return found


def _event(cells: list[str]) -> EventInfo:
    if len(cells) < COLUMNS:
        raise ValueError(f"{len(cells)} of {COLUMNS} columns")
    return EventInfo(
        id=cells[0],
        origin_time=posix(cells[1]) if cells[1] else None,
        lat=float(cells[2]),
        lon=float(cells[3]),
        depth_km=float(cells[4]) if cells[4] else None,
        magnitude=float(cells[10]) if cells[10] else None,
        magtype=cells[9] or None,
        region=cells[12] or None,
        source=cells[7] or cells[5] or None,
        event_type="earthquake",
    )
