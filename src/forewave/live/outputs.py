"""What follows from each packet and each step of the rooms, the most urgent first.

    step    event log (waits 0.02 s at most), alerts to gateway and channels, then log and health
    packet  as received: steady clock, health, waveform archive; as merged: journal, relay

Only the event log stands before an alert, because an alert that was issued has to be known after a
restart. Everything else may fail without effect on the alert, and is counted as a fault.
"""

import time
from collections.abc import Callable, Sequence
from functools import partial

from forewave.archive.waveforms import WaveformArchive
from forewave.channels.sending.chain import Chain
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

BEHIND = 2.0 * TURN  # seconds that the last step may lie back before phones have to wait


class Outputs:
    """Hands on packets and the output of the rooms. channels, waveforms, relay: where wanted.

    on_alert: called with each alert, after it was published.
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
    ) -> None:
        self._recorder, self._gateway, self._channels = recorder, gateway, channels
        self._log, self._health = log, health
        self._steady, self._side = steady, side
        self._waveforms, self._relay = waveforms, relay
        self._on_alert = on_alert

    def step(self, now: float, output: Sequence[Message], due: bool) -> None:
        """Record a step (recorder.SETTLE), publish its alerts, then do everything else."""
        self._side.call("record", partial(self._recorder.step, now, output, due))
        for each in output:
            if isinstance(each, Alert):
                self.publish(each)
                self._side.call("operators", partial(self._on_alert, each))
        for each in output:
            self._side.call("log", partial(self._log.output, each))
            self._side.call("health", partial(self._health.receive, each, now))

    def publish(self, alert: Alert) -> None:
        """Sign an alert and send it to devices and channels."""
        began = time.perf_counter()
        message = self._gateway.publish(alert)
        self._health.lag("send", time.perf_counter() - began)
        if self._channels is not None:
            self._channels.publish(message)

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
