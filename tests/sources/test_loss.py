"""Why a connection was lost, in one line."""

import asyncio
import errno
import socket

import pytest

from forewave.sources.loss import Lost, is_silent, why_lost


@pytest.mark.parametrize(
    ("why", "line"),
    [
        (Lost("silent for 10 s", silent=True), "silent for 10 s"),
        (TimeoutError(), "no answer"),
        (asyncio.IncompleteReadError(b"", 8), "closed by the server"),
        (OSError(errno.ECONNREFUSED, "x"), "Connection refused"),
        (socket.gaierror(-2, "Name or service not known"), "Name or service not known"),
        (OSError("a\nb"), "a b"),
    ],
)
def test_it_is_one_line_for_people(why, line):
    assert why_lost(why) == line


def test_who_was_silent_is_known():
    assert is_silent(TimeoutError())
    assert is_silent(Lost("x", silent=True))
    assert not is_silent(Lost("x"))
    assert not is_silent(OSError())
