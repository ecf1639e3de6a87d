"""Puts a live machine together, part by part, in the order of this drawing:

    sources --> Inbox --> Loop ( Merge --> Pipeline ) --> Outputs --> event log --> Gateway
                                                             |                        |
                                                             +--> journal, relay,     +--> devices
                                                             |    archive, log,       |
                                                             |    catalogue --------> +--> FDSN
                                                             +--> Chain --> channels
    Phones <-- (HTTP) -- Gateway                             +--> Health <-- Monitor, Console
      +----> PhoneInput --> Pipeline --> Outputs

What could delay an alert - a disk, the log, a slow client - is in another task or thread. Only a
write to the event log is waited for, 0.02 s at most. Alerts of sources that play the past are
drills.
"""

import time
from collections.abc import Awaitable, Callable, Mapping
from functools import cached_property, partial
from pathlib import Path

from starlette.routing import Route

from forewave.archive.waveforms import WaveformArchive
from forewave.channels import assembly
from forewave.channels.sending.chain import Chain
from forewave.console.console import Console, server_facts
from forewave.delivery import signing
from forewave.delivery.feeds import history
from forewave.delivery.gateway import Gateway
from forewave.delivery.key_list import ServedList
from forewave.delivery.reports.tally import Tally
from forewave.delivery.served_keys import KeyFiles, trusted_by
from forewave.delivery.status import routes
from forewave.health.collector import Health
from forewave.health.watch import LiveStatus, watch
from forewave.live.log import LiveLog
from forewave.live.loop import Loop, StepTime
from forewave.live.machine import Live
from forewave.live.monitor import Monitor, TimeKeeper
from forewave.live.network import NetworkParts
from forewave.live.operators import Operators
from forewave.live.outputs import Outputs, PhoneInput
from forewave.live.persistence import setup_journal
from forewave.live.persistence.acts import Acts
from forewave.live.persistence.gain_file import GainFile
from forewave.live.persistence.recorder import Recorder, waveforms
from forewave.live.persistence.startup import Startup
from forewave.live.setup import as_drill, frames, sample_rates
from forewave.live.sources import LiveSources
from forewave.live.web_services import web_services
from forewave.pipeline import Pipeline
from forewave.process.supervise import SideTasks
from forewave.process.systemd import Supervisor
from forewave.relay.server import Relay
from forewave.settings import Settings
from forewave.sources import registry
from forewave.sources.intake.admission import live_rules
from forewave.sources.intake.inbox import Inbox
from forewave.sources.phones import Phones
from forewave.stations.kernel import compile_kernels
from forewave.types import PhoneSighting


def build(
    settings: Settings,
    folder: Path,
    supervisor: Supervisor | None = None,
    health: Health | None = None,
    read_again: Callable[[], Settings] | None = None,
) -> Live:
    """A live machine that is ready to run; takes up to a minute after an update (kernels).

    folder: what paths in the settings are relative to. read_again: reads the settings, for sources
    that are changed while it runs. Raises ConfigError, one line, where it cannot run.
    """
    return _Builder(settings, folder, supervisor, health, read_again).live()


class _Builder(NetworkParts):
    """Each part once, made of those that it needs, when the first other part needs it."""

    def __init__(
        self,
        settings: Settings,
        folder: Path,
        supervisor: Supervisor | None,
        health: Health | None,
        read_again: Callable[[], Settings] | None,
    ) -> None:
        self._began = time.monotonic()
        self._past = any(map(registry.is_past, settings.sources))
        super().__init__(as_drill(settings) if self._past else settings, folder)
        self._read_again, self._health = read_again, health
        self._supervisor = supervisor or Supervisor({})
        self._side, self._log = SideTasks(), LiveLog()

    def live(self) -> Live:
        """Everything; what is read from files comes first, so that faults in them show at once."""
        _ = self.keys, self.frames, self.stations, self.sources, self.channels
        compile_kernels()  # here, so that no packet has to wait for it
        return Live(
            settings=self._settings,
            supervisor=self._supervisor,
            inbox=self.inbox,
            sources=self.sources,
            pipeline=self.pipeline,
            loop=self.loop,
            outputs=self.outputs,
            startup=self.startup,
            recorder=self.recorder,
            gateway=self.gateway,
            channels=self.channels,
            phones=self.phones,
            relay=self.relay,
            certificates=self.certificates,
            key_files=self.key_files,
            operators=self.operators,
            health=self.health,
            side=self._side,
            beside=self.beside,
        )

    # Files: the signing key, the network, and who is to be warned in it

    @cached_property
    def key_files(self) -> KeyFiles[signing.Keys]:
        return self.key_files_by(signing.load)

    @cached_property
    def keys(self) -> tuple[signing.Keys, ServedList | None]:
        return self.key_files.read()

    # Packets and time

    @cached_property
    def clock(self) -> StepTime:
        return StepTime(self.steady, past=self._past)

    @cached_property
    def inbox(self) -> Inbox:
        return Inbox(self.steady, live_rules(self.stations, past=self._past))

    @cached_property
    def sources(self) -> LiveSources:
        rates = sample_rates(self.stations)
        received = lambda: self.loop.received()  # noqa: E731 (the loop is made after the sources)
        return LiveSources(self._settings, rates, self.inbox, self._read_again, received)

    # The rooms, and the loop that feeds them

    @cached_property
    def gains(self) -> GainFile:
        return GainFile(self.recorder.root, self.stations)

    @cached_property
    def pipeline(self) -> Pipeline:
        settings, known = self._settings.pipeline, self.gains.known
        return Pipeline(self.stations, self.sites, self.travel_times, settings, known)

    @cached_property
    def loop(self) -> Loop:
        return Loop(
            self.inbox,
            self.pipeline,
            self.outputs.step,
            clock=self.clock,
            on_packet=self.outputs.received,
            on_merged=self.outputs.merged,
            on_lag=self.health.lag,
            on_turn=lambda now: self._supervisor.alive(),
        )

    # What follows from a packet and a step

    @cached_property
    def outputs(self) -> Outputs:
        return Outputs(
            recorder=self.recorder,
            gateway=self.gateway,
            channels=self.channels,
            log=self._log,
            health=self.health,
            steady=self.steady,
            side=self._side,
            waveforms=self.waveforms,
            relay=self.relay,
            on_alert=self.operators.issued,
            console=self.console,
            clock=self.clock,
        )

    @cached_property
    def recorder(self) -> Recorder:
        return Recorder(self._settings, self._folder)

    @cached_property
    def acts(self) -> Acts | None:
        catalogue, audit = self.recorder.catalogue, self._settings.operators.audit
        return Acts(self._folder / audit, catalogue.add) if catalogue and audit else None

    @cached_property
    def waveforms(self) -> WaveformArchive | None:
        return waveforms(self._settings, self._folder, self.steady)

    @cached_property
    def relay(self) -> Relay | None:
        return Relay(self._settings.network.name) if self._settings.relay.on else None

    @cached_property
    def channels(self) -> Chain:
        return assembly.chain(
            self._settings,
            self._folder,
            lambda: trusted_by(*self.gateway.signing),
            self.clock,
            self.travel_times,
            record=self.recorder.root,
            past=self._past,
        )

    # Devices: alerts to them, and triggers from phones, through the same server

    @cached_property
    def status(self) -> LiveStatus:
        mode = self._settings.alerts.mode
        return LiveStatus(self.health, self.clock, lambda: self.gateway.health(), mode)

    @cached_property
    def console(self) -> Console:
        return Console(
            self.stations,
            self.health.conditions,
            self.clock,
            facts=lambda: server_facts(self.gateway.connected, self.status.readiness()),
            token=self._settings.server.token,
            operators=bool(self._settings.operators.file),
        )

    @cached_property
    def gateway(self) -> Gateway:
        server, status = self._settings.server, self.status
        answers = [
            *routes(status, server.token),
            *self.console.routes(),
            *self.channels.routes(),
            *self.operators.routes(),
            *self.web_services,
        ]
        keys, key_list = self.keys
        return Gateway(
            keys,
            self.clock,
            self.travel_times,
            host=server.host,
            port=server.port,
            stream_port=server.stream_port,
            names=server.names,
            origins=server.origins,
            network=self._settings.network.name,
            frames=self.frames,
            proxies=server.proxies,
            tls=self.certificates.server,
            readiness=status.readiness,
            key_list=key_list,
            history=self.history,
            tally=Tally(root / "reports.sqlite" if (root := self.recorder.root) else None),
            side=self.console.streams(),
            routes=[*answers, self.phones.route()] if self._settings.phones.on else answers,
        )

    @cached_property
    def web_services(self) -> list[Route]:
        return web_services(self._settings, self._folder, self.stations, self.recorder.database)

    @cached_property
    def history(self) -> history.AlertHistory:
        past = self.recorder.past_alerts(history.MOST)
        return history.AlertHistory(trusted_by(*self.keys), past, self.recorder.sent)

    @cached_property
    def operators(self) -> Operators:
        return Operators(
            self._settings.operators,
            self._folder,
            gateway=lambda: self.gateway,
            publish=lambda alert: self.outputs.publish(alert),
            loop=lambda: self.loop,
            clock=self.clock,
            wall=time.time,
            travel_times=self.travel_times,
        )

    @cached_property
    def frames(self) -> str:
        return frames(self._settings.server)

    @cached_property
    def phones(self) -> Phones:
        def on_sighting(now: float, sighting: PhoneSighting) -> None:
            self.phone_input.sighting(now, sighting)  # made after the server that brings it

        return Phones(self.clock, on_sighting, self.stations)

    @cached_property
    def phone_input(self) -> PhoneInput:
        confirm = self._settings.phones.confirm
        return PhoneInput(self.pipeline, self.clock, self.outputs.step, confirm=confirm)

    # Beside the processing of packets

    @cached_property
    def health(self) -> Health:
        return self._health or Health(self.stations, time.time(), self.misplaced)

    @cached_property
    def monitor(self) -> Monitor:
        return Monitor(
            log=self._log,
            health=self.health,
            time_keeper=TimeKeeper(self.steady, self.loop, self.health),
            loop=self.loop,
            pipeline=self.pipeline,
            gains=self.gains,
            statuses=self.inbox.statuses,
            counts={
                "merge": lambda: self.loop.merge.counts,
                "faults": lambda: self._side.failed,
                "devices": lambda: self.gateway.stream.counts,
                "console": lambda: self.console.viewers.counts,
                "catalogue kept": self.recorder.catalogue_counts,
                **{name: partial(dict, n) for name, n in self.channels.tallies().items()},
            },
            losses=partial(_losses, self.recorder, self.waveforms),
            channels=self.channels.faults,
            waits=self.recorder.waits,
        )

    @cached_property
    def beside(self) -> Mapping[str, Callable[[], Awaitable[None]]]:
        counts = partial(watch, self.health, self.inbox.statuses, self.monitor.report_counts)
        tasks: dict[str, Callable[[], Awaitable[None]]]
        tasks = {"look": self.monitor.changes, "watch": counts, "channels": self.channels.run}
        tasks["console"] = self.console.run
        if self.acts is not None:
            tasks["acts"] = self.acts.run
        return tasks if self.waveforms is None else {**tasks, "waveforms": self.waveforms.run}

    # The beginning

    @cached_property
    def startup(self) -> Startup:
        settings, sites = self._settings.pipeline, self.sites
        return Startup(
            recorder=self.recorder,
            setup=setup_journal.setup_of(settings, self.stations, sites, self.gains.known),
            pipeline=self.pipeline,
            loop=self.loop,
            sources=self.sources,
            began=self._began,
        )


def _losses(recorder: Recorder, archive: WaveformArchive | None) -> dict[str, Mapping[str, int]]:
    """What could not be written, by what was to be kept and by reason."""
    waveform_losses = {} if archive is None else {"waveforms": dict(archive.lost)}
    return {**recorder.lost(), **waveform_losses}
