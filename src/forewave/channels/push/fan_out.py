"""Posts messages to push services: many at once, the newest of each event, until it expires.

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
from collections.abc import Awaitable, Callable
from email.utils import parsedate_to_datetime

import aiohttp
from msgspec import Struct

from forewave.channels.push.encryption import seal
from forewave.channels.push.subscriptions import Subscription
from forewave.channels.push.vapid import Vapid

AT_ONCE = 32  # requests under way; more would delay the other tasks of the loop
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
    """vapid: signs the requests. clock: POSIX seconds. remove: a subscription that is gone.

    counts: outcomes of single posts: delivered, gone, refused, expired, and tries again by reason.
    """

    def __init__(
        self,
        vapid: Vapid,
        clock: Callable[[], float],
        remove: Callable[[str], Awaitable[None]],
    ) -> None:
        self.counts: Counter[str] = Counter()
        self._vapid, self._clock, self._remove = vapid, clock, remove
        self._waiting: dict[tuple[str, str], Post] = {}
        self._queue: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        self._newest: dict[str, int] = {}

    def put(self, post: Post) -> None:
        """To be sent as soon as possible; replaces an unsent older version."""
        self._newest[post.event] = max(post.version, self._newest.get(post.event, 0))
        while len(self._newest) > MOST_EVENTS:
            del self._newest[next(iter(self._newest))]
        is_waiting = post.slot in self._waiting
        self._waiting[post.slot] = post
        if not is_waiting:
            self._queue.put_nowait(post.slot)

    async def run(self) -> None:
        """Send until cancelled."""
        connector = aiohttp.TCPConnector(limit=AT_ONCE, keepalive_timeout=60.0)
        timeout = aiohttp.ClientTimeout(total=TIMEOUT)
        jar = aiohttp.DummyCookieJar()
        session = aiohttp.ClientSession(connector=connector, timeout=timeout, cookie_jar=jar)
        async with session, asyncio.TaskGroup() as tasks:
            for _ in range(AT_ONCE):
                tasks.create_task(self._work(session))

    async def _work(self, session: aiohttp.ClientSession) -> None:
        while True:
            post = self._waiting.pop(await self._queue.get())
            try:
                await self._send(session, post)
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
        await self._answered(post, status, after)

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

    async def _answered(self, post: Post, status: int, after: str) -> None:
        post.subscription.make_ready()
        if status in range(200, 300):
            self.counts["delivered"] += 1
        elif status in GONE:
            self.counts["gone"] += 1
            await self._remove(post.subscription.endpoint)
        elif status == 429 or status >= 500:
            self._again(post, str(status), _seconds(after, self._clock()))
        else:
            self.counts[f"refused: {status}"] += 1
            _LOG.warning("a push service refused a message: HTTP %d", status)

    def _again(self, post: Post, why: str, wait: float | None = None) -> None:
        self.counts[f"again: {why}"] += 1
        pause = min(LONGEST_RETRY, FIRST_RETRY * 2.0**post.tries) * random.uniform(0.75, 1.25)
        post.tries = min(post.tries + 1, 10)
        asyncio.get_running_loop().call_later(max(pause, wait or 0.0), self._return, post)

    def _return(self, post: Post) -> None:
        """Queue it again, unless a newer version exists."""
        if self._newest.get(post.event) == post.version and post.slot not in self._waiting:
            self.put(post)


def topic(event: str) -> str:
    """At most 32 characters of base64url (RFC 8030, 5.4), the same for all versions."""
    return base64.urlsafe_b64encode(hashlib.sha256(event.encode()).digest()[:24]).decode()


def _seconds(after: str, now: float) -> float | None:
    """Retry-After: seconds or a date (RFC 9110, 10.2.3); None where there is none."""
    try:
        return float(after) if after.isdigit() else parsedate_to_datetime(after).timestamp() - now
    except (TypeError, ValueError):
        return None
