"""A client of the stream with the rule of the page (web/core/alert/state.ts, `take`).

A message of an event is shown if its version is above the one shown before; others are
ignored. The connection is reopened when it is lost.
"""

import asyncio
import contextlib
import json
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from websockets.asyncio.client import connect

AGAIN = 0.1  # seconds until a lost connection is opened again


class Page:
    """shown: (when, message), in order. conflicts: other content under a version that was shown.

    connections: how often it was connected.
    """

    def __init__(self, port: int) -> None:
        self._url = f"ws://127.0.0.1:{port}/"
        self._versions: dict[str, dict[int, dict[str, Any]]] = defaultdict(dict)
        self.shown: list[tuple[float, dict[str, Any]]] = []
        self.conflicts: list[tuple[str, int]] = []
        self.connections = 0
        self._news = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            with contextlib.suppress(Exception):
                async with connect(self._url, compression=None, open_timeout=5.0) as stream:
                    self.connections += 1
                    self._news.set()
                    async for text in stream:
                        self.take(json.loads(text), time.time())
            await asyncio.sleep(AGAIN)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Until it holds; it may depend on what this page has."""
        while not condition():
            self._news.clear()
            await self._news.wait()

    def take(self, message: dict[str, Any], now: float) -> None:
        """A message of the stream; a heartbeat is none."""
        if "t0" not in message or "n" not in message:
            return
        version, known = message["n"], self._versions[message["id"]]
        if version in known:
            if known[version] != message:
                self.conflicts.append((message["id"], version))
        elif version > max(known, default=0):
            self.shown.append((now, message))
            self._news.set()
        known.setdefault(version, message)

    def last(self) -> dict[str, dict[str, Any]]:
        """What it shows of each event now."""
        return {message["id"]: message for _, message in self.shown}
