"""Alerts to an MQTT broker: the JSON line, QoS 1, not retained, one topic.

While the broker cannot be reached the newest version of each event waits; what has expired by then
is not sent.
"""

import asyncio
import time
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

import aiomqtt
from msgspec import Struct

from forewave.client.outputs import alert_line
from forewave.client.outputs.newest import Newest
from forewave.client.place_alert import PlaceAlert
from forewave.errors import InputError
from forewave.process.cancelling import end_where_cancelled

TOPIC = "forewave/alert"
PORTS = {"mqtt": 1883, "mqtts": 8883}
TIMEOUT = 5.0
KEEP_ALIVE = 15  # seconds
RETRY_FIRST, RETRY_MOST = 0.5, 10.0

Current = Callable[[PlaceAlert], PlaceAlert | None]


class Address(Struct, frozen=True):
    """Where to publish; `shown` has no password."""

    host: str
    port: int
    secure: bool
    user: str | None
    password: str | None
    topic: str

    @property
    def shown(self) -> str:
        """For messages to people."""
        return f"{self.host}:{self.port}"


def address(url: str) -> Address:
    """mqtt[s]://[USER[:PASSWORD]@]HOST[:PORT][/TOPIC]. Raises InputError, without the password."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or PORTS[parts.scheme]
        topic = unquote(parts.path.strip("/")) or TOPIC
        if not host or parts.query or "#" in url or set(topic) & set("#+\0"):
            raise ValueError
    except (ValueError, KeyError):
        raise InputError(
            "--mqtt: expected mqtt://[USER:PASSWORD@]HOST[:PORT][/TOPIC], or mqtts://..."
        ) from None
    user, word = (None if x is None else unquote(x) for x in (parts.username, parts.password))
    return Address(host, port, parts.scheme == "mqtts", user, word, topic)


class Broker:
    """Publishes in a task of its own. report: is given a line when the connection changes.

    current: the alert with the seconds left now; None where it has expired or was replaced.
    failed: connections that could not be made or were lost.
    """

    def __init__(self, url: str, current: Current, report: Callable[[str], None]) -> None:
        self._to, self._current, self._report = address(url), current, report
        self._newest = Newest()
        self._unsent: PlaceAlert | None = None
        self._task: asyncio.Task[None] | None = None
        self._well: bool | None = None
        self.failed = 0

    @property
    def busy(self) -> bool:
        """Whether something waits to be sent."""
        return self._unsent is not None or len(self._newest) > 0

    def start(self) -> None:
        """Connect and send what is put; in a running event loop."""
        self._task = asyncio.create_task(self._keep())

    def put(self, alert: PlaceAlert) -> None:
        """Publish this one; returns at once."""
        self._newest.put(alert)

    async def stop(self) -> None:
        """Disconnect."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _keep(self) -> None:
        wait = RETRY_FIRST
        while True:
            end_where_cancelled()
            began = time.monotonic()
            try:
                await self._once()
            except (aiomqtt.MqttError, OSError, ValueError) as error:
                self.failed += 1
                self._note(False, f"{error or type(error).__name__}; trying again")
            wait = RETRY_FIRST if time.monotonic() - began > RETRY_MOST else wait
            await asyncio.sleep(wait)
            wait = min(RETRY_MOST, 2.0 * wait)

    def _note(self, well: bool, what: str) -> None:
        if well is not self._well:
            self._report(f"--mqtt {self._to.shown}: {what}")
        self._well = well

    async def _once(self) -> None:
        """One connection, until it ends."""
        to = self._to
        async with aiomqtt.Client(
            to.host,
            to.port,
            username=to.user,
            password=to.password,
            timeout=TIMEOUT,
            keepalive=KEEP_ALIVE,
            tls_params=aiomqtt.TLSParameters() if to.secure else None,
        ) as client:
            self._note(True, "connected")
            # Only who reads sees at once that a connection has ended.
            work = [asyncio.create_task(_read(client)), asyncio.create_task(self._send(client))]
            try:
                done, _ = await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
            finally:
                for task in work:
                    task.cancel()
                await asyncio.gather(*work, return_exceptions=True)

    async def _send(self, client: aiomqtt.Client) -> None:
        """Send each, beginning with what the last connection did not confirm."""
        while True:
            end_where_cancelled()
            self._unsent = self._unsent or await self._newest.get()
            now = self._current(self._unsent)
            if now is not None:
                await client.publish(self._to.topic, alert_line.json_line(now), qos=1)
            self._unsent = None


async def _read(client: aiomqtt.Client) -> None:
    """Until the connection ends."""
    async for _ in client.messages:
        pass
