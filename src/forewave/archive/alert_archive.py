"""The signed messages of alerts on disk, one a line, exactly as they were sent.

The event log has the alerts, but not their signatures, and to read it for those of a month takes
minutes. Here a month is read at once, and everybody can verify each line. `add` puts a message into
memory and returns; a thread writes it. When the file exceeds its limit the older half is removed.
"""

import logging
import os
import threading
from collections import Counter, deque
from pathlib import Path
from typing import BinaryIO

NAME = "alerts.jsonl"
MOST_BYTES = 20_000_000
LONGEST = 1_000  # bytes of a message
WAITING = 10_000  # messages that wait for the disk
_LOG = logging.getLogger(__name__)


def read(path: Path, most: int) -> list[bytes]:
    """The last messages of a file, at most so many; none if it cannot be read.

    Lines that cannot be messages are left out. Whether one is genuine is for its signature to say.
    """
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - MOST_BYTES))
            lines = file.read(MOST_BYTES).split(b"\n")
    except OSError:
        return []
    return [line for line in lines if 0 < len(line) <= LONGEST and line[:1] == b"{"][-most:]


class AlertArchive:
    """`add` messages, then `close`. lost: messages that could not be written, by reason."""

    def __init__(self, path: Path, most_bytes: int = MOST_BYTES) -> None:
        self._path, self._most_bytes = path, most_bytes
        self.lost: Counter[str] = Counter()
        self._waiting: deque[bytes] = deque()
        self._wake, self._ends = threading.Event(), False
        self._thread = threading.Thread(target=self._work, name="alert archive", daemon=True)
        self._thread.start()

    def add(self, message: bytes) -> None:
        """Write it soon; returns at once."""
        if len(self._waiting) >= WAITING:
            self.lost["disk too slow"] += 1
            return
        self._waiting.append(message)
        self._wake.set()

    def close(self) -> None:
        """Write the rest; waits at most 5 s for the disk."""
        self._ends = True
        self._wake.set()
        self._thread.join(5.0)

    def _work(self) -> None:
        while not self._ends or self._waiting:
            self._wake.wait()
            self._wake.clear()
            messages = [self._waiting.popleft() for _ in range(len(self._waiting))]
            if messages:
                self._write(messages)

    def _write(self, messages: list[bytes]) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab+") as file:
                if file.tell() > self._most_bytes:
                    self._shorten()
                    self._write(messages)
                    return
                lines = b"".join(message + b"\n" for message in messages)
                file.write(lines if _ends_a_line(file) else b"\n" + lines)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            reason = error.strerror or "disk gone"
            if not self.lost[reason]:
                _LOG.error("%s: %s; alerts go on, but are not kept", self._path, reason)
            self.lost[reason] += len(messages)

    def _shorten(self) -> None:
        """Keep the newer half."""
        lines = self._path.read_bytes().split(b"\n")
        fresh = self._path.with_suffix(".new")
        fresh.write_bytes(b"\n".join(lines[len(lines) // 2 :]))
        fresh.replace(self._path)


def _ends_a_line(file: BinaryIO) -> bool:
    """Whether the file is empty or ends a line: a process may have been killed within one."""
    end = file.seek(0, os.SEEK_END)
    if end == 0:
        return True
    file.seek(end - 1)
    return file.read(1) == b"\n"
