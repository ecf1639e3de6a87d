"""What every channel gets, and what every channel does.

A channel receives what a device receives: signed messages that have been verified, evaluated for
one place. A card knows nothing of the machine that issues them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol, runtime_checkable

from msgspec import Struct
from starlette.routing import Route

from forewave.client.place_alert import PlaceAlert
from forewave.errors import ForewaveError
from forewave.field import Mmi, Timeout, about
from forewave.sources.exposure import Exposure

Reason = Literal["first", "higher", "lower", "update", "cancel", "final"]
Latitude = Annotated[float, about(unit="degrees", ge=-90, le=90)]
Longitude = Annotated[float, about(unit="degrees", ge=-180, le=180)]


class Notification(Struct, frozen=True):
    """One version of an alert, as a channel sends it.

    reason: why it is sent. "first" alert of its event at this place, "higher" or "lower" level
    there, "update" without a change of level, "cancel", or "final": the last version, at expiry.
    alert: what the message means at the channel's place. message: the signed bytes, to pass on.
    swarm: other events of the last ten minutes that this one is sent for as well, so that a swarm
    of light earthquakes is one summary. active: whether the alert calls for action at the place
    after this notification: False for "cancel", "final", and a "lower" that ends it. concurrent:
    another alert is in force there, so nothing may reassure.
    """

    reason: Reason
    alert: PlaceAlert
    message: bytes
    swarm: tuple[str, ...] = ()
    active: bool = True
    concurrent: bool = False


class DeliveryError(ForewaveError):
    """A channel could not send. The text up to the first ": " is what is counted.

    retry: whether the same notification may succeed later. received: whether the receiver, or
    anybody behind it, may have it nevertheless; it then also gets a cancel. Say False only where
    that is sure: a cancel too many does no harm, and one that is missing leaves a false alert.
    """

    def __init__(self, why: str, *, retry: bool = True, received: bool = True) -> None:
        super().__init__(why)
        self.retry, self.received = retry, received


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


@runtime_checkable
class Routed(Protocol):
    """A channel that people or programs fetch from: its routes are served with the pages."""

    def routes(self) -> Sequence[Route]:
        """The routes, before the server starts."""


@runtime_checkable
class Beside(Protocol):
    """A channel with work of its own while it is open: repeating a message, watching a connection.

    Where the work ends or raises, the channel has failed, and is opened again.
    """

    async def work(self) -> None:
        """Until cancelled. Raises DeliveryError."""


class ChannelSettings(
    Struct, frozen=True, kw_only=True, tag_field="type", tag="", forbid_unknown_fields=True
):
    """The keys that every [[channels]] entry has."""

    name: Annotated[str, about("Name in logs and counts; none: its type")] = ""
    place: Annotated[
        tuple[Latitude, Longitude] | None,
        about("Latitude and longitude to evaluate alerts for; none: the strongest anywhere"),
    ] = None
    place_name: Annotated[str, about("Name of the place in texts")] = ""
    min_mmi: Annotated[Mmi, about("Least intensity at the place that is sent")] = 4.0
    versions: Annotated[
        Literal["steps", "all"],
        about("steps: first, higher level, end of the alert, cancel, final; all: every version"),
    ] = "steps"
    unconfirmed: Annotated[
        bool, about("Also send single-station alerts that are no more than advice to be ready")
    ] = False
    drills: Annotated[bool, about("Also send drills and replays, marked as such")] = False
    language: Annotated[
        Literal["en", "zh-CN"] | None, about("Language of texts; none: that of the pages")
    ] = None
    timeout: Annotated[Timeout, about("Longest time for one call of the receiver")] = 5.0


class Context(Struct, frozen=True):
    """What a card may need beside its settings.

    clock: the server's time, POSIX seconds. folder: what paths in the settings are relative to.
    record: folder in which a channel may keep files of its own, None where nothing is kept.
    language: of texts. trusted: public keys by id, which change while it runs. url: address of the
    pages, "" where unknown. trial: of `forewave channels test`, beside a machine that serves the
    same channel: only what belongs to a drill may be touched.
    """

    clock: Callable[[], float]
    folder: Path = Path()
    record: Path | None = None
    language: str = "en"
    trusted: Callable[[], Mapping[str, bytes]] = dict
    url: str = ""
    trial: bool = False


class Card(Struct, frozen=True):
    """A type of channel: the settings of an entry in forewave.toml, and what makes its channel.

    settings: a subclass of ChannelSettings with the kind as its tag, the `type` of an entry. Keys
    of some names mean the same in every type and are checked for it by registry.py: `host`
    (without a port), `url`, `path` and `tls_ca` (files, relative to the forewave.toml).
    make: the channel of an entry, not yet open; raises ConfigError, one line.
    exposure: what others on the network could read or do because of an entry.
    people: people receive it: of a swarm of light earthquakes they get one summary, and of a light
    one no final; programs get all. holds: the channel itself holds what it sends, such as a message
    that it repeats: after a restart it gets again what is still in force.
    """

    kind: str
    settings: type[ChannelSettings]
    make: Callable[[Any, Context], Channel]
    exposure: Callable[[Any], Iterable[Exposure]]
    people: bool = False
    holds: bool = False
