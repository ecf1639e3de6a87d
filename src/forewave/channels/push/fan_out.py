"""Posts messages to push services: many at once, the newest of each event, until it expires.

It runs in a thread with an event loop of its own, so that thousands of requests do not delay the
loop that sends alerts to open pages. Only `put` and `counts` are for other threads.

A post that waits is replaced by a newer version of its event. What a service refuses for now (429,
5xx, no connection) is tried again until the message expires; a subscription that is gone (404,
410) is removed.
"""

import asyncio
import base64
import hashlib
import logging
import math
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime

import aiohttp
from msgspec import Struct

from forewave.channels.push.encryption import seal
from forewave.channels.push.subscriptions import Subscription
from forewave.channels.push.vapid import Vapid

AT_ONCE = 128  # requests under way
PREPARED_AT_ONCE = 50  # keys between two other tasks of the loop
TIMEOUT = 10.0  # seconds for one request
FIRST_RETRY, LONGEST_RETRY = 1.0, 15.0  # seconds
GONE = (404, 410)
MOST_EVENTS = 100  # of which a post may be tried again
_LOG = logging.getLogger("forewave.channels")


class Post(Struct):
    """One message to one subscription. body: encrypted when it is sent first."""

    subscription: Subscription
    event: str
    version: int
    message: bytes
    expires: float
    body: bytes | None = None
    tries: int = 0

    @property
    def slot(self) -> tuple[str, str]:
        """What a newer version takes the place of."""
        return self.event, self.subscription.endpoint


class FanOut:
    """vapid: signs the requests. clock: POSIX seconds. gone: is called with the endpoint of a
    subscription that is no more, in the loop that called `run`. everybody: all subscriptions, whose
    keys are prepared.

    counts: outcomes of single posts: delivered, gone, refused, expired, and tries again by reason.
    """

    def __init__(
        self,
        vapid: Vapid,
        clock: Callable[[], float],
        gone: Callable[[str], None],
        everybody: Iterable[Subscription] = (),
    ) -> None:
        self.counts: Counter[str] = Counter()
        self._vapid, self._clock, self._gone, self._everybody = vapid, clock, gone, everybody
        self._waiting: dict[tuple[str, str], Post] = {}
        self._paused: dict[tuple[str, str], Post] = {}  # until they are tried again
        self._newest: dict[str, int] = {}
        self._early: list[Post] = []
        self._queue: asyncio.Queue[tuple[str, str]]
        self._loop: asyncio.AbstractEventLoop | None = None
        self._caller: asyncio.AbstractEventLoop
        self._stopped: asyncio.Event

    def put(self, posts: Sequence[Post]) -> None:
        """To be sent as soon as possible; each replaces an unsent older version."""
        if self._loop is None:
            self._early += posts
        else:
            self._loop.call_soon_threadsafe(self._put, posts)

    async def run(self) -> None:
        """Send until cancelled."""
        self._caller = asyncio.get_running_loop()
        started = asyncio.Event()
        with ThreadPoolExecutor(1, "web push") as pool:
            serving = self._caller.run_in_executor(pool, asyncio.run, self._serve(started))
            try:
                await asyncio.shield(serving)
            finally:
                await started.wait()
                loop, self._loop = self._loop, None
                if loop is not None and not loop.is_closed():
                    loop.call_soon_threadsafe(self._stopped.set)
                await asyncio.gather(serving, return_exceptions=True)

    # In the thread

    async def _serve(self, started: asyncio.Event) -> None:
        self._queue, self._stopped = asyncio.Queue(), asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._caller.call_soon_threadsafe(started.set)
        self._resume()
        self._put(self._early)
        self._early = []
        connector = aiohttp.TCPConnector(limit=AT_ONCE, keepalive_timeout=60.0)
        timeout = aiohttp.ClientTimeout(total=TIMEOUT)
        jar = aiohttp.DummyCookieJar()
        session = aiohttp.ClientSession(connector=connector, timeout=timeout, cookie_jar=jar)
        async with session:
            tasks = [asyncio.create_task(self._work(session)) for _ in range(AT_ONCE)]
            tasks.append(asyncio.create_task(self._prepare()))
            await self._stopped.wait()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _resume(self) -> None:
        """Queue what was left when it was stopped."""
        for post in self._paused.values():
            self._keep(post)
        self._paused.clear()
        for slot in self._waiting:
            self._queue.put_nowait(slot)

    async def _prepare(self) -> None:
        """Keys for the next message to everybody; only here, so that none is used twice."""
        while True:
            for number, subscription in enumerate(self._everybody):
                subscription.make_ready()
                if number % PREPARED_AT_ONCE == 0:
                    await asyncio.sleep(0.01)
            await asyncio.sleep(5.0)

    def _put(self, posts: Sequence[Post]) -> None:
        for post in posts:
            self._newest[post.event] = max(post.version, self._newest.get(post.event, 0))
            is_waiting = post.slot in self._waiting
            self._waiting[post.slot] = post
            if not is_waiting:
                self._queue.put_nowait(post.slot)
        while len(self._newest) > MOST_EVENTS:
            del self._newest[next(iter(self._newest))]

    async def _work(self, session: aiohttp.ClientSession) -> None:
        while True:
            post = self._waiting.pop(await self._queue.get())
            try:
                await self._send(session, post)
            except asyncio.CancelledError:
                self._keep(post)
                raise
            except Exception:
                self.counts["fault in forewave"] += 1
                _LOG.exception("cannot post a push message")

    async def _send(self, session: aiohttp.ClientSession, post: Post) -> None:
        ttl = math.ceil(post.expires - self._clock())
        if ttl <= 0:
            self.counts["expired"] += 1
            return
        if post.body is None:
            post.body = seal(post.subscription.keys(), post.message)
        headers = self._headers(post, ttl)
        endpoint = post.subscription.endpoint
        try:
            async with session.post(
                endpoint, data=post.body, headers=headers, allow_redirects=False
            ) as answer:
                status, after = answer.status, answer.headers.get("Retry-After", "")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self._again(post, "no connection" if not isinstance(error, TimeoutError) else "timeout")
            return
        self._answered(post, status, after)

    def _headers(self, post: Post, ttl: int) -> dict[str, str]:
        """RFC 8030, 5: how long, how urgent, and what it replaces if it is still unsent."""
        return {
            "TTL": str(ttl),
            "Urgency": "high",
            "Topic": topic(post.event),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "Authorization": self._vapid.authorization(post.subscription.endpoint),
        }

    def _answered(self, post: Post, status: int, after: str) -> None:
        post.subscription.make_ready()
        if status in range(200, 300):
            self.counts["delivered"] += 1
        elif status in GONE:
            self.counts["gone"] += 1
            self._caller.call_soon_threadsafe(self._gone, post.subscription.endpoint)
        elif status == 429 or status >= 500:
            self._again(post, str(status), _seconds(after, self._clock()))
        else:
            self.counts[f"refused: {status}"] += 1
            _LOG.warning("a push service refused a message: HTTP %d", status)

    def _again(self, post: Post, why: str, wait: float | None = None) -> None:
        self.counts[f"again: {why}"] += 1
        pause = min(LONGEST_RETRY, FIRST_RETRY * 2.0**post.tries) * random.uniform(0.75, 1.25)
        post.tries = min(post.tries + 1, 10)
        self._paused[post.slot] = post
        asyncio.get_running_loop().call_later(max(pause, wait or 0.0), self._return, post)

    def _return(self, post: Post) -> None:
        """Queue it again, unless a newer version exists."""
        if self._paused.get(post.slot) is post:
            del self._paused[post.slot]
        if self._is_newest(post):
            self._put((post,))

    def _keep(self, post: Post) -> None:
        """For the next time that it runs."""
        if self._is_newest(post):
            self._waiting[post.slot] = post

    def _is_newest(self, post: Post) -> bool:
        return self._newest.get(post.event) == post.version and post.slot not in self._waiting


def topic(event: str) -> str:
    """At most 32 characters of base64url (RFC 8030, 5.4), the same for all versions."""
    return base64.urlsafe_b64encode(hashlib.sha256(event.encode()).digest()[:24]).decode()


def _seconds(after: str, now: float) -> float | None:
    """Retry-After: seconds or a date (RFC 9110, 10.2.3); None where there is none."""
    try:
        return float(after) if after.isdigit() else parsedate_to_datetime(after).timestamp() - now
    except (TypeError, ValueError):
        return None
