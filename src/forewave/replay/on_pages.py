"""A recording on the pages and in the terminal: `forewave replay --serve` and `forewave demo`."""

import asyncio
from itertools import count
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace
from rich.console import Console
from rich.progress import Progress
from rich.status import Status

from forewave.archive import travel_time
from forewave.channels import assembly
from forewave.config import Settings
from forewave.console.console import Console as OperatorConsole
from forewave.console.console import server_facts
from forewave.console.messages import Lags
from forewave.delivery import signing
from forewave.delivery.gateway import Gateway
from forewave.delivery.stream import Readiness
from forewave.earth.siting import placed
from forewave.formats.recordings.event_directory import Recording
from forewave.health.collector import Health
from forewave.live.places import elsewhere, example, places
from forewave.pipeline import Pipeline
from forewave.process.replay_clock import ReplayClock
from forewave.process.signals import until_interrupted
from forewave.replay.player import Arrivals, OnWord
from forewave.replay.serve import serve
from forewave.replay.story import Story
from forewave.shaking.intensity import SCALES
from forewave.simulate.scenario import load_scenario
from forewave.simulate.simulator import simulate
from forewave.sources.replay import arrivals
from forewave.types import Alert, Message

_BEFORE = 8.0  # seconds of noise before the origin, for those who have just opened a page
_LOOK = 0.5  # seconds between two updates of the status line
DRILL = Readiness("drill")


class Pace(Struct, frozen=True):
    """How packets are timed.

    packet_s, latency: seconds, for stations without recorded packet times. speed: multiple of real
    time; the countdown of pages is right at 1 only. patience: seconds to wait for the first page to
    be opened. stay: seconds for which the pages stay open afterwards; None: until Ctrl-C.
    """

    packet_s: float = 1.0
    latency: float = 0.5
    speed: float = 1.0
    patience: float = 30.0
    stay: float | None = 20.0


def demo(
    console: Console,
    settings: Settings | None = None,
    pace: Pace | None = None,
    scenario: str = "sichuan",
) -> None:
    """Simulate a scenario and show it on the pages. Needs no data and no network."""
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("Simulating the earthquake", total=None)
        recording = simulate(
            load_scenario(scenario),
            lambda done, total: progress.update(task, completed=done, total=total),
        )
    show(recording, console, settings, pace)


def show(
    recording: Recording,
    console: Console,
    settings: Settings | None = None,
    pace: Pace | None = None,
    on_word: OnWord = lambda now, word: None,
    folder: Path = Path(),
) -> None:
    """Open the pages, process the recording as a drill, and print a summary.

    on_word: called with each output of the pipeline, and its time. folder: what paths in the
    settings are relative to. Raises ConfigError if a port is taken.
    """
    settings, pace = settings or Settings(), pace or Pace()
    packets = arrivals(recording, pace.packet_s, pace.latency)
    clock = ReplayClock(_beginning(recording, packets), pace.speed)
    playing = _Show(recording, settings, clock, console, folder)
    until_interrupted(playing.run(packets, pace, on_word))


class _Show:
    """Pipeline, pages and terminal output of one replay."""

    def __init__(
        self,
        recording: Recording,
        settings: Settings,
        clock: ReplayClock,
        console: Console,
        folder: Path = Path(),
    ) -> None:
        travel_times = travel_time.load()
        self._clock, self._console = clock, console
        self._places = places(placed(recording.stations), settings.towns)
        drill = replace(settings.pipeline, alerts=replace(settings.alerts, mode="drill"))
        self._pipeline = Pipeline(recording.stations, self._places, travel_times, drill)
        known = (self._places, recording.info, travel_times, settings.shaking)
        scale = SCALES[settings.network.scale]
        self._story = Story(recording.info, travel_times, console, elsewhere(*known), scale)
        keys = signing.generate()
        self._health = Health(recording.stations, clock(), self._pipeline.misplaced)
        self._operators = OperatorConsole(
            recording.stations,
            self._health.conditions,
            clock,
            facts=lambda: server_facts(self._gateway.connected, DRILL),
            joined=lambda: self._gateway.stream.first_client.set(),
        )
        self._channels = assembly.chain(
            settings, folder, lambda: keys.trusted, clock, travel_times, past=True
        )
        self._gateway = Gateway(
            keys,
            clock,
            travel_times,
            host=settings.server.host,
            port=settings.server.port,
            place=example(*known),
            readiness=lambda: DRILL,
            network=settings.network.name,
            routes=[*self._channels.routes(), *self._operators.routes()],
            side=self._operators.streams(),
        )

    async def run(self, packets: Arrivals, pace: Pace, on_word: OnWord) -> None:
        """From opening the pages to closing them."""

        def each_output(now: float, word: Message) -> None:
            self._show(now, word)
            self._story.on_word(now, word)
            on_word(now, word)

        def ended() -> None:
            self._story.end([place for place in self._places if place.kind == "town"])
            self._story.pages_stay(pace.stay)

        with self._console.status("Opening the pages") as status:
            watching = asyncio.create_task(self._watch(status, pace.patience))
            frames = asyncio.create_task(self._operators.run())
            try:
                await serve(
                    self._pipeline,
                    packets,
                    self._gateway,
                    self._clock,
                    each_output,
                    on_ready=self._story.on_ready,
                    on_end=ended,
                    patience=pace.patience,
                    stay=pace.stay,
                    channels=self._channels,
                    on_sent=self._sent,
                )
            finally:
                watching.cancel()
                frames.cancel()

    def _show(self, now: float, word: Message) -> None:
        """Show an output on the console."""
        self._health.receive(word, now)
        self._operators.step(now, [word])

    def _sent(self, alert: Alert, message: bytes, seconds: float) -> None:
        """Show an alert that was sent on the console."""
        lags = Lags(max(0.0, self._clock() - alert.issued), None, seconds)
        self._operators.issued(alert, message, self._gateway.connected, lags)

    async def _watch(self, status: Status, patience: float) -> None:
        """Update the status line twice a second."""
        for look in count():
            left = patience - look * _LOOK
            waiting = f"Waiting for a page to be opened; starts anyway in {left:.0f} s"
            status.update(self._story.progress(self._clock()) if self._clock.runs else waiting)
            await asyncio.sleep(_LOOK)


def _beginning(recording: Recording, packets: Arrivals) -> float:
    """When to start: shortly before the origin, if it is known; otherwise at the first packet."""
    first = min((arrival for arrival, _ in packets), default=0.0)
    origin_time = recording.info.origin_time
    return first if origin_time is None else max(first, origin_time - _BEFORE)
