"""`forewave run`: from forewave.toml to warnings, until it is told to stop.

    sources --> Loop (merge, pipeline) --> record --> gateway --> log, health

What could delay an alert - the disk, the log, a slow client - is in another task or thread. Only a
write to the record is waited for, 0.02 s at most: an alert that is issued must be known after a
restart. Sources that only play the past are never warned of as actual.
"""

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from forewave import config
from forewave.delivery import signing
from forewave.delivery.gateway import Gateway
from forewave.delivery.signing import Keys
from forewave.delivery.status import routes
from forewave.earth import travel_time
from forewave.earth.siting import misplaced
from forewave.formats.tail import Piece
from forewave.health import ntp
from forewave.health.collector import NEEDS, Health
from forewave.health.watch import LiveStatus, watch
from forewave.live import setup_journal, warm_start
from forewave.live.gain_file import GainFile
from forewave.live.log import LOG, LiveLog, open_log, sighting_line
from forewave.live.loop import TURN, Loop
from forewave.live.places import places
from forewave.live.recorder import Recorder, waveforms
from forewave.live.recovery import Rebuilt
from forewave.live.setup import as_drill, check_ports, sample_rates, usable_stations
from forewave.live.sources import LiveSources
from forewave.live.steady_clock import SteadyClock
from forewave.live.warm_start import Warmed
from forewave.pipeline import Pipeline
from forewave.process import malloc
from forewave.process.signals import ignore_hangup, until_interrupted
from forewave.process.supervise import SideTasks
from forewave.process.systemd import Supervisor
from forewave.relay import tls
from forewave.relay.server import Relay
from forewave.settings import Settings
from forewave.sources import registry
from forewave.sources.admission import live_rules
from forewave.sources.base import Inbox, Left, Resumes
from forewave.sources.merge import end_of
from forewave.sources.phones import Phones
from forewave.stations.kernel import compile_kernels
from forewave.types import Alert, Packet, PhoneSighting, Word

RESTART = 2.8  # seconds in which a restart shall be done
WARM = 1.0  # seconds for making stations warm, even if all else took that long
LOOK = 1.0  # seconds between two looks at sources and losses
BEHIND = 2.0 * TURN  # seconds that the rooms' time may lie back before phones have to wait


def run(path: Path, environment: Mapping[str, str]) -> None:
    """Run until interrupted. Raises ForewaveError, one line, where it cannot begin."""
    began = time.monotonic()
    ignore_hangup()
    malloc.use_one()
    open_log()
    settings = config.read(path, environment)
    check_ports(settings)
    again = partial(config.read, path, environment)
    live = Live(settings, path.parent, Supervisor(environment), again=again)
    LOG.info("set up in %.1f s", time.monotonic() - began)
    until_interrupted(live.run(), live.reload)
    LOG.info("stopped")


class Live:
    """A live machine, set up from its settings; folder: what their paths are relative to.

    again: reads the settings anew, for whoever wants other sources while it runs.
    """

    def __init__(
        self,
        settings: Settings,
        folder: Path,
        supervisor: Supervisor | None = None,
        health: Health | None = None,
        again: Callable[[], Settings] | None = None,
    ) -> None:
        self._began = time.monotonic()
        self._past = any(map(registry.is_past, settings.sources))
        self.settings = settings = as_drill(settings) if self._past else settings
        self._supervisor = supervisor or Supervisor({})
        self._log, self._recorder = LiveLog(), Recorder(settings, folder)
        keys = signing.load(folder / settings.keys.file)
        stations = usable_stations(settings, folder)
        wrong = misplaced(stations, settings.network.siting)
        self.health = health or Health(stations, time.time(), wrong)
        self.clock = SteadyClock()
        self._inbox = Inbox(self.clock, live_rules(stations, past=self._past))
        self._gains = GainFile(self._recorder.root, stations)
        rates, known = sample_rates(stations), self._gains.known
        self.sources = LiveSources(settings, rates, self._inbox, again, self._where)
        sites = places([s for s in stations if s.code not in wrong], settings.towns)
        self._setup = setup_journal.setup_of(settings.pipeline, stations, tuple(sites), known)
        self._pipeline = Pipeline(stations, sites, travel_time.load(), settings.pipeline, known)
        compile_kernels()  # for up to a minute after an update: no packet waits for it
        self._side = SideTasks()
        self._waveforms = waveforms(settings, folder, self.clock)
        self._relay = Relay(settings.network.name) if settings.relay.on else None
        self._certificates = tls.Certificates(settings, folder)
        self.loop = self._loop()
        self.phones = Phones(self.loop.clock, self._sighting, stations)
        self.gateway = self._gateway(keys)

    def _loop(self) -> Loop:
        return Loop(
            self._inbox, self._pipeline, self._moment, on_packet=self._packet,
            on_merged=self._piece, on_lag=self.health.lag, past=self._past,
            on_turn=lambda now: self._supervisor.alive(),
        )  # fmt: skip

    def _gateway(self, keys: Keys) -> Gateway:
        server, mode = self.settings.server, self.settings.alerts.mode
        status = LiveStatus(self.health, self.loop.clock, lambda: self.gateway.health(), mode)
        told = routes(status, server.token)
        return Gateway(
            *(keys, self.loop.clock, travel_time.load()),
            host=server.host,
            port=server.port,
            stream_port=server.stream_port,
            names=server.names,
            proxies=server.proxies,
            tls=self._certificates.server,
            ability=status.ability,
            routes=[*told, self.phones.route()] if self.settings.phones.on else told,
        )

    def reload(self) -> None:
        """Read sources and certificates anew."""
        self._certificates.renew()
        self.sources.reload()

    async def run(self) -> None:
        """From opening the ports to closing them."""
        try:
            gc.disable()  # what is read at the beginning mostly stays
            await self._open()
            gc.freeze()  # the collector need not look through it amid an earthquake
            gc.enable()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.sources.run())
                tasks.create_task(self.loop.run())
                for name, work in self._beside().items():
                    tasks.create_task(self._side.keep(name, work))
        finally:
            gc.enable()
            self._supervisor.stopping()
            await self._close()

    def _beside(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """What runs beside the way of a warning, and must never end it."""
        looks = partial(watch, self.health, self._inbox.statuses, self._tallies)
        tasks: dict[str, Callable[[], Awaitable[None]]] = {"look": self._look, "watch": looks}
        return tasks if self._waveforms is None else {**tasks, "waveforms": self._waveforms.run}

    async def _open(self) -> None:
        began = time.monotonic()
        rebuilt = self._recorder.begin(
            self._pipeline.decider,
            self._setup,
            past=self._past,
            begin_anew=self._pipeline.begin_anew,
        )
        if rebuilt.moments:
            spent = time.monotonic() - began
            LOG.info("rooms rebuilt from %d moments in %.2f s", rebuilt.moments, spent)
        await self.gateway.start()
        for alert in rebuilt.alerts.values():
            if alert.expires > self.loop.clock():
                LOG.warning("still in force: %s", alert.id)
                self.gateway.publish(alert)
        if self._relay is not None:
            relay = self.settings.relay
            await self._relay.start(relay.host, relay.port, self._certificates.relay)
            LOG.info("relay at %s:%d", relay.host, self._relay.port)
        await self._warm_up(rebuilt)
        self._recorder.begin_journal()
        for need in NEEDS:
            self.health.has(need)
        stations, sources = len(self._pipeline.detectors), len(self.sources.all())
        LOG.info("ready: %s, %d stations, %d sources", self.gateway.url, stations, sources)
        self._supervisor.ready()

    async def _warm_up(self, rebuilt: Rebuilt) -> None:
        """The stations as they were, if they can be; pages do not wait for it."""
        began, stations = time.monotonic(), len(self._pipeline.detectors)
        pieces = await asyncio.to_thread(self._recorder.recent_packets, rebuilt, stations)
        if (left := warm_start.left(pieces)) is None:
            return
        for source in self.sources.all():
            if isinstance(source, Resumes):
                source.resume(left)
        try:
            warmed = await asyncio.to_thread(self._warm, pieces, rebuilt)
        except Exception:  # or what ended the process before this one ends each that follows
            LOG.exception("stations begin cold")
            return
        self.loop.resume(warmed.said)
        spent = time.monotonic() - began
        LOG.info("%d stations warm, %d cold, in %.2f s", warmed.stations, warmed.cold, spent)

    def _warm(self, pieces: Sequence[Piece], rebuilt: Rebuilt) -> Warmed:
        ends = max(self._began + RESTART, time.monotonic() + WARM)
        rooms, merge = self._pipeline, self.loop.merge
        return warm_start.warm_up(rooms, merge, pieces, rebuilt, lambda: time.monotonic() < ends)

    async def _close(self) -> None:
        await self.gateway.stop()
        if self._relay is not None:
            await self._relay.stop()
        self._recorder.close()

    def _where(self) -> Left:
        """Where the stations are now."""
        return Left(now := self.loop.clock(), self.loop.merge.ends(now))

    def _moment(self, now: float, words: Sequence[Word], thought: bool) -> None:
        """Record what was decided (run_keep.SETTLE), warn, then everything else."""
        self._side.call("record", partial(self._recorder.moment, now, words, thought))
        for word in words:
            if isinstance(word, Alert):
                self._publish(word)
        for word in words:
            self._side.call("log", partial(self._log.word, word))
            self._side.call("health", partial(self.health.hear, word, now))

    def _publish(self, alert: Alert) -> None:
        began = time.perf_counter()
        self.gateway.publish(alert)
        self.health.lag("send", time.perf_counter() - began)

    def _packet(self, packet: Packet, arrival: float) -> None:
        late = arrival - end_of(packet)
        self.clock.arrived(packet.stream.code, late)
        self._side.call("health", partial(self.health.arrived, packet.stream.code, late, arrival))
        if self._waveforms is not None:
            self._waveforms.add(packet)

    def _piece(self, piece: Packet, now: float) -> None:
        self._recorder.piece(piece, now)
        if self._relay is not None:
            self._side.call("relay", partial(self._relay.push, piece))

    def _sighting(self, now: float, sighting: PhoneSighting) -> None:
        """What phones see, to the rooms at once; not while the loop is behind: phones can wait."""
        LOG.info("%s", sighting_line(sighting))
        if not self.settings.phones.confirm or now - self.loop.now > BEHIND:
            return
        words = self._pipeline.decide([sighting], self.loop.now)
        self._moment(self.loop.now, words, thought=True)

    async def _look(self) -> None:
        while True:
            statuses = self._inbox.statuses()
            self._log.sources(statuses)
            self.health.sources(statuses)
            now = time.monotonic()
            for name, lost in self._lost().items():
                self._log.losses(name, lost, now)
            self._log.clock(self.health.clock_now(self.loop.clock()))
            self._log.summary(now)
            await asyncio.sleep(LOOK)

    def _keep_time(self) -> None:
        """Follow the wall clock, where there is reason to; rooms cannot go back, so they begin."""
        if self._past:
            return
        step = self.clock.look(ntp.synchronised())
        if step:
            LOG.warning("time was wrong, and steps by %+.1f s", step)
        if step < 0.0:
            self.loop.begin_anew()
        if self.clock.stepped:
            self.health.clock(self.clock.told(self.health.clock_now(self.loop.clock())))

    def _tallies(self) -> None:
        """What others count."""
        self._keep_time()
        self.health.tally("merge", self.loop.merge.counts)
        self.health.disagree(self.loop.merge.disagreeing)
        self.health.wrong_gains(self._pipeline.decider.gains.wrong())
        self._gains.keep(self._pipeline.decider.gains)
        self.health.tally("faults", self._side.failed)
        self.health.tally("devices", self.gateway.stream.counts)
        for name, lost in self._lost().items():
            self.health.kept(name, lost, self.loop.clock())

    def _lost(self) -> dict[str, Mapping[str, int]]:
        """What could not be kept, by what was to be kept and by reason."""
        waveforms = {} if self._waveforms is None else {"waveforms": dict(self._waveforms.lost)}
        return {**self._recorder.lost(), **waveforms}
