"""Something that is on while an alert is in force: a siren, a valve, a lift's signal.

It is switched off at the end of the alert, at a cancel, when the channel closes, and whenever it is
opened for the first time, so that a restart leaves nothing on. And after `most_s` in any case:
whatever else fails, a siren ends.
"""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection
from typing import Annotated

from msgspec import Struct

from forewave.channels.card import ChannelSettings, DeliveryError, Notification
from forewave.field import about

AGAIN = 1.0  # seconds between two tries to switch off
_LOG = logging.getLogger("forewave.channels")


class SwitchSettings(ChannelSettings, frozen=True, kw_only=True):
    """The keys of all switches."""

    most_s: Annotated[
        float, about("Longest time that it stays on for one alert or level", "s", gt=0, le=3600)
    ] = 60.0


class Active(Struct):
    """An alert that calls for it. expires: POSIX seconds. done: whether it has been switched on."""

    drill: bool
    expires: float
    done: bool = False


class Switch(ABC):
    """`_set` switches: on "actual", on as a drill, or off (None). Repeating it does no harm.

    clock: POSIX seconds.
    """

    def __init__(self, name: str, most_s: float, clock: Callable[[], float]) -> None:
        self.name = name
        self._most_s, self._clock = most_s, clock
        self._active: dict[str, Active] = {}  # by event
        self._state: bool | None = None  # None: off; otherwise whether as a drill
        self._known = False
        self._until = 0.0
        self._lock = asyncio.Lock()

    @abstractmethod
    async def _set(self, drill: bool | None) -> None:
        """On, as a drill or not; None: off. Raises DeliveryError."""

    async def open(self) -> None:
        """The first time, and after a failure: to the state that it should have.

        What could not be switched on is left to the next `send`, which may be of its cancel.
        """
        self._drop_expired(self._active)
        if all(each.done for each in self._active.values()):
            await self._apply()

    async def send(self, notification: Notification) -> None:
        """On while any alert is in force."""
        alert = notification.alert
        if not notification.active or self._clock() >= alert.expires:
            self._active.pop(alert.event, None)
        elif notification.reason in ("first", "higher"):
            self._active[alert.event] = Active(alert.drill, alert.expires)
            self._until = asyncio.get_running_loop().time() + self._most_s
        elif alert.event in self._active:
            self._active[alert.event].expires = alert.expires
        await self._apply_for(alert.event)

    async def expire(self, event: str) -> None:
        """Off, unless another alert is in force."""
        self._active.pop(event, None)
        await self._apply()

    async def close(self) -> None:
        """Off."""
        self._active.clear()
        try:
            await self._apply()
        except DeliveryError as error:
            _LOG.error("%s: cannot be switched off: %s", self.name, error)

    async def work(self) -> None:
        """Switch off after the longest time, again and again until it is off."""
        while True:
            now = asyncio.get_running_loop().time()
            if self._state is None:
                await asyncio.sleep(min(AGAIN, self._most_s))
            elif now < self._until and not self._drop_expired(self._undone()):
                await asyncio.sleep(min(AGAIN, self._until - now))
            else:
                if now >= self._until:
                    _LOG.warning("%s: off after %g s", self.name, self._most_s)
                    self._active.clear()
                await self._apply()

    async def _apply_for(self, event: str) -> None:
        try:
            await self._apply()
        except DeliveryError as error:
            if not error.retry:
                self._active.pop(event, None)  # no `send` of it follows
            raise
        if event in self._active:
            self._active[event].done = True

    async def _apply(self) -> None:
        async with self._lock:
            wanted = self._wanted()
            if self._known and wanted == self._state:
                return
            self._known = False  # until it has been done
            if wanted is not None:
                self._state = wanted  # it may be on from here
            await self._set(wanted)
            self._state, self._known = wanted, True

    def _wanted(self) -> bool | None:
        """A real alert goes before a drill."""
        if not self._active or asyncio.get_running_loop().time() >= self._until:
            return None
        return all(each.drill for each in self._active.values())

    def _undone(self) -> Collection[str]:
        """Nobody says that one of these expires; of the others a later version may be in force."""
        return [event for event, each in self._active.items() if not each.done]

    def _drop_expired(self, events: Collection[str]) -> bool:
        """Whether any of these was."""
        gone = [event for event in events if self._clock() >= self._active[event].expires]
        for event in gone:
            del self._active[event]
        return bool(gone)
