"""What a channel wants, and what is known of one event in its outbox.

Times are seconds of one clock that never steps, except those inside alerts.
"""

from math import isnan
from typing import Literal

from msgspec import Struct

from forewave.client.place_alert import PlaceAlert

KEEP_ACTION = 0.3  # MMI below the threshold at which an alert at a place ends


class Wants(Struct, frozen=True):
    """What a channel wants: as the keys of ChannelSettings; people and holds as in Card."""

    min_mmi: float = 4.0
    all_versions: bool = False
    unconfirmed: bool = False
    drills: bool = False
    people: bool = False
    holds: bool = False

    def level(self, alert: PlaceAlert, before: int) -> int:
        """0: no alert at the place; otherwise the intensity as pages round it.

        before: the level that the receiver knows of.
        """
        least = self.min_mmi - (KEEP_ACTION if before else 0.0)
        calls = alert.calls_for_action(least)
        advice = self.unconfirmed and not alert.cancelled and alert.mmi >= least
        return max(1, int(alert.mmi + 0.5)) if calls or advice else 0


class Delivered(Struct, frozen=True):
    """What the receiver knows of an event: version and level (0: no alert), since when.

    version 0: it may have received something. ended: it received the end.
    """

    version: int
    level: int
    at: float
    ended: Literal["cancel", "final"] | None = None


class Entry(Struct):
    """One event. ends: when the newest version expires. over: the receiver holds nothing of it.

    replaced: its replay has begun again. doubtful: a failed call may have reached the receiver.
    """

    alert: PlaceAlert
    message: bytes
    ends: float
    delivered: Delivered | None = None
    given_up: int = 0  # version that cannot be sent
    quiet_mmi: float | None = None  # left to the summary of a swarm when it had this intensity
    over: bool = False
    replaced: bool = False
    doubtful: bool = False


def is_cancel(alert: PlaceAlert, level: int) -> bool:
    """Whether it takes the alert back at this place; "smaller" does only where little is left."""
    return alert.kind == "cancel" and (alert.cancelled or level == 0)


def key_of(alert: PlaceAlert) -> str:
    """Of its event: a drill and an earthquake of one name are two."""
    return f"{'drill' if alert.drill else 'actual'} {alert.event}"


def mmi_of(alert: PlaceAlert) -> float:
    """Intensity at the place; 0 where it is not known."""
    return 0.0 if isnan(alert.mmi) else alert.mmi
