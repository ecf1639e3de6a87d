"""Packets from an MQTT broker: OpenEEW's JSON, and forewave's own messages (JSON or miniSEED).

The kind of a message is recognised by its first bytes, so one subscription may carry all kinds.
Retained messages are refused, because they are old.
"""

import asyncio
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

import aiomqtt
from aiomqtt.exceptions import MqttConnectError
from msgspec import Struct
from msgspec.structs import replace

from forewave.errors import ConfigError
from forewave.field import Port, about
from forewave.formats.protocols import openeew, packet_message
from forewave.formats.protocols.openeew import Naming, Reading
from forewave.sources.base import Card, Source
from forewave.sources.exposure import Exposure, any_station, password
from forewave.sources.intake.inbox import SourceQueue
from forewave.sources.mqtt.coarse_clock import DeviceTimes
from forewave.sources.reconnect import Lost, stay_connected, why_lost
from forewave.sources.tls import trust
from forewave.types import Dropped

# TCP_NODELAY at the broker is not enough: without it here the 99th percentile of delay is 35 ms.
NO_DELAY = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]
MOST_DEVICES = 100_000
LONGEST = 65_536  # bytes of a message; decoding more would delay the other sources
QUEUE = 20_000  # messages that may wait in the client
PORT, TLS_PORT = 1883, 8883
SUBACK_FAILURE = 0x80  # reason codes from here on: subscription refused
WRONG_PASSWORD = (4, 5, 134, 135)  # CONNACK of MQTT 3.1.1 and of 5: bad password, not authorised


TOPICS = (
    "iot-2/type/OpenEEW/id/+/evt/status/fmt/json",  # OpenEEW behind IBM's platform
    "iot-2/evt/status/fmt/json",  # its firmware at another broker
    "traces/#",
    "/traces",
    "forewave/packet/#",
)


class MqttSettings(Struct, frozen=True, tag_field="kind", tag="mqtt", forbid_unknown_fields=True):
    """An MQTT broker: OpenEEW's messages and forewave's own."""

    host: Annotated[str, about("Host name or IP address of the broker, without a port")]
    port: Annotated[Port | None, about("Its port; none: 1883, with TLS 8883")] = None
    topics: Annotated[tuple[str, ...], about("Topics to subscribe to, at QoS 0")] = TOPICS
    username: Annotated[str | None, about("User name; send it over TLS")] = None
    password: Annotated[str | None, about("Password; keep the file readable to forewave only")] = (
        None
    )
    tls: Annotated[bool, about("Connect with TLS")] = False
    tls_ca: Annotated[str, about("File of the certificates to trust, instead of the machine's")] = (
        ""
    )
    network: Annotated[str, about("Network code of OpenEEW devices whose messages name none")] = (
        "XX"
    )
    channels: Annotated[
        tuple[str, str, str], about("Channels of OpenEEW devices for x, y and z")
    ] = ("BNZ", "BN1", "BN2")
    stations: Annotated[
        tuple[str, ...],
        about("NET.STA patterns that the broker may send; none: all of the inventory"),
    ] = ()
    keepalive: Annotated[int, about("Time between pings to a silent broker", "s")] = 5
    patience: Annotated[float, about("Longest wait for the answer to a new connection", "s")] = 3.0
    idle: Annotated[float, about("Time without messages until the state is idle", "s")] = 10.0
    replayed: Annotated[
        bool, about("A recording is played: messages' own time of receipt is their arrival")
    ] = False
    trusted: Annotated[
        bool | None,
        about("Only the stations can publish at the broker; none: true with a password"),
    ] = None


class MqttSource:
    """A connection to a broker. rates: true samples/s by station, where known.

    Raises ConfigError where tls_ca cannot be used or a topic is not an MQTT topic filter.
    """

    def __init__(self, settings: MqttSettings, rates: Mapping[str, float] | None = None) -> None:
        self.name = name_of(settings)
        for topic in settings.topics:
            _check(topic)
        self.own_stations = settings.stations
        self._refused: list[str] = []
        self._settings, self._rates = settings, dict(rates or {})
        has_password = settings.password is not None
        self.vouched = has_password if settings.trusted is None else settings.trusted
        self._tls = trust(settings.tls_ca) if settings.tls else None
        self._naming = Naming(settings.network, settings.channels)
        self._devices: dict[str, DeviceTimes] = {}

    async def run(self, queue: SourceQueue) -> None:
        """Deliver until cancelled."""
        await stay_connected(lambda: self._connection(queue), queue)

    async def _connection(self, queue: SourceQueue) -> None:
        """One connection, from opening to its end."""
        try:
            async with client_of(self._settings, self._tls) as client:
                self._refused = await _subscribe(client, self._settings.topics)
                if len(self._refused) == len(self._settings.topics):
                    queue.set_state("lost", self._without(""))
                    await asyncio.sleep(self._settings.idle)  # before it is tried again
                    raise Lost(self._without(""))
                await self._listen(client, queue)
        except aiomqtt.MqttError as why:
            raise Lost(self._why(why)) from None

    async def _listen(self, client: aiomqtt.Client, queue: SourceQueue) -> None:
        """Deliver the messages of the topics that the broker granted."""
        loop, idle = asyncio.get_running_loop(), self._settings.idle
        quiet = f"no message for {idle:g} s"
        queue.set_state("idle", self._without("connected, no message yet"))
        silence = loop.call_later(idle, queue.set_state, "idle", self._without(quiet))
        try:
            async for message in client.messages:
                silence.cancel()
                silence = loop.call_later(idle, queue.set_state, "idle", self._without(quiet))
                self._take(message, queue)
                if self._refused and queue.status().state == "live":
                    queue.set_state("live", self._without(""))
        finally:
            silence.cancel()

    def _without(self, reason: str) -> str:
        """A reason with the topics that the broker refused."""
        if not self._refused:
            return reason
        refused = f"subscriptions refused by the broker: {len(self._refused)} of "
        refused += f"{len(self._settings.topics)}, such as {self._refused[0]}"
        return f"{reason}; {refused}" if reason else refused

    def _why(self, error: aiomqtt.MqttError) -> str:
        """Why the connection was lost, in one line."""
        if isinstance(error, MqttConnectError) and _code(error) in WRONG_PASSWORD:
            return "user name or password not accepted by the broker"
        cause = error.__context__  # the exception that aiomqtt replaced
        if isinstance(cause, TimeoutError):  # a TLS port does not answer a client without TLS
            return "no answer" + ("" if self._tls else ": it is unresponsive or needs tls = true")
        if isinstance(cause, ConnectionResetError) and self._tls:
            return f"{why_lost(cause)}: does it speak TLS?"
        if isinstance(cause, OSError):
            return why_lost(cause)
        return " ".join(str(error).split())

    def _take(self, message: aiomqtt.Message, queue: SourceQueue) -> None:
        payload = message.payload
        if message.retain:
            queue.drop("retained by the broker")
        elif not isinstance(payload, bytes | bytearray):
            queue.drop("not a packet")
        elif len(payload) > LONGEST:
            queue.drop("packet too long")
        elif is_openeew(bytes(payload)):
            self._take_reading(openeew.read(bytes(payload), self._naming), queue)
        else:
            self._take_packets(packet_message.read(bytes(payload)), queue)

    def _take_packets(self, received: packet_message.Received, queue: SourceQueue) -> None:
        for word in received.dropped:
            queue.drop(word.reason)
        for packet in received.packets:
            queue.offer(packet, self._arrival(received.received, queue))

    def _take_reading(self, word: Reading | Dropped, queue: SourceQueue) -> None:
        if isinstance(word, Dropped):
            queue.drop(word.reason)
            return
        if refusal := queue.station_refusal(word.code):
            queue.drop(refusal)
            return
        device = self._device(word.code)
        if device is None:
            queue.drop("too many devices")
            return
        arrival = self._arrival(word.received, queue)
        sampled = device.note(word.last, word.samples.shape[1], word.stated, arrival)
        if sampled is None:
            queue.drop("learning the sample rate")
            return
        for packet in openeew.packets(replace(word, last=sampled.last), sampled.rate):
            queue.offer(packet, arrival)

    def _device(self, code: str) -> DeviceTimes | None:
        if code not in self._devices and len(self._devices) >= MOST_DEVICES:
            return None
        return self._devices.setdefault(code, DeviceTimes(self._rates.get(code)))

    def _arrival(self, received: float | None, queue: SourceQueue) -> float:
        return received if self._settings.replayed and received is not None else queue.clock()


def _code(error: MqttConnectError) -> int | None:
    return error.rc if isinstance(error.rc, int) or error.rc is None else error.rc.value


def is_openeew(payload: bytes) -> bool:
    """Whether a message looks like OpenEEW's JSON (which has no type field)."""
    return payload.lstrip()[:1] == b"{" and b'"device_id"' in payload


def client_of(settings: MqttSettings, tls: ssl.SSLContext | None) -> aiomqtt.Client:
    """A client of the broker, not yet connected."""
    return aiomqtt.Client(
        settings.host,
        _port(settings),
        username=settings.username,
        password=settings.password,
        keepalive=settings.keepalive,
        timeout=settings.patience,
        tls_context=tls,
        socket_options=NO_DELAY,
        max_queued_incoming_messages=QUEUE,
    )


async def _subscribe(client: aiomqtt.Client, topics: Sequence[str]) -> list[str]:
    """Subscribe to the topics; those that the broker refused."""
    answers = await client.subscribe([(topic, 0) for topic in topics])
    codes = [answer if isinstance(answer, int) else answer.value for answer in answers]
    return [topic for topic, code in zip(topics, codes, strict=True) if code >= SUBACK_FAILURE]


def name_of(settings: MqttSettings) -> str:
    """The name of a broker's source."""
    return f"mqtt {settings.host}:{_port(settings)}"


def _check(topic: str) -> None:
    try:
        aiomqtt.Wildcard(topic)
    except (TypeError, ValueError):
        raise ConfigError(f"topics: {topic!r} is not an MQTT topic filter") from None


def _port(settings: MqttSettings) -> int:
    return settings.port or (TLS_PORT if settings.tls else PORT)


def _open(settings: MqttSettings) -> Sequence[Source]:
    return [MqttSource(settings)]


def _exposure(settings: MqttSettings) -> Iterator[Exposure]:
    subject = f"mqtt {settings.host}"
    yield from password(subject, settings.host, settings.password, tls=settings.tls)
    yield from any_station(subject, settings.stations)


CARD = Card("mqtt", MqttSettings, _open, _exposure)
