"""packets.csv.gz: the time at which the server received each packet of a recorded network.

sta,last_sample_time_unix,server_receive_time_unix,n_samples; `sta` may be "STA" or "NET.STA".
"""

import csv
import gzip
import zlib
from collections.abc import Iterable, Iterator
from math import isfinite
from pathlib import Path
from typing import TextIO, cast

from msgspec import Struct

from forewave.types import Dropped

MOST, MOST_DROPPED = 3_000_000, 10_000  # lines, and lines that cannot be read
LONGEST_LINE = 1_000  # characters
MOST_SAMPLES = 10_000_000  # per packet
COLUMNS = ("sta", "last_sample_time_unix", "server_receive_time_unix", "n_samples")


class Receipt(Struct, frozen=True, order=True):
    """A packet with `samples` samples of all channels up to time `last`, received at `received`."""

    station: str
    last: float
    received: float
    samples: int


def read(path: Path, codes: Iterable[str]) -> tuple[tuple[Receipt, ...], list[Dropped]]:
    """Receipts ordered by station and time. codes: "NET.STA" of the stations that are used.

    Lines that cannot be read and a damaged end of the file are dropped; nothing is raised.
    """
    names = {name: code for code in codes for name in (code, code.split(".")[1])}
    receipts: list[Receipt] = []
    dropped: list[Dropped] = []
    try:
        with gzip.open(path, "rt", newline="", encoding="utf-8") as file:
            for line, row in enumerate(csv.DictReader(_lines(cast(TextIO, file))), start=2):
                if line > MOST or len(dropped) >= MOST_DROPPED:
                    raise ValueError(f"expected at most {MOST} lines, {MOST_DROPPED} unreadable")
                parsed = _receipt(row, names, f"{path.name} line {line}")
                (receipts if isinstance(parsed, Receipt) else dropped).append(parsed)  # type: ignore[arg-type]
    except (OSError, EOFError, zlib.error, ValueError, csv.Error) as error:
        dropped.append(Dropped(path.name, "unreadable from here on", str(error)))
    return tuple(sorted(receipts)), dropped


def _lines(file: TextIO) -> Iterator[str]:
    """The decompressed lines, one in memory at a time. Raises ValueError if one is too long."""
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise ValueError(f"expected lines below {LONGEST_LINE} characters, found a longer one")
        yield line


def write(path: Path, receipts: Iterable[Receipt]) -> None:
    """Write packets.csv.gz; equal receipts give equal bytes."""
    lines = [",".join(COLUMNS)]
    lines += [f"{r.station},{r.last:.6f},{r.received:.6f},{r.samples}" for r in receipts]
    path.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), mtime=0))


def _receipt(row: dict[str, str], names: dict[str, str], where: str) -> Receipt | Dropped:
    try:
        last, received = float(row[COLUMNS[1]]), float(row[COLUMNS[2]])
        count = int(row[COLUMNS[3]])
        code = names[row["sta"]]
    except (KeyError, TypeError, ValueError):
        unknown = isinstance(row.get("sta"), str) and row["sta"] not in names
        return Dropped(where, "receipt of an unknown station" if unknown else "unreadable receipt")
    if not (isfinite(last) and isfinite(received) and 0 < count <= MOST_SAMPLES):
        return Dropped(where, "unreadable receipt")
    return Receipt(code, last, received, count)
