import asyncio
import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from forewave.client.service import Config, Service, raw_keys, read_config, read_towns
from forewave.delivery.signing import base64url, generate
from forewave.errors import FormatError, InputError

KEYS = generate()
LISTED = [base64url(raw) for raw in KEYS.trusted.values()]


@pytest.mark.parametrize(
    ("url", "beside", "at_a_port"),
    [
        ("http://127.0.0.1:8460", "ws://127.0.0.1:8460/stream", "ws://127.0.0.1:9/"),
        ("http://[::1]:8460/tv", "ws://[::1]:8460/stream", "ws://[::1]:9/"),
        ("https://a.example.org", "wss://a.example.org/stream", "wss://a.example.org:9/"),
        ("https://a.example.org/quake/", "wss://a.example.org/quake/stream", None),
        ("https://a.example.org/quake/tv", "wss://a.example.org/quake/stream", None),
    ],
)
def test_the_stream_is_where_the_pages_are_or_at_a_port_of_its_own(url, beside, at_a_port):
    assert Service(url).stream(Config({}, stream="stream")) == beside
    if at_a_port:
        assert Service(url).stream(Config({}, stream_port=9)) == at_a_port


@pytest.mark.parametrize(
    "url", ["", "127.0.0.1:8460", "ws://a:1", "http://", "http://a:b", "http://[::1", "http://a:0"]
)
def test_an_address_that_is_none_is_an_error(url):
    with pytest.raises(InputError, match="expected one as http"):
        Service(url)


def test_keys_are_named_after_themselves():
    assert raw_keys(LISTED) == KEYS.trusted


@pytest.mark.parametrize("key", ["", "x", "A" * 42, "A" * 44, "A" * 43 + "=", "é" * 43, 5])
def test_a_key_that_is_none_is_an_error(key):
    with pytest.raises(InputError, match="expected an Ed25519 public key"):
        raw_keys([key])


def test_the_servers_configuration_is_read():
    data = json.dumps({"stream_port": 8461, "keys": {"any name": LISTED[0]}}).encode()
    assert read_config(data, "here") == Config(KEYS.trusted, stream_port=8461)
    data = json.dumps({"stream": "a/b.c", "stream_port": 1, "keys": {"": LISTED[0]}}).encode()
    assert read_config(data, "here") == Config(KEYS.trusted, stream="a/b.c")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b'{"stream_port": 1, "keys": []}',
        b'{"stream": "/a", "keys": {}}',
        b'{"stream": "a//b", "keys": {}}',
        b'{"stream": "http://a", "keys": {}}',
        b'{"stream": "", "keys": {}}',
        b'{"stream": 5, "keys": {}}',
        b'{"stream_port": 70000, "keys": {}}',
        b'{"stream_port": "1", "keys": {}}',
        b'{"stream_port": 1, "keys": {"a": "b"}}',
        b'{"stream_port": 1, "keys": {"a": 5}}',
        b"[" * 100_000,
        b"\xff",
    ],
)
def test_what_is_no_configuration_is_one_error(data):
    with pytest.raises(FormatError, match="here: is no forewave"):
        read_config(data, "here")


class _Elsewhere(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(302)
        self.send_header("Location", "http://127.0.0.1:1/config.json")
        self.end_headers()

    def log_message(self, *args):
        pass


def test_keys_are_not_taken_from_another_address():
    server = HTTPServer(("127.0.0.1", 0), _Elsewhere)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        service = Service(f"http://127.0.0.1:{server.server_port}")
        with pytest.raises(FormatError, match="302"):
            asyncio.run(service.config())
    finally:
        server.shutdown()
        server.server_close()


def test_the_towns_of_the_service_have_their_country():
    [town] = read_towns(b'[["Chengdu",30.66,104.06,7000000,"CN"]]', "here")
    assert (town.name, town.lat, town.lon) == ("Chengdu, CN", 30.66, 104.06)
    for bad in (b"", b"{}", b'[["a",1]]', b"[[1,2,3,4,5]]", b"[" * 100_000):
        with pytest.raises(FormatError, match="here: is no list of towns"):
            read_towns(bad, "here")
