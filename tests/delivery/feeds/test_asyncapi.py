"""The description is valid, and what the stream really sends is what it says."""

import gzip
import json
from pathlib import Path

import jsonschema
import msgspec
import pytest

from forewave.delivery.feeds.asyncapi import Heartbeat, Pong, document
from forewave.delivery.stream import Readiness

SCHEMA = Path(__file__).parents[2] / "reference" / "asyncapi_3.0.0.json.gz"


def test_it_is_valid_asyncapi_3():
    schema = json.loads(gzip.decompress(SCHEMA.read_bytes()))
    validator = jsonschema.Draft7Validator(schema)
    assert list(validator.iter_errors(document())) == []
    broken = json.loads(json.dumps(document()))
    broken["operations"]["ask"]["action"] = "think"
    assert list(validator.iter_errors(broken))


def test_every_reference_leads_somewhere():
    def references(value):
        for each in value.values() if isinstance(value, dict) else value:
            if isinstance(each, dict | list):
                yield from references(each)
        if isinstance(value, dict) and isinstance(value.get("$ref"), str):
            yield value["$ref"]

    found = set(references(document()))
    assert len(found) > 8
    for reference in found:
        at = document()
        for step in reference.removeprefix("#/").split("/"):
            at = at[step]


def payload(name):
    return {
        **document()["components"]["messages"][name]["payload"],
        "components": document()["components"],
    }


def is_described(frame, name):
    return jsonschema.Draft202012Validator(payload(name)).is_valid(frame)


@pytest.mark.parametrize("readiness", [None, Readiness("not ready", ("a station",))])
def test_frames_of_a_real_stream_are_what_is_described(net, open_gateway, alert, readiness):
    told = None if readiness is None else lambda: readiness

    async def whole():
        async with open_gateway(readiness=told) as gateway:
            gateway.publish(alert)
            async with net.stream(gateway) as client:
                await client.send('{"type":"ping","id":7}')
                frames = [await client.recv() for _ in range(3)]
                gateway.stream.heartbeat()
                return [*frames, await client.recv()]

    first, signed, pong, second = net.result(whole())
    for frame, name in (
        (first, "heartbeat"),
        (second, "heartbeat"),
        (signed, "alert"),
        (pong, "pong"),
    ):
        assert is_described(json.loads(frame), name), frame
    assert msgspec.json.decode(second, type=Heartbeat).key == json.loads(signed)["key"]
    assert msgspec.json.decode(pong, type=Pong).id == 7
    assert is_described({"type": "ping", "id": 7}, "ping")


def test_what_is_no_frame_is_not_described():
    assert not is_described({"type": "heartbeat"}, "heartbeat")
    assert not is_described({"type": "heartbeat", "now": 1, "state": "fine"}, "heartbeat")
    assert not is_described({"v": 1}, "alert")
