"""Who may ask the server for what."""

import socket

import pytest
from starlette.datastructures import Headers
from starlette.requests import Request

from forewave.delivery.guard import is_known, is_loopback, may_ask, may_see, names_of, origins_of


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost"])
def test_this_machine_is_known_by_its_addresses(host):
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.2", "::", "example.org", ""])
def test_other_addresses_are_not_this_machine(host):
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("asked", "host", "names", "known"),
    [
        ("127.0.0.1:8460", "127.0.0.1", "", True),
        ("localhost", "127.0.0.1", "", True),
        ("[::1]:8460", "127.0.0.1", "", True),
        ("evil.example", "127.0.0.1", "", False),
        ("", "127.0.0.1", "", False),
        ("[", "127.0.0.1", "", False),
        ("warn.example:80", "127.0.0.1", "a.example, Warn.example", True),
        ("10.0.0.9:8460", "127.0.0.1", "", True),
        ("anything.example", "0.0.0.0", "", False),
        ("192.168.1.7:8460", "0.0.0.0", "", True),
        ("[2001:db8::7]:8460", "::", "", True),
        (socket.gethostname(), "0.0.0.0", "", True),
        (socket.gethostname().upper(), "0.0.0.0", "", True),
        ("192.168.1.7.evil.example", "0.0.0.0", "", False),
        ("anything.example", "0.0.0.0", "warn.example", False),
        ("warn.example", "0.0.0.0", "warn.example", True),
    ],
)
def test_a_server_is_asked_under_its_own_names(asked, host, names, known):
    assert is_known(Headers({"host": asked}), names_of(host, names)) is known


def test_a_request_without_a_host_header_is_accepted():
    assert is_known(Headers({}), names_of("127.0.0.1", ""))


def request(client, headers=(), query=""):
    scope = {"type": "http", "headers": list(headers), "query_string": query.encode()}
    return Request({**scope, "client": (client, 1)})


def test_from_this_machine_or_with_the_token():
    bearer = [(b"authorization", b"Bearer secret")]
    assert may_see(request("127.0.0.1"), "")
    assert may_see(request("127.0.0.1"), "secret")
    assert not may_see(request("10.0.0.1"), "")
    assert not may_see(request("10.0.0.1"), "secret")
    assert not may_see(request("10.0.0.1", [(b"authorization", b"Bearer ")]), "")
    assert not may_see(request("10.0.0.1", bearer), "another")
    assert may_see(request("10.0.0.1", bearer), "secret")
    assert may_see(request("10.0.0.1", query="token=secret"), "secret")


@pytest.mark.parametrize("name", [b"x-forwarded-for", b"forwarded", b"x-real-ip", b"via"])
def test_what_a_proxy_of_this_machine_hands_on_needs_the_token(name):
    """Else a proxy that was set up without a thought would show the inner state to everybody."""
    through = [(name, b"127.0.0.1")]
    assert not may_see(request("127.0.0.1", through), "")
    assert not may_see(request("127.0.0.1", through), "secret")
    assert may_see(request("127.0.0.1", through, query="token=secret"), "secret")


@pytest.mark.parametrize(
    ("origin", "host", "may"),
    [
        (None, "warn.example", True),
        ("https://warn.example", "warn.example", True),
        ("https://warn.example", "warn.example:8461", True),  # another port: the stream's
        ("http://192.168.1.5:8460", "192.168.1.5:8461", True),
        ("http://[::1]:8460", "[::1]:8461", True),
        ("https://public.example", "127.0.0.1:8461", True),  # a proxy that does not pass Host on
        ("https://home.example:8123", "warn.example", True),
        ("https://home.example", "warn.example", False),
        ("https://evil.example", "warn.example", False),
        ("https://warn.example.evil.example", "warn.example", False),
        ("null", "warn.example", False),
        ("", "warn.example", False),
        ("http://[", "warn.example", False),
        ("https://evil.example", "", False),
    ],
)
def test_pages_of_this_server_and_programs_may_ask(origin, host, may):
    headers = {"host": host} if origin is None else {"host": host, "origin": origin}
    names = names_of("127.0.0.1", "public.example")
    assert may_ask(headers, names, origins_of(" https://home.example:8123/ ,")) is may


def test_any_site_may_where_it_is_set():
    assert may_ask({"origin": "null", "host": "a"}, (), origins_of("*"))
