import json
import os
import subprocess
from pathlib import Path

import pytest

from forewave.channels.home_assistant.entities import discovery, identifier
from forewave.channels.home_assistant.settings import HomeAssistantSettings

# What Home Assistant accepts: https://www.home-assistant.io/integrations/mqtt and its pages
# binary_sensor.mqtt and sensor.mqtt, 2025.
COMMON = {
    "name", "unique_id", "availability_topic", "device", "origin", "qos", "state_topic",
    "value_template", "json_attributes_topic", "icon", "device_class",
}  # fmt: skip
CLASSES = {"binary_sensor": {"safety"}, "sensor": {"timestamp"}}


def test_discovery_has_only_documented_keys_and_every_entity_an_id_of_its_own():
    settings = HomeAssistantSettings(name="School", host="x")
    found = discovery(settings, "School")
    assert len({config["unique_id"] for config in found.values()}) == len(found) == 6
    for topic, config in found.items():
        prefix, component, node, key, last = topic.split("/")
        assert (prefix, node, last) == ("homeassistant", "forewave_school", "config")
        assert config["unique_id"] == f"forewave_school_{key}"
        assert set(config) <= COMMON
        assert {"name", "state_topic", "unique_id", "device"} <= set(config)
        assert config.get("device_class") in {None, *CLASSES[component]}
        assert set(config["device"]) <= {"identifiers", "name", "manufacturer", "model"}


def test_home_assistants_own_schemas_accept_the_discovery(tmp_path):
    """FOREWAVE_HOME_ASSISTANT: a Python with the packages homeassistant and paho-mqtt."""
    python = os.environ.get("FOREWAVE_HOME_ASSISTANT", "")
    if not python or not Path(python).exists():
        pytest.skip("no Python with Home Assistant in FOREWAVE_HOME_ASSISTANT")
    found = discovery(HomeAssistantSettings(name="School", host="x"), "School")
    program = """
import json, sys
from homeassistant.components.mqtt import binary_sensor, sensor
from homeassistant.components.mqtt.const import ATTR_DISCOVERY_HASH
for topic, config in json.load(sys.stdin).items():
    module = binary_sensor if "/binary_sensor/" in topic else sensor
    made = module.DISCOVERY_SCHEMA(dict(config))
    lost = set(config) - set(made)
    assert lost <= {"origin"}, (topic, lost)
    try:
        module.DISCOVERY_SCHEMA({**config, "device_class": "no such class"})
    except Exception:
        continue
    raise AssertionError("the schema checks nothing")
print("accepted")
"""
    done = subprocess.run(
        [python, "-c", program],
        input=json.dumps(found),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "accepted", done.stderr[-2000:]


def test_names_become_identifiers():
    assert identifier("Sunny Side School #2") == "sunny_side_school_2"
    assert identifier("School") == "school"


def test_names_of_other_letters_do_not_become_one():
    """The digits are the first of `printf 学校 | sha256sum`: they must not change."""
    assert identifier("学校") == "forewave_dc6e2aaf"
    names = ["学校", "医院", "学校 1", "医院 1", "Café", "Cafè", "Caf", "!", "?"]
    assert len({identifier(name) for name in names}) == len(names)
    assert identifier("Caf\u00e9") == identifier("Cafe\u0301")
