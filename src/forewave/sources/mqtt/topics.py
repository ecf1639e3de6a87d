"""Topics of a broker that carry OpenEEW's JSON and are not subscribed to.

For `forewave check`: sensors whose firmware publishes on other topics would go unnoticed.
"""

import asyncio
import contextlib

import aiomqtt

from forewave.sources.mqtt.source import MqttSettings, client_of, is_openeew
from forewave.sources.tls import trust

MOST = 1000  # topics that are collected


async def other_topics(settings: MqttSettings, seconds: float) -> list[str]:
    """Subscribe to all topics for some seconds. Empty if the broker refuses or is unreachable."""
    found: set[str] = set()
    tls = trust(settings.tls_ca) if settings.tls else None
    with contextlib.suppress(TimeoutError, aiomqtt.MqttError, OSError):
        async with asyncio.timeout(seconds), client_of(settings, tls) as client:
            await client.subscribe("#")
            async for message in client.messages:
                known = any(message.topic.matches(topic) for topic in settings.topics)
                payload = message.payload
                if not known and isinstance(payload, bytes) and is_openeew(payload):
                    found.add(message.topic.value)
                if len(found) >= MOST:
                    break
    return sorted(found)
