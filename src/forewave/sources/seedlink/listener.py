"""An open SeedLink connection: packets are delivered, and an unresponsive server is detected.

The connection is lost (Lost or FormatError is raised) if the server closes it, sends other data
than SeedLink, or

    is silent for `idle_s`;
    is silent for twice `answer_s` and does not answer INFO ID, if it answered before: so an
        unresponsive server is detected long before `idle_s`;
    answers, but has sent no data for `dataless_s`.

Packets without a readable record are counted and skipped. ERROR after our INFO means that the
server does not support it: INFO is not sent again.
"""

import asyncio
import contextlib

from forewave.formats.protocols.seedlink import Frame
from forewave.formats.waveforms import miniseed
from forewave.sources.intake.inbox import SourceQueue
from forewave.sources.reconnect import Lost
from forewave.sources.seedlink.dialogue import Dialogue
from forewave.sources.seedlink.settings import SeedLinkSettings

_READ_BYTES = 1 << 16


class Listener:
    """Receives from one connection.

    last: sequence number and arrival of each station's last packet; updated here, and used by the
    next connection.
    """

    def __init__(
        self,
        settings: SeedLinkSettings,
        dialogue: Dialogue,
        queue: SourceQueue,
        last: dict[str, tuple[int, float]],
    ) -> None:
        self._settings, self._dialogue, self._queue, self._last = settings, dialogue, queue, last
        self._clock = asyncio.get_running_loop().time
        self._answers = self._pending = False
        self._asks_info = settings.ask
        # Silent reads in a row: counted, not timed, so that a pause of this process does not count.
        self._silences = 0
        self._data = self._clock()

    @property
    def unanswered(self) -> bool:
        """Whether the last INFO request has not been answered."""
        return self._pending

    async def listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Receive until the connection is lost."""
        writer.write(self._dialogue.to_send)
        polling = asyncio.create_task(self._poll(writer))
        try:
            while True:
                data = await self._read(reader)
                if data:
                    await self._take(data, writer)
                else:
                    self._silence()
                    self._go_on_without(writer)
                    self._ask(writer)
                self._check_data()
        finally:
            polling.cancel()

    async def _poll(self, writer: asyncio.StreamWriter) -> None:
        """Send INFO ID every `poll_s`: ringserver looks for new packets at each request."""
        while self._settings.poll_s is not None:
            await asyncio.sleep(self._settings.poll_s)
            reads = writer.transport.get_write_buffer_size() == 0  # or requests would pile up
            if self._dialogue.streaming and reads:
                writer.write(self._dialogue.ping())

    async def _read(self, reader: asyncio.StreamReader) -> bytes:
        """The received bytes; empty after a period of silence."""
        settings = self._settings
        patience = settings.answer_s if self._dialogue.streaming else settings.connect_s / 2
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                data = await reader.read(_READ_BYTES)
            if not data:
                raise Lost("closed by the server")
            return data
        return b""

    async def _take(self, data: bytes, writer: asyncio.StreamWriter) -> None:
        arrival, asking, self._silences = self._queue.clock(), not self._dialogue.streaming, 0
        packets = self._queue.packets
        for frame in self._dialogue.receive(data):
            await self._frame(frame, arrival)
        writer.write(self._dialogue.to_send)
        delivered = self._queue.packets > packets
        if delivered:
            self._data = self._clock()
            self._queue.set_state("live", self._without(""))
        if asking and self._dialogue.streaming:
            self._ask(writer)
            self._begun(delivered)

    def _begun(self, delivered: bool) -> None:
        """The negotiation is complete. delivered: packets have arrived with the last answers."""
        self._queue.drop("station refused", len(self._dialogue.refused))
        if not delivered:
            self._queue.set_state("idle", self._without("connected, no data yet"))

    def _go_on_without(self, writer: asyncio.StreamWriter) -> None:
        """Continue without outstanding answers: not all servers answer DATA."""
        if not self._dialogue.streaming:
            self._dialogue.go_on_without()
            writer.write(self._dialogue.to_send)
            if self._dialogue.streaming:
                self._begun(delivered=False)

    async def _frame(self, frame: Frame, arrival: float) -> None:
        if frame.kind == "data":
            await self._data_packet(frame, arrival)
        elif frame.kind == "odd":
            self._queue.drop("not SeedLink")
        elif frame.kind == "info":
            self._answers, self._pending = True, False
        elif frame.kind == "error" and self._pending:
            self._asks_info = self._pending = False
        elif frame.kind == "error":
            raise Lost(f"server sent an error: {frame.payload[:80].decode('latin-1')}")
        else:
            raise Lost("ended by the server")

    async def _data_packet(self, frame: Frame, arrival: float) -> None:
        packets, dropped = miniseed.packets(frame.payload)
        for refused in dropped:
            self._queue.drop(refused.reason)
        for packet in packets:
            station = f"{packet.stream.network}_{packet.stream.station}"
            self._dialogue.refused.pop(station, None)
            unwanted = self._queue.station_refusal(packet.stream.code)  # its number is not kept
            if frame.sequence is not None and not unwanted:
                self._last[station] = frame.sequence, arrival
            await self._queue.put(packet, arrival)

    def _ask(self, writer: asyncio.StreamWriter) -> None:
        """Send INFO ID to a silent server; the first time to learn whether it is supported."""
        if self._asks_info and self._dialogue.streaming:
            self._pending = True
            writer.write(self._dialogue.ping())

    def _silence(self) -> None:
        """Count a silent read; raise Lost after too many in a row."""
        settings = self._settings
        self._silences += 1
        if not self._dialogue.streaming and self._silences == 2:
            raise Lost(f"no answer for {settings.connect_s:g} s", silent=True)
        if self._answers and self._silences == 2:
            seconds = 2 * settings.answer_s
            raise Lost(f"silent for {seconds:g} s, and does not answer", silent=True)
        if self._silences * settings.answer_s >= settings.idle_s:
            raise Lost(f"silent for {settings.idle_s:g} s", silent=True)

    def _check_data(self) -> None:
        """A server that answers but sends no data: set state idle, and in the end raise Lost."""
        without = self._clock() - self._data
        if without >= self._settings.dataless_s:
            raise Lost(f"answers, but sent no data for {self._settings.dataless_s:g} s")
        if without >= self._settings.idle_s and self._dialogue.streaming:
            self._queue.set_state("idle", self._without("answers, but sends no data"))

    def _without(self, reason: str) -> str:
        """A reason with the stations that the server refused."""
        refused = self._dialogue.refused
        if not refused:
            return reason
        station, why = next(iter(refused.items()))
        some = f"stations refused: {len(refused)}, {station}: {why}"
        return f"{reason}; {some}" if reason else some
