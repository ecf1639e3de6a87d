"""Answers that are cheap under load: built at most once a second, compressed once, revalidated.

For read-only data of everybody: any page may read them (CORS), nobody is identified.
"""

import asyncio
import gzip
import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from email.utils import formatdate, parsedate_to_datetime

from msgspec import Struct

KEPT_S = 1.0
MOST_KEPT = 64  # different answers
WAITING = 200  # requests for answers that are not made yet; further ones are asked to come again
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since, Accept",
    "Access-Control-Expose-Headers": "ETag, Last-Modified",
    "Access-Control-Max-Age": "86400",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


class Made(Struct, frozen=True):
    """What is answered. changed: POSIX seconds of its last change; None: not known."""

    body: bytes
    media_type: str
    changed: float | None = None


class Content(Struct, frozen=True):
    """The same, plain and by gzip, with its entity tag."""

    made: Made
    small: bytes
    tag: str


class Answer(Struct, frozen=True):
    """An HTTP answer."""

    status: int
    headers: dict[str, str]
    body: bytes = b""


class TooManyError(Exception):
    """Too many different answers are asked for at once."""


class Answers:
    """Keeps contents for KEPT_S, made by one thread at a time, in an event loop."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: OrderedDict[object, tuple[float, int, asyncio.Task[Content]]] = OrderedDict()
        self._turn = asyncio.Semaphore(1)  # one thread: what sends alerts needs the other core
        self._waiting = 0
        self.built = 0

    async def get(self, key: object, changes: int, make: Callable[[], Made]) -> Content:
        """The content under this key. changes: it is made anew if this number has changed too.

        Raises TooManyError.
        """
        found = self._kept.get(key)
        if found is None or found[1] != changes or self._clock() - found[0] >= KEPT_S:
            if self._waiting >= WAITING:
                raise TooManyError
            found = self._clock(), changes, asyncio.create_task(self._make(make))
            self._kept[key] = found
            self._kept.move_to_end(key)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        try:
            return await asyncio.shield(found[2])
        except Exception:
            self._kept.pop(key, None)  # a fault is not kept
            raise

    async def _make(self, make: Callable[[], Made]) -> Content:
        self._waiting += 1
        try:
            async with self._turn:
                self.built += 1
                return await asyncio.to_thread(_content, make)
        finally:
            self._waiting -= 1


def answer(content: Content, asked: Mapping[str, str], now: float) -> Answer:
    """The answer to a request. asked: its headers. now: POSIX seconds of this machine.

    The time of the last change is only stated a second after it: HTTP's times have whole seconds,
    and a further change within the same second would not be noticed.
    """
    made = content.made
    headers = {**CORS, "ETag": content.tag, "Vary": "Accept-Encoding"}
    settled = made.changed is not None and now >= int(made.changed) + 1
    if settled:
        assert made.changed is not None
        headers["Last-Modified"] = formatdate(int(made.changed), usegmt=True)
    if _is_known(content.tag, int(made.changed) if settled and made.changed else None, asked):
        return Answer(304, headers)
    headers["Content-Type"] = made.media_type
    if _takes_gzip(asked.get("accept-encoding", "")):
        return Answer(200, {**headers, "Content-Encoding": "gzip"}, content.small)
    return Answer(200, headers, made.body)


def _content(make: Callable[[], Made]) -> Content:
    made = make()
    digest = hashlib.sha256(made.body).hexdigest()[:24]
    small = gzip.compress(made.body, compresslevel=1, mtime=0)
    return Content(made, small, f'W/"{digest}"')  # weak: the same for both encodings


def _is_known(tag: str, changed: int | None, asked: Mapping[str, str]) -> bool:
    """Whether the client has it already (RFC 9110, 13.1): a tag goes before a time."""
    if (tags := asked.get("if-none-match")) is not None:
        given = [each.strip().removeprefix("W/") for each in tags.split(",")]
        return "*" in given or tag.removeprefix("W/") in given
    since = asked.get("if-modified-since")
    if since is None or changed is None:
        return False
    try:
        return changed <= parsedate_to_datetime(since).timestamp()
    except (ValueError, TypeError, OverflowError):
        return False


def _takes_gzip(accepted: str) -> bool:
    """Whether Accept-Encoding has gzip, and not with a weight of 0."""
    for each in accepted.lower().split(","):
        coding, _, weight = each.partition(";")
        if coding.strip() in ("gzip", "*"):
            value = weight.replace(" ", "").removeprefix("q=")
            return value.strip("0.") != "" or not value
    return False
