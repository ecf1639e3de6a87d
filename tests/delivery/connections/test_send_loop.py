"""The compiled loop and the transports together send every byte once and in order."""

import os
import socket

import pytest

from forewave.delivery.connections import send_loop
from forewave.delivery.connections.send_loop import Receiver, SendLoop, descriptor


class Transport:
    """A transport that buffers what the socket does not take; flushed by hand."""

    def __init__(self, sock):
        self.sock, self.held, self.writes = sock, b"", 0

    def write(self, data):
        self.writes += 1
        self.held += data
        self.flush()

    def flush(self):
        try:
            while self.held:
                self.held = self.held[self.sock.send(self.held) :]
        except BlockingIOError:
            pass

    def get_write_buffer_size(self):
        return len(self.held)


class Pair:
    """A receiver and the other end of its connection."""

    def __init__(self, direct=True):
        ours, self.theirs = socket.socketpair()
        ours.setblocking(False)
        self.theirs.setblocking(False)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        self.receiver = Receiver()
        self.receiver.transport = Transport(ours)
        self.receiver.fd = descriptor(ours, tls=not direct)

    def read(self):
        out = b""
        try:
            while part := self.theirs.recv(65536):
                out += part
        except BlockingIOError:
            pass
        return out

    def close(self):
        self.receiver.transport.sock.close()
        self.theirs.close()


@pytest.fixture
def made():
    pairs = []

    def make(count, direct=True):
        new = [Pair(direct) for _ in range(count)]
        pairs.extend(new)
        return new

    yield make
    for pair in pairs:
        pair.close()


def loop_of(pairs):
    loop = SendLoop()
    for pair in pairs:
        loop.add(pair.receiver)
    return loop


@pytest.mark.parametrize("direct", [True, False], ids=["plain", "TLS"])
def test_all_receivers_get_each_message_in_order(made, direct):
    pairs = made(200, direct)
    loop = loop_of(pairs)
    for number in range(5):
        loop.send(b"%d;" % number)
    assert {pair.read() for pair in pairs} == {b"0;1;2;3;4;"}
    used = {pair.receiver.transport.writes for pair in pairs}
    assert used == ({0} if direct and send_loop._HAS_SEND else {5})


def test_what_a_socket_does_not_take_is_buffered_and_nothing_is_lost_or_doubled(made):
    (slow,), (fast,) = made(1), made(1)
    loop = loop_of([slow, fast])
    sent, got, held = b"", b"", 0
    for number in range(400):
        message = b"%06d" % number * 100
        loop.send(message)
        sent += message
        assert fast.read() == message
        held += slow.receiver.transport.get_write_buffer_size() > 0
        if number % 40 == 39:  # the slow one reads again
            while slow.receiver.transport.held:
                got += slow.read()
                slow.receiver.transport.flush()
            got += slow.read()
    assert held > 100
    assert got == sent


def test_what_the_kernel_takes_of_a_message_is_not_sent_again(made):
    """A TCP socket takes a part, which is what a socket pair never does."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        theirs = socket.create_connection(listening.getsockname())
        ours = listening.accept()[0]
    (pair,) = made(1)
    pair.close()
    pair.theirs = theirs
    for sock in (ours, theirs):
        sock.setblocking(False)
    pair.receiver.transport = Transport(ours)
    pair.receiver.fd = descriptor(ours, tls=False)
    message = os.urandom(8_000_000)
    loop = loop_of([pair])
    loop.send(message)
    assert 0 < pair.receiver.transport.get_write_buffer_size() < len(message)
    got = b""
    while len(got) < len(message) or pair.receiver.transport.held:
        got += pair.read()
        pair.receiver.transport.flush()
    assert got == message


def test_a_write_to_one_receiver_keeps_its_order(made):
    (pair,) = made(1)
    loop = loop_of([pair])
    sent = b""
    for number in range(100):
        for send, data in ((loop.send, b"a%d" % number * 200), (None, b"b%d" % number)):
            sent += data
            send(data) if send else loop.write(pair.receiver, data)
    got = b""
    while len(got) < len(sent):
        got += pair.read()
        pair.receiver.transport.flush()
    assert got == sent


def test_a_removed_receiver_is_sent_nothing_though_its_descriptor_is_used_again(made):
    pairs = made(70)
    loop = loop_of(pairs)
    for pair in pairs[::2]:
        fd = pair.receiver.fd
        loop.remove(pair.receiver)
        loop.remove(pair.receiver)  # a second time changes nothing
        other, there = socket.socketpair()
        os.dup2(other.fileno(), fd)  # as if the next connection had got it
        other.close()
        there.setblocking(False)
        pair.theirs = there
    loop.send(b"x")
    assert [pair.read() for pair in pairs] == [b"", b"x"] * 35


def test_a_receiver_that_is_removed_within_its_own_write_is_gone(made):
    (pair,), (other,) = made(1), made(1)
    loop = loop_of([pair, other])
    transport = pair.receiver.transport
    write = transport.write
    transport.write = lambda data: (write(data), loop.remove(pair.receiver))
    while pair.receiver.transport.writes == 0:
        loop.send(b"x" * 4096)
        other.read()
    before = len(transport.held)
    loop.send(b"y")
    assert other.read() == b"y"
    assert len(transport.held) == before


def test_a_peer_that_has_gone_does_not_stop_the_others(made):
    pairs = made(3)
    loop = loop_of(pairs)
    pairs[1].theirs.close()
    transport = pairs[1].receiver.transport
    transport.write = lambda data: None  # a real one closes the connection
    for _ in range(3):
        loop.send(b"x")
    assert (pairs[0].read(), pairs[2].read()) == (b"xxx", b"xxx")
