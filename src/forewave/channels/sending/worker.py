"""Serves one channel: opens it, and sends what its outbox has, one call at a time.

Each call is limited in time, and every channel has a worker of its own, so that a receiver that is
slow, down or wrong delays nobody else.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from math import isnan

from msgspec.structs import replace

from forewave.channels.card import Beside, Channel, DeliveryError, Notification
from forewave.channels.sending.outbox import Outbox
from forewave.client.place_alert import PlaceAlert
from forewave.process.cancelling import end_where_cancelled

FIRST_PAUSE, LONGEST_PAUSE = 0.25, 5.0  # seconds between tries while there is something to send
LOOK = 0.25  # seconds between two looks at the time while something has an end
MOST_REASONS = 50  # distinct reasons that are counted
FAREWELL = 5.0  # seconds for a channel to close
_LOG = logging.getLogger("forewave.channels")


class Worker:
    """now: seconds of the clock that outboxes use. clock: the server's time, POSIX seconds.

    counts: outcomes by reason. state: in a word or two. on_change: what was told has changed.
    """

    def __init__(
        self,
        channel: Channel,
        outbox: Outbox,
        timeout: float,
        now: Callable[[], float],
        clock: Callable[[], float],
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        self.channel, self.outbox, self.timeout = channel, outbox, timeout
        self.counts: Counter[str] = Counter()
        self.state = "opening"
        self._now, self._clock, self._on_change = now, clock, on_change
        self._wake = asyncio.Event()
        self._tries = 0

    @property
    def name(self) -> str:
        """Of the channel."""
        return self.channel.name

    def wake(self) -> None:
        """There may be something to send."""
        self._tries = 0
        self._wake.set()

    def count(self, reason: str) -> None:
        """Count an outcome; reasons beyond MOST_REASONS are one."""
        known = reason in self.counts or len(self.counts) < MOST_REASONS
        self.counts[reason if known else "other"] += 1

    async def run(self) -> None:
        """Until cancelled; the channel is closed then."""
        try:
            while True:
                await self._serve_once()
        finally:
            await self._close()

    async def _serve_once(self) -> None:
        """A fault here ends neither this channel nor the others."""
        try:
            await self._serve()
        except Exception as fault:
            _LOG.exception("%s: fault", self.name)
            self._failed("serving", DeliveryError(f"fault in forewave: {type(fault).__name__}"))
            await self._pause()

    async def _serve(self) -> None:
        """From opening the channel to its next failure."""
        if not await self._call("open", self.channel.open):
            await self._pause()
            return
        self.state = "open"
        work = self._begin_work()
        try:
            while not work.done() and await self._step():
                pass
        finally:
            if not work.done():
                work.cancel()
            await asyncio.wait([work])
        await self._pause()

    def _begin_work(self) -> asyncio.Future[bool]:
        """The work of the channel's own; of others, what never ends."""
        if not isinstance(self.channel, Beside):
            return asyncio.get_running_loop().create_future()
        work = asyncio.ensure_future(self._call("work", self.channel.work, limited=False))
        work.add_done_callback(lambda _: self._wake.set())
        return work

    async def _step(self) -> bool:
        """One call, or waiting for one; False where it failed and the channel is to be opened."""
        now = self._now()
        self._wake.clear()
        if unsent := self.outbox.swept(now):
            self.counts["expired unsent"] += unsent
        notification = self.outbox.next(now)
        if notification is not None:
            return await self._send(notification)
        key = self.outbox.expired(now)
        if key is not None:
            return await self._expire(key)
        await self._wait(None if self.outbox.deadline(now) is None else LOOK)
        return True

    async def _send(self, notification: Notification) -> bool:
        alert = with_seconds(notification.alert, self._clock())
        shown = replace(notification, alert=alert)
        self.outbox.begin(notification, self._now())
        self._on_change()
        done = await self._call("send", lambda: self.channel.send(shown), notification)
        if done:
            self._tries = 0
            self.outbox.sent(notification, self._now())
            self.count(f"sent {notification.reason}")
            text = "%s: sent %s of %s version %d"
            _LOG.info(text, self.name, notification.reason, alert.event, alert.version)
        self._on_change()
        return done

    async def _expire(self, key: str) -> bool:
        event = key.partition(" ")[2]
        done = await self._call("expire", lambda: self.channel.expire(event))
        if done:
            self._tries = 0
            self.outbox.removed(key)
            self.count("expired")
            self._on_change()
        return done

    async def _call(
        self,
        what: str,
        call: Callable[[], Awaitable[None]],
        sending: Notification | None = None,
        *,
        limited: bool = True,
    ) -> bool:
        """Whether it succeeded; whatever else happens is counted, logged, and ends here."""
        failed: DeliveryError | None
        try:
            async with asyncio.timeout(self.timeout if limited else None):
                await call()
        except DeliveryError as error:
            failed = error
        except TimeoutError:
            failed = DeliveryError(f"timeout: {what} took {self.timeout:g} s")
        except Exception as fault:
            _LOG.exception("%s: fault in %s", self.name, what)
            failed = DeliveryError(f"fault in forewave: {type(fault).__name__}: {fault}")
        else:
            failed = None
        end_where_cancelled()
        if failed is None:
            return True
        self._failed(what, failed)
        if sending is not None:
            self.outbox.failed(sending, received=failed.received, again=failed.retry)
        return False

    def _failed(self, what: str, error: DeliveryError) -> None:
        why = " ".join(str(error).split())[:200]
        self.count(f"{what} failed: {why.partition(': ')[0][:60]}")
        if self.state != why:
            _LOG.warning("%s: %s failed: %s", self.name, what, why)
        self.state = why

    async def _pause(self) -> None:
        """Before the next try: longer each time, ended by what is new."""
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(self._tries, 10))
        self._tries += 1
        self._wake.clear()
        await self._wait(pause)
        if unsent := self.outbox.swept(self._now()):
            self.counts["expired unsent"] += unsent

    async def _wait(self, seconds: float | None) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def _close(self) -> None:
        try:
            async with asyncio.timeout(FAREWELL):
                await self.channel.close()
        except Exception:
            _LOG.exception("%s: cannot close", self.name)


def with_seconds(alert: PlaceAlert, now: float) -> PlaceAlert:
    """The alert with the seconds until S from now; None where a number could not be trusted."""
    left = alert.s_arrival - now
    trusted = not (alert.single_station or alert.cancelled or isnan(left))
    sure = trusted and alert.s_sigma <= max(4.0, 0.3 * left)
    return replace(alert, seconds=left if sure else None)
