"""Random large earthquakes on random networks, for validation on unseen cases.

Magnitude, depth, fault, rupture direction and network follow from a seed alone; a new seed gives
cases that no development has used. Networks are grids of any
spacing, with a gap, on one side of the source, along a coast or on islands, and those of real towns
(earth/towns.py), whose coasts and mountains are real.
"""

from collections.abc import Callable, Sequence
from math import ceil

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from forewave.earth.distance import LocalPlane, distance_km
from forewave.earth.towns import all_towns
from forewave.evaluate.suite.cases import SuiteCase, is_in_network
from forewave.simulate import network
from forewave.simulate.earthquake import Earthquake
from forewave.simulate.ground_motion.rupture import RUPTURE_KMS, dimensions_km
from forewave.simulate.ground_motion.source import S_KMS
from forewave.simulate.network import Listed, Place
from forewave.simulate.scenario import Scenario

Floats = NDArray[np.float64]

GROUP = "random"
MAGNITUDES, STATIONS, SPACING_KM = (6.5, 8.8), (20, 300), (10.0, 45.0)
SHALLOW_KM, DEEP_KM, DEEP = (5.0, 30.0), (30.0, 150.0), 0.35  # depths, and the share of deep ones
JITTER, CELLS = 0.4, 40
NEIGHBOURS_KM, TOWNS_KM = 8.0, 500.0  # least distance of stations; radius of the network
OFFSHORE_KM = (20.0, 150.0)
AFTER, LISTEN_ON, REACH_KM, LONGEST = 30.0, 40.0, 350.0, 300.0
RATE = 50.0


def random_cases(count: int, seed: int) -> tuple[SuiteCase, ...]:
    """`count` cases, determined by the seed; a larger count begins with the same cases."""
    return tuple(_case(seed, index) for index in range(count))


def _case(seed: int, index: int) -> SuiteCase:
    rng = np.random.default_rng([seed, index])
    kinds = tuple(_NETWORKS)
    kind = kinds[int(rng.integers(len(kinds)))]
    lat, lon, places, offshore = _NETWORKS[kind](rng)
    quake = _earthquake(rng, lat, lon, places, offshore)
    name = f"{GROUP}-{seed}-{index:04d}"
    scenario = Scenario(
        name=name,
        title=f"{name} (simulated)",
        duration=_duration(quake),
        seed=int(rng.integers(1 << 30)),
        network=Listed(stations=tuple(places), rate=RATE),
        earthquake=(quake,),
    )
    stations = network.stations(scenario.network, scenario.seed)
    note = f"{kind}, {len(places)} stations, M{quake.magnitude:.2f}, {quake.depth_km:.0f} km deep"
    return SuiteCase(name, GROUP, scenario, is_in_network(stations, quake), note)


def _earthquake(
    rng: Generator, lat: float, lon: float, places: Sequence[Place], offshore: Floats | None
) -> Earthquake:
    """Within the network's middle, or off its edge in the direction given (east, north)."""
    lats, lons = (np.array([place[k] for place in places]) for k in (1, 2))
    wide_km = float(np.percentile(distance_km(lat, lon, lats, lons), 60))
    if offshore is None:
        angle = rng.uniform(0.0, 2.0 * np.pi)
        east, north = wide_km * np.sqrt(rng.uniform()) * np.array([np.sin(angle), np.cos(angle)])
    else:
        beside = np.array([offshore[1], -offshore[0]]) * rng.uniform(-0.5, 0.5) * wide_km
        east, north = offshore * rng.uniform(*OFFSHORE_KM) + beside
    place = LocalPlane(lat, lon).to_degrees(float(east), float(north))
    depth_km = round(float(rng.uniform(*(DEEP_KM if rng.uniform() < DEEP else SHALLOW_KM))), 1)
    return Earthquake(
        after=AFTER,
        lat=place[0],
        lon=place[1],
        depth_km=depth_km,
        magnitude=round(float(rng.uniform(*MAGNITUDES)), 2),
        strike=float(rng.uniform(0.0, 360.0)),
        dip=float(rng.uniform(12.0, 90.0)),
        along=float(rng.uniform()),
        deepest_km=depth_km + 30.0,
    )


def _duration(quake: Earthquake) -> float:
    """Until some time after the S of the whole rupture within reach."""
    length_km = dimensions_km(quake.magnitude)[0]
    breaks = max(quake.along, 1.0 - quake.along) * length_km / RUPTURE_KMS
    return float(ceil(min(AFTER + breaks + REACH_KM / S_KMS + LISTEN_ON, LONGEST)))


Drawn = tuple[float, float, list[Place], Floats | None]


def _grid(rng: Generator, keeps: Callable[[Floats, float], bool] | None = None) -> Drawn:
    """A jittered grid; keeps: which offsets (east, north in km, at this spacing) stay."""
    lat, lon = float(rng.uniform(-55.0, 60.0)), float(rng.uniform(-170.0, 170.0))
    spacing_km = float(np.exp(rng.uniform(*np.log(SPACING_KM))))
    count = _count(rng)
    nodes = [(i, k) for i in range(-CELLS, CELLS + 1) for k in range(-CELLS, CELLS + 1)]
    offsets = [(np.array(n) + rng.uniform(-JITTER, JITTER, 2)) * spacing_km for n in nodes]
    kept = [o for o in offsets if keeps is None or keeps(o, spacing_km)]
    nearest = sorted(kept, key=lambda o: float(np.hypot(*o)))[:count]
    return lat, lon, _named(lat, lon, nearest), None


def _gap(rng: Generator) -> Drawn:
    """A grid without stations in one quarter around, beyond its middle."""
    begins = rng.uniform(0.0, 2.0 * np.pi)

    def keeps(offset: Floats, spacing_km: float) -> bool:
        inside = (np.arctan2(*offset) - begins) % (2.0 * np.pi) < np.pi / 2
        return not inside or bool(np.hypot(*offset) < 0.5 * spacing_km)

    return _grid(rng, keeps)


def _one_sided(rng: Generator) -> Drawn:
    """A grid on one side; the earthquake is on the other."""
    sea = _direction(rng)
    lat, lon, places, _ = _grid(rng, lambda offset, _: float(offset @ sea) <= 0.0)
    return lat, lon, places, sea


def _coast(rng: Generator) -> Drawn:
    """A strip of two or three rows; the earthquake is at sea."""
    sea = _direction(rng)
    lat, lon, places, _ = _grid(rng, lambda o, spacing_km: abs(float(o @ sea)) <= 1.2 * spacing_km)
    return lat, lon, places, sea


def _islands(rng: Generator) -> Drawn:
    """Up to 20 islands with some stations each."""
    lat, lon = float(rng.uniform(-55.0, 60.0)), float(rng.uniform(-170.0, 170.0))
    islands = rng.uniform(-150.0, 150.0, (int(rng.integers(6, 21)), 2))
    offsets = [
        island + rng.uniform(-15.0, 15.0, 2)
        for island in islands
        for _ in range(int(rng.integers(2, 7)))
    ]
    return lat, lon, _named(lat, lon, offsets), None


def _towns(rng: Generator) -> Drawn:
    """Stations in real towns around one of them."""
    towns = np.array([(town.lat, town.lon) for town in all_towns()])
    while True:
        lat, lon = map(float, towns[int(rng.integers(len(towns)))])
        away_km = distance_km(lat, lon, towns[:, 0], towns[:, 1])
        near = [towns[i] for i in np.argsort(away_km) if away_km[i] < TOWNS_KM]
        chosen = _apart(near, _count(rng))
        if len(chosen) >= STATIONS[0]:
            names = [(f"T{n:03d}", float(t[0]), float(t[1])) for n, t in enumerate(chosen)]
            return lat, lon, names, None


def _apart(towns: Sequence[Floats], count: int) -> list[Floats]:
    """The first towns that are not beside an earlier one."""
    chosen: list[Floats] = []
    for town in towns:
        others = np.array(chosen).reshape(-1, 2)
        away_km = distance_km(town[0], town[1], others[:, 0], others[:, 1])
        if (away_km > NEIGHBOURS_KM).all():
            chosen.append(town)
        if len(chosen) == count:
            break
    return chosen


def _count(rng: Generator) -> int:
    return round(float(np.exp(rng.uniform(*np.log(STATIONS)))))


def _direction(rng: Generator) -> Floats:
    angle = rng.uniform(0.0, 2.0 * np.pi)
    return np.array([np.sin(angle), np.cos(angle)])


def _named(lat: float, lon: float, offsets: Sequence[Floats]) -> list[Place]:
    plane = LocalPlane(lat, lon)
    degrees = [plane.to_degrees(float(east), float(north)) for east, north in offsets]
    return [(f"S{n:03d}", round(y, 4), round(x, 4)) for n, (y, x) in enumerate(degrees)]


_NETWORKS: dict[str, Callable[[Generator], Drawn]] = {
    "grid": _grid,
    "gap": _gap,
    "one-sided": _one_sided,
    "coast": _coast,
    "islands": _islands,
    "towns": _towns,
}
