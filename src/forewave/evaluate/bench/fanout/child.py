"""A child process that answers lines with lines, and what it costs: processor time and memory."""

import os
import selectors
import subprocess
import tempfile
import time
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

PATIENCE_S = 60.0
ENDING_S = 10.0
PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


class ChildError(Exception):
    """A child process ended or did not answer; the text is the last thing it wrote, if any."""


class Child:
    """A process started with pipes. cores: the only ones that it may use; empty: all.

    It is killed at the end of the `with` block.
    """

    def __init__(
        self,
        command: Sequence[str],
        cores: Collection[int] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed in __exit__)
        before = os.sched_getaffinity(0)
        os.sched_setaffinity(0, cores or before)  # inherited, before the child counts its cores
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                env=None if environment is None else {**os.environ, **environment},
            )
        finally:
            os.sched_setaffinity(0, before)
        self._unread = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.communicate(timeout=ENDING_S)
        self._errors.close()

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def send(self, line: str) -> None:
        """Write one line to its input. Raises ChildError if it has ended."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(line.encode() + b"\n")
            self._process.stdin.flush()
        except OSError:
            raise ChildError(self._last_words()) from None

    def receive(self, patience_s: float = PATIENCE_S) -> list[str]:
        """The words of its next line. Raises ChildError if none comes in time."""
        assert self._process.stdout is not None
        until = time.monotonic() + patience_s
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while b"\n" not in self._unread:
                if not selector.select(max(0.0, until - time.monotonic())):
                    raise ChildError(f"no answer in {patience_s:g} s; {self._last_words()}")
                data = os.read(self._process.stdout.fileno(), 1 << 16)
                if not data:
                    raise ChildError(self._last_words())
                self._unread += data
        line, self._unread = self._unread.split(b"\n", 1)
        return line.decode().split()

    def ask(self, line: str, patience_s: float = PATIENCE_S) -> list[str]:
        """Send a line and return the words of the answer."""
        self.send(line)
        return self.receive(patience_s)

    def cpu_s(self) -> float:
        """Processor time of all its threads so far, in seconds."""
        tasks = Path(f"/proc/{self._process.pid}/task")
        return sum(int((task / "schedstat").read_text().split()[0]) for task in _tasks(tasks)) / 1e9

    def resident_bytes(self) -> int:
        """Its resident memory."""
        return int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]) * PAGE

    def _last_words(self) -> str:
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        silent = "it wrote no message" if self.running else "the process ended without a message"
        return lines[-1] if lines else silent


def _tasks(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def busy_s() -> float:
    """Processor time that this whole machine has spent working so far, on all cores."""
    fields = [int(each) for each in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    user, nice, system, _idle, _iowait, irq, softirq, steal = fields
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def slab_bytes() -> int:
    """Memory in which the kernel keeps its objects, sockets among them, on this whole machine."""
    lines = Path("/proc/meminfo").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Slab:")) * 1024
