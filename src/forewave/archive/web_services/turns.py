"""How many requests are answered at once: the processor and the disk are also needed for alerts."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from forewave.archive.web_services.refusal import RefusedError


class Turns:
    """at_once: requests that are worked on; waiting: those that wait for it, others get 503.

    each: of one sender, at work or waiting; further ones get 429. None: no limit.
    """

    def __init__(self, at_once: int, waiting: int, each: int | None = None) -> None:
        self._turn, self._most, self._each = asyncio.Semaphore(at_once), at_once + waiting, each
        self._here: Counter[str] = Counter()

    @property
    def here(self) -> int:
        """Requests at work or waiting."""
        return self._here.total()

    async def take(self, sender: str) -> None:
        """Wait for a turn. Raises RefusedError; otherwise `leave` has to follow."""
        if self._each is not None and self._here[sender] >= self._each:
            raise RefusedError(429, f"At most {self._each} requests at once from one network.")
        if self.here >= self._most:
            raise RefusedError(503, "Too many requests at once; ask again.")
        self._here[sender] += 1
        try:
            await self._turn.acquire()
        except BaseException:
            self._forget(sender)
            raise

    def leave(self, sender: str) -> None:
        """The request has been answered."""
        self._turn.release()
        self._forget(sender)

    @asynccontextmanager
    async def turn(self, sender: str) -> AsyncIterator[None]:
        """A turn, for as long as the context is open. Raises RefusedError."""
        await self.take(sender)
        try:
            yield
        finally:
            self.leave(sender)

    def _forget(self, sender: str) -> None:
        self._here[sender] -= 1
        if not self._here[sender]:
            del self._here[sender]
