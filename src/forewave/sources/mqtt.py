"""Packets from an MQTT broker: OpenEEW's JSON, and forewave's own (JSON or miniSEED).

What a message is shows in its first bytes, so one subscription may carry all of them. A message
that the broker had retained is old and is refused: the past must not be played into the present.
"""

import asyncio
import socket
import ssl
from collections.abc import Mapping, Sequence
from typing import Annotated

import aiomqtt
from aiomqtt.exceptions import MqttConnectError
from msgspec import Struct
from msgspec.structs import replace

from forewave.errors import ConfigError
from forewave.field import Port, about
from forewave.formats import openeew, packet_message
from forewave.formats.openeew import Naming, Reading
from forewave.sources.base import Card, Source
from forewave.sources.coarse_clock import DeviceTimes
from forewave.sources.inbox import SourceQueue
from forewave.sources.reconnect import Lost, stay_connected, why_lost
from forewave.sources.tls import trust
from forewave.types import Dropped

# The broker's option alone does not help: 35 ms at the 99th percentile without the client's.
AT_ONCE = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]
MOST_DEVICES = 100_000
LONGEST = 65_536  # bytes; decoding more would hold up the other sources
QUEUE = 20_000  # messages that wait for this process
PORT, TLS_PORT = 1883, 8883
SUBACK_FAILURE = 0x80  # of a topic; below: granted
WRONG_PASSWORD = (4, 5, 134, 135)  # CONNACK of MQTT 3.1.1 and of 5: bad password, not authorised


TOPICS = (
    "iot-2/type/OpenEEW/id/+/evt/status/fmt/json",  # OpenEEW behind IBM's platform
    "iot-2/evt/status/fmt/json",  # and its firmware at a broker of one's own:
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
    """One connection to a broker, kept up. rates: true samples/s by station, where known.

    Raises ConfigError where tls_ca cannot be used or a topic is none.
    """

    def __init__(self, settings: MqttSettings, rates: Mapping[str, float] | None = None) -> None:
        self.name = name_of(settings)
        for topic in settings.topics:
            _check(topic)
        self.own_stations = settings.stations
        self._refused: list[str] = []
        self._settings, self._rates = settings, dict(rates or {})
        asks = settings.password is not None
        self._vouched = asks if settings.trusted is None else settings.trusted
        self._tls = trust(settings.tls_ca) if settings.tls else None
        self._naming = Naming(settings.network, settings.channels)
        self._devices: dict[str, DeviceTimes] = {}

    async def run(self, queue: SourceQueue) -> None:
        """Deliver until cancelled."""
        await stay_connected(lambda: self._connection(queue), queue)

    async def _connection(self, queue: SourceQueue) -> None:
        """From connecting to the end of one connection."""
        try:
            async with client_of(self._settings, self._tls) as client:
                self._refused = await _subscribe(client, self._settings.topics)
                if len(self._refused) == len(self._settings.topics):
                    queue.set_state("lost", self._without(""))
                    await asyncio.sleep(self._settings.idle)  # it is asked again, but not at once
                    raise Lost(self._without(""))
                await self._listen(client, queue)
        except aiomqtt.MqttError as why:
            raise Lost(self._why(why)) from None

    async def _listen(self, client: aiomqtt.Client, queue: SourceQueue) -> None:
        """Deliver what comes on the topics that the broker granted."""
        loop, idle = asyncio.get_running_loop(), self._settings.idle
        none, no_more = "no message", f"no message for {idle:g} s"
        queue.set_state("idle", self._without("connected, no message yet"))
        silence = loop.call_later(idle, queue.set_state, "idle", self._without(none))
        try:
            async for message in client.messages:
                silence.cancel()
                silence = loop.call_later(idle, queue.set_state, "idle", self._without(no_more))
                self._take(message, queue)
                if self._refused and queue.status().state == "live":
                    queue.set_state("live", self._without(""))
        finally:
            silence.cancel()

    def _without(self, reason: str) -> str:
        """With the topics that the broker refused."""
        if not self._refused:
            return reason
        told = f"subscriptions refused by the broker: {len(self._refused)} of "
        told += f"{len(self._settings.topics)}, such as {self._refused[0]}"
        return f"{reason}; {told}" if reason else told

    def _why(self, error: aiomqtt.MqttError) -> str:
        """One line for people."""
        if isinstance(error, MqttConnectError) and _code(error) in WRONG_PASSWORD:
            return "user name or password not accepted by the broker"
        cause = error.__context__  # what aiomqtt made its own of
        if isinstance(cause, TimeoutError):  # a TLS listener says nothing to who speaks without
            return "no answer" + ("" if self._tls else ": it hangs, or wants tls = true")
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
            arrival = self._arrival(received.received, queue)
            queue.offer(replace(packet, vouched=self._vouched), arrival)

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
            queue.offer(replace(packet, vouched=self._vouched), arrival)

    def _device(self, code: str) -> DeviceTimes | None:
        if code not in self._devices and len(self._devices) >= MOST_DEVICES:
            return None
        return self._devices.setdefault(code, DeviceTimes(self._rates.get(code)))

    def _arrival(self, received: float | None, queue: SourceQueue) -> float:
        return received if self._settings.replayed and received is not None else queue.clock()


def _code(error: MqttConnectError) -> int | None:
    return error.rc if isinstance(error.rc, int) or error.rc is None else error.rc.value


def is_openeew(payload: bytes) -> bool:
    """Whether a message looks like OpenEEW's JSON."""
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
        socket_options=AT_ONCE,
        max_queued_incoming_messages=QUEUE,
    )


async def _subscribe(client: aiomqtt.Client, topics: Sequence[str]) -> list[str]:
    """Ask for the topics; those that the broker refused."""
    answers = await client.subscribe([(topic, 0) for topic in topics])
    codes = [answer if isinstance(answer, int) else answer.value for answer in answers]
    return [topic for topic, code in zip(topics, codes, strict=True) if code >= SUBACK_FAILURE]


def name_of(settings: MqttSettings) -> str:
    """What the source of a broker is called."""
    return f"mqtt {settings.host}:{_port(settings)}"


def _check(topic: str) -> None:
    try:
        aiomqtt.Wildcard(topic)
    except (TypeError, ValueError):
        raise ConfigError(f"topics: {topic!r} is no topic filter of MQTT") from None


def _port(settings: MqttSettings) -> int:
    return settings.port or (TLS_PORT if settings.tls else PORT)


def _open(settings: MqttSettings) -> Sequence[Source]:
    return [MqttSource(settings)]


CARD = Card("mqtt", MqttSettings, _open)
