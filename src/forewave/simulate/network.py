"""Simulated networks, and stations from an event directory or an FDSN service."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal, TypeAlias
from zlib import crc32

import msgspec
import numpy as np
from msgspec import Meta, Struct

from forewave.earth.distance import LocalPlane
from forewave.formats.recordings import event_directory
from forewave.simulate import fdsn_text
from forewave.simulate.earthquake import Latitude, Longitude
from forewave.simulate.sensors import SENSORS, Sensor, fitting
from forewave.types import Channel, Station, StreamId

Length: TypeAlias = Annotated[float, Meta(gt=0, le=2000)]
Count: TypeAlias = Annotated[int, Meta(ge=1, le=20000)]
Rate: TypeAlias = Annotated[float, Meta(ge=20, le=500)]
Place: TypeAlias = tuple[str, Latitude, Longitude]
SensorName: TypeAlias = Literal["force_balance", "mems", "broadband"]
COMPONENTS = "ZNE"


class Network(Struct, frozen=True, forbid_unknown_fields=True, tag_field="layout", kw_only=True):
    """Common to all layouts: sensors, sites and ground.

    sensor: one for all stations, or several, of which each station has one by its code.
    """

    sensor: SensorName | Annotated[tuple[SensorName, ...], Meta(min_length=1)] = "force_balance"
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


class Fdsn(Network, frozen=True, kw_only=True, tag="fdsn"):
    """Stations as an FDSN station service lists them in text, at level station or channel."""

    path: str


Layout: TypeAlias = Grid | Ring | Listed | Recorded | Fdsn
NOW = datetime(2030, 1, 1, tzinfo=UTC)


def stations(network: Layout, seed: int, at: datetime = NOW) -> tuple[Station, ...]:
    """The network's stations (FDSN lists: at that time). Raises FormatError for invalid files."""
    if isinstance(network, Recorded):
        return event_directory.read(Path(network.path)).stations
    if isinstance(network, Fdsn):
        return tuple(_equipped(network, s) for s in fdsn_text.read(Path(network.path), at))
    return tuple(
        _station(network, f"{network.code}.{name}", lat, lon)
        for name, lat, lon in _places(network, seed)
    )


def sensor_of(network: Layout, station: Station) -> Sensor:
    """The station's sensor; for stations with their own channels, one with their unit."""
    return fitting(station.channels[0].unit, _sensor_name(network, station.code))


def _sensor_name(network: Network, code: str) -> str:
    """By the station's code alone, so that it is the same in every scenario."""
    if isinstance(network.sensor, str):
        return network.sensor
    return network.sensor[crc32(code.encode()) % len(network.sensor)]


def _equipped(network: Fdsn, listed: Station) -> Station:
    """With channels if the list has none, and with the network's Vs30."""
    equipped = _station(network, listed.code, listed.lat, listed.lon)
    return msgspec.structs.replace(
        equipped, elevation_m=listed.elevation_m, channels=listed.channels or equipped.channels
    )


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
    """East and north, nearest first. The jitter of a node does not depend on the count."""
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


def _station(network: Network, code: str, lat: float, lon: float) -> Station:
    sensor = SENSORS[_sensor_name(network, code)]
    channels = tuple(_channel(network, sensor, code, component) for component in COMPONENTS)
    return Station(code, lat, lon, 0.0, channels, network.vs30_ms)


def _channel(network: Network, sensor: Sensor, code: str, component: str) -> Channel:
    net, _, name = code.partition(".")
    stream = StreamId(net, name, "", sensor.band + component)
    return Channel(stream, sensor.gain, sensor.unit, network.rate)
