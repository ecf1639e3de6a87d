"""Something that is on while an alert is in force: a siren, a valve, a lift's signal.

It is switched off at the end of the alert, at a cancel, when the channel closes, and whenever it is
opened for the first time, so that a restart leaves nothing on. And after `most_s` in any case:
whatever else fails, a siren ends.
"""

import asyncio
import logging
from abc import ABC, abstractmethod
from typing import Annotated

from forewave.channels.card import ChannelSettings, DeliveryError, Notification
from forewave.field import about

AGAIN = 1.0  # seconds between two tries to switch off
_LOG = logging.getLogger("forewave.channels")


class SwitchSettings(ChannelSettings, frozen=True, kw_only=True):
    """The keys of all switches."""

    most_s: Annotated[
        float, about("Longest time that it stays on for one alert or level", "s", gt=0, le=3600)
    ] = 60.0


class Switch(ABC):
    """`_set` switches: on "actual", on as a drill, or off (None). Repeating it does no harm."""

    def __init__(self, name: str, most_s: float) -> None:
        self.name = name
        self._most_s = most_s
        self._active: dict[str, bool] = {}  # whether it is a drill, by event
        self._state: bool | None = None  # None: off; otherwise whether as a drill
        self._known = False
        self._until = 0.0
        self._lock = asyncio.Lock()

    @abstractmethod
    async def _set(self, drill: bool | None) -> None:
        """On, as a drill or not; None: off. Raises DeliveryError."""

    async def open(self) -> None:
        """The first time, and after a failure: to the state that it should have."""
        await self._apply()

    async def send(self, notification: Notification) -> None:
        """On while any alert is in force."""
        event, drill = notification.alert.event, notification.alert.drill
        if not notification.active:
            self._active.pop(event, None)
        elif notification.reason in ("first", "higher"):
            self._active[event] = drill
            self._until = asyncio.get_running_loop().time() + self._most_s
        await self._apply()

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
            elif now < self._until:
                await asyncio.sleep(min(AGAIN, self._until - now))
            else:
                _LOG.warning("%s: off after %g s", self.name, self._most_s)
                self._active.clear()
                await self._apply()

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
        return all(self._active.values())
