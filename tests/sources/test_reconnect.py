import asyncio
import errno
import socket
import ssl

import pytest

from forewave.sources.intake.inbox import Inbox
from forewave.sources.reconnect import Lost, is_silent, stay_connected, why_lost


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


def test_a_connection_is_tried_again_whatever_the_network_did():
    ends = [Lost("garbage"), ConnectionRefusedError(111, "Connection refused"), TimeoutError()]
    ends += [asyncio.IncompleteReadError(b"", 5), None]
    reasons = []

    async def work():
        queue = Inbox().open("x")
        done = asyncio.Event()

        async def connection():
            reasons.append(queue.status().reason)
            if not ends:
                done.set()
                await asyncio.Event().wait()
            if end := ends.pop(0):
                raise end

        trying = asyncio.create_task(stay_connected(connection, queue, retry=0.0))
        await done.wait()
        trying.cancel()

    asyncio.run(work())
    assert reasons == [
        "",
        "garbage",
        "Connection refused",
        "no answer",
        "closed by the server",
        "ended by the server",
    ]


def test_after_silence_the_pause_is_half_as_long(monkeypatch):
    ends = [Lost("closed"), Lost("silent for 2 s", silent=True), TimeoutError(), None]
    pauses = []

    async def connection():
        if end := ends.pop(0):
            raise end

    async def pause(seconds):
        pauses.append(seconds)
        if not ends:
            raise asyncio.CancelledError

    monkeypatch.setattr("forewave.sources.reconnect.random.uniform", lambda least, most: most)
    monkeypatch.setattr("forewave.sources.reconnect.asyncio.sleep", pause)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(stay_connected(connection, Inbox().open("x")))
    assert pauses == pytest.approx([0.9, 0.45, 0.45, 0.9])


def test_reasons_are_one_line():
    assert why_lost(OSError("two\nlines")) == "two lines"
    assert why_lost(OSError()) == "OSError"
    untrusted = ssl.SSLCertVerificationError()
    untrusted.verify_message = "self-signed certificate"
    assert why_lost(untrusted) == "certificate not trusted: self-signed certificate"
