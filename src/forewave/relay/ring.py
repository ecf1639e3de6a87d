"""The ring buffer of recent packets of a relay, for slow clients and for those that reconnect.

Each entry has a number in order of arrival, and a sequence number within its station. The oldest
are removed when there are more than `limit`. A packet is split into entries that fit a record of
512 bytes whatever the samples are, since SeedLink 3 has no other size; so sequence numbers are the
same in both versions of the protocol.
"""

import re
from collections import deque
from collections.abc import Iterator
from functools import cached_property

import numpy as np
from msgspec.structs import replace

from forewave.formats.protocols.seedlink import RECORD_3, frame_3, frame_4
from forewave.formats.waveforms import miniseed
from forewave.sources.intake.merge import end_of
from forewave.types import Packet, StreamId

LIMIT = 60_000  # entries: the last three minutes of 100 three-component stations
_ENTRY_BYTES = 400  # of samples: a record holds 100 of the longest Steim-2 differences
_NAME_3 = re.compile(r"[A-Z0-9]{1,2}_[A-Z0-9]{1,5}")


class Entry:
    """At most one record of a packet; encoded when a client first needs it.

    begin, last: times of its first and last sample; end: time of the sample after. form: format in
    version 4 for clients that do not choose one: "2" (miniSEED 2), which every tool reads, or "3"
    if the stream's name is too long.
    """

    def __init__(self, number: int, station: str, sequence: int, packet: Packet) -> None:
        self.number, self.station, self.sequence, self.packet = number, station, sequence, packet
        self.stream, self.begin, self.end = packet.stream, packet.start, end_of(packet)
        self.last = self.end - 1.0 / packet.rate
        self.form = form_of(packet.stream)

    @cached_property
    def as_3(self) -> bytes:
        """The frame of version 3; empty if the name does not fit miniSEED 2."""
        return frame_3(self.sequence, self._record_2) if self.form == "2" else b""

    def as_4(self, form: str = "") -> bytes:
        """The frame of version 4 in the format asked for; empty if the name does not fit it."""
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
    """Format "2" (miniSEED 2) if the stream's name fits, else "3"."""
    named = _NAME_3.fullmatch(f"{stream.network}_{stream.station}")
    return "2" if named and miniseed.fits_2(stream) else "3"


class Ring:
    """The entries by number and by station. Numbers are `first` to `next` - 1."""

    def __init__(self, limit: int = LIMIT) -> None:
        self.first = self.next = 0
        self.stations: dict[str, deque[Entry]] = {}
        self.streams: dict[str, dict[StreamId, deque[Entry]]] = {}  # by station
        self._limit = limit
        self._entries: dict[int, Entry] = {}
        self._sequences: dict[str, int] = {}

    def add(self, packet: Packet) -> Iterator[Entry]:
        """Add a packet; its entries."""
        station = f"{packet.stream.network}_{packet.stream.station}"
        for part in _parts(packet):
            sequence = self._sequences.get(station, 0) + 1
            entry = Entry(self.next, station, sequence, part)
            self._entries[self.next] = entry
            self.stations.setdefault(station, deque()).append(entry)
            streams = self.streams.setdefault(station, {})
            streams.setdefault(entry.stream, deque()).append(entry)
            self._sequences[station] = sequence
            self.next += 1
            self._forget()
            yield entry

    def get(self, number: int) -> Entry:
        """The entry with this number. Raises KeyError if it was removed."""
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


def _parts(packet: Packet) -> Iterator[Packet]:
    """The packet split into parts that fit a record."""
    size = _ENTRY_BYTES // max(4, np.asarray(packet.samples).itemsize)
    for first in range(0, len(packet.samples), size):
        start = packet.start + first / packet.rate
        samples = packet.samples[first : first + size]
        yield replace(packet, start=start, samples=samples)
