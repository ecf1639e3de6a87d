"""Records on the bus: the same again, and nothing that another key, region or byte has changed."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.cluster.wire import (
    Batch,
    Beacon,
    Published,
    RoleStatus,
    Subjects,
    decode,
    encode,
    items,
    sign,
    unsign,
)
from forewave.delivery import signing
from forewave.errors import ConfigError, FormatError
from forewave.formats.storage import codec
from forewave.types import StationState
from tests.cluster.records import published

KEYS = signing.generate()
BEACON = Beacon(7, "a", 1, 1000.0, "not ready", ("a station",))


def test_records_are_the_same_after_the_bus():
    state = StationState("XX.A", 1.0, 0.5, "good", 1e-6, 1e-9, 1e-9)
    batch = Batch("1-3", 5, 6, 7.5, ((7.25, (codec.encode(state),)),), 3)
    assert decode(encode(batch), Batch) == batch
    assert items(batch.steps[0][1]) == [state]
    record = published(keys=KEYS)
    assert unsign(sign(record, KEYS, "r"), Published, KEYS.trusted, "r") == record
    assert unsign(sign(BEACON, KEYS, "r"), Beacon, KEYS.trusted, "r") == BEACON


def test_another_key_region_or_kind_is_refused():
    data = sign(BEACON, KEYS, "r")
    with pytest.raises(FormatError, match="unknown key"):
        unsign(data, Beacon, signing.generate().trusted, "r")
    with pytest.raises(FormatError, match="does not match"):
        unsign(data, Beacon, KEYS.trusted, "other")
    with pytest.raises(FormatError, match="does not match"):
        unsign(data, Published, KEYS.trusted, "r")


def test_every_changed_byte_is_refused():
    data = sign(published(keys=KEYS), KEYS, "r")
    for position in range(len(data)):
        changed = bytearray(data)
        changed[position] ^= 1
        with pytest.raises(FormatError):
            unsign(bytes(changed), Published, KEYS.trusted, "r")


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_with_a_format_error(data):
    for kind in (Published, Beacon):
        with pytest.raises(FormatError):
            unsign(data, kind, KEYS.trusted, "r")
    for kind in (Batch, RoleStatus):
        with contextlib.suppress(FormatError):
            decode(data, kind)


@pytest.mark.parametrize("name", ["", "a.b", "a b", ">", "*", "x" * 65])
def test_a_region_that_cannot_be_part_of_a_subject_is_refused(name):
    with pytest.raises(ConfigError, match=r"cluster\.region"):
        Subjects(name)
