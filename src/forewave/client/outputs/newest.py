"""Alerts that wait for an output: of each event only the newest version.

An output that is slow gets later what matters then, instead of falling behind for ever.
"""

import asyncio
from collections import OrderedDict

from forewave.client.place_alert import PlaceAlert

MOST_EVENTS = 100


class Newest:
    """Filled and emptied in one event loop. replaced: how many never reached the output."""

    def __init__(self, most: int = MOST_EVENTS) -> None:
        self.replaced = 0
        self._most = most
        self._waiting: OrderedDict[tuple[bool, str], PlaceAlert] = OrderedDict()
        self._filled = asyncio.Event()

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, alert: PlaceAlert) -> None:
        """Add one at once; of too many events the oldest is left out."""
        key = alert.drill, alert.event
        self.replaced += key in self._waiting
        self._waiting[key] = alert
        if len(self._waiting) > self._most:
            self._waiting.popitem(last=False)
            self.replaced += 1
        self._filled.set()

    async def get(self) -> PlaceAlert:
        """The one that waits longest."""
        while not self._waiting:
            self._filled.clear()
            await self._filled.wait()
        return self._waiting.popitem(last=False)[1]
