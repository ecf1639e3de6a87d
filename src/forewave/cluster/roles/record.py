"""The role record: what was observed, decided and published, on disk, and the waveforms.

It only listens. Where it is down, alerts go on; what was sent meanwhile is missing from its files.
"""

import asyncio
import logging
import time
from collections.abc import Callable

from forewave.archive.waveforms import WaveformArchive
from forewave.cluster.bus import Bus, Once
from forewave.cluster.ledger import Ledger
from forewave.cluster.roles.ingest import STATUS_S
from forewave.cluster.shards import Shards
from forewave.cluster.wire import (
    Batch,
    Published,
    RoleStatus,
    Subjects,
    decode,
    encode,
    items,
    unsign,
)
from forewave.delivery.signing import PublicKeys
from forewave.errors import FormatError
from forewave.formats.storage import codec
from forewave.live.persistence.recorder import Recorder
from forewave.types import Message, Packet

_LOG = logging.getLogger(__name__)
LOOK = 0.1  # seconds


class Record:
    """The role; runs until cancelled. begin: opens the event log."""

    def __init__(
        self,
        *,
        name: str,
        bus: Bus,
        subjects: Subjects,
        keys: PublicKeys,
        recorder: Recorder,
        begin: Callable[[], object],
        waveforms: WaveformArchive | None,
    ) -> None:
        self._name, self._bus, self._subjects, self._keys = name, bus, subjects, keys
        self._recorder, self._begin, self._waveforms = recorder, begin, waveforms
        self._shards, self._ledger, self._once = Shards(history=0), Ledger(), Once()
        self._packets = Once()
        self._now = 0.0

    async def run(self) -> None:
        """From opening the files to closing them."""
        self._begin()
        await self._bus.open()
        try:
            await self._bus.subscribe(self._subjects.all_observed, self._on_batch)
            await self._bus.subscribe(self._subjects.all_published, self._on_published)
            await self._bus.subscribe(self._subjects.all_packets, self._on_packet)
            self._recorder.begin_catalogue()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._steps())
                tasks.create_task(self._tell())
                if self._waveforms is not None:
                    tasks.create_task(self._waveforms.run())
        finally:
            await self._bus.close()
            self._recorder.close()

    def _on_batch(self, subject: str, data: bytes) -> None:
        try:
            self._shards.feed(decode(data, Batch), time.monotonic())
        except FormatError as error:
            _LOG.debug("%s", error)

    def _on_published(self, subject: str, data: bytes) -> None:
        if not self._once.is_new(data):
            return
        try:
            record = unsign(data, Published, self._keys.trusted, self._subjects.region)
        except FormatError as error:
            _LOG.debug("%s", error)
            return
        if self._ledger.add(record, time.monotonic()):
            result: list[Message] = [] if record.solution is None else [record.solution]
            self._recorder.step(self._now or record.alert.issued, [*result, record.alert], False)
            self._recorder.sent(record.message)

    def _on_packet(self, subject: str, data: bytes) -> None:
        if self._waveforms is None or not self._packets.is_new(data):
            return
        try:
            packet = codec.decode(data)
        except FormatError as error:
            _LOG.debug("%s", error)
            return
        if isinstance(packet, Packet):
            self._waveforms.add(packet)

    async def _steps(self) -> None:
        while True:
            at = time.monotonic()
            list(self._shards.gaps(at))  # gives up what is missing
            for now, encoded in self._shards.release(at):
                self._now = now
                try:
                    self._recorder.step(now, items(encoded), False)
                except FormatError as error:
                    _LOG.debug("%s", error)
            await asyncio.sleep(LOOK)

    async def _tell(self) -> None:
        subject = self._subjects.status("record", self._name)
        while True:
            written = self._recorder.record.written if self._recorder.record else 0
            status = RoleStatus("record", self._name, f"{written} entries")
            self._bus.publish(subject, encode(status))
            await asyncio.sleep(STATUS_S)
