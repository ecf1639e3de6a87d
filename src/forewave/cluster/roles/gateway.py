"""The role gateway: alerts from the bus to devices, over pages and stream.

It holds no private key. A message is passed on if a trusted key has signed it, as the leader's
publication and as the message itself, and if it is not of a former leader. What devices are told
of readiness is the leader's own word; where it has not been heard for LOST seconds, or where no
node of the bus can be reached, the gateway says "not ready".
"""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

from forewave.cluster import snapshot
from forewave.cluster.bus import Bus
from forewave.cluster.roles.ingest import STATUS_S
from forewave.cluster.roles.received import Received
from forewave.cluster.wire import Published, RoleStatus, Subjects, encode
from forewave.delivery.gateway import Gateway
from forewave.delivery.served_keys import KeyFiles, believed
from forewave.delivery.signing import PublicKeys
from forewave.errors import ConfigError
from forewave.relay import tls

_LOG = logging.getLogger(__name__)
SOON = 0.1  # seconds between two attempts to read the last alerts


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
