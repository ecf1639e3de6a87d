"""The simulated cases of the suite: the rows of cases.toml, and the scenarios in faults/.

faults/ holds scenarios, in the usual format, in which an earlier version issued a duplicate,
cancelled an event or missed one; they are the group `faults`.

A row of cases.toml gives the place (`at`, a region), the network (`on`) and the events: `quakes` as
[magnitude, depth_km, east_km, north_km, after] from the region's centre and the start of the
recording, the first of them the catalogued one; `disturbed` by kinds of disturbance, also placed by
east_km and north_km; `telemetry` as in a scenario. The fault has the orientation of the region
unless the row gives another. The seed of a case is a checksum of its name, and its recording ends
some time after the S arrival at all stations within reach.
"""

import tomllib
from importlib.resources import files
from importlib.resources.abc import Traversable
from math import ceil
from typing import Any
from zlib import crc32

import msgspec
import numpy as np
from msgspec import Struct

from forewave.earth.distance import LocalPlane, azimuth, distance_km
from forewave.simulate import network
from forewave.simulate.disturbances.electronics import Stuck
from forewave.simulate.disturbances.kinds import AnyDisturbance
from forewave.simulate.earthquake import Earthquake
from forewave.simulate.ground_motion.rupture import FINITE_FROM, RUPTURE_KMS, dimensions_km
from forewave.simulate.ground_motion.source import S_KMS
from forewave.simulate.network import Grid, SensorName
from forewave.simulate.scenario import Scenario, parse
from forewave.simulate.telemetry import Outage, Telemetry, is_silenced
from forewave.types import Station

RATE = 50.0
JITTER = 0.3
AFTER = 18.0  # s before the earthquake, for the detectors to settle
REACH_KM, REACH_GREAT_KM = 150.0, 250.0  # the recording need not contain the S of farther stations
GREAT = 7.0
LISTEN_ON = 14.0  # after the last S
SHORTEST = 60.0
WIDEST_GAP = 180.0
NEAR_KM, NEAR_COUNT = 60.0, 4
FAULTS = "faults"  # the group, and the folder of its scenarios


class SuiteCase(Struct, frozen=True):
    """A case. in_network: azimuthal gap below 180 degrees and four stations within 60 km.

    Counts stations that work at the origin time.
    """

    name: str
    group: str
    scenario: Scenario
    in_network: bool
    region: str


class _Region(Struct, frozen=True, forbid_unknown_fields=True):
    lat: float
    lon: float
    strike: float
    dip: float
    deepest_km: float
    note: str


class _Network(Struct, frozen=True, forbid_unknown_fields=True):
    spacing_km: float
    count: int
    sensor: SensorName | tuple[SensorName, ...]
    site: str


class _Quake(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    magnitude: float
    depth_km: float
    east_km: float
    north_km: float
    after: float = AFTER


class _Row(Struct, frozen=True, forbid_unknown_fields=True):
    at: str
    on: str
    quakes: tuple[_Quake, ...] = ()
    disturbed: tuple[str, ...] = ()
    telemetry: Telemetry | None = None
    along: float = 0.5
    dip: float | None = None
    deepest_km: float | None = None
    duration: float | None = None


class _Table(Struct, frozen=True, forbid_unknown_fields=True):
    regions: dict[str, _Region]
    networks: dict[str, _Network]
    disturbances: dict[str, tuple[dict[str, Any], ...]]
    groups: dict[str, dict[str, _Row]]


def cases() -> tuple[SuiteCase, ...]:
    """All simulated cases: in the order of their table, then the files of faults/ by name."""
    text = (files("forewave.evaluate.suite") / "cases.toml").read_text("utf-8")
    table = msgspec.convert(tomllib.loads(text), _Table)
    rows = tuple(
        _case(table, group, f"{group}-{name}", row)
        for group, rows in table.groups.items()
        for name, row in rows.items()
    )
    folder = files("forewave.evaluate.suite") / FAULTS
    return rows + tuple(_written(f) for f in sorted(folder.iterdir(), key=lambda f: f.name))


def _written(file: Traversable) -> SuiteCase:
    """A case from a scenario file."""
    scenario = parse(file.read_text("utf-8"), file.name)
    name = f"{FAULTS}-{scenario.name}"
    scenario = msgspec.structs.replace(scenario, name=name, title=f"{name} (simulated)")
    stations = network.stations(scenario.network, scenario.seed)
    chief = scenario.earthquake[0]
    inside = is_in_network(_working(stations, scenario, chief), chief)
    return SuiteCase(name, FAULTS, scenario, inside, file.name)


def is_in_network(stations: tuple[Station, ...], quake: Earthquake) -> bool:
    """Whether the stations surround the epicentre and four of them are near."""
    lat, lon = (np.array([getattr(s, name) for s in stations]) for name in ("lat", "lon"))
    near = distance_km(quake.lat, quake.lon, lat, lon) <= NEAR_KM
    around = np.sort(azimuth(quake.lat, quake.lon, lat, lon))
    gaps = np.diff(np.append(around, around[0] + 360.0))
    return bool(near.sum() >= NEAR_COUNT and gaps.max() < WIDEST_GAP)


def _case(table: _Table, group: str, name: str, row: _Row) -> SuiteCase:
    region = table.regions[row.at]
    seed = crc32(name.encode())
    grid = _grid(region, table.networks[row.on])
    stations = network.stations(grid, seed)
    quakes = tuple(_quake(region, row, quake) for quake in row.quakes)
    scenario = Scenario(
        name=name,
        title=f"{name} (simulated)",
        duration=row.duration or _duration(stations, quakes),
        seed=seed,
        network=grid,
        earthquake=quakes,
        telemetry=row.telemetry,
        disturbance=tuple(
            _disturbance(region, what)
            for kind in row.disturbed
            for what in table.disturbances[kind]
        ),
    )
    inside = bool(quakes) and is_in_network(_working(stations, scenario, quakes[0]), quakes[0])
    return SuiteCase(name, group, scenario, inside, f"{row.at}: {region.note}")


def _working(
    stations: tuple[Station, ...], scenario: Scenario, quake: Earthquake
) -> tuple[Station, ...]:
    """The stations that are neither stuck nor silenced at the origin time."""
    outage = scenario.telemetry.outage if scenario.telemetry else None
    dead = {d.station for d in scenario.disturbance if isinstance(d, Stuck) and _is_on(d, quake)}
    if outage is not None and _is_on(outage, quake):
        dead |= {s.code for s in stations if is_silenced(s.code, outage, scenario.seed)}
    return tuple(s for s in stations if s.code not in dead)


def _is_on(what: Stuck | Outage, quake: Earthquake) -> bool:
    return what.after <= quake.after < what.after + what.seconds


def _grid(region: _Region, listening: _Network) -> Grid:
    converted = msgspec.to_builtins(listening)
    place = {"layout": "grid", "lat": region.lat, "lon": region.lon}
    return msgspec.convert(converted | place | {"jitter": JITTER, "rate": RATE}, Grid)


def _quake(region: _Region, row: _Row, quake: _Quake) -> Earthquake:
    lat, lon = LocalPlane(region.lat, region.lon).to_degrees(quake.east_km, quake.north_km)
    return Earthquake(
        after=quake.after,
        lat=lat,
        lon=lon,
        depth_km=quake.depth_km,
        magnitude=quake.magnitude,
        strike=region.strike,
        dip=row.dip or region.dip,
        along=row.along,
        deepest_km=row.deepest_km or region.deepest_km,
    )


def _disturbance(region: _Region, what: dict[str, Any]) -> AnyDisturbance:
    """Converted from kilometres to degrees."""
    fields = dict(what)
    if "east_km" in fields:
        plane = LocalPlane(region.lat, region.lon)
        fields["lat"], fields["lon"] = plane.to_degrees(
            fields.pop("east_km"), fields.pop("north_km")
        )
    converted: AnyDisturbance = msgspec.convert(fields, AnyDisturbance)
    return converted


def _duration(stations: tuple[Station, ...], quakes: tuple[Earthquake, ...]) -> float:
    """Until after the last S, in whole seconds."""
    return max([SHORTEST, *(float(ceil(_over(stations, quake))) for quake in quakes)])


def _over(stations: tuple[Station, ...], quake: Earthquake) -> float:
    away_km = max(float(distance_km(quake.lat, quake.lon, s.lat, s.lon)) for s in stations)
    reach_km = min(away_km, REACH_GREAT_KM if quake.magnitude >= GREAT else REACH_KM)
    length_km = dimensions_km(quake.magnitude)[0] if quake.magnitude >= FINITE_FROM else 0.0
    breaks = max(quake.along, 1.0 - quake.along) * length_km / RUPTURE_KMS
    return quake.after + breaks + float(np.hypot(reach_km, quake.depth_km)) / S_KMS + LISTEN_ON
