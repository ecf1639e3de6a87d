"""What people reported as felt, from the tally beside the record of a live machine."""

import sqlite3
from pathlib import Path

from forewave.delivery.reports import felt
from forewave.delivery.reports.felt import FeltCells
from forewave.delivery.reports.tally import Row

NAME = "reports.sqlite"
MINUTES = 120  # after the origin, in which a report is for this earthquake
_QUERY = (
    "SELECT minute, subject, value, count FROM tally WHERE kind = 'felt' AND minute BETWEEN ? AND ?"
)


def felt_reports(root: Path, origin_time: float) -> FeltCells | None:
    """The cells with enough reports; None without a file that can be read.

    The file is opened for reading only: the live machine may be writing to it.
    """
    file = root / NAME
    if not file.is_file():
        return None
    minute = int(origin_time // 60)
    try:
        database = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
        try:
            rows = [Row(*row) for row in database.execute(_QUERY, (minute, minute + MINUTES))]
        finally:
            database.close()
    except sqlite3.Error:
        return None
    return felt.cells(rows, MINUTES // 60)
