"""The processes of benchmarks/soak.py, and their supervision.

The run stops when one of them ends, with its name, its exit code and the last output of
`forewave run`. A broken pipe means the same; it is converted, as click exits silently on
EOFError and BrokenPipeError.
"""

import asyncio
import contextlib
import multiprocessing
import signal
import subprocess
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import click

LAST_WORDS = 2000  # characters of the log
PATIENCE = 30.0  # s for a process to end after SIGTERM


class Children:
    """Started here, ended with the stack. log: where the program that is measured writes to."""

    def __init__(self, stack: contextlib.ExitStack, log: Path) -> None:
        self._stack, self._log = stack, log
        self._codes: dict[str, Callable[[], int | None]] = {}

    def process(self, name: str, target: Any, *args: Any) -> "Child":
        """A function in a process of its own; the pipe to it is its first argument."""
        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe()
        process = context.Process(target=target, name=name, args=(there, *args), daemon=True)
        process.start()
        there.close()  # or its end would not be noticed
        self._stack.callback(process.terminate)
        self._codes[name] = lambda: process.exitcode
        return Child(here, process, self)

    def program(self, name: str, command: list[str]) -> int:
        """The program that is measured; its process id."""
        process = self._stack.enter_context(_program(command, self._log))
        self._codes[name] = process.poll
        return process.pid

    def check(self) -> None:
        """Raises ClickException if one has ended."""
        for name, code in self._codes.items():
            ended = code()
            if ended is not None:
                raise click.ClickException(f"{name} ended by itself: {_how(ended)}{self._words()}")

    def _words(self) -> str:
        with contextlib.suppress(OSError):
            return f"\nlast output of forewave run:\n{self._log.read_text('utf-8')[-LAST_WORDS:]}"
        return ""


class Child:
    """The pipe to one of them."""

    def __init__(self, pipe: Connection, process: BaseProcess, children: Children) -> None:
        self._pipe, self._process, self._children = pipe, process, children

    async def receive(self) -> Any:
        """Its next message. Raises ClickException if it ends instead."""
        with self._gone():
            return await asyncio.to_thread(self._pipe.recv)

    def send(self, what: Any) -> None:
        """Raises ClickException if it has ended."""
        with self._gone():
            self._pipe.send(what)

    @contextlib.contextmanager
    def _gone(self) -> Iterator[None]:
        try:
            yield
        except (EOFError, OSError) as why:
            self._process.join(PATIENCE)
            self._children.check()
            raise click.ClickException(f"{self._process.name} has hung up") from why


@contextlib.contextmanager
def _program(command: list[str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with log.open("w", encoding="utf-8") as file:
        live = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT)
        try:
            yield live
        finally:
            live.send_signal(signal.SIGTERM)
            live.wait(PATIENCE)


def _how(code: int) -> str:
    """An exit code in words."""
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
