import socket

import pytest

from forewave.delivery.connections import ports
from forewave.errors import ConfigError


def test_a_port_in_use_is_one_line_that_names_its_purpose():
    with ports.bind("127.0.0.1", 0, "pages") as first:
        port = first.getsockname()[1]
        for attempt in (ports.bind, lambda host, port, what: ports.check(host, {what: port})):
            with pytest.raises(ConfigError, match=f"{port} on 127.0.0.1 for the stream: [^()]*$"):
                attempt("127.0.0.1", port, "stream")
    ports.check("127.0.0.1", {"pages": port})
    ports.bind("127.0.0.1", port, "pages").close()


def test_any_free_port_needs_no_look():
    ports.check("no such host", {"pages": 0})


def test_an_address_that_is_not_this_machines_is_named():
    with pytest.raises(ConfigError, match=r"192\.0\.2\.1"):
        ports.bind("192.0.2.1", 0, "pages")


@pytest.mark.parametrize("host", ["a\0b", "é..y", "x" * 70])
def test_what_is_no_name_of_a_host_is_one_line(host):
    with pytest.raises(ConfigError, match="cannot open port 8460 on"):
        ports.bind(host, 8460, "pages")


def test_addresses_of_version_6_are_taken():
    try:
        ports.bind("::1", 0, "pages").close()
    except ConfigError as error:
        pytest.skip(f"no IPv6 here: {error}")


@pytest.mark.parametrize(
    ("host", "family"), [("::1", socket.AF_INET6), ("127.0.0.1", socket.AF_INET)]
)
def test_an_address_of_ipv6_is_opened_as_one(monkeypatch, host, family):
    asked = {}
    monkeypatch.setattr(socket, "create_server", lambda address, **how: asked.update(how))
    ports.bind(host, 0, "test")
    assert asked["family"] == family
