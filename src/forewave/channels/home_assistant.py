"""An MQTT broker, with the discovery messages of Home Assistant.

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
from math import ceil, isnan
from typing import Annotated, Any, Literal

import aiomqtt
import paho.mqtt.properties as mqtt5
from msgspec import Struct
from paho.mqtt.packettypes import PacketTypes

from forewave.channels.card import Card, ChannelSettings, Context, DeliveryError, Notification
from forewave.channels.payload import payload
from forewave.channels.words import Words
from forewave.errors import ConfigError
from forewave.field import Port, about
from forewave.sources.exposure import Exposure, password
from forewave.sources.mqtt.source import NO_DELAY, PORT, TLS_PORT
from forewave.sources.reconnect import why_lost
from forewave.sources.tls import trust

SETTLE = 1.0  # seconds after the first connection until it is said that nothing is in force
CALM: dict[str, Any] = {"title": None, "mmi": None, "magnitude": None, "s_arrival": None}
EXPIRY_SLACK = 60.0  # seconds after expiry until the broker clears a message by itself
ORIGIN = {"name": "forewave"}


class HomeAssistantSettings(ChannelSettings, frozen=True, kw_only=True, tag="home_assistant"):
    """An MQTT broker with Home Assistant discovery, also for other MQTT programs."""

    versions: Annotated[
        Literal["steps", "all"], about("steps: changes that matter to people; all: every version")
    ] = "all"
    host: Annotated[str, about("Host name or IP address of the broker, without a port")]
    port: Annotated[Port | None, about("Its port; none: 1883, with TLS 8883")] = None
    username: Annotated[str | None, about("User name; send it over TLS")] = None
    password: Annotated[str | None, about("Password; keep the file readable to forewave only")] = (
        None
    )
    tls: Annotated[bool, about("Connect with TLS")] = False
    tls_ca: Annotated[str, about("File of the certificates to trust, instead of the machine's")] = (
        ""
    )
    discovery: Annotated[str, about("Home Assistant's discovery prefix")] = "homeassistant"
    prefix: Annotated[str, about("First part of the topics")] = "forewave"
    protocol: Annotated[
        Literal["5", "3.1.1"], about("Version of MQTT; 5 clears old alerts by itself")
    ] = "5"
    keepalive: Annotated[int, about("Time between pings", "s", ge=1, le=3600)] = 10


class Shown(Struct, frozen=True):
    """What is shown of one event. mmi: to choose the strongest."""

    active: bool
    mmi: float
    state: Mapping[str, Any]
    message: bytes
    ends: float


class HomeAssistant:
    """One broker. Raises ConfigError where tls_ca or a prefix cannot be used."""

    def __init__(self, settings: HomeAssistantSettings, context: Context) -> None:
        self.name = settings.name or "home_assistant"
        self._settings, self._clock, self._trial = settings, context.clock, context.trial
        for key in ("discovery", "prefix"):
            if not re.fullmatch(r"[\w-]+(/[\w-]+)*", getattr(settings, key)):
                raise ConfigError(f"{key}: expected letters, digits, - and _, with / between parts")
        self._id = identifier(self.name)
        self._topic = f"{settings.prefix}/{self._id}"
        self._words = Words(context.language)
        self._tls = trust(settings.tls_ca) if settings.tls else None
        self._client: aiomqtt.Client | None = None
        self._shown: dict[bool, dict[str, Shown]] = {False: {}, True: {}}  # by drill, by event
        self._said = False

    async def open(self) -> None:
        """Connect, announce the entities, and say again what is in force."""
        await self._leave()
        client = self._made()
        try:
            await client.__aenter__()
            self._client = client
            for topic, config in discovery(self._settings, self.name).items():
                await self._publish(topic, json.dumps(config).encode())
            await self._announce(b"online")
            if self._said:
                await self._say(False)
                await self._say(True)
        except aiomqtt.MqttError as error:
            raise DeliveryError(_why(error)) from None

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
        await self._try(alert.drill)

    async def expire(self, event: str) -> None:
        """Show nothing of it any more."""
        for drill, shown in self._shown.items():
            shown.pop(event, None)
            await self._try(drill)

    async def close(self) -> None:
        """Nothing is in force, as far as anybody can know from here; offline."""
        try:
            if self._client is not None:
                await self._announce(b"offline")
        except aiomqtt.MqttError:
            pass  # the last will says it
        await self._leave()

    async def work(self) -> None:
        """Notice a connection that is lost; after the first one say that nothing is in force."""
        assert self._client is not None
        watching = asyncio.ensure_future(self._watch(self._client))
        try:
            await asyncio.wait([watching], timeout=None if self._said else SETTLE)
            if not watching.done() and not self._said:
                await self._try(False)
                await self._try(True)
            await watching
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)

    async def _watch(self, client: aiomqtt.Client) -> None:
        try:
            async for _ in client.messages:
                pass
        except aiomqtt.MqttError as error:
            raise DeliveryError(_why(error)) from None

    async def _try(self, drill: bool) -> None:
        try:
            await self._say(drill)
        except aiomqtt.MqttError as error:
            raise DeliveryError(_why(error)) from None

    async def _say(self, drill: bool) -> None:
        """Publish what is in force, or what has ended it; ON last, when the rest is known."""
        if self._trial and not drill:
            return
        shown = sorted(self._shown[drill].values(), key=lambda each: (each.active, each.mmi))
        top = shown[-1] if shown else None
        active = top is not None and top.active
        left = None if top is None else max(1.0, top.ends - self._clock() + EXPIRY_SLACK)
        state = CALM if top is None else dict(top.state)
        if top is not None and not active:
            state |= {name: None for name in CALM if name != "title"}
        on, texts = ("drill", "drill_state") if drill else ("alert", "state")
        await self._publish(f"{self._topic}/{texts}", json.dumps(state).encode())
        if not drill:
            message = b"" if top is None else top.message
            await self._publish(f"{self._topic}/message", message, left)
        await self._publish(f"{self._topic}/{on}", b"ON" if active else b"OFF")
        self._said = True

    async def _announce(self, state: bytes) -> None:
        """Whether it is online; in a trial another process says so."""
        if not self._trial:
            await self._publish(f"{self._topic}/availability", state)

    async def _publish(self, topic: str, data: bytes, seconds: float | None = None) -> None:
        if self._client is None:
            raise DeliveryError("not connected")
        properties = None
        if self._settings.protocol == "5" and seconds is not None:
            properties = mqtt5.Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
            properties.MessageExpiryInterval = ceil(seconds)
        await self._client.publish(topic, data, qos=1, retain=True, properties=properties)

    def _made(self) -> aiomqtt.Client:
        settings = self._settings
        version = aiomqtt.ProtocolVersion.V5
        gone = aiomqtt.Will(f"{self._topic}/availability", b"offline", qos=1, retain=True)
        if settings.protocol == "3.1.1":
            version = aiomqtt.ProtocolVersion.V311
        return aiomqtt.Client(
            settings.host,
            settings.port or (TLS_PORT if settings.tls else PORT),
            username=settings.username,
            password=settings.password,
            protocol=version,
            keepalive=settings.keepalive,
            timeout=settings.timeout * 0.9,
            tls_context=self._tls,
            will=None if self._trial else gone,
            socket_options=NO_DELAY,
        )

    async def _leave(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(aiomqtt.MqttError):
                await client.__aexit__(None, None, None)


def identifier(name: str) -> str:
    """The name in topics and unique ids: small letters, digits and _."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "forewave"


def discovery(settings: HomeAssistantSettings, name: str) -> dict[str, dict[str, Any]]:
    """The discovery messages of all entities, by topic."""
    own = identifier(name)
    base = f"{settings.prefix}/{own}"
    device = {
        "identifiers": [f"forewave_{own}"],
        "name": settings.place_name or name,
        "manufacturer": "forewave",
        "model": "Earthquake early warning",
    }

    def entity(key: str, label: str, **more: Any) -> dict[str, Any]:
        return {
            "name": label,
            "unique_id": f"forewave_{own}_{key}",
            "availability_topic": f"{base}/availability",
            "device": device,
            "origin": ORIGIN,
            "qos": 1,
            **more,
        }

    state = f"{base}/state"
    found = {
        "alert": entity(
            "alert", "Earthquake alert", state_topic=f"{base}/alert", device_class="safety"
        ),
        "drill": entity(
            "drill",
            "Earthquake drill",
            state_topic=f"{base}/drill",
            json_attributes_topic=f"{base}/drill_state",
            icon="mdi:school-outline",
        ),
        "mmi": entity(
            "mmi",
            "Expected intensity (MMI)",
            state_topic=state,
            value_template="{{ value_json.mmi }}",
            icon="mdi:vibrate",
        ),
        "arrival": entity(
            "arrival",
            "Arrival of strong shaking",
            state_topic=state,
            value_template="{{ value_json.s_arrival }}",
            device_class="timestamp",
        ),
        "magnitude": entity(
            "magnitude",
            "Magnitude",
            state_topic=state,
            value_template="{{ value_json.magnitude }}",
            icon="mdi:pulse",
        ),
        "text": entity(
            "text",
            "Warning",
            state_topic=state,
            value_template="{{ value_json.title }}",
            json_attributes_topic=state,
            icon="mdi:message-alert-outline",
        ),
    }
    return {
        f"{settings.discovery}/{_component(key)}/forewave_{own}/{key}/config": config
        for key, config in found.items()
    }


BINARY = ("alert", "drill")


def _component(key: str) -> str:
    return "binary_sensor" if key in BINARY else "sensor"


def _why(error: aiomqtt.MqttError) -> str:
    """Why the broker cannot be reached, in one line."""
    cause = error.__context__
    if isinstance(cause, OSError) and not isinstance(cause, TimeoutError):
        return f"no connection: {why_lost(cause)}"
    return f"no connection: {' '.join(str(error).split())}"


def _exposure(settings: HomeAssistantSettings) -> Iterator[Exposure]:
    subject = f"home_assistant {settings.host}"
    yield from password(subject, settings.host, settings.password, tls=settings.tls)
    if settings.password is None:
        what = "anybody who reaches the broker may publish a false alert to its other clients"
        remedy = "let only forewave publish its topics, with a password"
        yield Exposure("warning", subject, what, remedy, host=settings.host)


CARD = Card("home_assistant", HomeAssistantSettings, HomeAssistant, _exposure, holds=True)
