"""Addresses and copies of messages; the connections are in test_nodes.py, with real nodes."""

import tracemalloc

import pytest

from forewave.cluster.bus import Once, addresses
from forewave.errors import ConfigError


def test_the_login_counts_for_every_node():
    assert addresses("nats://u:p@a:4222,b:4223") == ["nats://u:p@a:4222", "nats://u:p@b:4223"]
    assert addresses("tls://a") == ["tls://a"]


@pytest.mark.parametrize(
    "bus", ["", "a:4222", "http://a:4222", "nats://", "nats://a:x", "nats://a:1,a:1", "nats://:1"]
)
def test_what_is_no_list_of_nodes_is_refused(bus):
    with pytest.raises(ConfigError, match="bus"):
        addresses(bus)


def test_an_error_does_not_show_the_password():
    with pytest.raises(ConfigError) as error:
        addresses("nats://forewave:secret@a:x")
    assert "secret" not in str(error.value)


def test_of_copies_the_first_is_new_and_old_ones_are_forgotten():
    once = Once(most=2)
    assert once.is_new(b"1")
    assert not once.is_new(b"1")
    assert once.is_new(b"2")
    assert once.is_new(b"3")
    assert once.is_new(b"1")


def test_of_long_messages_little_is_kept():
    once = Once()
    tracemalloc.start()
    try:
        for n in range(100):
            once.is_new(bytes([n]) * 100_000)
        used = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert used < 1_000_000
    assert not once.is_new(bytes(100_000))
    once.forget()
    assert once.is_new(bytes(100_000))
