"""The time of a replay: stands still until everybody is ready, then runs."""

import asyncio
import time


class ReplayClock:
    """Replayed time in POSIX seconds: `start` until `go` is called, then `speed` times as fast.

    It stands until the first device has come, so that no device ever sees it jump. Devices
    count in real seconds: their countdowns are right at speed 1 only.
    """

    def __init__(self, start: float, speed: float = 1.0) -> None:
        if not speed > 0:
            raise ValueError(f"speed is {speed}, expected more than 0")
        self._start, self._speed = start, speed
        self._began: float | None = None
        self._going = asyncio.Event()

    def __call__(self) -> float:
        """What time it is."""
        if self._began is None:
            return self._start
        return self._start + (time.monotonic() - self._began) * self._speed

    def go(self) -> None:
        """Begin to run."""
        if self._began is None:
            self._began = time.monotonic()
            self._going.set()

    @property
    def runs(self) -> bool:
        """Whether it has begun."""
        return self._going.is_set()

    async def until(self, moment: float) -> None:
        """Wait for that moment; what is not after `start` is past already.

        Gives way to other tasks in any case, so that a late replay does not hold up messages.
        """
        if moment > self._start:
            await self._going.wait()
        await asyncio.sleep(max(0.0, moment - self()) / self._speed)
