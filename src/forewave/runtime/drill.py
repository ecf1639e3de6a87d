"""An exercise: the message of an earthquake that did not happen, which says so in its signature.

Run it: python -m forewave.runtime.drill --port 8460 --stream-port 8461 --seconds 20
"""

import asyncio
import json
import time

import click

from forewave.delivery.gateway import Gateway
from forewave.delivery.signing import generate
from forewave.earth.travel_time import TravelTimes, load
from forewave.runtime.interrupt import until_interrupted
from forewave.types import Alert, Area, Magnitude, Origin, Place
from forewave.units import DEGREE_KM

_SOUTH_KM = 75.0
_DEPTH_KM = 10.0
_VALID = 120.0


def drill_alert(
    place: Place, seconds: float, now: float, travel_times: TravelTimes, magnitude: float = 7.3
) -> Alert:
    """A drill whose S waves would reach the place `seconds` after `now`, from 75 km south of it."""
    lat = place.lat - _SOUTH_KM / DEGREE_KM
    began = now + seconds - float(travel_times.seconds("S", _SOUTH_KM, _DEPTH_KM))
    event = f"drill-{round(now * 1000)}"
    return Alert(
        id=f"{event}.1",
        event=event,
        version=1,
        kind="new",
        mode="drill",
        level="action",
        area=Area(lat, place.lon, 250.0),
        issued=now,
        expires=now + seconds + _VALID,
        origin=Origin(began, lat, place.lon, _DEPTH_KM, 0.3, 3.0, 3.0),
        magnitude=Magnitude(magnitude, 0.2, "M", 8),
        rupture=None,
        field=(),
        max_intensity=8.0,
        stations=8,
        source="point",
    )


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=0, help="Of the pages; 0: any free one.")
@click.option("--stream-port", default=0, help="Of the stream; 0: any free one.")
@click.option("--seconds", default=20.0, show_default=True, help="Until S reaches the place.")
@click.option("--lat", default=30.66, show_default=True)
@click.option("--lon", default=104.06, show_default=True)
@click.option("--magnitude", default=7.3, show_default=True)
def main(
    host: str, port: int, stream_port: int, seconds: float, lat: float, lon: float, magnitude: float
) -> None:
    """Show a drill on the pages as soon as one is open.

    Prints one JSON line with the ports, and goes on until it is interrupted.
    """
    place = Place("drill", lat, lon)
    gateway = Gateway(
        generate(), time.time, load(), host=host, port=port, stream_port=stream_port, place=place
    )
    until_interrupted(_exercise(gateway, place, seconds, magnitude))


async def _exercise(gateway: Gateway, place: Place, seconds: float, magnitude: float) -> None:
    await gateway.start()
    try:
        ports = {"url": gateway.url, "port": gateway.port, "stream_port": gateway.stream_port}
        print(json.dumps(ports), flush=True)
        await gateway.stream.somebody.wait()
        gateway.publish(drill_alert(place, seconds, time.time(), load(), magnitude))
        await asyncio.Event().wait()
    finally:
        await gateway.stop()


if __name__ == "__main__":
    main()
