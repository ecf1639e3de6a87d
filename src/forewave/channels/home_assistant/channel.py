"""What is shown at the broker, from first connection to last message.

One device with one set of entities for each channel, under names that do not change: they are
announced at every connection and never removed. A drill has an entity of its own and touches no
other, so an automation cannot take it for real. While nothing is in force `alert` is OFF and the
numbers are unknown; what is retained of an alert is cleared when it expires, and by the broker
itself (MQTT 5 message expiry) where forewave does not come back to do so.

    PREFIX/NAME/availability   online, or offline by last will
    PREFIX/NAME/alert          ON or OFF
    PREFIX/NAME/drill          ON or OFF
    PREFIX/NAME/state          JSON of the strongest alert in force (payload.py)
    PREFIX/NAME/drill_state    the same of a drill
    PREFIX/NAME/message        the signed message of it; empty where there is none
"""

import asyncio
import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from math import isnan
from typing import Any

from msgspec import Struct

from forewave.channels.card import Card, Context, DeliveryError, Notification
from forewave.channels.home_assistant.broker import Broker
from forewave.channels.home_assistant.entities import discovery, identifier
from forewave.channels.home_assistant.settings import HomeAssistantSettings
from forewave.channels.texts.payload import payload
from forewave.channels.texts.words import Words
from forewave.errors import ConfigError
from forewave.sources.exposure import Exposure, password

SETTLE = 1.0  # seconds after the first connection until it is said that nothing is in force
CALM: dict[str, Any] = {"title": None, "mmi": None, "magnitude": None, "s_arrival": None}
EXPIRY_SLACK = 60.0  # seconds after expiry until the broker clears a message by itself
LOOK = 1.0  # seconds between two looks for what has expired


class Shown(Struct):
    """What is shown of one event. mmi: to choose the strongest. told: the broker has it."""

    active: bool
    mmi: float
    state: Mapping[str, Any]
    message: bytes
    ends: float
    told: bool = False


class HomeAssistant:
    """One broker. Raises ConfigError where tls_ca or a prefix cannot be used."""

    def __init__(self, settings: HomeAssistantSettings, context: Context) -> None:
        self.name = settings.name or "home_assistant"
        self._clock, self._trial = context.clock, context.trial
        for key in ("discovery", "prefix"):
            if not re.fullmatch(r"[\w-]+(/[\w-]+)*", getattr(settings, key)):
                raise ConfigError(f"{key}: expected letters, digits, - and _, with / between parts")
        self._topic = f"{settings.prefix}/{identifier(self.name)}"
        self._discovery = discovery(settings, self.name)
        self._words = Words(context.language)
        # In a trial another process says whether it is online.
        self._broker = Broker(settings, None if self._trial else f"{self._topic}/availability")
        self._shown: dict[bool, dict[str, Shown]] = {False: {}, True: {}}  # by drill, by event
        self._said = False
        self._saying = asyncio.Lock()  # what is published last is what is in force

    async def open(self) -> None:
        """Connect, announce the entities, and say again what is in force."""
        await self._broker.open()
        for topic, config in self._discovery.items():
            await self._broker.publish(topic, json.dumps(config).encode())
        await self._announce(b"online")
        for drill, shown in self._shown.items():
            self._drop_expired(drill, even_told=True)
            # What could not be shown is left to the next `send`, which may be of its cancel.
            if self._said and all(each.told or not each.active for each in shown.values()):
                await self._say(drill)

    async def send(self, notification: Notification) -> None:
        """Show it, unless a stronger one is in force."""
        alert = notification.alert
        shown = Shown(
            notification.active,
            -1.0 if isnan(alert.mmi) else alert.mmi,
            payload(notification, self._words),
            notification.message,
            alert.expires,
        )
        self._shown[alert.drill][alert.event] = shown
        await self._say(alert.drill)
        shown.told = True

    async def expire(self, event: str) -> None:
        """Show nothing of it any more."""
        for drill, shown in self._shown.items():
            shown.pop(event, None)
            await self._say(drill)

    async def close(self) -> None:
        """Nothing is in force, as far as anybody can know from here; offline."""
        with contextlib.suppress(DeliveryError):  # then the last will says it
            await self._announce(b"offline")
        await self._broker.close()

    async def work(self) -> None:
        """Notice a connection that is lost, and what expires although nobody comes to say so.

        After the first connection say that nothing is in force.
        """
        watching = asyncio.ensure_future(self._broker.watch())
        try:
            pause = LOOK if self._said else SETTLE
            while not (await asyncio.wait([watching], timeout=pause))[0]:
                first, pause = not self._said, LOOK
                for drill in self._shown:
                    if self._drop_expired(drill) or first:
                        await self._say(drill)
            await watching
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)

    def _drop_expired(self, drill: bool, *, even_told: bool = False) -> bool:
        """Whether anything was.

        Nobody says that an alert ends which could not be shown. Of one that the broker has a later
        version may be in force, and its end will be sent. A text that one has ended may stay.
        """
        shown, now, gone = self._shown[drill], self._clock(), False
        for event, each in list(shown.items()):
            sent_later = each.active and each.told and not even_told
            slack = 0.0 if each.active else EXPIRY_SLACK
            if now >= each.ends + slack and not sent_later:
                del shown[event]
                gone = True
        return gone

    async def _say(self, drill: bool) -> None:
        """Publish what is in force, or what has ended it; ON last, when the rest is known."""
        if self._trial and not drill:
            return
        async with self._saying:
            await self._say_alone(drill)

    async def _say_alone(self, drill: bool) -> None:
        self._drop_expired(drill)
        shown = sorted(self._shown[drill].values(), key=lambda each: (each.active, each.mmi))
        top = shown[-1] if shown else None
        active = top is not None and top.active
        left = None if top is None else max(1.0, top.ends - self._clock() + EXPIRY_SLACK)
        state = CALM if top is None else dict(top.state)
        if top is not None and not active:
            state |= {name: None for name in CALM if name != "title"}
        on, texts = ("drill", "drill_state") if drill else ("alert", "state")
        await self._publish(texts, json.dumps(state).encode())
        if not drill:
            await self._publish("message", b"" if top is None else top.message, left)
        await self._publish(on, b"ON" if active else b"OFF")
        self._said = True

    async def _announce(self, state: bytes) -> None:
        if not self._trial:
            await self._publish("availability", state)

    async def _publish(self, topic: str, data: bytes, seconds: float | None = None) -> None:
        await self._broker.publish(f"{self._topic}/{topic}", data, seconds)


def _exposure(settings: HomeAssistantSettings) -> Iterator[Exposure]:
    subject = f"home_assistant {settings.host}"
    yield from password(subject, settings.host, settings.password, tls=settings.tls)
    if settings.password is None:
        what = "anybody who reaches the broker may publish a false alert to its other clients"
        remedy = "let only forewave publish its topics, with a password"
        yield Exposure("warning", subject, what, remedy, host=settings.host)


CARD = Card("home_assistant", HomeAssistantSettings, HomeAssistant, _exposure, holds=True)
