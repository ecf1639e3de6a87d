"""A live machine: opens its ports, runs until it is interrupted, closes. build.py makes it."""

import asyncio
import gc
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from forewave.channels.sending.chain import Chain
from forewave.delivery.gateway import Gateway
from forewave.delivery.served_keys import KeyFiles
from forewave.delivery.signing import Keys
from forewave.errors import ConfigError
from forewave.health.collector import NEEDS, Health
from forewave.live.log import LOG
from forewave.live.loop import Loop
from forewave.live.operators import Operators
from forewave.live.outputs import Outputs
from forewave.live.persistence.recorder import Recorder
from forewave.live.persistence.recovery import Rebuilt
from forewave.live.persistence.startup import Startup
from forewave.live.sources import LiveSources
from forewave.pipeline import Pipeline
from forewave.process.plural import counted
from forewave.process.supervise import SideTasks
from forewave.process.systemd import Supervisor
from forewave.relay import tls
from forewave.relay.server import Relay
from forewave.settings import Settings
from forewave.sources.intake.inbox import Inbox
from forewave.sources.phones import Phones


@dataclass(frozen=True, kw_only=True)
class Live:
    """The parts of a live machine. beside: what runs beside the processing of packets, by name.

    Only `sources` and `loop` may end the run by a fault; what is in `beside` is run again.
    """

    settings: Settings
    supervisor: Supervisor
    inbox: Inbox
    sources: LiveSources
    pipeline: Pipeline
    loop: Loop
    outputs: Outputs
    startup: Startup
    recorder: Recorder
    gateway: Gateway
    channels: Chain
    phones: Phones
    relay: Relay | None
    certificates: tls.Certificates
    key_files: KeyFiles[Keys]
    operators: Operators
    health: Health
    side: SideTasks
    beside: Mapping[str, Callable[[], Awaitable[None]]]

    def reload(self) -> None:
        """Read sources, certificates and keys again."""
        self.certificates.renew()
        self.rekey()
        self.sources.reload()

    def rekey(self) -> None:
        """Read signing keys and key list again. Errors are logged; the old ones stay."""
        try:
            keys, key_list = self.key_files.read()
        except ConfigError as error:
            LOG.error("keys: the previous ones stay in use: %s", error)
            return
        for message in self.gateway.rekey(keys, key_list):
            self.channels.publish(message)
        self.operators.rekeyed(keys, key_list)
        version = "" if key_list is None else f", key list version {key_list[0].n}"
        LOG.info("keys: signing with %s%s", keys.id, version)

    async def run(self) -> None:
        """From opening the ports to closing them; until cancelled."""
        try:
            gc.disable()  # what is read at the beginning mostly stays
            await self._open()
            gc.freeze()  # so that the collector does not look through it during an earthquake
            gc.enable()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.sources.run())
                tasks.create_task(self.loop.run())
                for name, work in self.beside.items():
                    tasks.create_task(self.side.keep(name, work))
        finally:
            gc.enable()
            self.supervisor.stopping()
            await self._close()

    async def _open(self) -> None:
        rebuilt = self.startup.rebuild()
        await self.gateway.start()
        self.operators.started(*self.gateway.signing, self.settings.alerts.mode)
        self._publish_again(rebuilt)
        if self.relay is not None:
            where = self.settings.relay
            await self.relay.start(where.host, where.port, self.certificates.relay)
            LOG.info("relay at %s:%d", where.host, self.relay.port)
        await self.startup.warm_up(rebuilt)
        for need in NEEDS:
            self.health.loaded(need)
        stations = counted(len(self.pipeline.detectors), "station")
        sources = counted(len(self.sources.all()), "source")
        LOG.info("ready: %s, %s, %s", self.gateway.url, stations, sources)
        self.supervisor.ready()

    def _publish_again(self, rebuilt: Rebuilt) -> None:
        """Alerts of an earlier process that have not expired."""
        for alert in rebuilt.alerts.values():
            if alert.expires > self.loop.clock():
                LOG.warning("still in force: %s", alert.id)
                self.channels.publish(self.gateway.publish(alert))

    async def _close(self) -> None:
        await self.gateway.stop(restarts=True)
        if self.relay is not None:
            await self.relay.stop()
        self.recorder.close()
        self.operators.stopped()
