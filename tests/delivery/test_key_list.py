"""Which key lists a device believes: shared vectors, and every byte of a list."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewave.delivery import key_list, signing
from forewave.delivery.key_list import Follower, RefusedListError, listed, make
from forewave.formats.protocols.alert_message import encode

VECTORS = json.loads(
    (Path(__file__).parents[1] / "reference" / "device_trust.json").read_text("utf-8")
)
NOW = 1_700_000_000.0
ROOT, KEY, OTHER = signing.generate(), signing.generate(), signing.generate()


def public(keys):
    return signing.base64url(keys.trusted[keys.id])


def entry(keys, since=0.0, until=NOW + 1000.0):
    return listed(keys.trusted[keys.id], since, until)


def a_list(n=1, *keys, root=ROOT, **more):
    entries = [entry(each) for each in keys or (KEY,)]
    return make(root, entries, n=n, **({"made": NOW, "until": NOW + 100.0} | more))


def why(follower, data, today=NOW):
    try:
        follower.take(data, today)
    except RefusedListError as error:
        return error.why
    return None


@pytest.mark.parametrize("case", VECTORS["lists"], ids=lambda case: case["name"])
def test_shared_vectors(case):
    follower = Follower(case["given"])
    for step in case["received"]:
        today = None if step["today"] is None else step["today"] / 1000.0
        assert why(follower, encode(step["list"]), today) == step["why"]
    today = None if case["today"] is None else case["today"] / 1000.0
    assert sorted(follower.trusted(today)) == case["trusted"]


def test_no_byte_of_a_list_may_change():
    data = a_list().rstrip()
    for position in range(len(data)):
        for bit in range(8):
            changed = bytearray(data)
            changed[position] ^= 1 << bit
            assert why(Follower([public(ROOT)]), bytes(changed)) is not None, changed


@given(st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
@settings(max_examples=200, deadline=None)
def test_anything_else_is_refused_in_one_line(data):
    with pytest.raises(RefusedListError) as raised:
        Follower().take(data, NOW)
    assert raised.value.why == "malformed"


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 60_000,
        b'{"v":1,"v":1}',
        b"{" + b" " * key_list.LONGEST + b"}",
        b'{"z":1e999}',
    ],
    ids=["deep", "twice", "long", "infinite"],
)
def test_hostile_json_is_malformed(data):
    assert why(Follower(), data) == "malformed"


def test_a_refused_list_leaves_the_last_one_in_force():
    follower = Follower()
    assert why(follower, a_list(2)) is None
    assert why(follower, a_list(3, OTHER, root=OTHER)) == "unknown root"
    assert why(follower, a_list(1, OTHER)) == "older"
    assert list(follower.trusted(NOW)) == [KEY.id]
    assert follower.newest is not None
    assert follower.newest.n == 2


def test_given_roots_are_not_replaced_by_those_of_a_list():
    follower = Follower([public(ROOT)])
    assert why(follower, a_list(1, spare_roots=[public(OTHER)])) is None
    assert why(follower, a_list(2, root=OTHER)) == "unknown root"


def test_a_signature_of_a_message_is_none_of_a_list():
    """The same bytes signed without the domain, as messages are, are refused."""
    fields = json.loads(a_list())
    fields["sig"] = signing.base64url(
        ROOT.sign(encode({k: v for k, v in fields.items() if k != "sig"}))
    )
    assert why(Follower([public(ROOT)]), encode(fields)) == "bad signature"
