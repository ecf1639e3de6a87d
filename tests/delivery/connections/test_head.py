import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.delivery.connections.head import LONGEST, is_complete, read_head

REQUEST = b"GET /stream?a=1 HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\n\r\n"


def test_a_head_is_read_as_far_as_it_decides_who_answers():
    head = read_head(REQUEST + b"rest")
    assert (head.method, head.path, head.size) == ("GET", "/stream", len(REQUEST))
    assert head.headers["host"] == "x"
    assert head.has("connection", "upgrade")
    assert not head.has("connection", "up")
    assert not head.has("upgrade", "websocket")


def test_repeated_headers_are_one_list():
    head = read_head(b"GET / HTTP/1.1\r\nConnection: a\r\nconnection:  Upgrade \r\n\r\n")
    assert head.headers["connection"] == "a, Upgrade"


@pytest.mark.parametrize("cut", range(1, len(REQUEST)))
def test_a_head_is_complete_with_its_last_byte(cut):
    assert not is_complete(REQUEST[:cut])
    assert read_head(REQUEST[:cut]) is None


def test_lines_may_end_without_a_carriage_return():
    assert read_head(b"GET / HTTP/1.0\nHost: x\n\n").headers == {"host": "x"}


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00",  # TLS
        b"G" * (LONGEST + 1),
        b"GET / HTTP/2.0\r\n\r\n",
        b"GET  / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\nspace : x\r\n\r\n",
        b"GET / HTTP/1.1\r\n folded: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"y" * LONGEST + b"\r\n\r\n",
    ],
)
def test_what_is_no_request_is_not_waited_for_and_is_none(data):
    assert is_complete(data)
    assert read_head(data) is None


@given(st.binary(max_size=300))
def test_no_bytes_raise(data):
    is_complete(data)
    read_head(data)
