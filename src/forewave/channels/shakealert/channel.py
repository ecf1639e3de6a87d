"""ShakeAlert: each version as an event message to a topic of a STOMP broker, such as ActiveMQ."""

import asyncio
import ssl
from collections.abc import Iterable
from importlib.metadata import version
from typing import Annotated, Any, Literal

from forewave.channels.card import Card, ChannelSettings, Context, DeliveryError, Notification
from forewave.channels.shakealert.event_message import event_message, heartbeat
from forewave.channels.shakealert.stomp import Stomp, StompError, connect
from forewave.errors import ConfigError
from forewave.field import Port, Probability, about
from forewave.formats.protocols import alert_message
from forewave.sources import exposure
from forewave.sources.exposure import Exposure

HEARTBEAT = 5.0  # seconds between two
UNCONFIRMED = 0.5  # likelihood of what rests on one station, or on phones


class ShakeAlertSettings(ChannelSettings, tag="shakealert", frozen=True, kw_only=True):
    """Event messages of ShakeAlert to a topic of a STOMP broker."""

    host: Annotated[str, about("STOMP broker")]
    port: Annotated[Port, about("Its STOMP port")] = 61613
    user: Annotated[str, about('User name; "": none')] = ""
    password: Annotated[str, about("Password")] = ""
    tls: Annotated[bool, about("Connect with TLS")] = False
    tls_ca: Annotated[
        str, about('Certificates (PEM) that sign the broker\'s; "": those of the system')
    ] = ""
    topic: Annotated[str, about("Destination of event messages")] = "/topic/eew.sys.dm.data"
    drill_topic: Annotated[
        str,
        about('Destination of drills, which must not be that of real events; "": none are sent'),
    ] = ""
    heartbeat_topic: Annotated[
        str, about('Destination of a heartbeat every 5 s; "": none is sent')
    ] = ""
    likelihood: Annotated[
        Probability, about("Likelihood to state, as alerts.min_likelihood: messages have none")
    ] = 0.8
    versions: Annotated[
        Literal["steps", "all"],
        about("steps: first, higher level, end of the alert, cancel, final; all: every version"),
    ] = "all"


class ShakeAlert:
    """The channel."""

    def __init__(self, settings: ShakeAlertSettings, context: Context) -> None:
        if settings.drill_topic == settings.topic:
            raise ConfigError("drill_topic: expected another destination than topic")
        self.name = settings.name or "shakealert"
        self._settings, self._clock = settings, context.clock
        self._tls = _context(settings) if settings.tls else None
        self._broker: Stomp | None = None
        self._version = version("forewave")

    async def open(self) -> None:
        """Connect to the broker."""
        await self.close()
        asked = self._settings
        try:
            self._broker = await connect(
                asked.host, asked.port, asked.user, asked.password, self._tls
            )
        except StompError as error:
            raise DeliveryError(str(error)) from None
        except OSError as error:
            raise DeliveryError(f"no connection: {error}") from None

    async def send(self, notification: Notification) -> None:
        """Send a version, and wait until the broker has it. There is no message of an end."""
        if notification.reason == "final":
            return
        message, _ = alert_message.read(notification.message)
        topic = self._settings.topic if message.mode == "actual" else self._settings.drill_topic
        if not topic:
            raise DeliveryError(
                "drill_topic is not set: drills are not sent", retry=False, received=False
            )
        unconfirmed = message.ns == 1 or message.by == "phones"
        likelihood = UNCONFIRMED if unconfirmed else self._settings.likelihood
        body = event_message(message, notification.reason, likelihood, self._version)
        await self._post(topic, body)

    async def expire(self, event: str) -> None:
        """Nothing: a topic keeps no messages."""

    async def work(self) -> None:
        """Send heartbeats while there is a connection."""
        while self._settings.heartbeat_topic:
            await asyncio.sleep(HEARTBEAT)
            if self._broker is not None:
                with_broker = self._post(self._settings.heartbeat_topic, heartbeat(self._clock()))
                await asyncio.gather(with_broker, return_exceptions=True)

    async def close(self) -> None:
        """Disconnect."""
        broker, self._broker = self._broker, None
        if broker is not None:
            await broker.close()

    async def _post(self, topic: str, body: bytes) -> None:
        if self._broker is None:
            raise DeliveryError("no connection", received=False)
        try:
            await self._broker.send(topic, body, "application/xml")
        except OSError as error:
            raise DeliveryError(str(error)) from None


def _context(settings: ShakeAlertSettings) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=settings.tls_ca or None)
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(f"tls_ca: {settings.tls_ca}: {error}") from None


def _exposure(settings: Any) -> Iterable[Exposure]:
    subject = f"channel {settings.name or 'shakealert'}"
    return exposure.password(subject, settings.host, settings.password, tls=settings.tls)


CARD = Card("shakealert", ShakeAlertSettings, ShakeAlert, _exposure)
