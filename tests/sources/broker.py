"""A real MQTT broker (Debian's mosquitto) on a free port, and a source that listens to it."""

import asyncio
import shutil
import socket
import subprocess
import time

import aiomqtt
import pytest

from forewave.sources.base import open_queue
from forewave.sources.intake.inbox import Inbox
from forewave.sources.mqtt.source import MqttSettings, MqttSource

PATIENCE = 20.0  # seconds, more than any of these tests takes


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Broker:
    """One mosquitto on loopback. access: lines of its configuration that say who may come."""

    def __init__(self, folder, access=("allow_anonymous true",)):
        self.port = free_port()
        self.config = folder / "mosquitto.conf"
        self.config.write_text(
            f"listener {self.port} 127.0.0.1\nset_tcp_nodelay true\n"
            "max_queued_messages 0\nmax_queued_bytes 0\nuser root\n" + "\n".join(access) + "\n"
        )
        self.process = None

    @classmethod
    def if_there(cls, folder, **more):
        """A broker that runs; skips where there is none."""
        if not (shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")):
            pytest.skip("no mosquitto on this machine")
        broker = cls(folder, **more)
        broker.start()
        return broker

    def start(self):
        """Returns when it answers. A connection to a closed port may be answered by itself."""
        path = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self.process is None or self.process.poll() is not None:
                self.process = subprocess.Popen(
                    [path, "-c", self.config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
                )
            with socket.socket() as probe:
                answered = probe.connect_ex(("127.0.0.1", self.port)) == 0
                if answered and probe.getsockname() != probe.getpeername():
                    return
            time.sleep(0.01)
        raise RuntimeError("the broker does not answer")

    def kill(self):
        self.process.kill()
        self.process.wait()


class Listening:
    """A source at work, and what it delivers."""

    def __init__(self, port, rates=None, host="127.0.0.1", **settings):
        self.source = MqttSource(MqttSettings(host, port, **settings), rates)
        self.inbox = Inbox()
        self.queue = open_queue(self.inbox, self.source)
        self.received = []

    async def __aenter__(self):
        self.tasks = [
            asyncio.create_task(self.source.run(self.queue)),
            asyncio.create_task(self.collect()),
        ]
        return self

    async def __aexit__(self, *_):
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def collect(self):
        while True:
            self.received += await self.inbox.take()

    async def until(self, condition):
        async with asyncio.timeout(PATIENCE):
            while True:
                if condition():
                    break
                await asyncio.sleep(0.005)

    async def connected(self):
        await self.until(lambda: self.queue.status().state in ("idle", "live"))

    async def delivered(self, count):
        await self.until(lambda: len(self.received) >= count)

    def dropped(self):
        return self.queue.status().dropped


def publisher(broker):
    return aiomqtt.Client("127.0.0.1", broker.port)
