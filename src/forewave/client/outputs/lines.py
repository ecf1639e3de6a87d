"""Lines to a stream such as stdout, written by a thread, so that a full pipe delays nothing."""

import threading
from collections import deque
from collections.abc import Callable
from typing import TextIO

MOST = 1000  # lines that wait; then the oldest is lost


class Lines:
    """`put` lines; `close` writes the rest. lost: lines that were not written.

    on_broken: called once, in the thread, when the reader of the stream has gone.
    """

    def __init__(self, stream: TextIO, on_broken: Callable[[], object] = lambda: None) -> None:
        self.lost = 0
        self._stream, self._on_broken = stream, on_broken
        self._waiting: deque[str] = deque()
        self._wake, self._ends = threading.Event(), False
        self._thread = threading.Thread(target=self._work, name="lines", daemon=True)
        self._thread.start()

    def put(self, line: str) -> None:
        """Write a line soon; returns at once."""
        if len(self._waiting) >= MOST:
            self._waiting.popleft()
            self.lost += 1
        self._waiting.append(line)
        self._wake.set()

    def close(self, seconds: float = 2.0) -> None:
        """Write what waits, for at most so many seconds."""
        self._ends = True
        self._wake.set()
        self._thread.join(seconds)

    def _work(self) -> None:
        while not (self._ends and not self._waiting):
            self._wake.wait()
            self._wake.clear()
            try:
                self._write()
            except (OSError, ValueError):  # its reader has gone, or it was closed
                self._waiting.clear()
                self._on_broken()
                return

    def _write(self) -> None:
        """One line at a time, each flushed: a reader acts on each."""
        while self._waiting:
            self._stream.write(self._waiting.popleft() + "\n")
            self._stream.flush()
