"""Publishes what a process of decide has, while it leads; takes over what another has published.

Whether it leads is asked before each message, and a message carries until when it may be sent.
"""

import logging
import time
from collections.abc import Callable

from msgspec.structs import replace

from forewave.cluster.bus import Bus
from forewave.cluster.lease import Candidate
from forewave.cluster.ledger import Ledger
from forewave.cluster.region import Region
from forewave.cluster.wire import Beacon, Published, Subjects, devices, sign
from forewave.delivery.signing import Keys
from forewave.delivery.stream import Readiness
from forewave.types import Alert

_LOG = logging.getLogger(__name__)


class Publisher:
    """Alerts and beacons of one process. clock: POSIX seconds, of the stations."""

    def __init__(
        self,
        *,
        bus: Bus,
        subjects: Subjects,
        keys: Keys,
        candidate: Candidate,
        region: Region,
        ledger: Ledger,
        clock: Callable[[], float],
        readiness: Callable[[], Readiness],
    ) -> None:
        self._bus, self._subjects, self._keys = bus, subjects, keys
        self._candidate, self._region, self._ledger = candidate, region, ledger
        self._clock, self._readiness = clock, readiness
        self._led, self._beacons = False, 0

    @property
    def leads(self) -> bool:
        """Whether it may publish now."""
        return self._candidate.leads(time.monotonic())

    def offer(self, alert: Alert) -> None:
        """Publish an alert of these rooms, if this process leads and nobody has."""
        if self.leads and self._ledger.is_new(alert):
            message, solution = self._keys.seal(alert), self._region.solution(alert.event)
            record = Published(
                self._candidate.epoch, self._candidate.name, alert, solution, message
            )
            self._ledger.add(record, time.monotonic())
            self._send(record)
            _LOG.warning("published: %s, version %d", alert.event, alert.version)

    def repeat(self) -> None:
        """Repeat valid alerts and the beacon; to be called once a second."""
        if self.leads:
            for record in self._ledger.valid(self._clock()):
                self._send(record)
            self._beacon()

    def look(self) -> None:
        """Take over, or step back, when the lease has changed."""
        if (leads := self.leads) == self._led:
            return
        self._led = leads
        if leads:
            _LOG.warning("leads in epoch %d", self._candidate.epoch)
            self._take_over()
        else:
            _LOG.warning("leads no longer")

    def _take_over(self) -> None:
        self._beacon()
        fresh, differs = self._region.unpublished(self._ledger, self._clock())
        for alert in fresh:
            self.offer(alert)
        for record in self._ledger.valid(self._clock()):
            self._send(record)
        if differs or self._region.lacks_any(self._ledger.valid(self._clock())):
            self._region.remake(self._ledger.records())

    def _send(self, record: Published) -> None:
        """Send a version, once more or for the first time, in the own epoch."""
        until = self._candidate.until()
        record = replace(record, epoch=self._candidate.epoch, leader=self._candidate.name)
        signed = sign(record, self._keys, self._subjects.region)
        self._bus.publish(self._subjects.published(record.alert.event), signed, until)
        self._bus.publish(devices(record.alert.mode), record.message, until)

    def _beacon(self) -> None:
        self._beacons += 1
        state = self._readiness()
        name, epoch = self._candidate.name, self._candidate.epoch
        beacon = Beacon(epoch, name, self._beacons, self._clock(), state.state, state.missing)
        signed = sign(beacon, self._keys, self._subjects.region)
        self._bus.publish(self._subjects.beacon, signed, self._candidate.until())
