"""The pages that watch: a slow one misses frames, and holds up nobody."""

import asyncio
import json

import pytest

from forewave.console import viewers as viewers_module
from forewave.console.board import Board
from forewave.console.viewers import BUFFERED, STUCK, Viewers
from forewave.delivery.connections.head import read_head
from tests.console.console_items import NOW, amplitude


class Pipe:
    """A transport that keeps what it is given. held: bytes that the other side has not taken."""

    def __init__(self):
        self.data, self.held, self.closed, self.protocol = b"", 0, "", None

    def write(self, data):
        self.data += data

    def get_write_buffer_size(self):
        return self.held

    def get_extra_info(self, name):
        return None

    def set_write_buffer_limits(self, high):
        pass

    def set_protocol(self, protocol):
        self.protocol = protocol

    def close(self):
        self.closed = "closed"
        self.protocol.connection_lost(None)

    def abort(self):
        self.closed = "aborted"
        self.protocol.connection_lost(None)

    def frames(self):
        """The events since the last call."""
        lines = [line for line in self.data.split(b"\n\n") if line.startswith(b"data: ")]
        self.data = b""
        return [json.loads(line[6:]) for line in lines]


@pytest.fixture
def board(stations, conditions):
    return Board(stations, lambda now: iter(conditions))


@pytest.fixture
def viewers(board, monkeypatch):
    made = Viewers(board, lambda: NOW, "secret")
    made.steady = 100.0
    monkeypatch.setattr(viewers_module.time, "monotonic", lambda: made.steady)
    return made


def joined(viewers):
    pipe = Pipe()
    viewers.take(pipe)
    return pipe


def test_a_page_gets_everything_then_frames(viewers, board):
    pipe = joined(viewers)
    assert pipe.data.startswith(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n")
    assert [frame["type"] for frame in pipe.frames()] == ["hello"]
    board.receive(amplitude("A", 2.0), NOW)
    viewers.send()
    [frame] = pipe.frames()
    assert (frame["type"], len(frame["rows"])) == ("frame", 1)
    viewers.send()
    assert pipe.frames() == []  # nothing has changed
    viewers.steady += 1.0
    viewers.send()
    assert [set(frame) for frame in pipe.frames()] == [{"type", "n", "now"}]


def test_a_slow_page_misses_frames_and_then_gets_everything(viewers, board):
    slow, quick = joined(viewers), joined(viewers)
    slow.frames()
    slow.held = BUFFERED + 1
    for n in range(5):
        board.receive(amplitude("A", 1.0 + n), NOW)
        viewers.send()
    assert slow.data == b""
    assert len(quick.frames()) == 6
    assert viewers.counts == {"missed": 5}
    slow.held = 0
    board.receive(amplitude("B", 1.0), NOW)
    viewers.send()
    [again] = slow.frames()
    assert (again["type"], again["rows"][0][1] is None) == ("hello", False)
    board.receive(amplitude("C", 1.0), NOW)
    viewers.send()
    assert [frame["type"] for frame in slow.frames()] == ["frame"]


def test_a_page_that_takes_nothing_is_disconnected(viewers, board):
    stuck = joined(viewers)
    stuck.held = BUFFERED + 1
    for n in range(3):
        board.receive(amplitude("A", 1.0 + n), NOW)
        viewers.steady += STUCK
        viewers.send()
    assert stuck.closed == "aborted"
    assert viewers.watching == 0
    assert viewers.counts["stuck"] == 1


def test_there_is_a_limit_of_pages(viewers, monkeypatch):
    monkeypatch.setattr(viewers_module, "MOST", 2)
    pipes = [Pipe() for _ in range(3)]
    for pipe in pipes:
        pipe.protocol = asyncio.Protocol()
        viewers.take(pipe)
    assert pipes[2].data.startswith(b"HTTP/1.1 503 ")
    assert viewers.counts == {"full": 1}
    viewers.close()
    assert [pipe.closed for pipe in pipes[:2]] == ["closed", "closed"]


@pytest.mark.parametrize(
    ("client", "query", "header", "allowed"),
    [
        ("127.0.0.1", "", "", True),
        ("::1", "", "", True),
        ("10.0.0.7", "", "", False),
        ("10.0.0.7", "?token=secret", "", True),
        ("10.0.0.7", "?token=wrong", "", False),
        ("10.0.0.7", "", "Authorization: Bearer secret", True),
        ("127.0.0.1", "", "X-Forwarded-For: 10.0.0.7", False),
        ("", "", "", False),
    ],
)
def test_who_may_see_the_status_may_see_the_frames(viewers, client, query, header, allowed):
    lines = [f"GET /console/frames{query} HTTP/1.1", "Host: localhost", header]
    head = read_head("\r\n".join(filter(None, lines)).encode() + b"\r\n\r\n")
    assert (viewers.refusal(head, client) is None) == allowed
