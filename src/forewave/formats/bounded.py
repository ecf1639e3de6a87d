"""Files read into memory up to a limit of size, since a hostile file may be huge.

Whatever is wrong with the content of a file is raised as one FormatError of one line.
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
MOST_DOTS = 500  # in a line of settings, outside of strings
_STRING = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
METADATA = 300_000_000  # bytes of StationXML: of a large data centre, with responses


def read(path: Path, most: int) -> bytes:
    """The content of a file of at most `most` bytes. Raises OSError, FormatError.

    A named pipe is refused: opening it would block until another process writes to it.
    """
    if path.is_fifo():
        raise FormatError(f"{path}: expected a file, found a named pipe")
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise too_long(path, most)
    return data


def text(path: Path, most: int) -> str:
    """As `read`, decoded from UTF-8 without a byte order mark.

    Raises UnicodeDecodeError as well.
    """
    return read(path, most).decode("utf-8-sig")


def check(path: Path, most: int) -> None:
    """Raise as `read` does, for a file that another reader opens.

    A pipe or device is refused: it has no size to check.
    """
    if not path.is_file() and path.exists():
        raise FormatError(f"{path}: expected a file")
    if path.stat().st_size > most:
        raise too_long(path, most)


def too_long(path: Path, most: int) -> FormatError:
    """The error of a file that exceeds its limit."""
    return FormatError(f"{path}: expected at most {most / 1e6:g} MB, found more")


def toml(settings: str) -> dict[str, Any]:
    """Decode TOML. Raises ValueError, also for keys of too many parts, which take long to parse."""
    if any(line.count(".") > MOST_DOTS for line in _STRING.sub("", settings).splitlines()):
        raise ValueError("nested too deep")
    return tomllib.loads(settings)


@contextmanager
def faults_of(path: Path | str) -> Iterator[None]:
    """Raise what a reader raises about the content of a file as a FormatError with its name."""
    try:
        yield
    except ForewaveError:
        raise
    except RecursionError:
        raise FormatError(f"{path}: nested too deep") from None
    except UnicodeDecodeError:
        raise FormatError(f"{path}: expected UTF-8 text") from None
    except (ValueError, OverflowError, struct.error, zlib.error, EOFError) as error:
        raise FormatError(f"{path}: {' '.join(str(error).split())[:200]}") from None
