"""Web Push: the signed message to phones whose page is closed.

The message is evaluated on the device, where its place is; here only the cell decides who gets it.
Positions are not known. docs/reference/web-push.md describes the whole way.
"""

import asyncio
import contextlib
import logging
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from forewave.archive import travel_time
from forewave.channels.card import Card, ChannelSettings, Context, Notification
from forewave.channels.push import vapid
from forewave.channels.push.cells import strongest
from forewave.channels.push.fan_out import FanOut, Post
from forewave.channels.push.subscriptions import Subscriptions, read
from forewave.channels.push.versions import Versions
from forewave.earth.travel_time import TravelTimes
from forewave.errors import ConfigError, InputError
from forewave.field import Count, Mmi, about
from forewave.formats.protocols import alert_message
from forewave.sources.exposure import Exposure

SERVICES = (
    "fcm.googleapis.com, push.services.mozilla.com, notify.windows.com, push.apple.com, "
    "push.samsungosp.com"
)
FILE = "push.sqlite"
END_TTL = 600.0  # seconds for which a push service keeps the word that an alert has expired
LARGEST = 4096  # bytes of a request
TEST, TEST_MESSAGE = "self-check", b'{"type":"test"}'  # not signed: it warns of nothing
TEST_S, TESTS = 20.0, 200  # seconds until a device may ask again; tests in that time to all
_LOG = logging.getLogger("forewave.channels")


class WebPushSettings(ChannelSettings, tag="web_push", frozen=True, kw_only=True):
    """Notifications of phones whose page is closed, by the push service of the browser."""

    contact: Annotated[
        str, about("mailto: or https: address at which push services reach the operator")
    ]
    min_mmi: Annotated[Mmi, about("Least intensity in a cell that is sent")] = 3.5
    key: Annotated[
        str, about("File of the key that browsers bind subscriptions to; made if missing")
    ] = "forewave.vapid"
    services: Annotated[
        str, about("Push services that may be sent to: host names, with commas")
    ] = SERVICES
    most: Annotated[Count, about("Largest number of subscriptions")] = 100_000


class Subscribe(Struct):
    """The body of /push/subscribe: what PushSubscription.toJSON() gives, and the cell."""

    endpoint: str
    p256dh: str
    auth: str
    cell: str


class Unsubscribe(Struct):
    """The body of /push/unsubscribe."""

    endpoint: str


Body = TypeVar("Body", Subscribe, Unsubscribe)


class WebPush:
    """The channel. Its own outcomes, by subscription, are in `fan_out.counts`."""

    def __init__(self, settings: WebPushSettings, context: Context) -> None:
        if not settings.contact.startswith(("mailto:", "https://")):
            raise ConfigError("contact: expected an address that begins with mailto: or https://")
        self.name = settings.name or "web_push"
        private = vapid.load_or_make(context.folder / settings.key)
        self._vapid = vapid.Vapid(private, settings.contact, context.clock)
        self._services = tuple(
            each.strip() for each in settings.services.split(",") if each.strip()
        )
        self._clock = context.clock
        folder = context.record
        self.subscriptions = Subscriptions(folder and folder / FILE, settings.most)
        self.fan_out = FanOut(self._vapid, context.clock, self._forget, self.subscriptions)
        self._versions = Versions(settings.min_mmi)
        self._tests = _Tests()
        self._removing: set[asyncio.Task[None]] = set()
        self._file = asyncio.Lock()  # one change of the file at a time
        self._travel_times: TravelTimes | None = None
        self._loaded = False

    # What the chain calls

    async def open(self) -> None:
        """Read the subscriptions."""
        if self._travel_times is None:
            self._travel_times = (await asyncio.to_thread(travel_time.load)).coarse()
        if not self._loaded:
            async with self._file:
                await asyncio.to_thread(self.subscriptions.load)
            self._loaded = True

    async def work(self) -> None:
        """Post what is to be sent, and prepare keys for what will be."""
        await self.fan_out.run()

    async def send(self, notification: Notification) -> None:
        """Queue the message for every subscription in a cell that it concerns."""
        assert self._travel_times is not None
        message, _ = alert_message.read(notification.message)
        cells = tuple(self.subscriptions.cells)
        mmi = await asyncio.to_thread(strongest, message, cells, self._travel_times)
        event, expires = f"{message.mode}:{message.id}", message.exp / 1000.0
        if notification.reason == "final":
            expires = max(expires, self._clock()) + END_TTL
        due = self._versions.due(event, notification.reason, message.level, mmi)
        self.fan_out.put(
            [
                Post(subscription, event, message.n, notification.message, expires)
                for cell in due
                for subscription in tuple(self.subscriptions.cells.get(cell, {}).values())
            ]
        )
        _LOG.info("%s: %s version %d: %d cells", self.name, message.id, message.n, len(due))

    async def expire(self, event: str) -> None:
        """Forget it: "final" has replaced what devices still show, and pushes carry a TTL."""
        for mode in ("actual", "drill"):
            self._versions.forget(f"{mode}:{event}")

    async def close(self) -> None:
        """Close the file."""
        async with self._file:
            self.subscriptions.close()

    def _forget(self, endpoint: str) -> None:
        """A push service says that the subscription is gone."""
        task = asyncio.create_task(self._remove(endpoint))
        self._removing.add(task)
        task.add_done_callback(self._removing.discard)

    async def _remove(self, endpoint: str) -> None:
        async with self._file:
            await asyncio.to_thread(self.subscriptions.remove, endpoint)

    # What pages ask for

    def routes(self) -> Sequence[BaseRoute]:
        """The offer, and subscribing and unsubscribing. No request is logged."""
        return [
            Route("/push.json", self._offer),
            Route("/push/subscribe", self._subscribe, methods=["POST"]),
            Route("/push/unsubscribe", self._unsubscribe, methods=["POST"]),
            Route("/push/test", self._test, methods=["POST"]),
        ]

    async def _offer(self, request: Request) -> Response:
        return JSONResponse({"key": self._vapid.public})

    async def _subscribe(self, request: Request) -> Response:
        try:
            asked = await _body(request, Subscribe)
            found = read(asked.endpoint, asked.p256dh, asked.auth, asked.cell, self._services)
        except InputError as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        async with self._file:
            added = await asyncio.to_thread(self.subscriptions.add, found)
        return JSONResponse({}) if added else JSONResponse({"error": "full"}, status_code=503)

    async def _unsubscribe(self, request: Request) -> Response:
        with contextlib.suppress(InputError):
            await self._remove((await _body(request, Unsubscribe)).endpoint)
        return JSONResponse({})

    async def _test(self, request: Request) -> Response:
        """Push a test to one subscription, so that its device can measure the way."""
        try:
            asked = await _body(request, Unsubscribe)
        except InputError as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        subscription = self.subscriptions.of(asked.endpoint)
        if subscription is None:
            return JSONResponse({"error": "no such subscription"}, status_code=404)
        now = self._clock()
        if not self._tests.begin(asked.endpoint, now):
            return JSONResponse({"error": "too many tests"}, status_code=429)
        self.fan_out.put([Post(subscription, TEST, int(now * 1000), TEST_MESSAGE, now + TEST_S)])
        return JSONResponse({})


class _Tests:
    """Who has been sent a test lately: one in TEST_S to a device, TESTS in that time to all."""

    def __init__(self) -> None:
        self._sent: dict[str, float] = {}

    def begin(self, endpoint: str, now: float) -> bool:
        self._sent = {each: at for each, at in self._sent.items() if 0 <= now - at < TEST_S}
        if endpoint in self._sent or len(self._sent) >= TESTS:
            return False
        self._sent[endpoint] = now
        return True


async def _body(request: Request, shape: type[Body]) -> Body:
    """The body of a request. Raises InputError. Pages of other sites cannot send this type."""
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise InputError("expected Content-Type: application/json")
    data = b""
    async for chunk in request.stream():
        data += chunk
        if len(data) > LARGEST:
            raise InputError(f"expected at most {LARGEST} bytes")
    try:
        return msgspec.json.decode(data, type=shape)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise InputError(f"body: {error}") from None


def _exposure(settings: Any) -> Iterable[Exposure]:
    subject = f"channel {settings.name or 'web_push'}"
    what = "whoever reaches the pages can subscribe, up to the limit (most)"
    yield Exposure("note", subject, what, "limit requests to /push/ in a reverse proxy")


CARD = Card("web_push", WebPushSettings, WebPush, _exposure)
