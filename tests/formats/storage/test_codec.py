import json
from math import isnan
from typing import get_args, get_origin, get_type_hints

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from forewave.errors import FormatError
from forewave.formats.storage.codec import decode, encode, stored_name, to_json
from forewave.types import Message, Packet, Pick, Rupture, ShakingForecast, Solution, StreamId

WORDS = [word for word in get_args(Message) if word is not Packet]
samples = st.sampled_from([np.int32, np.float32, np.float64]).flatmap(
    lambda dtype: arrays.arrays(dtype, st.integers(0, 300))
)
packets = st.builds(
    Packet, st.builds(StreamId), st.floats(allow_nan=False), st.floats(allow_nan=False), samples
)


def values(hint):
    """Any value of a field, integers that fit 64 bits."""
    inner = get_args(hint)
    if hint is int:
        return st.integers(-(2**63), 2**63 - 1)
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        hints = get_type_hints(hint)
        return st.builds(hint, *(values(hints[name]) for name in hint.__struct_fields__))
    if get_origin(hint) is tuple and inner[-1] is ...:
        return st.lists(values(inner[0]), max_size=3).map(tuple)
    return st.from_type(hint)


def same(a, b):
    """Equal, where nan equals nan."""
    if isinstance(a, float) and isnan(a):
        return isinstance(b, float) and isnan(b)
    if isinstance(a, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, msgspec.Struct):
        return type(a) is type(b) and same(msgspec.structs.astuple(a), msgspec.structs.astuple(b))
    return a == b


@pytest.mark.parametrize("kind", WORDS)
@settings(deadline=None, max_examples=40)
@given(st.data())
def test_every_word_survives(kind, data):
    word = data.draw(values(kind))
    assert same(decode(encode(word)), word)
    assert json.loads(to_json(word))["word"] == stored_name(kind)


def test_shaking_forecasts_keep_the_name_they_have_in_older_files(shaking):
    forecast = shaking()
    assert msgspec.msgpack.decode(encode(forecast))[0] == "Outlook"
    assert json.loads(to_json(forecast))["word"] == "Outlook"
    assert type(decode(encode(forecast))) is ShakingForecast


def test_fields_of_older_versions_are_passed_over():
    pick = Pick("id", StreamId("TW", "ETM", "", "HLZ"), "P", 1.5e9, 0.1)
    name, fields = msgspec.msgpack.decode(encode(pick))
    older = msgspec.msgpack.encode((name, {**fields, "score": 0.9}))
    assert same(decode(older), pick)


def test_numbers_of_numpy_are_written_as_any_other():
    plain = Rupture(35.0, -117.5, 35.5, -118.0, 0.0, 70.0, 320.0)
    numpys = Rupture(*map(np.float64, msgspec.structs.astuple(plain)))
    word = Solution("e", 1, None, None, numpys, (), 1.0)
    assert encode(word) == encode(msgspec.structs.replace(word, rupture=plain))
    assert json.loads(to_json(word))["rupture"]["lat1"] == 35.0
    with pytest.raises(TypeError):
        encode(msgspec.structs.replace(word, rupture=object()))


@settings(deadline=None)
@given(packets)
def test_packets_survive(packet):
    back = decode(encode(packet))
    assert (back.stream, back.start, back.rate) == (packet.stream, packet.start, packet.rate)
    assert back.samples.dtype == packet.samples.dtype
    assert back.samples.flags.writeable
    np.testing.assert_array_equal(back.samples, packet.samples)
    assert json.loads(to_json(packet))["word"] == "Packet"


def test_samples_of_the_other_byte_order_survive():
    packet = Packet(StreamId("", "A", "", "HNZ"), 0.0, 1.0, np.arange(9, dtype=">i4"))
    np.testing.assert_array_equal(decode(encode(packet)).samples, np.arange(9))


def test_samples_cut_short_are_an_error():
    packet = Packet(StreamId("", "A", "", "HNZ"), 0.0, 1.0, np.arange(3, dtype=np.int32))
    name, body = msgspec.msgpack.decode(encode(packet))
    body["samples"] = body["samples"][:-1]
    with pytest.raises(FormatError, match="message: buffer size"):
        decode(msgspec.msgpack.encode((name, body)))


def test_an_unknown_type_is_an_error():
    with pytest.raises(FormatError, match="expected a known type, found 'Rumour'"):
        decode(msgspec.msgpack.encode(("Rumour", {})))


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_other_bytes_are_an_error(data):
    with pytest.raises(FormatError, match=r"^message: "):
        decode(data)


def test_a_message_within_messages_is_refused():
    """As deep as it would have to be to exhaust the stack."""
    for deep in (b"\x91" * 3000, b"\x92\xa4Pick" + b"\x91" * 3000):
        with pytest.raises(FormatError):
            decode(deep)
