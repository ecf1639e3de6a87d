"""A drill: an alert for a fictitious earthquake, signed as a drill."""

import asyncio
import json
import time
from collections.abc import Callable

import numpy as np

from forewave.archive.travel_time import load
from forewave.delivery.gateway import Gateway
from forewave.delivery.pages import HOW_TO_BUILD
from forewave.delivery.signing import generate
from forewave.delivery.stream import Readiness
from forewave.earth.distance import distance_km
from forewave.earth.towns import towns_near
from forewave.process.signals import until_interrupted
from forewave.shaking.forecaster import Forecaster
from forewave.simulate.drill_alert import drill_alert
from forewave.types import Place, Solution

_NEAR_KM = 30.0


def place_at(lat: float, lon: float) -> Place:
    """The place of a drill, by the name of the nearest town within 30 km."""
    towns = towns_near(lat, lon, _NEAR_KM)
    if not towns:
        return Place("Drill place", lat, lon)
    lats, lons = (np.array([getattr(town, key) for town in towns]) for key in ("lat", "lon"))
    nearest = towns[int(np.argmin(distance_km(lat, lon, lats, lons)))]
    return Place(nearest.name, lat, lon)


def intensity_at(place: Place, magnitude: float) -> float:
    """MMI that devices forecast at the place of a drill of this magnitude."""
    travel_times = load()
    alert = drill_alert(place, 0.0, 0.0, travel_times, magnitude)
    solution = Solution(alert.event, 1, alert.origin, alert.magnitude, None, (), 1.0)
    (forecast,) = Forecaster([place], travel_times).feed(solution, 0.0)
    return forecast.forecasts[0].intensity


def exercise(
    place: Place,
    seconds: float,
    magnitude: float,
    ready: Callable[[Gateway], None],
    *,
    port: int = 0,
) -> None:
    """Open the pages, publish the drill when the first page is opened, run until interrupted.

    ready: called when the pages can be opened. port 0: any free port. Raises ConfigError if a port
    is taken.
    """
    gateway = Gateway(
        generate(),
        time.time,
        load(),
        port=port,
        place=place,
        readiness=lambda: Readiness("drill"),
    )
    until_interrupted(_exercise(gateway, place, seconds, magnitude, ready))


async def _exercise(
    gateway: Gateway,
    place: Place,
    seconds: float,
    magnitude: float,
    ready: Callable[[Gateway], None],
) -> None:
    await gateway.start()
    try:
        ready(gateway)
        await gateway.stream.first_client.wait()
        gateway.publish(drill_alert(place, seconds, time.time(), load(), magnitude))
        await asyncio.Event().wait()
    finally:
        await gateway.stop()


def where(gateway: Gateway) -> str:
    """Addresses of the pages, for people."""
    how = "" if gateway.pages_built else f"{HOW_TO_BUILD}\n"
    return (
        f"{how}phone    {gateway.url}\nTV       {gateway.url}tv\n"
        "The drill begins when one of them is open. Ctrl-C ends."
    )


def where_json(gateway: Gateway) -> str:
    """Addresses of the pages, as JSON."""
    ports = {"url": gateway.url, "port": gateway.port, "stream_port": gateway.stream_port}
    return json.dumps(ports)
