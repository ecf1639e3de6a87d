"""Files read as a whole, up to a number of bytes: a hostile file may be huge.

Every fault that a reader may have with what is in a file is one FormatError, one line.
"""

import re
import struct
import tomllib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from forewave.errors import ForewaveError, FormatError

SETTINGS = 1_000_000  # bytes of settings, scenarios and event.json
TABLE = 30_000_000  # bytes of stations.csv: 500,000 channels
MOST_DOTS = 500  # of a line of settings, besides those in strings
_STRING = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
METADATA = 300_000_000  # bytes of StationXML: a large data centre's, with responses


def read(path: Path, most: int) -> bytes:
    """The bytes of a file. Raises OSError, and FormatError where there are more.

    A named pipe is refused: opening it would wait for whoever writes into it, perhaps for ever.
    """
    if path.is_fifo():
        raise FormatError(f"{path}: is no file")
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise too_long(path, most)
    return data


def text(path: Path, most: int) -> str:
    """As `read`, as UTF-8 text without the mark that some editors put before it.

    Raises UnicodeDecodeError besides.
    """
    return read(path, most).decode("utf-8-sig")


def check(path: Path, most: int) -> None:
    """As `read`, for a file that another reader opens. What is no file has no size to check."""
    if not path.is_file() and path.exists():
        raise FormatError(f"{path}: is no file")
    if path.stat().st_size > most:
        raise too_long(path, most)


def too_long(path: Path, most: int) -> FormatError:
    """Its description in errors."""
    return FormatError(f"{path}: longer than {most / 1e6:g} MB")


def toml(settings: str) -> dict[str, Any]:
    """TOML of settings. Raises ValueError; also for keys of very many parts, which take long."""
    if any(line.count(".") > MOST_DOTS for line in _STRING.sub("", settings).splitlines()):
        raise ValueError("nested too deep")
    return tomllib.loads(settings)


@contextmanager
def faults_of(path: Path | str) -> Iterator[None]:
    """What the content of a file makes a reader raise, as one FormatError that names the file."""
    try:
        yield
    except ForewaveError:
        raise
    except RecursionError:
        raise FormatError(f"{path}: nested too deep") from None
    except UnicodeDecodeError:
        raise FormatError(f"{path}: not UTF-8 text") from None
    except (ValueError, OverflowError, struct.error, zlib.error, EOFError) as error:
        raise FormatError(f"{path}: {' '.join(str(error).split())[:200]}") from None
