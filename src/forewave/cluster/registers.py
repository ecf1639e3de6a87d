"""The registers of the lease in JetStream: one key-value bucket without replicas on each node.

Reads are direct gets and writes are publishes with the expected last sequence, which the node
answers by itself: no election, no consumer. Only making a bucket needs the cluster's metadata.
"""

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import Callable, Coroutine
from typing import Any

import msgspec
import nats.errors
import nats.js.errors
from nats.js.api import Placement, StorageType, StreamConfig

from forewave.cluster.bus import Bus, Node
from forewave.cluster.lease import RENEWALS, Candidate, Record, Write
from forewave.cluster.wire import NAME

_LOG = logging.getLogger(__name__)
KEY = "leader"
KEPT = 24 * 3600.0  # seconds for which a record is kept that nobody renews
REMAKE = 2.0  # seconds between two attempts to make a bucket
_ERRORS = (nats.errors.Error, TimeoutError, OSError, msgspec.MsgspecError, ValueError)


class Registers:
    """Keeps a candidate informed of all registers, and writes for it.

    on_change: called after each round, and after each accepted write.
    """

    def __init__(
        self, bus: Bus, region: str, candidate: Candidate, ttl: float, on_change: Callable[[], None]
    ) -> None:
        self._bus, self._region, self._candidate = bus, region, candidate
        self._ttl, self._every = ttl, ttl / RENEWALS
        self._on_change = on_change
        self._made: dict[int, float] = {}  # when making a bucket was last tried
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Read every register and write what is due, RENEWALS times in the time of the lease."""
        try:
            while True:
                began = time.monotonic()
                for number, node in enumerate(self._bus.nodes):
                    if node.connected:
                        self._spawn(self._read(number, node))
                self._write_due()
                await asyncio.sleep(max(0.0, began + self._every - time.monotonic()))
        finally:
            for task in self._tasks:
                task.cancel()

    def _write_due(self) -> None:
        for write in self._candidate.writes(time.monotonic(), time.time()):
            if self._bus.nodes[write.register].connected:
                self._spawn(self._write(write))
        self._on_change()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _bucket(self, node: Node) -> str:
        return f"forewave_{self._region}_lease_{node.name}"

    async def _read(self, number: int, node: Node) -> None:
        bucket = self._bucket(node)
        subject = f"$JS.API.DIRECT.GET.KV_{bucket}.$KV.{bucket}.{KEY}"
        try:
            found = await node.client.request(subject, b"", timeout=self._ttl)
        except nats.errors.NoRespondersError:
            await self._make(number, node)
            return
        except _ERRORS:
            return
        headers = found.headers or {}
        received = time.monotonic()
        if headers.get("Status") == "404":
            self._candidate.read(number, None, 0, received)
        elif "Nats-Sequence" in headers:
            with contextlib.suppress(*_ERRORS):
                record = msgspec.json.decode(found.data, type=Record)
                self._candidate.read(number, record, int(headers["Nats-Sequence"]), received)
        else:
            await self._make(number, node)

    async def _write(self, write: Write) -> None:
        node = self._bus.nodes[write.register]
        subject = f"$KV.{self._bucket(node)}.{KEY}"
        headers = {"Nats-Expected-Last-Subject-Sequence": str(write.revision)}
        data, sent = msgspec.json.encode(write.record), time.monotonic()
        try:
            found = await node.client.request(subject, data, timeout=self._ttl, headers=headers)
            answer = json.loads(found.data)
        except _ERRORS:
            return
        if "error" not in answer and "seq" in answer:
            self._candidate.wrote(write, int(answer["seq"]), sent, time.monotonic())
            self._on_change()

    async def _make(self, number: int, node: Node) -> None:
        """Make the bucket of a node; at most once in REMAKE seconds."""
        now = time.monotonic()
        if now < self._made.get(number, -REMAKE) + REMAKE:
            return
        self._made[number] = now
        if not NAME.fullmatch(node.name):
            _LOG.error(
                "NATS %s: server_name %r: expected letters and digits", node.where, node.name
            )
            return
        try:
            await node.client.jetstream(timeout=REMAKE).add_stream(self._config(node))
        except nats.js.errors.APIError as error:
            _LOG.warning("lease on %s: %s", node.name, error.description)
        except _ERRORS as error:
            _LOG.warning("lease on %s: %s", node.name, error or type(error).__name__)

    def _config(self, node: Node) -> StreamConfig:
        """As NATS clients make key-value buckets, on this very node (its tag), and on its disk.

        A store in memory would begin to count again after a restart of the node, and revisions
        could repeat.
        """
        bucket = self._bucket(node)
        return StreamConfig(
            name=f"KV_{bucket}",
            subjects=[f"$KV.{bucket}.>"],
            num_replicas=1,
            storage=StorageType.FILE,
            placement=Placement(tags=[f"node:{node.name}"]) if node.is_clustered else None,
            max_msgs_per_subject=1,
            max_age=KEPT,
            allow_direct=True,
            allow_rollup_hdrs=True,
            deny_delete=True,
        )
