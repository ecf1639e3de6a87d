"""What a relay has sent lately: for clients that come back, and for those that are slow.

Packets have a number in the order in which they came, and in their station a sequence number.
The oldest go when there are more than `limit`. A packet is cut so that each piece fits one record
of 512 bytes whatever its samples are, since version 3 knows no other; so both versions of the
protocol count alike.
"""

import re
from collections import deque
from collections.abc import Iterator
from functools import cached_property

import numpy as np
from msgspec.structs import replace

from forewave.formats import miniseed
from forewave.formats.seedlink import RECORD_3, frame_3, frame_4
from forewave.sources.merge import end_of
from forewave.types import Packet, StreamId

LIMIT = 60_000  # pieces of packets: of 100 three-component stations the last three minutes
_PIECE_BYTES = 400  # of samples; 100 differences of Steim-2 at their longest fill as much
_NAME_3 = re.compile(r"[A-Z0-9]{1,2}_[A-Z0-9]{1,5}")


class Entry:
    """A piece of a packet, and how it goes over the wire, made when somebody first wants it.

    begin, last: times of its first and last sample; end: when the next one is due. form: the
    format in which version 4 sends it to whom does not choose: "2", which every tool reads,
    unless the name is too long for it.
    """

    def __init__(self, number: int, station: str, sequence: int, packet: Packet) -> None:
        self.number, self.station, self.sequence, self.packet = number, station, sequence, packet
        self.stream, self.begin, self.end = packet.stream, packet.start, end_of(packet)
        self.last = self.end - 1.0 / packet.rate
        self.form = form_of(packet.stream)

    @cached_property
    def as_3(self) -> bytes:
        """In version 3; nothing where miniSEED 2 has no room for the name."""
        return frame_3(self.sequence, self._record_2) if self.form == "2" else b""

    def as_4(self, form: str = "") -> bytes:
        """In version 4, in the form asked for; nothing where that cannot be."""
        return self._as_4_2 if (form or self.form) == "2" else self._as_4_3

    @cached_property
    def _as_4_2(self) -> bytes:
        if self.form != "2":
            return b""
        return frame_4(self.station, self.sequence, self._record_2, b"2D")

    @cached_property
    def _as_4_3(self) -> bytes:
        return frame_4(self.station, self.sequence, miniseed.encode([self.packet], 3, 4096))

    @cached_property
    def _record_2(self) -> bytes:
        return miniseed.encode([self.packet], 2, RECORD_3)


def form_of(stream: StreamId) -> str:
    """Format "2" (miniSEED 2) where the stream's name fits, else "3"."""
    named = _NAME_3.fullmatch(f"{stream.network}_{stream.station}")
    return "2" if named and miniseed.fits_2(stream) else "3"


class Ring:
    """Entries by number and by station. Numbers run from `first` to `next` - 1."""

    def __init__(self, limit: int = LIMIT) -> None:
        self.first = self.next = 0
        self.stations: dict[str, deque[Entry]] = {}
        self.streams: dict[str, dict[StreamId, deque[Entry]]] = {}  # by station
        self._limit = limit
        self._entries: dict[int, Entry] = {}
        self._sequences: dict[str, int] = {}

    def add(self, packet: Packet) -> Iterator[Entry]:
        """Keep a packet, piece by piece."""
        station = f"{packet.stream.network}_{packet.stream.station}"
        for piece in _pieces(packet):
            sequence = self._sequences.get(station, 0) + 1
            entry = Entry(self.next, station, sequence, piece)
            self._entries[self.next] = entry
            self.stations.setdefault(station, deque()).append(entry)
            streams = self.streams.setdefault(station, {})
            streams.setdefault(entry.stream, deque()).append(entry)
            self._sequences[station] = sequence
            self.next += 1
            self._forget()
            yield entry

    def get(self, number: int) -> Entry:
        """Raises KeyError if it is gone."""
        return self._entries[number]

    def _forget(self) -> None:
        while len(self._entries) > self._limit:
            gone = self._entries.pop(self.first)
            self.stations[gone.station].popleft()
            streams = self.streams[gone.station]
            streams[gone.stream].popleft()
            if not streams[gone.stream]:
                del streams[gone.stream]
            if not streams:
                del self.streams[gone.station], self.stations[gone.station]
            self.first += 1


def _pieces(packet: Packet) -> Iterator[Packet]:
    """As many samples as surely fit a record."""
    size = _PIECE_BYTES // max(4, np.asarray(packet.samples).itemsize)
    for first in range(0, len(packet.samples), size):
        start = packet.start + first / packet.rate
        samples = packet.samples[first : first + size]
        yield replace(packet, start=start, samples=samples)
