"""The entities of one channel, and the discovery messages that announce them.

Their names do not change: Home Assistant keeps their history, and automations go on.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from forewave.channels.home_assistant.settings import HomeAssistantSettings

ORIGIN = {"name": "forewave"}


class Entity(Struct, frozen=True):
    """One entity. topic: below that of the channel. more: further keys of its discovery message."""

    key: str
    label: str
    component: str
    topic: str
    more: Mapping[str, str] = field(default_factory=dict)


def _sensor(key: str, label: str, value: str, **more: str) -> Entity:
    """A value of the JSON at `state`."""
    template = {"value_template": f"{{{{ value_json.{value} }}}}"}
    return Entity(key, label, "sensor", "state", {**template, **more})


ENTITIES = (
    Entity("alert", "Earthquake alert", "binary_sensor", "alert", {"device_class": "safety"}),
    Entity("drill", "Earthquake drill", "binary_sensor", "drill", {"icon": "mdi:school-outline"}),
    _sensor("mmi", "Expected intensity (MMI)", "mmi", icon="mdi:vibrate"),
    _sensor("arrival", "Arrival of strong shaking", "s_arrival", device_class="timestamp"),
    _sensor("magnitude", "Magnitude", "magnitude", icon="mdi:pulse"),
    _sensor("text", "Warning", "title", icon="mdi:message-alert-outline"),
)
ATTRIBUTES = {"drill": "drill_state", "text": "state"}  # topic with the attributes of an entity


def identifier(name: str) -> str:
    """The name in topics and unique ids: small letters, digits and _.

    With a hash where letters were lost, as those of Chinese: otherwise such names would be one. Not
    where it was only case, spaces and punctuation: topics of such names were made without it, and
    an automation that waits at one must go on. registry.py refuses two that are equal.
    """
    name = unicodedata.normalize("NFC", name)
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    if plain and not any(each.isalnum() and not each.isascii() for each in name):
        return plain
    return f"{plain or 'forewave'}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def discovery(settings: HomeAssistantSettings, name: str) -> dict[str, dict[str, Any]]:
    """The discovery messages of all entities, by topic."""
    own = identifier(name)
    device = {
        "identifiers": [f"forewave_{own}"],
        "name": settings.place_name or name,
        "manufacturer": "forewave",
        "model": "Earthquake early warning",
    }
    return {
        f"{settings.discovery}/{each.component}/forewave_{own}/{each.key}/config": _config(
            each, own, f"{settings.prefix}/{own}", device
        )
        for each in ENTITIES
    }


def _config(entity: Entity, own: str, base: str, device: Mapping[str, Any]) -> dict[str, Any]:
    attributes = ATTRIBUTES.get(entity.key)
    return {
        "name": entity.label,
        "unique_id": f"forewave_{own}_{entity.key}",
        "state_topic": f"{base}/{entity.topic}",
        "availability_topic": f"{base}/availability",
        "device": device,
        "origin": ORIGIN,
        "qos": 1,
        **({"json_attributes_topic": f"{base}/{attributes}"} if attributes else {}),
        **entity.more,
    }
