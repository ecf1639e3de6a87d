"""The load client against servers that send what it must count, and what it must not accept."""

import socket
import time

import pytest

from forewave.evaluate.bench.fanout.child import Child

ACCEPT = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
)


def frame(payload, opcode=1):
    if len(payload) < 126:
        return bytes([0x80 | opcode, len(payload)]) + payload
    return bytes([0x80 | opcode, 126]) + len(payload).to_bytes(2, "big") + payload


def closed(sock):
    """Waits until the other end has closed or reset the connection."""
    try:
        return sock.recv(1) == b""
    except ConnectionResetError:
        return True


class Peer:
    """A load client with one connection, and this end of it."""

    def __init__(self, child, sock):
        self.child, self.socket = child, sock

    def send(self, data):
        self.socket.sendall(data)

    def wait(self, payload):
        return self.child.ask(f"await 5000 {payload.hex()}")

    def report(self):
        self.child.send("report")
        lines = []
        while not lines or lines[-1][0] != "end":
            lines.append(self.child.receive())
        return lines


@pytest.fixture
def peer(programs):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)
        port = server.getsockname()[1]
        with Child([str(programs[1]), "127.0.0.1", str(port), "1", "ws", "0", "/"]) as child:
            sock, _ = server.accept()
            sock.settimeout(10)
            with sock:
                request = b""
                while not request.endswith(b"\r\n\r\n"):
                    request += sock.recv(4096)
                sock.sendall(ACCEPT)
                assert child.receive() == ["connected", "1", "0"]
                yield Peer(child, sock)


@pytest.mark.parametrize("size", [1, 125, 126, 391, 4096])
def test_a_message_is_received_whole(peer, size):
    payload = bytes(i % 251 for i in range(size))
    before = time.monotonic_ns()
    peer.send(frame(payload))
    word, count, *times = peer.wait(payload)
    assert (word, count) == ("got", "1")
    assert all(before < int(each) < time.monotonic_ns() for each in times)
    assert peer.report() == [["message", "1", "0", payload.hex()], ["end", "1", "0", "0"]]


def test_a_message_cut_at_every_byte_is_the_same_message(peer):
    payload = b"x" * 130
    for byte in frame(payload):
        peer.send(bytes([byte]))
    assert peer.wait(payload)[1] == "1"


def test_two_messages_in_one_segment_are_two(peer):
    peer.send(frame(b"one") + frame(b"two"))
    assert peer.wait(b"two")[1] == "1"
    assert [each[3] for each in peer.report()[:-1]] == [b"one".hex(), b"two".hex()]


def test_a_second_copy_is_counted_and_an_altered_one_is_another_message(peer):
    peer.send(frame(b"alert") * 2 + frame(b"alerT"))
    peer.wait(b"alerT")
    assert peer.report()[:2] == [
        ["message", "1", "1", b"alert".hex()],
        ["message", "1", "0", b"alerT".hex()],
    ]


def test_after_a_reset_nothing_was_received(peer):
    peer.send(frame(b"old"))
    peer.wait(b"old")
    assert peer.child.ask("reset") == ["ok"]
    assert peer.report() == [["end", "1", "0", "0"]]


def test_a_ping_is_answered_and_is_no_message(peer):
    peer.send(frame(b"abc", opcode=9))
    assert peer.socket.recv(64) == b"\x8a\x83\0\0\0\0abc"
    assert peer.report() == [["end", "1", "0", "0"]]


def test_waiting_for_what_never_comes_ends(peer):
    assert peer.child.ask("await 50 aa")[:2] == ["got", "0"]


@pytest.mark.parametrize("data", [b"\x01\x01x", b"\xc1\x01x", b"\x81\x81\0\0\0\0x"])
def test_a_fragment_a_reserved_bit_or_a_mask_is_a_fault(peer, data):
    peer.send(data)
    assert closed(peer.socket)
    assert peer.report() == [["end", "0", "1", "1"]]


def test_a_connection_that_the_server_closes_is_lost(peer):
    peer.socket.shutdown(socket.SHUT_RDWR)
    while (end := peer.report()[-1])[1] == "1":
        assert end[2:] == ["0", "0"]
    assert end == ["end", "0", "1", "0"]
