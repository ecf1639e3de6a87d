"""The role gateway: alerts from the bus to devices, over pages and stream.

It holds no private key. A message is passed on if a trusted key has signed it, as the leader's
publication and as the message itself, and if it is not of a former leader. What devices are told
of readiness is the leader's own word; where it has not been heard for LOST seconds, or where no
node of the bus can be reached, the gateway says "not ready".
"""

import asyncio
import logging
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from forewave.cluster import snapshot
from forewave.cluster.bus import Bus, Once
from forewave.cluster.ledger import Fence
from forewave.cluster.roles.ingest import STATUS_S
from forewave.cluster.wire import Beacon, Published, RoleStatus, Subjects, encode, unsign
from forewave.delivery.gateway import Gateway
from forewave.delivery.served_keys import KeyFiles, believed
from forewave.delivery.signing import PublicKeys, unseal
from forewave.delivery.stream import Readiness
from forewave.errors import ConfigError, FormatError
from forewave.relay import tls

_LOG = logging.getLogger(__name__)
R = TypeVar("R", Published, Beacon)
LOST = 5.0  # seconds without a beacon after which alerts may be missed
SOON = 0.1  # seconds between two attempts to read the last alerts
UNSIGNED = "not signed by a trusted key of this region"
EXPIRED = "expired"
REPLAYED = "an earlier beacon"
STEP = 2.0  # seconds by which a beacon may differ before the time has stepped
NEAR = 600.0  # seconds by which the clock of this machine may differ and still be one to ask
BEACONS = 30  # of which the one that came fastest gives the time


class ClusterClock:
    """The leader's time, by its beacons; the wall clock before the first. Never waits for one."""

    def __init__(self, wall: Callable[[], float] = time.time) -> None:
        """wall: the clock of this machine, POSIX seconds."""
        self.wall = wall
        self._offsets: deque[float] = deque(maxlen=BEACONS)
        self._own = wall() - time.monotonic()

    def __call__(self) -> float:
        """POSIX seconds."""
        return self.at(time.monotonic())

    def at(self, at: float) -> float:
        """POSIX seconds at a time of the monotonic clock."""
        return at + max(self._offsets, default=self._own)

    def heard(self, now: float, at: float, *, again: bool) -> None:
        """A beacon of this time arrived. again: of another leader than the last."""
        stepped = self._offsets and abs(now - at - max(self._offsets)) > STEP
        if again or stepped:
            self._offsets.clear()
        self._offsets.append(now - at)


class Received:
    """Alerts and readiness as they are received. counts: what was refused, by reason.

    trusted: the raw public keys by id. What has been accepted is not looked at again. What no key
    has signed is not verified again as long as the keys are the same; with others it may count.
    """

    def __init__(self, trusted: Mapping[str, bytes], region: str, clock: ClusterClock) -> None:
        self.trusted, self._region, self._clock = trusted, region, clock
        self._fence, self._once, self._unsigned = Fence(), Once(), Once()
        self._beacon: tuple[Beacon, float] | None = None
        self._highest = 0  # epoch of a beacon that was accepted
        self.counts: Counter[str] = Counter()

    @property
    def epoch(self) -> int:
        """Of the newest leader that was heard; 0: none."""
        return self._fence.epoch

    def trust(self, trusted: Mapping[str, bytes]) -> None:
        """Believe these keys from now on."""
        self.trusted = trusted
        self._unsigned.forget()

    def published(self, data: bytes, at: float, *, kept: bool = False) -> Published | None:
        """What is to be passed on, if anything. kept: read from the stream, so of any epoch."""
        if (record := self._opened(data, Published, self._require_same)) is None:
            return None
        if record.alert.expires <= self._clock.at(at):  # before it is taken for word of a leader
            self._refuse(EXPIRED)
            return None
        if not kept and not self._fence.admits(record.epoch, record.leader, at):
            self._refuse("of a former leader")
            return None
        self._once.add(data)
        return record

    def _opened(
        self, data: bytes, kind: type[R], check: Callable[[R], None] = lambda record: None
    ) -> R | None:
        """What a trusted key has signed, unless these bytes have been decided on.

        check: raises FormatError where what is signed does not agree with itself.
        """
        if data in self._once or data in self._unsigned:
            return None
        try:
            record = unsign(data, kind, self.trusted, self._region)
            check(record)
        except FormatError:
            self._unsigned.add(data)
            self._refuse(UNSIGNED)
            return None
        return record

    def _require_same(self, record: Published) -> None:
        """The message to devices says what the record says. Raises FormatError."""
        message, alert = unseal(record.message, self.trusted), record.alert
        expires = round(alert.expires * 1000.0)
        says = (message.id, message.n, message.mode, message.kind, message.exp)
        if says != (alert.event, alert.version, alert.mode, alert.kind, expires):
            raise FormatError("Published: the message is not that of the alert")

    def beacon(self, data: bytes, at: float) -> None:
        """Take a beacon."""
        if (beacon := self._opened(data, Beacon)) is None:
            return
        last = self._beacon and self._beacon[0]
        same = last is not None and (last.epoch, last.leader) == (beacon.epoch, beacon.leader)
        if same and last is not None and beacon.n <= last.n:
            self._refuse("beacon repeated")
        elif not same and self._is_replayed(beacon, at):
            self._refuse(REPLAYED)
        elif not self._fence.admits(beacon.epoch, beacon.leader, at):
            self._refuse("of a former leader")
        else:
            self._once.add(data)
            self._beacon, self._highest = (beacon, at), max(self._highest, beacon.epoch)
            self._clock.heard(beacon.now, at, again=not same)

    def _is_replayed(self, beacon: Beacon, at: float) -> bool:
        """Whether a beacon of another leader than the last may have been captured before.

        Without a leader any epoch counts again (Fence), so only times tell. One that is earlier
        than the last is refused: what was captured always is. A new leader whose stations' clock
        was set back has a higher epoch than any before, which a captured beacon has not; the same
        leader counts on. The clock of this machine may be wrong, so it decides only against the
        cluster's: where it confirms this beacon and contradicts the last one.
        """
        if self._beacon is None or beacon.epoch > self._highest:
            return False
        last, heard = self._beacon
        if beacon.now >= last.now - STEP:
            return False
        wall = self._clock.wall()
        return abs(beacon.now - wall) > NEAR or abs(last.now + at - heard - wall) <= NEAR

    def readiness(self, at: float) -> Readiness:
        """What devices receive."""
        if self._beacon is None or at - self._beacon[1] > LOST:
            return Readiness("not ready", ("a live source",))
        return Readiness(self._beacon[0].state, self._beacon[0].missing)

    def _refuse(self, reason: str) -> None:
        self.counts[reason] += 1
        if self.counts[reason] == 1:
            _LOG.warning("refused from the bus: %s", reason)


class GatewayRole:
    """The role; runs until cancelled."""

    def __init__(
        self,
        *,
        name: str,
        bus: Bus,
        subjects: Subjects,
        received: Received,
        gateway: Gateway,
        key_files: KeyFiles[PublicKeys],
        certificates: tls.Certificates | None = None,
    ) -> None:
        """certificates: None: it serves without TLS."""
        self._name, self._bus, self._subjects = name, bus, subjects
        self._received, self._gateway = received, gateway
        self._key_files, self._certificates = key_files, certificates
        self.alerts = 0

    async def run(self) -> None:
        """From opening its ports to closing them: pages answer before the bus is connected."""
        await self._gateway.start()
        _LOG.info("ready: %s", self._gateway.url)
        try:
            await self._bus.open()
            await self._bus.subscribe(self._subjects.all_published, self._on_published)
            await self._bus.subscribe(self._subjects.beacon, self._on_beacon)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._begin())
                tasks.create_task(self._tell())
        finally:
            await self._gateway.stop()
            await self._bus.close()

    def reload(self) -> None:
        """Read certificate, public keys and key list again; after an error those of before stay."""
        if self._certificates is not None:
            self._certificates.renew()
        try:
            keys, listed = self._key_files.read()
        except ConfigError as error:
            _LOG.error("keys are not changed: %s", error)
            return
        self._received.trust(believed(keys, listed, time.time()))
        self._gateway.rekey(keys, listed)
        _LOG.info("keys: %s", ", ".join(self._received.trusted))

    async def _begin(self) -> None:
        """What was published before: also cancellations, which are repeated for a while only."""
        while True:
            if (found := await snapshot.read(self._bus, self._subjects)) is not None:
                break
            await asyncio.sleep(SOON)
        for data in found:
            self._pass_on(self._received.published(data, time.monotonic(), kept=True))

    def _on_published(self, subject: str, data: bytes) -> None:
        self._pass_on(self._received.published(data, time.monotonic()))

    def _pass_on(self, record: Published | None) -> None:
        if record is not None:
            self.alerts += self._gateway.forward(record.alert, record.message)

    def _on_beacon(self, subject: str, data: bytes) -> None:
        self._received.beacon(data, time.monotonic())

    async def _tell(self) -> None:
        subject = self._subjects.status("gateway", self._name)
        while True:
            self._bus.publish(subject, encode(self._status()))
            await asyncio.sleep(STATUS_S)

    def _status(self) -> RoleStatus:
        return RoleStatus(
            "gateway",
            self._name,
            self._received.readiness(time.monotonic()).state,
            epoch=self._received.epoch,
            alerts=self.alerts,
            devices=self._gateway.connected,
            url=self._gateway.url,
            counts=dict(self._received.counts),
        )


class GatewayStatus:
    """What a gateway reports over HTTP (delivery.status.Status)."""

    def __init__(self, bus: Bus, received: Received, gateway: Callable[[], Gateway]) -> None:
        """gateway: made after what it answers with."""
        self._bus, self._received, self._gateway = bus, received, gateway

    def alive(self) -> tuple[bool, dict[str, Any]]:
        """It answers: what is wrong elsewhere is not mended by starting it again."""
        return True, self._gateway().health()

    def ready(self) -> tuple[bool, dict[str, Any]]:
        """Whether an alert would reach the devices of this gateway."""
        state = self._received.readiness(time.monotonic())
        lost = state.state == "not ready"
        return not lost, {"ready": not lost, "missing": state.missing, "mode": state.state}

    def snapshot(self) -> dict[str, Any]:
        """Connections, epoch and refusals."""
        return {
            **self.ready()[1],
            "nodes": self._bus.connected,
            "epoch": self._received.epoch,
            "devices": self._gateway().connected,
            "refused": dict(self._received.counts),
        }

    def metrics(self, snapshot: dict[str, Any]) -> bytes:
        """The same for Prometheus."""
        lines = [
            f"forewave_ready {int(snapshot['ready'])}",
            f"forewave_bus_nodes {snapshot['nodes']}",
            f"forewave_bus_epoch {snapshot['epoch']}",
            f"forewave_devices {snapshot['devices']}",
            *(
                f'forewave_bus_refused_total{{reason="{reason}"}} {count}'
                for reason, count in snapshot["refused"].items()
            ),
        ]
        return "\n".join([*lines, ""]).encode()

    def facts(self, snapshot: dict[str, Any]) -> dict[str, Any]:
        """The snapshot."""
        return snapshot
