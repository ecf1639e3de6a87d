"""The words that travel: they cannot be changed on the way, and name their station."""

import inspect

import msgspec
import pytest

from forewave import types
from forewave.types import Pick, StreamId

STREAM = StreamId("TW", "ETM", "", "HLZ")


def test_a_stream_is_written_as_seed_does():
    assert str(STREAM) == "TW.ETM..HLZ"
    assert STREAM.code == "TW.ETM"


def test_a_pick_knows_its_station():
    assert Pick("TW.ETM-1", STREAM, "P", 1.5e9, 0.1).station == "TW.ETM"


def test_streams_have_an_order():
    east = StreamId("TW", "ETM", "", "HLE")
    assert sorted([STREAM, east]) == [east, STREAM]


def test_no_word_can_be_changed_on_the_way():
    words = [
        w for _, w in inspect.getmembers(types, inspect.isclass) if w.__module__ == types.__name__
    ]
    records = [word for word in words if issubclass(word, msgspec.Struct)]
    assert len(records) > 10
    assert [word for word in records if not word.__struct_config__.frozen] == []


def test_an_amplitude_can_go_over_a_bus_and_back():
    sent = types.Amplitude("TW.ETM", 1.5e9, None, None, *[0.1] * 3, 0.2, 0.3, 4.5, False, 0.1)
    bytes_ = msgspec.msgpack.encode(sent)
    assert msgspec.msgpack.decode(bytes_, type=types.Amplitude) == sent


def test_a_word_with_a_missing_field_is_refused():
    with pytest.raises(TypeError, match="Missing required argument"):
        Pick("TW.ETM-1", STREAM, "P", 1.5e9)
