"""The beginning of a live machine: rooms and stations as an earlier process had them.

First the rooms, from the event log: events that are under way and alerts in force. Then the
stations, from the recent-packet journal: pages and stream are open by then, and do not wait for it.
"""

import asyncio
import time
from collections.abc import Sequence

from forewave.formats.storage.journal_blocks import JournalPacket
from forewave.live.log import LOG
from forewave.live.loop import Loop
from forewave.live.persistence import warm_start
from forewave.live.persistence.recorder import Recorder
from forewave.live.persistence.recovery import Rebuilt
from forewave.live.persistence.setup_journal import Setup
from forewave.live.persistence.warm_start import Warmed
from forewave.live.sources import LiveSources
from forewave.pipeline import Pipeline

RESTART = 2.8  # seconds from the start of the process within which stations are warmed
WARM = 1.0  # seconds for warming stations, even where everything before took that long


class Startup:
    """Restores rooms and stations. began: when the process did, monotonic seconds."""

    def __init__(
        self,
        *,
        recorder: Recorder,
        setup: Setup,
        pipeline: Pipeline,
        loop: Loop,
        sources: LiveSources,
        began: float,
    ) -> None:
        self._recorder, self._setup = recorder, setup
        self._pipeline, self._loop, self._sources = pipeline, loop, sources
        self._began = began

    def rebuild(self) -> Rebuilt:
        """Restore the rooms, and begin to record. Raises ConfigError: see Recorder.begin."""
        began = time.monotonic()
        rebuilt = self._recorder.begin(
            self._pipeline.decider,
            self._setup,
            past=self._loop.clock.past,
            begin_anew=self._pipeline.begin_anew,
        )
        if rebuilt.steps:
            spent = time.monotonic() - began
            LOG.info("rooms rebuilt from %d steps in %.2f s", rebuilt.steps, spent)
        return rebuilt

    async def warm_up(self, rebuilt: Rebuilt) -> None:
        """Restore the stations, and let sources ask for what was missed; begin the journal."""
        began, stations = time.monotonic(), len(self._pipeline.detectors)
        packets = await asyncio.to_thread(self._recorder.recent_packets, rebuilt, stations)
        if (left := warm_start.left(packets)) is not None:
            self._sources.resume(left)
            try:
                warmed = await asyncio.to_thread(self._warm, packets, rebuilt)
            except Exception:  # or what ended the process before this one ends each that follows
                LOG.exception("stations begin cold")
            else:
                self._loop.resume(warmed.observations)
                spent = time.monotonic() - began
                LOG.info(
                    "%d stations warm, %d cold, in %.2f s", warmed.stations, warmed.cold, spent
                )
        self._recorder.begin_journal()
        self._recorder.begin_catalogue()  # last: it loads what an alert does not need

    def _warm(self, packets: Sequence[JournalPacket], rebuilt: Rebuilt) -> Warmed:
        ends = max(self._began + RESTART, time.monotonic() + WARM)
        rooms, merge = self._pipeline, self._loop.merge
        return warm_start.warm_up(rooms, merge, packets, rebuilt, lambda: time.monotonic() < ends)
