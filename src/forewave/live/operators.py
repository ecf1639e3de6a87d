"""What a live machine writes into the audit log, and what its operators may do."""

from collections.abc import Callable, Sequence
from pathlib import Path

from starlette.routing import Route

from forewave.delivery.gateway import Gateway
from forewave.delivery.key_list import ServedList
from forewave.delivery.signing import Keys, PublicKeys
from forewave.earth.travel_time import TravelTimes
from forewave.live.loop import Loop
from forewave.operators import routes
from forewave.operators.accounts import Accounts
from forewave.operators.audit import AuditLog
from forewave.operators.desk import Desk
from forewave.operators.drill import Drill
from forewave.operators.writer import Writer
from forewave.settings import OperatorSettings
from forewave.types import Alert, OperatorCancel


class Operators:
    """gateway, loop: asked for when they are needed, since they are made later.

    publish: sends an alert to devices and channels.
    clock: POSIX seconds of alerts; wall: POSIX seconds of the audit log.
    """

    def __init__(
        self,
        settings: OperatorSettings,
        folder: Path,
        *,
        gateway: Callable[[], Gateway],
        publish: Callable[[Alert], None],
        loop: Callable[[], Loop],
        clock: Callable[[], float],
        wall: Callable[[], float],
        travel_times: TravelTimes,
    ) -> None:
        audit = AuditLog(folder / settings.audit, wall) if settings.audit else None
        self._writer = Writer(audit)
        self._gateway, self._loop = gateway, loop
        self._drill = Drill(publish, self.in_force, clock, travel_times)
        self._desk: Desk | None = None
        if settings.file:
            self._desk = Desk(Accounts(folder / settings.file), self._writer, self, self._drill)

    def routes(self) -> list[Route]:
        """The routes for operators; none where nobody can log in."""
        return [] if self._desk is None else routes.routes(self._desk)

    def in_force(self) -> Sequence[Alert]:
        """The alerts in force."""
        return self._gateway().in_force()

    def cancel(self, item: OperatorCancel) -> None:
        """Cancel an alert: the rooms take it as any other input, so that a replay does the same."""
        self._loop().resume([item])

    def issued(self, alert: Alert) -> None:
        """Take note of an alert that was published: a real one ends a drill."""
        ended = self._drill.issued(alert)
        if ended is not None:
            self._writer.note("drill ended", why=f"alert {alert.id}", event=ended.event)

    def started(self, keys: PublicKeys, key_list: ServedList | None, mode: str) -> None:
        """Note the start, with the keys that are in use."""
        self._writer.note("start", mode=mode, key=keys.id, key_list=_version(key_list))

    def rekeyed(self, keys: Keys, key_list: ServedList | None) -> None:
        """Note other keys."""
        self._writer.note("keys", key=keys.id, key_list=_version(key_list))

    def stopped(self) -> None:
        """Note the end, and write what is left."""
        self._writer.note("stop")
        self._writer.close()


def _version(key_list: ServedList | None) -> int | None:
    return None if key_list is None else key_list[0].n
