"""The connection to the broker: retained messages, and offline by last will."""

import contextlib
from math import ceil

import aiomqtt
import paho.mqtt.properties as mqtt5
from paho.mqtt.packettypes import PacketTypes

from forewave.channels.card import DeliveryError
from forewave.channels.home_assistant.settings import HomeAssistantSettings
from forewave.sources.mqtt.source import NO_DELAY, PORT, TLS_PORT
from forewave.sources.reconnect import why_lost
from forewave.sources.tls import trust

VERSIONS = {"5": aiomqtt.ProtocolVersion.V5, "3.1.1": aiomqtt.ProtocolVersion.V311}


class Broker:
    """One broker. will: topic at which it publishes "offline" when the connection is lost.

    Every method raises DeliveryError, but `close`. Raises ConfigError where tls_ca cannot be read.
    """

    def __init__(self, settings: HomeAssistantSettings, will: str | None) -> None:
        self._settings, self._will = settings, will
        self._tls = trust(settings.tls_ca) if settings.tls else None
        self._client: aiomqtt.Client | None = None

    async def open(self) -> None:
        """Connect, after leaving an earlier connection."""
        await self.close()
        client = self._made()
        try:
            await client.__aenter__()
        except aiomqtt.MqttError as error:
            raise DeliveryError(_why(error)) from None
        self._client = client

    async def publish(self, topic: str, data: bytes, seconds: float | None = None) -> None:
        """Publish a retained message. seconds: after which the broker drops it (MQTT 5)."""
        if self._client is None:
            raise DeliveryError("not connected", received=False)
        properties = None
        if self._settings.protocol == "5" and seconds is not None:
            properties = mqtt5.Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
            properties.MessageExpiryInterval = ceil(seconds)
        try:
            await self._client.publish(topic, data, qos=1, retain=True, properties=properties)
        except aiomqtt.MqttError as error:
            raise DeliveryError(_why(error)) from None

    async def watch(self) -> None:
        """Until the connection is lost."""
        assert self._client is not None
        try:
            async for _ in self._client.messages:
                pass
        except aiomqtt.MqttError as error:
            raise DeliveryError(_why(error)) from None

    async def close(self) -> None:
        """Disconnect."""
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(aiomqtt.MqttError):
                await client.__aexit__(None, None, None)

    def _made(self) -> aiomqtt.Client:
        settings = self._settings
        will = self._will and aiomqtt.Will(self._will, b"offline", qos=1, retain=True)
        return aiomqtt.Client(
            settings.host,
            settings.port or (TLS_PORT if settings.tls else PORT),
            username=settings.username,
            password=settings.password,
            protocol=VERSIONS[settings.protocol],
            keepalive=settings.keepalive,
            timeout=settings.timeout * 0.9,
            tls_context=self._tls,
            will=will or None,
            socket_options=NO_DELAY,
        )


def _why(error: aiomqtt.MqttError) -> str:
    """Why the broker cannot be reached, in one line."""
    cause = error.__context__
    if isinstance(cause, OSError) and not isinstance(cause, TimeoutError):
        return f"no connection: {why_lost(cause)}"
    return f"no connection: {' '.join(str(error).split())}"
