"""The clock of a replay: stopped until all are ready, then running."""

import asyncio
import time


class ReplayClock:
    """Replayed time in POSIX seconds: `start` until `go` is called, then `speed` times real time.

    It is started when the first device has connected, so that no device sees it jump. Devices
    count in real seconds: their countdowns are right at speed 1 only.
    """

    def __init__(self, start: float, speed: float = 1.0) -> None:
        if not speed > 0:
            raise ValueError(f"speed is {speed}, expected more than 0")
        self._start, self._speed = start, speed
        self._began: float | None = None
        self._going = asyncio.Event()

    def __call__(self) -> float:
        """The replayed time now."""
        if self._began is None:
            return self._start
        return self._start + (time.monotonic() - self._began) * self._speed

    def go(self) -> None:
        """Start the clock."""
        if self._began is None:
            self._began = time.monotonic()
            self._going.set()

    @property
    def runs(self) -> bool:
        """Whether the clock was started."""
        return self._going.is_set()

    async def until(self, at: float) -> None:
        """Wait until a replayed time (POSIX seconds); a time up to `start` is past.

        Always yields to other tasks, so that a late replay does not delay messages.
        """
        if at > self._start:
            await self._going.wait()
        await asyncio.sleep(max(0.0, at - self()) / self._speed)
