"""Channels, chains and alerts for the tests of channels."""

import asyncio
import contextlib
import time

import msgspec
from msgspec.structs import replace

from forewave.archive import travel_time
from forewave.channels.card import Context
from forewave.channels.registry import make_all, read
from forewave.channels.sending.chain import Chain
from forewave.channels.sending.entry import Wants
from forewave.channels.sending.outbox import Outbox
from forewave.types import Area, Magnitude, Origin
from tests.client.made import ALERT, KEYS, NOW, place_alert

__all__ = ["KEYS", "NOW", "place_alert"]

PATIENCE = 20.0
TABLES = travel_time.load().coarse()


async def until(condition, patience=PATIENCE):
    """Wait until it is so."""
    async with asyncio.timeout(patience):
        while True:
            if condition():
                return
            await asyncio.sleep(0.005)


class Receiver:
    """A channel that remembers what it was given; `fails` are raised first, one for each call."""

    def __init__(self, name="receiver", fails=()):
        self.name, self.fails = name, list(fails)
        self.got, self.expired, self.opened, self.closed = [], [], 0, False
        self.delay = 0.0

    async def open(self):
        self.opened += 1

    async def send(self, notification):
        await asyncio.sleep(self.delay)
        if self.fails:
            raise self.fails.pop(0)
        self.got.append(notification)

    async def expire(self, event):
        self.expired.append(event)

    async def close(self):
        self.closed = True

    @property
    def delivered(self):
        return [(n.reason, n.alert.version) for n in self.got]


def alert_now(lasts=100.0, **change):
    """An alert that is issued now, of an earthquake 55 km from (24.5, 121.5)."""
    now = time.time()
    return replace(
        ALERT,
        **{
            "issued": now,
            "expires": now + lasts,
            "origin": Origin(now - 5.0, 24.0, 121.5, 15.0, 0.3, 4.0, 5.0),
            "magnitude": Magnitude(6.5, 0.3, "M", 5),
            "area": Area(24.0, 121.5, 100.0),
        }
        | change,
    )


def seal_now(lasts=100.0, **change):
    return KEYS.seal(alert_now(lasts, **change))


def version(number, at=0.0, lasts=100.0, **change):
    """A version of an alert at a place, and when it ends."""
    return place_alert(version=number, **change), b"v%d" % number, at, at + lasts


class Delivered:
    """An outbox with a time of its own, and all that it has sent."""

    def __init__(self, **wants):
        self.box = Outbox(Wants(**wants))
        self.now, self.log = 0.0, []

    def take(self, number, lasts=100.0, **change):
        return self.box.take(*version(number, self.now, lasts, **change))

    def send(self):
        """Send all that is due; answer (reason, event, version)."""
        sent = []
        while (notification := self.box.next(self.now)) is not None:
            self.box.begin(notification, self.now)
            self.box.sent(notification, self.now)
            alert = notification.alert
            sent.append((notification.reason, alert.event, alert.version))
            self.log.append(notification)
        return sent

    def fail(self, received=True, again=True):
        notification = self.box.next(self.now)
        self.box.begin(notification, self.now)
        self.box.failed(notification, received=received, again=again)

    def expire(self):
        gone = []
        while (key := self.box.expired(self.now)) is not None:
            self.box.removed(key)
            gone.append(key)
        return gone

    def wait(self, seconds):
        self.now += seconds
        self.box.swept(self.now)


def entries(*tables, folder):
    return read("", [dict(table) for table in tables], folder)


def context(folder, **more):
    return Context(time.time, folder, trusted=lambda: KEYS.trusted, **({"language": "en"} | more))


def chain_of(settings, channels, record=None, clock=time.time, **more):
    return Chain(settings, channels, lambda: KEYS.trusted, clock, TABLES, record=record, **more)


@contextlib.asynccontextmanager
async def running(chain):
    """The chain while it runs; closed afterwards."""
    task = asyncio.create_task(chain.run())
    try:
        yield chain
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@contextlib.asynccontextmanager
async def serving(folder, *tables, record=None, **more):
    """A chain with the channels of these tables, running; answers (chain, channels)."""
    settings = entries(*tables, folder=folder)
    channels = make_all(settings, context(folder))
    async with running(chain_of(settings, channels, record, **more)) as chain:
        yield chain, channels


def as_json(data):
    return msgspec.json.decode(data)
