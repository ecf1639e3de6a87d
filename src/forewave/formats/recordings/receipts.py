"""packets.csv.gz: when the server really received each packet of a recorded network.

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

MOST, MOST_DROPPED = 3_000_000, 10_000  # lines; of which cannot be read
LONGEST_LINE = 1_000  # characters
MOST_SAMPLES = 10_000_000  # of a packet
COLUMNS = ("sta", "last_sample_time_unix", "server_receive_time_unix", "n_samples")


class Receipt(Struct, frozen=True, order=True):
    """A packet of `samples` samples of all channels, the last at `last`, came at `received`."""

    station: str
    last: float
    received: float
    samples: int


def read(path: Path, codes: Iterable[str]) -> tuple[tuple[Receipt, ...], list[Dropped]]:
    """Receipts by station and time. codes: the "NET.STA" known. Raises nothing on bad lines.

    Lines that cannot be read, or whose number of samples cannot be, and a broken end are dropped.
    """
    names = {name: code for code in codes for name in (code, code.split(".")[1])}
    receipts: list[Receipt] = []
    dropped: list[Dropped] = []
    try:
        with gzip.open(path, "rt", newline="", encoding="utf-8") as file:
            for line, row in enumerate(csv.DictReader(_lines(cast(TextIO, file))), start=2):
                if line > MOST or len(dropped) >= MOST_DROPPED:
                    raise ValueError("too many lines")
                word = _receipt(row, names, f"{path.name} line {line}")
                (receipts if isinstance(word, Receipt) else dropped).append(word)  # type: ignore[arg-type]
    except (OSError, EOFError, zlib.error, ValueError, csv.Error) as error:
        dropped.append(Dropped(path.name, "unreadable from here on", str(error)))
    return tuple(sorted(receipts)), dropped


def _lines(file: TextIO) -> Iterator[str]:
    """Never more of the unpacked file in memory than a line; raises ValueError at one too long."""
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise ValueError("line too long")
        yield line


def write(path: Path, receipts: Iterable[Receipt]) -> None:
    """Write packets.csv.gz; the same receipts give the same bytes."""
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
