"""`forewave run` with an adjustable clock and side tasks that fail on command.

    python benchmarks/attack/weak_machine.py PORT SETTINGS

Commands are JSON datagrams on a port of loopback: {"clock": 3600.0} sets the wall clock of this
process that many seconds ahead of the machine's, {"task": "watch"} lets that side task fail.
"""

import asyncio
import json
import socket
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

_true_time, _ahead = time.time, [0.0]


def _time() -> float:
    return _true_time() + _ahead[0]


time.time = _time  # before forewave is imported, which takes the function where it needs it

from forewave.live.run import run  # noqa: E402
from forewave.process.supervise import SideTasks  # noqa: E402


class Orders:
    """What everything.py wants of this process."""

    def __init__(self) -> None:
        self._fail: dict[str, Callable[[], None]] = {}

    def obey(self, order: dict[str, Any]) -> None:
        """Carry out an order; called in a thread of its own."""
        if "clock" in order:
            _ahead[0] = float(order["clock"])
        elif order.get("task") in self._fail:
            self._fail[order["task"]]()

    def breakable(self, name: str, work: Callable[[], Awaitable[None]]) -> Any:
        """The same task, which fails on command."""

        async def either() -> None:
            loop, failed = asyncio.get_running_loop(), asyncio.Event()
            self._fail[name] = lambda: loop.call_soon_threadsafe(failed.set)
            failing = asyncio.ensure_future(failed.wait())
            running = asyncio.ensure_future(work())
            try:
                await asyncio.wait({failing, running}, return_when=asyncio.FIRST_COMPLETED)
                if failed.is_set():
                    raise RuntimeError(f"{name} failed on command")
                await running
            finally:
                failing.cancel()
                running.cancel()

        return either

    def listen(self, port: int) -> None:
        """For ever."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.bind(("127.0.0.1", port))
            while True:
                self.obey(json.loads(sock.recv(1 << 12)))


def main() -> None:
    """Run, as `forewave run -c SETTINGS` does."""
    port, settings = int(sys.argv[1]), Path(sys.argv[2])
    orders, keep = Orders(), SideTasks.keep

    async def breakable(self: SideTasks, name: str, work: Callable[[], Awaitable[None]]) -> None:
        await keep(self, name, orders.breakable(name, work))

    SideTasks.keep = breakable  # type: ignore[method-assign]
    threading.Thread(target=orders.listen, args=(port,), daemon=True).start()
    run(settings, {})


if __name__ == "__main__":
    main()
