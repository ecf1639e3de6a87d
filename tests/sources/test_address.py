import pytest

from forewave.errors import ConfigError
from forewave.sources import address


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("geofon.gfz.de", "geofon.gfz.de", 18000),
        ("geofon.gfz.de:18001", "geofon.gfz.de", 18001),
        ("192.0.2.1:1", "192.0.2.1", 1),
        ("[2001:db8::1]:18001", "2001:db8::1", 18001),
        ("[2001:db8::1]", "2001:db8::1", 18000),
        ("[fe80::1%eth0]:18001", "fe80::1%eth0", 18001),
        ("bücher.example:65535", "bücher.example", 65535),
        ("a_host.local.", "a_host.local.", 18000),
    ],
)
def test_an_address_is_a_host_and_a_port(text, host, port):
    assert address.split(text, 18000) == (host, port)
    assert address.split(address.join(host, port), 1) == (host, port)


@pytest.mark.parametrize(
    "text",
    [
        *("a:b:c", "a:b", "a:", ":18000", "", "a:0", "a:65536", "a:-1", "a:1e3", "a:²"),
        *("::1", "2001:db8::1", "[2001:db8::1", "[2001:db8::1]18000", "[]:1", "[a]:1", "[::1]:"),
        *("tcp://a:1", "a/b", "a b", "a..b", "x" * 64, "user@a:1"),
    ],
)
def test_anything_else_is_refused_in_one_line(text):
    with pytest.raises(ConfigError) as error:
        address.split(text, 18000)
    assert str(error.value) == f"expected {address.EXPECTED}, found {text!r}"
    assert "\n" not in str(error.value)


def test_a_host_alone_may_be_an_ipv6_address_without_brackets():
    assert all(map(address.is_host, ["a", "a.example", "192.0.2.1", "::1", "bücher.example"]))
    assert not any(map(address.is_host, ["", "a:1", "[::1]", "a/b", "x" * 64]))
