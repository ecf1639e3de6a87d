"""The audit log: one JSON line for each action, each with the hash of the line before.

    {"time":"2026-11-30T12:00:00.000Z","what":"login","who":"anna",...,"before":"sha256 hex"}

Whoever changes, removes or inserts a line has to change all lines after it, and whoever has noted
the hash of a later line sees that. Lines are only ever appended, and are on the disk (fsync) before
`add` returns. A line that was cut off when a process was killed stays; the next one covers it.
Several processes may write: the file is locked while a line is added.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from forewave.errors import FormatError, InputError

LONGEST = 8192  # bytes of a line
START = "0" * 64  # what the first line has as the hash before it


class AuditError(InputError):
    """The log cannot be written: what was to be done must not be done."""


class AuditLog:
    """`add` lines to a file, which is made when it is missing. clock: POSIX seconds."""

    def __init__(self, path: Path, clock: Callable[[], float]) -> None:
        self.path, self._clock = path, clock

    def add(self, what: str, **facts: Any) -> str:
        """Add a line and return its hash. Waits for the disk. Raises AuditError.

        facts: JSON values; None is left out.
        """
        try:
            with _locked(self.path) as file:
                return self._append(file, what, facts)
        except OSError as error:
            why = error.strerror or str(error)
            raise AuditError(f"{self.path}: the audit log cannot be written: {why}") from None

    def _append(self, file: int, what: str, facts: dict[str, Any]) -> str:
        size = os.fstat(file).st_size
        last, cut_off = _last(file, size)
        fields = {
            "time": _iso(self._clock()),
            "what": what,
            **{name: value for name, value in facts.items() if value is not None},
            "before": _hash(last) if last else START,
        }
        line = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
        if len(line) > LONGEST:
            raise AuditError(f"audit log: a line of {len(line)} bytes, at most {LONGEST}")
        _write(file, (b"\n" if cut_off else b"") + line + b"\n", size)
        return _hash(line)


class Verified(Struct):
    """What an audit log holds. head: hash of the last line; hashes: of all lines, in order.

    cut_off: numbers of the lines that a killed process left unfinished.
    """

    head: str
    hashes: list[str]
    cut_off: list[int]


def verify(path: Path) -> Verified:
    """Check every line of a log. Raises FormatError with the first line that does not follow.

    A last line that was changed, and lines taken away at the end, leave a log that is whole:
    compare `head` with a hash noted before.
    """
    found = Verified(START, [], [])
    *lines, rest = path.read_bytes().split(b"\n")
    for number, line in enumerate([*lines, *([rest] if rest else [])], 1):
        fields = _fields(line)
        if fields is None:
            found.cut_off.append(number)
        elif fields.get("before") != found.head:
            raise FormatError(
                f"{path}: line {number} does not follow line {number - 1}: one of the two was "
                "changed, or lines between them were removed or inserted"
            )
        found.head = _hash(line)
        found.hashes.append(found.head)
    return found


class Tail(Struct):
    """The last lines of a log, as they are in it, oldest first.

    head: hash of the last line. broken: how many lines from the end the last one stands that does
    not follow the one before; 0: all follow. Lines that a killed process left unfinished are left
    out.
    """

    lines: list[dict[str, Any]]
    head: str = START
    broken: int = 0


def tail(path: Path, most: int) -> Tail:
    """The last lines, at most `most`, and whether each follows the one before. Reads the disk."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        start = max(0, size - most * 1024)
        file.seek(start)
        content = file.read()
    lines = content.split(b"\n")[1 if start else 0 :]
    found, before, wrong = Tail([]), None, None
    for line in lines[-most - 1 :]:
        fields = _fields(line)
        if fields is not None:
            if before is not None and fields.get("before") != before:
                wrong = len(found.lines)
            found.lines.append(fields)
        before = _hash(line) if line else before
    found.head = before or START
    found.broken = 0 if wrong is None else len(found.lines) - wrong
    return found


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[int]:
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        if os.name == "posix":
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield file
    finally:
        os.close(file)


def _write(file: int, data: bytes, size: int) -> None:
    """All of it or nothing: what a full disk took in part is removed again."""
    try:
        if os.write(file, data) != len(data):
            raise OSError(None, "only a part could be written, the disk is full")
        os.fsync(file)
    except OSError:
        with contextlib.suppress(OSError):
            os.ftruncate(file, size)
        raise


def _last(file: int, size: int) -> tuple[bytes, bool]:
    """The last line, b"" of an empty file, and whether it was cut off."""
    start = max(0, size - 2 * LONGEST)
    os.lseek(file, start, os.SEEK_SET)
    tail = os.read(file, size - start)
    cut_off = bool(tail) and not tail.endswith(b"\n")
    return tail.removesuffix(b"\n").rpartition(b"\n")[2], cut_off


def _fields(line: bytes) -> dict[str, Any] | None:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return fields if isinstance(fields, dict) else None


def _hash(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def _iso(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).isoformat(timespec="milliseconds")[:-6] + "Z"
