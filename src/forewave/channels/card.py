"""What every channel gets, and what every channel does.

A channel receives what a device receives: signed messages that have been verified, evaluated for
one place. So the same card serves inside `forewave run` and in `forewave listen` on another
machine.
"""

from typing import Literal, Protocol

from msgspec import Struct

from forewave.client.place_alert import PlaceAlert
from forewave.errors import ForewaveError

Reason = Literal["first", "higher", "lower", "update", "cancel", "final"]


class Notification(Struct, frozen=True):
    """One version of an alert, as a channel sends it.

    reason: why it is sent. "first" alert of its event at this place, "higher" or "lower" level
    there, "update" without a change of level, "cancel", or "final": the last version, at expiry.
    alert: what the message means at the channel's place. message: the signed bytes, to pass on.
    swarm: other events of the last hour that this one is sent for as well, so that a swarm of light
    earthquakes is one summary.
    """

    reason: Reason
    alert: PlaceAlert
    message: bytes
    swarm: tuple[str, ...] = ()


class DeliveryError(ForewaveError):
    """A channel could not send. retry: whether the same notification may succeed later."""

    def __init__(self, why: str, *, retry: bool = True) -> None:
        super().__init__(why)
        self.retry = retry


class Channel(Protocol):
    """One way to one receiver. `name` is unique among the configured channels.

    The chain calls one method at a time, limits each call in time, and counts what fails.
    """

    name: str

    async def open(self) -> None:
        """Connect, announce. Called again after a failure. Raises DeliveryError."""

    async def send(self, notification: Notification) -> None:
        """Send one notification; the receiver may see it twice. Raises DeliveryError."""

    async def expire(self, event: str) -> None:
        """Remove whatever the receiver still holds of an event that has expired."""

    async def close(self) -> None:
        """Disconnect. Never raises."""
