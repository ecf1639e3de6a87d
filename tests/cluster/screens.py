"""Screens: clients of a cluster's gateways, which go to another one when theirs is gone.

Each keeps what it has shown: versions of events, when they came. What it receives again it does not
show again, and a lower version after a higher one neither, as every client of the stream.
"""

import asyncio
import contextlib
import json
import time

import websockets

from forewave.delivery.signing import unseal

AGAIN = 0.02  # seconds until the next attempt


class Screen:
    """One client. shown: (event, version, issued, received), POSIX seconds, in order."""

    def __init__(self, ports, first, trusted):
        self._ports, self._next, self._trusted = ports, first, trusted
        self.shown, self._versions = [], {}
        self.connected, self.heartbeat = False, {}
        self.away = []  # (from, to) without a connection

    async def run(self):
        lost = None
        while True:
            port = self._ports[self._next % len(self._ports)]
            with contextlib.suppress(OSError, websockets.WebSocketException, TimeoutError):
                url = f"ws://127.0.0.1:{port}/"
                async with websockets.connect(url, open_timeout=1.0, ping_interval=None) as link:
                    self.connected = True
                    if lost is not None:
                        self.away.append((lost, time.time()))
                    async for frame in link:
                        self.take(frame)
            if self.connected or lost is None:
                lost = time.time()
            self.connected = False
            self._next += 1
            await asyncio.sleep(AGAIN)

    def take(self, frame):
        said = json.loads(frame)
        if "type" in said:
            if said["type"] == "heartbeat":
                self.heartbeat = said
            return
        message = unseal(frame, self._trusted)
        if message.n > self._versions.get(message.id, 0):
            self._versions[message.id] = message.n
            self.shown.append((message.id, message.n, message.iss / 1000.0, time.time()))

    def has(self, event, version):
        return self._versions.get(event, 0) >= version


def lateness(screens):
    """By (event, version): the longest any screen waited for it, or for a later one, in seconds."""
    issued = {}
    for screen in screens:
        for event, version, when, _ in screen.shown:
            issued[event, version] = when
    waits = {}
    for (event, version), when in issued.items():
        each = [
            min((at for e, n, _, at in screen.shown if e == event and n >= version), default=None)
            for screen in screens
        ]
        waits[event, version] = (when, None if None in each else max(each) - when)
    return waits
