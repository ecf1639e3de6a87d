"""The last version of each alert in JetStream: for processes that begin later. Never waited for.

The stream records what the leader publishes anyway. One that is not there, or has no leader at the
moment, costs nothing but this: valid alerts are repeated each second, old cancellations are not.
"""

import asyncio
import json
import logging

import nats.errors
import nats.js.errors
from nats.js.api import DiscardPolicy, StorageType, StreamConfig

from forewave.cluster.bus import Bus, Node
from forewave.cluster.wire import Subjects

_LOG = logging.getLogger(__name__)
KEPT = 24 * 3600.0  # seconds: a cancellation is valid for a day
MOST = 10_000  # events
AGAIN = 2.0  # seconds between two attempts
_ERRORS = (nats.errors.Error, TimeoutError, OSError, ValueError)


async def keep(bus: Bus, subjects: Subjects) -> None:
    """Make the stream if it does not exist; tries until it succeeds."""
    config = StreamConfig(
        name=subjects.stream,
        subjects=[subjects.all_published],
        num_replicas=min(3, len(bus.nodes)),
        storage=StorageType.MEMORY,
        max_msgs_per_subject=1,
        max_msgs=MOST,
        max_age=KEPT,
        discard=DiscardPolicy.OLD,
        allow_direct=True,
    )
    while True:
        for node in [node for node in bus.nodes if node.connected]:
            try:
                await node.client.jetstream(timeout=AGAIN).add_stream(config)
            except _ERRORS as error:
                _LOG.debug("stream of alerts: %s", error)
            else:
                return
        await asyncio.sleep(AGAIN)


async def read(bus: Bus, subjects: Subjects) -> list[bytes] | None:
    """The last message of each event, by the first node that answers; None if none does."""
    for node in [node for node in bus.nodes if node.connected]:
        try:
            return await _read(node, subjects)
        except nats.js.errors.NotFoundError:
            return []
        except _ERRORS as error:
            _LOG.debug("stream of alerts at %s: %s", node.name, error)
    return None


async def _read(node: Node, subjects: Subjects) -> list[bytes]:
    js = node.client.jetstream(timeout=AGAIN)
    found = await js.stream_info(subjects.stream, subjects_filter=subjects.all_published)
    get = f"$JS.API.DIRECT.GET.{subjects.stream}"
    asked = [
        node.client.request(get, json.dumps({"last_by_subj": subject}).encode(), timeout=AGAIN)
        for subject in found.state.subjects or {}
    ]
    return [m.data for m in await asyncio.gather(*asked) if "Nats-Sequence" in (m.headers or {})]
