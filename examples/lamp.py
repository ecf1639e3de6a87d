"""A lamp, siren or valve that switches when strong shaking is expected at a place.

    python examples/lamp.py http://127.0.0.1:8460 30.66 104.06 [--drills]

`switch` prints; write there what your relay needs. The lamp stays on until the shaking should be
over, and goes out sooner where the alert is cancelled or lowered. The second lamp says whether a
real alert would be received now: without it, a dark lamp could mean that the network is down.
"""

import argparse
import asyncio

import forewave

ON_FROM_MMI = 5.0
OFF_BELOW_MMI = 4.7  # so that small changes do not switch it to and fro


def switch(name: str, on: bool) -> None:
    """Switch one of the two lamps; print stands for a relay."""
    print(f"{name} {'on' if on else 'off'}", flush=True)


class Lamp:
    """One lamp for all earthquakes: on while any of them calls for action."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}

    def take(self, alert: forewave.PlaceAlert) -> None:
        """Switch by a new version of an alert."""
        was_on = alert.event in self._until
        if alert.calls_for_action(OFF_BELOW_MMI if was_on else ON_FROM_MMI):
            self._until[alert.event] = alert.shaking_until
        else:
            self._until.pop(alert.event, None)
        self._show(was_on or len(self._until) > 0)

    def pass_time(self, now: float) -> None:
        """Switch off what is over."""
        over = [event for event, until in self._until.items() if now > until]
        for event in over:
            del self._until[event]
        self._show(bool(over))

    def _show(self, changed: bool) -> None:
        if changed:
            switch("lamp", bool(self._until))


async def run(url: str, place: forewave.Place, drills: bool) -> None:
    """Listen for ever."""
    lamp = Lamp()
    listener = forewave.listen(
        url, place, drills=drills, on_readiness=lambda now: switch("ready", now.ready)
    )

    async def tick() -> None:
        while True:
            await asyncio.sleep(1.0)
            now = listener.now()
            if now is not None:
                lamp.pass_time(now)

    ticking = asyncio.create_task(tick())
    try:
        async for alert in listener:
            lamp.take(alert)
    finally:
        ticking.cancel()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="A lamp that switches by alerts.")
    parser.add_argument("url")
    parser.add_argument("lat", type=float)
    parser.add_argument("lon", type=float)
    parser.add_argument("--drills", action="store_true", help="switch by drills too")
    given = parser.parse_args()
    place = forewave.Place("lamp", given.lat, given.lon)
    asyncio.run(run(given.url, place, given.drills))


if __name__ == "__main__":
    main()
