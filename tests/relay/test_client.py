"""One client without a socket: what is written to its transport, and when."""

import asyncio
import socket

import numpy as np
import pytest

from forewave.formats.protocols.seedlink import FrameReader
from forewave.formats.waveforms import miniseed
from forewave.relay.client import Client
from forewave.relay.server import Relay
from forewave.types import Packet, StreamId

T0 = 1.7e9


class Wire:
    """A transport that takes `room` writes, then says that it is full."""

    def __init__(self):
        self.written, self.room, self.reading = bytearray(), 10**9, True
        self.closed = self.aborted = False

    def write(self, data):
        self.written += data
        if data:
            self.room -= 1
            if self.room == 0:
                self.client.pause_writing()

    def takes(self, count):
        self.room = count
        self.client.resume_writing()

    def pause_reading(self):
        self.reading = False

    def resume_reading(self):
        self.reading = True

    def set_write_buffer_limits(self, high):
        self.high = high

    def get_extra_info(self, name):
        return self.socket if name == "socket" else ("192.0.2.1", 4000)

    def is_closing(self):
        return self.closed or self.aborted

    def close(self):
        self.closed = True

    def abort(self):
        self.aborted = True


@pytest.fixture
def met():
    """A relay, and a client of it on a wire that wants XX.ABC from now on."""
    with asyncio.Runner() as runner, socket.socket() as sock:

        async def meet():
            relay, wire = Relay(ring_limit=50), Wire()
            wire.socket, wire.client = sock, Client(relay)
            wire.client.connection_made(wire)
            wire.client.data_received(b"STATION ABC XX\r\nDATA\r\nEND\r\n")
            assert wire.written == b"OK\r\nOK\r\n"
            wire.written.clear()
            return relay, wire

        yield runner.run(meet())


def push(relay, *numbers, station="ABC"):
    for number in numbers:
        stream = StreamId("XX", station, "", "HHZ")
        relay.push(Packet(stream, T0 + number, 100.0, np.zeros(100, np.int32)))


def got(wire):
    frames = FrameReader(3).feed(bytes(wire.written))
    return [miniseed.packets(frame.payload)[0][0].start - T0 for frame in frames]


def test_a_current_client_gets_each_packet_in_the_call_that_brings_it(met):
    relay, wire = met
    push(relay, 0)
    push(relay, 1, station="DEF")
    push(relay, 2)
    assert got(wire) == [0, 2]
    assert wire.client.info().packets == 2


def test_a_full_client_is_left_behind_and_catches_up_in_order(met):
    relay, wire = met
    wire.takes(2)
    push(relay, 0, 1, 2, 3)
    push(relay, 4, station="DEF")
    assert got(wire) == [0, 1]
    wire.takes(1)
    assert got(wire) == [0, 1, 2]
    wire.takes(100)
    push(relay, 5)
    assert got(wire) == [0, 1, 2, 3, 5]


def test_a_client_that_falls_out_of_the_ring_is_cut_off(met):
    relay, wire = met
    wire.takes(1)
    push(relay, *range(60))
    assert wire.aborted
    assert relay.counts == {"slow": 1}
    assert got(wire) == [0]


def test_a_client_that_is_full_is_not_listened_to(met):
    _, wire = met
    wire.client.pause_writing()
    assert not wire.reading
    wire.client.resume_writing()
    assert wire.reading


def test_nothing_is_written_to_a_connection_that_is_closing(met):
    relay, wire = met
    wire.close()
    push(relay, 0)
    assert got(wire) == []


def test_who_has_gone_is_forgotten(met):
    relay, wire = met
    push(relay, 0)
    wire.client.connection_lost(None)
    push(relay, 1)
    assert got(wire) == [0]
    assert relay.connected == relay.streaming == 0


def test_nothing_more_is_written_to_a_client_that_goes_while_it_is_caught_up_with(met):
    relay, wire = met
    wire.takes(1)
    push(relay, *range(10))
    wire.client.pause_writing = wire.abort  # its socket breaks at the second write
    wire.written.clear()
    wire.takes(2)
    assert len(list(FrameReader(3).feed(bytes(wire.written)))) == 2
