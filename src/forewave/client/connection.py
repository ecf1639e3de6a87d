"""Stays connected to the stream: connects again for ever, asks for the time, renews the keys.

As web/core/stream/connection.ts and web/core/stream/key_list.ts do it.
"""

import asyncio
import logging
import random
import re
import time
from collections.abc import Callable
from itertools import count

from picows import WSError, WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from forewave.client.place_alert import PlaceAlert
from forewave.client.receiver import Receiver
from forewave.client.service import Config, Service
from forewave.client.trust import Trust
from forewave.errors import FormatError

RETRY_FIRST, RETRY_MOST = 5.0, 30.0  # seconds: as web/core/stream/retry.ts
PINGS = (0.0, 0.3, 1.0, 3.0)  # seconds after connecting
PING_EVERY = 10.0
SILENT = 15.0  # seconds without a heartbeat, after which the connection is given up
RENEW_EVERY = 5.0  # seconds between two questions for keys that others can cause
OLD = 600.0  # seconds, after which the list of keys is asked for again
_RETRY = re.compile(r"retry ([0-9]{1,6})")
LOOK = 0.5  # seconds between two looks at how the connection is
FRAME_BYTES = 65_536

# The library logs every broken connection as an error; here it is a readiness.
_SILENT = logging.Logger("forewave.client", logging.CRITICAL + 1)


class Connection:
    """trust: whose signatures are believed.

    on_alert: is given each new alert. on_look: is called where something may have changed.
    """

    def __init__(
        self,
        service: Service,
        receiver: Receiver,
        trust: Trust,
        on_alert: Callable[[PlaceAlert], None],
        on_look: Callable[[], None],
    ) -> None:
        self._service, self._receiver, self._keys = service, receiver, trust
        self._on_alert, self._on_look = on_alert, on_look
        self._asked = float("-inf")
        self.frames = 0
        self.hint_s: float | None = None  # when the server asks to connect again

    async def keep(self) -> None:
        """Until this is cancelled."""
        tries = 0
        while True:
            before = self.frames
            try:
                await self._once()
                why = "the server has closed the connection"
            except (OSError, FormatError, WSError, TimeoutError) as error:
                why = str(error) or type(error).__name__
            self._receiver.closed(why)
            self._on_look()
            tries = 0 if self.frames > before else tries + 1
            await self._look_for(wait_s(tries, self.hint_s))

    async def _once(self) -> None:
        """One connection, from asking where the stream is until it has ended."""
        self.hint_s = None
        config = await self._renew()
        self._receiver.opened()
        transport, _ = await ws_connect(
            lambda: _Frames(self),
            self._service.stream(config),
            ssl_context=self._service.tls,
            max_frame_size=FRAME_BYTES,
            max_redirects=0,
            logger_name=_SILENT,
        )
        ended = asyncio.ensure_future(transport.wait_disconnected())
        work = [asyncio.create_task(self._ping(transport)), asyncio.create_task(self._watch())]
        try:
            await asyncio.wait([ended, *work], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in work:
                task.cancel()
            transport.disconnect(graceful=False)
            await asyncio.gather(ended, *work, return_exceptions=True)

    def take(self, text: bytes) -> None:
        """A frame has come."""
        self.frames += 1
        alert = self._receiver.frame(text, time.monotonic(), time.time())
        if alert is not None:
            self._on_alert(alert)
        self._on_look()

    async def _ping(self, transport: WSTransport) -> None:
        """The id of a ping is the time it was sent: it comes back, and need not be remembered."""
        begun = time.monotonic()
        for number in count():
            more = number - len(PINGS) + 1
            due = PINGS[number] if more <= 0 else PINGS[-1] + more * PING_EVERY
            await asyncio.sleep(begun + due - time.monotonic())
            asked = round(time.monotonic() * 1000)
            transport.send(WSMsgType.TEXT, b'{"type":"ping","id":%d}' % asked)

    async def _watch(self) -> None:
        """Look at silence and keys; ends where nothing has come for too long."""
        seen, since = self.frames, time.monotonic()
        while time.monotonic() - since < SILENT:
            await self._look_for(LOOK)
            if self.frames > seen:
                seen, since = self.frames, time.monotonic()
            await self._renew_if_wanted()

    async def _look_for(self, seconds: float) -> None:
        """Wait, and look every now and then."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            await asyncio.sleep(min(LOOK, left))
            self._on_look()

    async def _renew_if_wanted(self) -> None:
        age = time.monotonic() - self._asked
        if not (age > OLD or (self._receiver.wants_keys and age > RENEW_EVERY)):
            return
        try:
            await self._renew()
        except (OSError, FormatError):
            self._trust()  # without an answer the last list stands
        self._on_look()

    async def _renew(self) -> Config:
        self._asked = time.monotonic()
        config = await self._service.config()
        self._keys.learn(config, time.time(), self._receiver.clock.now(time.monotonic()))
        self._trust()
        return config

    def _trust(self) -> None:
        server = self._receiver.clock.now(time.monotonic())
        self._receiver.trust(self._keys.keys(time.time(), server), self._keys.version)


class _Frames(WSListener):
    """Hands on whole text frames; the stream has no others."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.TEXT and frame.fin:
            self._connection.take(frame.get_payload_as_bytes())
        elif frame.msg_type == WSMsgType.CLOSE:
            reason = frame.get_close_message() or b""
            asked = _RETRY.fullmatch(reason.decode("ascii", "replace"))
            self._connection.hint_s = None if asked is None else int(asked[1]) / 1000.0
            transport.disconnect()


def wait_s(tries: int, hint_s: float | None) -> float:
    """Seconds until the next attempt: a random share of a time that doubles with each failure.

    Many listeners lose the same server at once; they must not all come back at once. hint_s: what
    the server has asked for before a restart.
    """
    if hint_s is not None:
        return min(RETRY_MOST, hint_s)
    return random.random() * min(RETRY_MOST, RETRY_FIRST * 2.0 ** max(0, tries - 1))
