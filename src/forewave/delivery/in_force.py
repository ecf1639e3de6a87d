"""The messages that devices are to have now. Pure: the clock is a parameter.

Messages are idempotent by event and version; of each event the newest is kept. A cancellation is
valid for a day, for devices that were offline; it is repeated for a few minutes and after that sent
only to devices that connect.
"""

from collections.abc import Callable

from forewave.types import Alert

_REMEMBERED = 3600.0  # seconds for which the last version of an expired event is kept
_REPEATED = 180.0  # seconds for which a cancellation is repeated
_CANCELS = 20  # older cancellations sent to a new device: more than a screen, less than its buffer


class InForce:
    """The newest message of each event. clock: POSIX seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._newest: dict[str, tuple[Alert, bytes]] = {}

    def newest(self, alert: Alert) -> bytes | None:
        """The message of this or a newer version of its event; None if the alert is new."""
        before = self._newest.get(alert.event)
        return before[1] if before is not None and before[0].version >= alert.version else None

    def add(self, alert: Alert, message: bytes) -> None:
        """Keep a new version, and forget events that expired more than _REMEMBERED seconds ago."""
        past = self._clock() - _REMEMBERED
        self._newest = {e: each for e, each in self._newest.items() if each[0].expires > past}
        self._newest[alert.event] = (alert, message)

    def reseal(self, seal: Callable[[Alert], bytes]) -> list[bytes]:
        """Sign all messages anew; returns them."""
        self._newest = {event: (alert, seal(alert)) for event, (alert, _) in self._newest.items()}
        return [message for _, message in self._newest.values()]

    def alerts(self) -> list[Alert]:
        """The last version of each alert that has neither expired nor been cancelled."""
        now = self._clock()
        alerts = (alert for alert, _ in self._newest.values())
        return [alert for alert in alerts if now < alert.expires and alert.kind != "cancel"]

    def for_new_device(self) -> list[bytes]:
        """The messages that are repeated, and the last cancellations of a day."""
        now = self._clock()
        old = [
            (alert.issued, message)
            for alert, message in self._newest.values()
            if _is_old_cancel(alert, now) and now < alert.expires
        ]
        return [*self.repeated(), *(message for _, message in sorted(old)[-_CANCELS:])]

    def repeated(self) -> list[bytes]:
        """The messages that are sent again to all devices: of each event until it expires."""
        now = self._clock()
        return [
            message
            for alert, message in self._newest.values()
            if now < alert.expires and not _is_old_cancel(alert, now)
        ]


def _is_old_cancel(alert: Alert, now: float) -> bool:
    return alert.kind == "cancel" and now >= alert.issued + _REPEATED
