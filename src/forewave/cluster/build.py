"""Puts each role together from parts that a live machine has too (live/build.py has them in one).

ingest    sources --> Inbox --> Loop ( Merge --> StationRooms ) --> Batches --> bus
decide    bus --> Shards --> Region --> Published (who leads) --> bus
gateway   bus --> Received --> Gateway --> devices
record    bus --> event log, waveforms
"""

import os
import secrets
import socket
import time
from collections.abc import Awaitable, Callable
from functools import cached_property, partial
from pathlib import Path

from forewave.cluster.bus import Bus, addresses
from forewave.cluster.lease import MARGIN, TTL, Candidate
from forewave.cluster.region import Region
from forewave.cluster.roles import ingest
from forewave.cluster.roles.decide import Decide
from forewave.cluster.roles.gateway import GatewayRole, GatewayStatus
from forewave.cluster.roles.ingest import Batches, Ingest, StationRooms
from forewave.cluster.roles.received import ClusterClock, Received
from forewave.cluster.roles.record import Record
from forewave.cluster.step_clock import StepClock
from forewave.cluster.wire import Role, Subjects, require_name
from forewave.delivery import signing
from forewave.delivery.gateway import Gateway
from forewave.delivery.key_list import ServedList
from forewave.delivery.served_keys import KeyFiles, believed
from forewave.delivery.status import routes
from forewave.errors import ConfigError
from forewave.formats.storage import codec
from forewave.health.collector import Health
from forewave.health.watch import LiveStatus
from forewave.live.loop import Loop, StepTime
from forewave.live.network import NetworkParts
from forewave.live.persistence import setup_journal
from forewave.live.persistence.recorder import Recorder, waveforms
from forewave.live.setup import frames, sample_rates
from forewave.live.sources import LiveSources
from forewave.pipeline import Decider, Pipeline
from forewave.process.supervise import SideTasks
from forewave.settings import Settings
from forewave.sources import registry
from forewave.sources.intake.admission import live_rules
from forewave.sources.intake.inbox import Inbox
from forewave.sources.intake.merge import end_of
from forewave.stations.kernel import compile_kernels
from forewave.types import Packet, Station


def build(
    settings: Settings,
    folder: Path,
    role: Role,
    read_again: Callable[[], Settings] | None = None,
) -> Ingest | Decide | GatewayRole | Record:
    """A role, ready to run. Arguments as of live.build.build. Raises ConfigError, one line."""
    return _Builder(settings, folder, read_again).role(role)


class _Builder(NetworkParts):
    """Each part once, when the first other part needs it."""

    def __init__(
        self,
        settings: Settings,
        folder: Path,
        read_again: Callable[[], Settings] | None,
    ) -> None:
        super().__init__(settings, folder)
        self._read_again = read_again
        self._side = SideTasks()

    def role(self, role: Role) -> Ingest | Decide | GatewayRole | Record:
        """The role, ready to run."""
        roles: dict[Role, Callable[[], Ingest | Decide | GatewayRole | Record]] = {
            "ingest": self.ingest,
            "decide": self.decide,
            "gateway": self.gateway_role,
            "record": self.record,
        }
        _ = self.name, self.subjects, self.urls  # faults in them show at once
        return roles[role]()

    # What every role has

    @cached_property
    def name(self) -> str:
        wanted = self._settings.cluster.name
        host = socket.gethostname().partition(".")[0]
        name = wanted or f"{host}-{os.getpid()}"
        require_name("cluster.name", name)
        return name

    @cached_property
    def subjects(self) -> Subjects:
        return Subjects(self._settings.cluster.region)

    @cached_property
    def urls(self) -> list[str]:
        if not self._settings.cluster.bus:
            raise ConfigError("cluster.bus: a role needs one, such as --bus nats://HOST:4222")
        return addresses(self._settings.cluster.bus)

    @cached_property
    def bus(self) -> Bus:
        return Bus(self.urls, f"forewave {self.name}")

    # ingest

    def ingest(self) -> Ingest:
        if any(map(registry.is_past, self._settings.sources)):
            raise ConfigError("sources: an archive cannot be played into a cluster; use a relay")
        _ = self.sources
        compile_kernels()
        return Ingest(
            name=self.name,
            shard=self.shard,
            bus=self.bus,
            subjects=self.subjects,
            sources=self.sources,
            loop=self.loop,
            batches=self.batches,
            side=self._side,
            beside=self.beside_ingest,
        )

    @cached_property
    def shard(self) -> str:
        ingest.shard_of(self._settings.cluster.shard)
        return self._settings.cluster.shard.replace("/", "-")

    @cached_property
    def own_stations(self) -> tuple[Station, ...]:
        return ingest.stations_of(self.stations, self._settings.cluster.shard)

    @cached_property
    def inbox(self) -> Inbox:
        return Inbox(self.steady, live_rules(self.own_stations, past=False))

    @cached_property
    def sources(self) -> LiveSources:
        rates = sample_rates(self.own_stations)
        received = lambda: self.loop.received()  # noqa: E731 (the loop is made after the sources)
        return LiveSources(self._settings, rates, self.inbox, self._read_again, received)

    @cached_property
    def rooms(self) -> StationRooms:
        settings = self._settings.pipeline
        return StationRooms(Pipeline(self.own_stations, (), self.travel_times, settings))

    @cached_property
    def batches(self) -> Batches:
        subject = self.subjects.observed(self.shard)
        return Batches(self.shard, ingest.begun(), partial(self.bus.publish, subject))

    @cached_property
    def loop(self) -> Loop:
        return Loop(
            self.inbox,
            self.rooms,
            self.batches.step,
            clock=StepTime(self.steady),
            on_packet=self._received,
        )

    def _received(self, packet: Packet, arrival: float) -> None:
        """A packet arrived: the clock is compared with it, and it goes to the record."""
        self.steady.arrived(packet.stream.code, arrival - end_of(packet))
        self.bus.publish(self.subjects.packets(self.shard), codec.encode(packet))

    @cached_property
    def beside_ingest(self) -> dict[str, Callable[[], Awaitable[None]]]:
        return {"clock": partial(ingest.follow_clock, self.steady, self.loop, self.batches)}

    # decide

    def decide(self) -> Decide:
        compile_kernels()
        self.make_rooms()  # compiles and reads what the rooms need, before the first packet
        settings = self._settings
        ttl = settings.cluster.lease_s
        status = LiveStatus(self.health, self.step_clock, mode=settings.alerts.mode)
        who = f"{self.name}-{secrets.token_hex(4)}"  # another one after each start
        return Decide(
            bus=self.bus,
            subjects=self.subjects,
            keys=signing.load(self._folder / settings.keys.file),
            make=lambda: Region(self.make_rooms),
            candidate=Candidate(who, len(self.urls), ttl, ttl * MARGIN / TTL),
            ttl=ttl,
            health=self.health,
            readiness=status.readiness,
            clock=self.step_clock,
        )

    def make_rooms(self) -> Decider:
        return Decider(self.stations, self.sites, self.travel_times, self._settings.pipeline)

    @cached_property
    def step_clock(self) -> StepClock:
        return StepClock()

    @cached_property
    def health(self) -> Health:
        return Health(self.stations, time.time(), self.misplaced)

    # gateway

    def gateway_role(self) -> GatewayRole:
        return GatewayRole(
            name=self.name,
            bus=self.bus,
            subjects=self.subjects,
            received=self.received,
            gateway=self.gateway,
            key_files=self.key_files,
            certificates=self.certificates,
        )

    @cached_property
    def public_keys(self) -> signing.PublicKeys:
        return signing.load_public(self._folder / self._settings.keys.file)

    @cached_property
    def key_files(self) -> KeyFiles[signing.PublicKeys]:
        return self.key_files_by(signing.load_public)

    @cached_property
    def served_keys(self) -> tuple[signing.PublicKeys, ServedList | None]:
        return self.key_files.read()

    @cached_property
    def cluster_clock(self) -> ClusterClock:
        return ClusterClock()

    @cached_property
    def received(self) -> Received:
        trusted = believed(*self.served_keys, time.time())
        return Received(trusted, self.subjects.region, self.cluster_clock)

    @cached_property
    def gateway(self) -> Gateway:
        server = self._settings.server
        status = GatewayStatus(self.bus, self.received, lambda: self.gateway)
        keys, listed = self.served_keys
        return Gateway(
            keys,
            self.cluster_clock,
            self.travel_times,
            host=server.host,
            port=server.port,
            stream_port=server.stream_port,
            share_port=self._settings.cluster.share_port,
            names=server.names,
            origins=server.origins,
            network=self._settings.network.name,
            frames=frames(server),
            proxies=server.proxies,
            key_list=listed,
            tls=self.certificates.server,
            readiness=lambda: self.received.readiness(time.monotonic()),
            routes=routes(status, server.token),
        )

    # record

    def record(self) -> Record:
        recorder = Recorder(self._settings, self._folder)
        setup = setup_journal.setup_of(self._settings.pipeline, self.stations, self.sites)
        begin = partial(recorder.begin, self.make_rooms(), setup, past=True)
        return Record(
            name=self.name,
            bus=self.bus,
            subjects=self.subjects,
            keys=self.public_keys,
            recorder=recorder,
            begin=begin,
            waveforms=waveforms(self._settings, self._folder),
        )
