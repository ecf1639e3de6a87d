"""ntfy, Telegram, Discord, Matrix, Slack, Pushover, e-mail, SMS and more, by Apprise.

One entry may name several addresses; each is retried by itself. Addresses contain passwords: they
are never logged, only their number and kind.

A service that hangs cannot be stopped. So each call has a thread of its own instead of one of
Apprise's few, which all entries share, and an address is not called again while its last call runs.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import TYPE_CHECKING, Annotated, Any

from forewave.channels.card import Card, ChannelSettings, Context, DeliveryError, Notification
from forewave.channels.texts.words import Text, Words
from forewave.errors import ConfigError
from forewave.field import about
from forewave.sources.exposure import Exposure

if TYPE_CHECKING:
    from apprise import Apprise, NotifyType

_LOG = logging.getLogger("forewave.channels")


class AppriseSettings(ChannelSettings, frozen=True, kw_only=True, tag="apprise"):
    """Messages to people by Apprise's services; needs `pip install forewave[apprise]`."""

    urls: Annotated[
        tuple[str, ...],
        about("Addresses as Apprise writes them, such as ntfy://topic; they contain passwords"),
    ]
    timeout: Annotated[float, about("Longest time for one message", "s", gt=0)] = 15.0


class People:
    """Some addresses. Raises ConfigError where Apprise is missing or does not know one."""

    def __init__(self, settings: AppriseSettings, context: Context) -> None:
        self.name = settings.name or "apprise"
        try:
            import apprise
        except ImportError:
            raise ConfigError("needs Apprise: pip install 'forewave[apprise]'") from None
        self._words = Words(context.language)
        self._kinds = apprise.NotifyType
        self._services = [_service(apprise, url, n) for n, url in enumerate(settings.urls, 1)]
        if not self._services:
            raise ConfigError("urls: expected at least one address")
        self._done: tuple[object, set[int]] = (None, set())
        self._calls: dict[int, asyncio.Future[bool]] = {}  # under way, by address

    async def open(self) -> None:
        """Nothing: the services connect for each message."""

    async def send(self, notification: Notification) -> None:
        """To each address that does not have it yet, at the same time."""
        text = self._words.text(notification)
        alert = notification.alert
        key = (alert.event, alert.version, notification.reason, alert.drill)
        if self._done[0] != key:
            self._done = (key, set())
        done = self._done[1]
        waiting = [n for n in range(len(self._services)) if n not in done]
        await asyncio.gather(*(self._one(n, text, notification, done) for n in waiting))
        failed = [n for n in range(len(self._services)) if n not in done]
        if failed:
            busy = all(n in self._calls for n in failed)
            which = ", ".join(str(n + 1) for n in failed)
            why = f"{'still busy' if busy else 'not accepted'}: address {which}"
            raise DeliveryError(why)

    async def _one(self, n: int, text: Text, sent: Notification, done: set[int]) -> None:
        if n in self._calls:
            return
        kind = self._kinds.WARNING if sent.active else self._kinds.INFO
        service = self._services[n]
        call = _in_thread(lambda: _accepted(service, text, kind))
        self._calls[n] = call
        call.add_done_callback(lambda _: self._ended(n, done))
        await asyncio.shield(call)

    def _ended(self, n: int, done: set[int]) -> None:
        """It may be after the timeout of the channel: what has arrived is not sent again."""
        call = self._calls.pop(n)
        if not call.cancelled() and call.result():
            done.add(n)

    async def expire(self, event: str) -> None:
        """Nothing: messages stay with those who have them."""

    async def close(self) -> None:
        """Nothing is open."""


def _accepted(service: "Apprise", text: Text, kind: "NotifyType") -> bool:
    """Whether it took the message. By the service itself: Apprise would use its few threads."""
    try:
        each = [one.notify(text.body, title=text.title, notify_type=kind) for one in service]
        return all(each)
    except Exception as fault:  # of any of a hundred services; its text may hold a password
        _LOG.warning("fault of an Apprise service: %s", type(fault).__name__)
        return False


def _in_thread(call: Callable[[], bool]) -> "asyncio.Future[bool]":
    """A thread that the end of the process does not wait for. The call raises nothing."""
    ended: Future[bool] = Future()
    ended.set_running_or_notify_cancel()

    def run() -> None:
        ended.set_result(call())

    threading.Thread(target=run, name="apprise", daemon=True).start()
    return asyncio.wrap_future(ended)


def _service(apprise: Any, url: str, number: int) -> "Apprise":
    made: Apprise = apprise.Apprise()
    if not made.add(url):
        kind = url.partition("://")[0][:20]
        raise ConfigError(f"urls: address {number} ({kind}://...) is none that Apprise knows")
    return made


def _exposure(settings: AppriseSettings) -> Iterator[Exposure]:
    for number, url in enumerate(settings.urls, 1):
        if url.startswith(("json://", "xml://", "form://", "mailto://")):
            subject, what = f"apprise address {number}", "it is sent unencrypted"
            host = url.partition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0]
            secure = f"{url.partition('://')[0]}s://"
            yield Exposure("warning", subject, what, f"use {secure}", host=host)


CARD = Card("apprise", AppriseSettings, People, _exposure, people=True)
