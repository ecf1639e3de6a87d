"""The STOMP client against a broker of our own, whose code is another."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewave.channels.shakealert import stomp
from forewave.channels.shakealert.stomp import LARGEST, StompError, connect, encode, read
from forewave.errors import FormatError
from tests.channels.shakealert.broker import Broker

pytestmark = pytest.mark.live


def run(work):
    async def limited():
        async with asyncio.timeout(20):
            return await work()

    return asyncio.run(limited())


def test_a_message_is_with_the_broker_when_send_returns():
    async def work():
        async with Broker("secret") as broker:
            client = await connect("127.0.0.1", broker.port, "me", "secret")
            await client.send("/topic/a", b"<a>\0\n</a>", "application/xml")
            [(topic, headers, body)] = broker.sent
            assert (topic, body) == ("/topic/a", b"<a>\0\n</a>")
            assert headers["content-type"] == "application/xml"
            await client.close()

    run(work)


def test_a_wrong_password_is_refused_with_the_brokers_words():
    async def work():
        async with Broker("secret") as broker:
            with pytest.raises(StompError, match="refused: wrong password"):
                await connect("127.0.0.1", broker.port, "me", "wrong")

    run(work)


def test_what_is_no_broker_is_an_error():
    async def serve(reader, writer):
        writer.write(b"220 mail.example.org ESMTP\r\n" * 10)
        writer.close()

    async def work():
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            with pytest.raises(OSError, match=r"."):
                await connect("127.0.0.1", server.sockets[0].getsockname()[1])

    run(work)


def test_a_connection_that_breaks_fails_what_waits_and_what_follows():
    async def work():
        async with Broker() as broker:
            client = await connect("127.0.0.1", broker.port)
            broker.mute = True
            waiting = asyncio.create_task(client.send("/topic/a", b"", "text/plain"))
            while not broker.sent:  # noqa: ASYNC110 (the broker's turn)
                await asyncio.sleep(0.005)
            broker.cut()
            for task in (waiting, client.send("/topic/a", b"", "text/plain")):
                with pytest.raises(OSError, match=r"."):
                    await task
            await client.close()

    run(work)


def test_heart_beats_are_sent_as_often_as_the_broker_wants(monkeypatch):
    monkeypatch.setattr(stomp, "BEAT", 0.01)

    async def work():
        async with Broker() as broker:
            broker.heart_beat = "0,10"
            client = await connect("127.0.0.1", broker.port)
            while broker.beats < 3:  # noqa: ASYNC110 (the broker's turn)
                await asyncio.sleep(0.005)
            await client.close()

    run(work)


def frame_of(data):
    async def work():
        reader = asyncio.StreamReader(limit=LARGEST)
        reader.feed_data(data)
        reader.feed_eof()
        return await read(reader)

    return asyncio.run(work())


@given(
    headers=st.dictionaries(st.text(min_size=1, max_size=20), st.text(max_size=20), max_size=5),
    body=st.binary(max_size=200),
)
@settings(max_examples=60, deadline=None)
def test_any_frame_is_read_as_it_was_written(headers, body):
    headers = {"content-length": str(len(body))} | {
        name: value for name, value in headers.items() if name != "content-length"
    }
    try:
        data = encode("MESSAGE", headers, body)
    except UnicodeEncodeError:
        return  # half of a surrogate pair is no text
    assert frame_of(b"\n\r\n" + data) == ("MESSAGE", headers, body)


@pytest.mark.parametrize(
    "data",
    [
        b"MESSAGE\nno header\n\n\0",
        b"MESSAGE\na:\\x\n\n\0",
        b"MESSAGE\na:\\\n\n\0",
        b"MESSAGE\ncontent-length:-1\n\n\0",
        b"MESSAGE\ncontent-length:99999999999\n\n\0",
        b"MESSAGE\ncontent-length:1\n\nabc\0",
        b"MESSAGE\ncontent-length:9\n\nabc\0",
        b"MESSAGE\n\nno end",
        b"\xff\n\n\0",
        b"A" * (LARGEST + 10),
        b"MESSAGE\n" + b"".join(b"a%d:1\n" % i for i in range(200)) + b"\n\0",
    ],
)
def test_what_is_no_frame_is_an_error(data):
    with pytest.raises((FormatError, EOFError)):
        frame_of(data)


def test_of_a_repeated_header_the_first_counts():
    assert frame_of(b"MESSAGE\na:1\na:2\n\nx\0") == ("MESSAGE", {"a": "1"}, b"x")
