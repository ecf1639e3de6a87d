"""Networks that are made, and stations borrowed from an event directory."""

from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import numpy as np
from msgspec import Meta, Struct

from forewave.earth.distance import LocalPlane
from forewave.formats import event_directory
from forewave.simulate.earthquake import Latitude, Longitude
from forewave.simulate.sensors import SENSORS, Sensor
from forewave.types import Channel, Station, StreamId

Length: TypeAlias = Annotated[float, Meta(gt=0, le=2000)]
Count: TypeAlias = Annotated[int, Meta(ge=1, le=20000)]
Rate: TypeAlias = Annotated[float, Meta(ge=20, le=500)]
Place: TypeAlias = tuple[str, Latitude, Longitude]
COMPONENTS = "ZNE"


class Network(Struct, frozen=True, forbid_unknown_fields=True, tag_field="layout", kw_only=True):
    """What all layouts share: the kind of sensor, of site and of ground."""

    sensor: Literal["force_balance", "mems", "broadband"] = "force_balance"
    site: Literal["quiet", "ordinary", "town"] = "ordinary"
    rate: Rate = 100.0
    code: Annotated[str, Meta(pattern="^[A-Z0-9]{1,2}$")] = "XX"
    vs30_ms: Annotated[float, Meta(ge=150, le=2000)] = 400.0
    site_sigma: Annotated[float, Meta(ge=0, le=1)] = 0.3  # of ln amplification, between sites


class Grid(Network, frozen=True, kw_only=True, tag="grid"):
    """The `count` nodes of a square grid nearest its centre, moved by up to `jitter` spacings."""

    lat: Latitude
    lon: Longitude
    spacing_km: Length
    count: Count
    jitter: Annotated[float, Meta(ge=0, le=0.5)] = 0.0


class Ring(Network, frozen=True, kw_only=True, tag="ring"):
    """`count` stations evenly on a circle."""

    lat: Latitude
    lon: Longitude
    radius_km: Length
    count: Count


class Listed(Network, frozen=True, kw_only=True, tag="listed"):
    """Stations named one by one: [name, lat, lon]."""

    stations: Annotated[tuple[Place, ...], Meta(min_length=1)]


class Recorded(Network, frozen=True, kw_only=True, tag="event"):
    """The stations of an event directory, with their own channels and gains."""

    path: str


Layout: TypeAlias = Grid | Ring | Listed | Recorded


def stations(network: Layout, seed: int) -> tuple[Station, ...]:
    """The network's stations. Raises FormatError where an event directory cannot be read."""
    if isinstance(network, Recorded):
        return event_directory.read(Path(network.path)).stations
    return tuple(_station(network, *place) for place in _places(network, seed))


def _places(network: Grid | Ring | Listed, seed: int) -> list[Place]:
    if isinstance(network, Listed):
        return list(network.stations)
    offsets_km = _grid_km(network, seed) if isinstance(network, Grid) else _ring_km(network)
    plane = LocalPlane(network.lat, network.lon)
    return [
        (f"S{index:04d}", *plane.to_degrees(float(east_km), float(north_km)))
        for index, (east_km, north_km) in enumerate(offsets_km)
    ]


def _grid_km(network: Grid, seed: int) -> list[tuple[float, float]]:
    """East and north, nearest first. Each node's jitter is its own, whatever the count."""
    half = int(np.ceil(np.sqrt(network.count / np.pi))) + 1
    nodes = [(i, k) for i in range(-half, half + 1) for k in range(-half, half + 1)]
    nearest = sorted(nodes, key=lambda node: (node[0] ** 2 + node[1] ** 2, node))
    moved = []
    for i, k in nearest[: network.count]:
        rng = np.random.default_rng([seed, i % 2**32, k % 2**32])
        move = rng.uniform(-network.jitter, network.jitter, 2)
        moved.append(((i + move[0]) * network.spacing_km, (k + move[1]) * network.spacing_km))
    return moved


def _ring_km(network: Ring) -> list[tuple[float, float]]:
    turn = 2 * np.pi * np.arange(network.count) / network.count
    return [(network.radius_km * np.sin(a), network.radius_km * np.cos(a)) for a in turn]


def _station(network: Network, name: str, lat: float, lon: float) -> Station:
    sensor = SENSORS[network.sensor]
    channels = tuple(_channel(network, sensor, name, component) for component in COMPONENTS)
    return Station(f"{network.code}.{name}", lat, lon, 0.0, channels, network.vs30_ms)


def _channel(network: Network, sensor: Sensor, name: str, component: str) -> Channel:
    stream = StreamId(network.code, name, "", sensor.band + component)
    return Channel(stream, sensor.gain, sensor.unit, network.rate)
