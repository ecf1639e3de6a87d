"""What follows from each packet and each step of the rooms, the most urgent first.

    step    event log (waits 0.02 s at most), alerts to gateway and channels, then all others
    packet  as received: steady clock, health, waveform archive; as merged: journal, relay

Only the event log stands before an alert, because an alert that was issued has to be known after a
restart. Everything else may fail without effect on the alert, and is counted as a fault.
"""

import time
from collections.abc import Callable, Sequence
from functools import partial

from msgspec.structs import replace

from forewave.archive.waveforms import WaveformArchive
from forewave.channels.sending.chain import Chain
from forewave.console.console import Console
from forewave.console.messages import Lags
from forewave.delivery.gateway import Gateway
from forewave.health.collector import Health
from forewave.live.log import LOG, LiveLog, sighting_line
from forewave.live.loop import TURN, OnStep, StepTime
from forewave.live.persistence.recorder import Recorder
from forewave.live.steady_clock import SteadyClock
from forewave.pipeline import Pipeline
from forewave.process.supervise import SideTasks
from forewave.relay.server import Relay
from forewave.sources.intake.merge import end_of
from forewave.types import Alert, Message, Packet, PhoneSighting

NO_LAGS = Lags()
BEHIND = 2.0 * TURN  # seconds that the last step may lie back before phones have to wait


class Outputs:
    """Hands on packets and the output of the rooms. channels, waveforms, relay: where wanted.

    on_alert: called with each alert, after it was published. clock: the time that the loop uses;
    without, the console is not told how long an evaluation took.
    """

    def __init__(
        self,
        *,
        recorder: Recorder,
        gateway: Gateway,
        channels: Chain | None = None,
        log: LiveLog,
        health: Health,
        steady: SteadyClock,
        side: SideTasks,
        waveforms: WaveformArchive | None = None,
        relay: Relay | None = None,
        on_alert: Callable[[Alert], None] = lambda alert: None,
        console: Console | None = None,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self._console, self._clock = console, clock
        self._recorder, self._gateway, self._channels = recorder, gateway, channels
        self._log, self._health = log, health
        self._steady, self._side = steady, side
        self._waveforms, self._relay = waveforms, relay
        self._on_alert = on_alert

    def step(self, now: float, output: Sequence[Message], due: bool) -> None:
        """Record a step (recorder.SETTLE), publish its alerts, then do everything else."""
        evaluated = None if self._clock is None else max(0.0, self._clock() - now)
        began = time.perf_counter()
        self._side.call("record", partial(self._recorder.step, now, output, due))
        recorded = time.perf_counter() - began
        for each in output:
            if isinstance(each, Alert):
                self.publish(each, Lags(evaluated, recorded))
                self._side.call("operators", partial(self._on_alert, each))
        for each in output:
            self._side.call("log", partial(self._log.output, each))
            self._side.call("health", partial(self._health.receive, each, now))
        if self._console is not None:
            self._side.call("console", partial(self._console.step, now, output))

    def publish(self, alert: Alert, lags: Lags = NO_LAGS) -> None:
        """Sign an alert and send it to devices and channels. lags: where its time went so far."""
        began = time.perf_counter()
        message = self._gateway.publish(alert)
        sent = time.perf_counter() - began
        self._health.lag("send", sent)
        if self._channels is not None:
            self._channels.publish(message)
        if self._console is not None:
            shown = partial(self._tell, alert, message, replace(lags, sent=sent))
            self._side.call("console", shown)

    def _tell(self, alert: Alert, message: bytes, lags: Lags) -> None:
        assert self._console is not None
        self._console.issued(alert, message, self._gateway.connected, lags)

    def received(self, packet: Packet, arrival: float) -> None:
        """A packet as it was received."""
        late = arrival - end_of(packet)
        self._steady.arrived(packet.stream.code, late)
        arrived = partial(self._health.arrived, packet.stream.code, late, arrival)
        self._side.call("health", arrived)
        if self._waveforms is not None:
            self._waveforms.add(packet)

    def merged(self, packet: Packet, now: float) -> None:
        """A packet as it is passed on to its station."""
        self._recorder.merged(packet, now)
        if self._relay is not None:
            self._side.call("relay", partial(self._relay.push, packet))


class PhoneInput:
    """Evaluates phone sightings as soon as they are detected.

    on_step: as of Loop. confirm: whether sightings may bear on solutions; otherwise they are only
    logged. While the loop is behind they are ignored, since packets come first.
    """

    def __init__(
        self, pipeline: Pipeline, clock: StepTime, on_step: OnStep, *, confirm: bool
    ) -> None:
        self._pipeline, self._clock, self._on_step = pipeline, clock, on_step
        self._confirm = confirm

    def sighting(self, now: float, sighting: PhoneSighting) -> None:
        """One sighting, detected at this time."""
        LOG.info("%s", sighting_line(sighting))
        step = self._clock.now
        if self._confirm and now - step <= BEHIND:
            self._on_step(step, self._pipeline.decide([sighting], step), True)
