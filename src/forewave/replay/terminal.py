"""A replay without pages: told in the terminal, or printed as JSON lines."""

import asyncio
import math
from collections.abc import Callable

from msgspec.structs import replace
from rich.console import Console

from forewave.archive import travel_time
from forewave.config import Settings
from forewave.earth.siting import placed
from forewave.formats.event_directory import Recording
from forewave.live.places import places
from forewave.pipeline import Pipeline
from forewave.process.replay_clock import ReplayClock
from forewave.replay import json_lines
from forewave.replay.on_pages import Pace
from forewave.replay.player import OnWord, play
from forewave.replay.player import replay as at_once
from forewave.replay.story import Story
from forewave.sources.replay import arrivals
from forewave.types import Alert, Place, Word


class JsonLines:
    """Prints one object per alert as it comes, and the summary when all has come."""

    def __init__(self, recording: Recording, write: Callable[[str], None]) -> None:
        self._recording, self._write = recording, write
        self._tally = json_lines.Tally()
        for dropped in recording.dropped:
            self._tally.add(dropped)

    def on_word(self, now: float, word: Word) -> None:
        """Take what came out of the pipeline."""
        self._tally.add(word)
        if isinstance(word, Alert):
            self._write(json_lines.alert_line(word, self._recording.info.origin_time))

    def end(self) -> None:
        """Print the summary."""
        info, stations = self._recording.info, len(self._recording.stations)
        self._write(self._tally.summary_line(info.origin_time, id=info.id, stations=stations))


def tell(recording: Recording, settings: Settings, pace: Pace, on_word: OnWord) -> list[Place]:
    """Play a recording at once (speed inf) or at its pace; as a drill, as all replays are.

    Answers the places that had a forecast.
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
    """Tell a person at the terminal what happens, and sum it up."""
    teller = Story(recording.info, travel_time.load(), console)
    sites = tell(recording, settings, pace, teller.on_word)
    teller.end([place for place in sites if place.kind == "town"])
