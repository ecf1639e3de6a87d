"""A replay without pages: described in the terminal, or as JSON lines."""

import asyncio
import math
from collections.abc import Callable

from msgspec.structs import replace
from rich.console import Console

from forewave.archive import travel_time
from forewave.config import Settings
from forewave.earth.siting import placed
from forewave.formats.recordings.event_directory import Recording
from forewave.live.places import places
from forewave.pipeline import Pipeline
from forewave.process.replay_clock import ReplayClock
from forewave.replay import json_lines
from forewave.replay.on_pages import Pace
from forewave.replay.player import OnWord, play
from forewave.replay.player import replay as at_once
from forewave.replay.story import Story
from forewave.shaking.intensity import SCALES
from forewave.sources.replay import arrivals
from forewave.types import Alert, Message, Place


class JsonLines:
    """Prints one JSON object per alert as it is issued, and a summary at the end."""

    def __init__(self, recording: Recording, write: Callable[[str], None]) -> None:
        self._recording, self._write = recording, write
        self._tally = json_lines.Tally()
        for dropped in recording.dropped:
            self._tally.add(dropped)

    def on_word(self, now: float, word: Message) -> None:
        """Take one output of the pipeline."""
        self._tally.add(word)
        if isinstance(word, Alert):
            self._write(json_lines.alert_line(word, self._recording.info.origin_time))

    def end(self) -> None:
        """Print the summary."""
        info, stations = self._recording.info, len(self._recording.stations)
        self._write(self._tally.summary_line(info.origin_time, id=info.id, stations=stations))


def play_through(
    recording: Recording, settings: Settings, pace: Pace, on_word: OnWord
) -> list[Place]:
    """Process a recording, at pace.speed times real time (inf: at once); its alerts are drills.

    on_word: called with each output of the pipeline, and its time. Returns the places that have a
    shaking forecast.
    """
    packets = arrivals(recording, pace.packet_s, pace.latency)
    drill = replace(settings.pipeline, alerts=replace(settings.alerts, mode="drill"))
    sites = places(placed(recording.stations), settings.towns)
    pipeline = Pipeline(recording.stations, sites, travel_time.load(), drill)
    if math.isinf(pace.speed):
        at_once(pipeline, packets, on_word)
        return sites
    clock = ReplayClock(packets[0][0], pace.speed)
    clock.go()
    asyncio.run(play(pipeline, packets, clock, on_word))
    return sites


def story(recording: Recording, settings: Settings, pace: Pace, console: Console) -> None:
    """Describe in the terminal what happens, then print the summary."""
    scale = SCALES[settings.network.scale]
    printer = Story(recording.info, travel_time.load(), console, scale=scale)
    sites = play_through(recording, settings, pace, printer.on_word)
    printer.end([place for place in sites if place.kind == "town"])
