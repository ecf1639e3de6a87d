"""One SeedLink connection that is open: what comes is delivered, and silence is judged.

It is lost (Lost or FormatError is raised) when the server closes it, sends what is not SeedLink, or

    is silent for `idle_s`;
    is silent, does not answer when asked whether it lives (INFO ID), and did before: after twice
        `answer_s`, so that a server that hangs is left long before one that has nothing to say;
    answers, but has sent no data for `dataless_s`.

A packet that holds no record is counted and passed over, and so is what is no packet. ERROR after
our own INFO says that the server answers no such question: it is not asked again.
"""

import asyncio
import contextlib

from forewave.formats import miniseed
from forewave.formats.seedlink import Frame
from forewave.sources.inbox import SourceQueue
from forewave.sources.reconnect import Lost
from forewave.sources.seedlink_dialogue import Dialogue
from forewave.sources.seedlink_settings import SeedLinkSettings

_READ_BYTES = 1 << 16


class Listener:
    """Listens to one connection.

    last: sequence number and arrival of each station's last packet; kept up to date here, for
    whoever connects again.
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
        self._curious = settings.ask
        # In a row. Counted, not timed, so that a pause of our own process is none of theirs.
        self._silences = 0
        self._data = self._clock()

    @property
    def asked_in_vain(self) -> bool:
        """Whether the last question, if it lives, is still without an answer."""
        return self._pending

    async def listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Until it is lost."""
        writer.write(self._dialogue.to_send)
        polling = asyncio.create_task(self._poll(writer))
        try:
            while True:
                data = await self._read(reader)
                if data:
                    await self._take(data, writer)
                else:
                    self._silence()
                    self._without_answers(writer)
                    self._ask(writer)
                self._want_data()
        finally:
            polling.cancel()

    async def _poll(self, writer: asyncio.StreamWriter) -> None:
        """Wake a server of ours that looks for new packets now and then, and at each request."""
        while self._settings.poll_s is not None:
            await asyncio.sleep(self._settings.poll_s)
            reads = writer.transport.get_write_buffer_size() == 0  # or requests would pile up
            if self._dialogue.streaming and reads:
                writer.write(self._dialogue.ping())

    async def _read(self, reader: asyncio.StreamReader) -> bytes:
        """What came; nothing after a while of silence."""
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
        """All is asked and answered; perhaps the first packets have come with the answers."""
        self._queue.drop("station refused", len(self._dialogue.refused))
        if not delivered:
            self._queue.set_state("idle", self._without("connected, no data yet"))

    def _without_answers(self, writer: asyncio.StreamWriter) -> None:
        """Not all servers answer DATA."""
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
            self._curious = self._pending = False
        elif frame.kind == "error":
            raise Lost(f"told of an error: {frame.payload[:80].decode('latin-1')}")
        else:
            raise Lost("ended by the server")

    async def _data_packet(self, frame: Frame, arrival: float) -> None:
        packets, dropped = miniseed.packets(frame.payload)
        for refused in dropped:
            self._queue.drop(refused.reason)
        for packet in packets:
            station = f"{packet.stream.network}_{packet.stream.station}"
            self._dialogue.refused.pop(station, None)
            unwanted = self._queue.station_refusal(packet.stream.code)  # nor asked for after a loss
            if frame.sequence is not None and not unwanted:
                self._last[station] = frame.sequence, arrival
            await self._queue.put(packet, arrival)

    def _ask(self, writer: asyncio.StreamWriter) -> None:
        """Whether it lives; the first time, to learn whether it answers such questions."""
        if self._curious and self._dialogue.streaming:
            self._pending = True
            writer.write(self._dialogue.ping())

    def _silence(self) -> None:
        """Once more in a row: too often?"""
        settings = self._settings
        self._silences += 1
        if not self._dialogue.streaming and self._silences == 2:
            raise Lost(f"no answer for {settings.connect_s:g} s", silent=True)
        if self._answers and self._silences == 2:
            seconds = 2 * settings.answer_s
            raise Lost(f"silent for {seconds:g} s, and does not answer", silent=True)
        if self._silences * settings.answer_s >= settings.idle_s:
            raise Lost(f"silent for {settings.idle_s:g} s", silent=True)

    def _want_data(self) -> None:
        """A server that talks, but of nothing: say so, and try again from time to time."""
        without = self._clock() - self._data
        if without >= self._settings.dataless_s:
            raise Lost(f"answers, but sent no data for {self._settings.dataless_s:g} s")
        if without >= self._settings.idle_s and self._dialogue.streaming:
            self._queue.set_state("idle", self._without("answers, but sends no data"))

    def _without(self, reason: str) -> str:
        """With the stations that the server refused."""
        refused = self._dialogue.refused
        if not refused:
            return reason
        station, why = next(iter(refused.items()))
        told = f"stations refused: {len(refused)}, {station}: {why}"
        return f"{reason}; {told}" if reason else told
