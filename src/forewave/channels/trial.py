"""`forewave channels test`: a marked test through one channel, and what came of each step.

The message has the mode "test" and is signed with a key that nobody trusts, so no device shows it;
people and programs get it as a drill. A switch without a way to show a drill is not switched.
"""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress

from msgspec import Struct
from msgspec.structs import replace

from forewave.archive import travel_time
from forewave.channels.card import Channel, ChannelSettings, DeliveryError, Notification
from forewave.channels.place import evaluated, place_of
from forewave.channels.sending.worker import with_seconds
from forewave.delivery import signing
from forewave.types import Alert, Area, Magnitude, Origin

NORTH_DEGREES, MAGNITUDE = 0.6, 6.5  # of the test's earthquake from the place
LASTS = 60.0  # seconds until the test expires by itself
NOWHERE = (0.0, 0.0)  # of a channel without a place


class Step(Struct, frozen=True):
    """One call of the channel. why: "" where it succeeded. seconds: that it took."""

    what: str
    why: str
    seconds: float


async def trial(channel: Channel, entry: ChannelSettings, stay: float) -> list[Step]:
    """Open, send a first alert, after `stay` seconds its cancel, remove it, close."""
    steps = [await _step("open", channel.open, entry)]
    work = asyncio.ensure_future(channel.work()) if hasattr(channel, "work") else None
    try:
        if not steps[0].why:
            for number, (what, notification) in enumerate(_notifications(entry)):
                await asyncio.sleep(stay * (number > 0))
                send = _sending(channel, notification)
                steps.append(await _step(what, send, entry))
            event = notification.alert.event
            steps.append(await _step("expire", lambda: channel.expire(event), entry))
    finally:
        if work is not None:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
        with suppress(TimeoutError):
            await asyncio.wait_for(channel.close(), entry.timeout)
    return steps


def _sending(channel: Channel, notification: Notification) -> Callable[[], Awaitable[None]]:
    return lambda: channel.send(notification)


async def _step(what: str, call: Callable[[], Awaitable[None]], entry: ChannelSettings) -> Step:
    began, why = time.monotonic(), ""
    try:
        async with asyncio.timeout(entry.timeout):
            await call()
    except DeliveryError as error:
        why = str(error)
    except TimeoutError:
        why = f"no answer within {entry.timeout:g} s"
    return Step(what, why, time.monotonic() - began)


def _notifications(entry: ChannelSettings) -> Iterator[tuple[str, Notification]]:
    """A first alert and its cancel."""
    keys, table, now = signing.generate(), travel_time.load().coarse(), time.time()
    lat, lon = entry.place or NOWHERE
    event = f"test-{secrets.token_hex(4)}"
    north = min(lat + NORTH_DEGREES, 89.0)
    alert = Alert(
        id=f"{event}.1",
        event=event,
        version=1,
        kind="new",
        mode="test",
        level="action",
        area=Area(north, lon, 100.0),
        issued=now,
        expires=now + LASTS,
        origin=Origin(now, north, lon, 10.0, 0.3, 3.0, 3.0),
        magnitude=Magnitude(MAGNITUDE, 0.3, "M", 5),
        rupture=None,
        field=(),
        max_intensity=8.0,
        stations=5,
        source="point",
    )
    cancel = replace(alert, version=2, kind="cancel", why="false")
    for what, version in (("first", alert), ("cancel", cancel)):
        data = keys.seal(version)
        shown = evaluated(signing.unseal(data, keys.trusted), place_of(entry), table)
        assert shown is not None
        if what == "first":
            shown = replace(with_seconds(shown, now), mmi=max(shown.mmi, entry.min_mmi, 5.0))
            yield what, Notification("first", shown, data)
        else:
            yield what, Notification("cancel", shown, data, active=False)
