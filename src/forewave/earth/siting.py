"""Finds stations with wrong coordinates: a sign lost, latitude and longitude swapped, 0,0.

A station at a wrong place turns every earthquake that it records into several. Three cases can be
recognised from the inventory alone:

- *outside the region* that the operator has given, or no place on Earth;
- *apart from the network by a common mistake*: the station, alone or with others that share the
  mistake, is linked to no station of the largest group, and is at 0,0, or would be in a larger
  group with a sign changed or with latitude and longitude swapped;
- *alone*: no other station is within reach. It could neither confirm others nor be confirmed in
  time to warn, so excluding a remote island by mistake costs little, and the operator can allow it
  (`Siting.remote`).

Two stations are linked when they are no farther apart than LINK_KM, or LINK_SPACINGS times the
median distance between neighbours if that is more: a sparse network has no outliers. Two or more
stations on a far island, or in an overseas territory, form a group of their own and stay. Errors of
less than about LINK_KM are not found.
"""

from collections.abc import Sequence
from fnmatch import fnmatchcase

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from forewave.earth.distance import distance_km
from forewave.types import Station

Floats = NDArray[np.float64]

LINK_KM, LINK_SPACINGS = 300.0, 10.0
AMONG_KM = 100.0  # of a station of the larger group, for a mistake to explain the place
FEWEST = 3  # stations that the largest group must have for a comparison
ZERO_DEG = 0.01
SAMPLE = 500  # stations from which the distance between neighbours is taken


class Siting(Struct, frozen=True):
    """Where stations may be. region: west, south, east, north in degrees; None: no limits.

    remote: patterns ("NET.STA", with ? and *) of stations whose coordinates are right.
    """

    region: tuple[float, float, float, float] | None = None
    remote: tuple[str, ...] = ()

    def is_remote(self, station: Station) -> bool:
        """Whether the operator has confirmed the coordinates of a station."""
        return any(fnmatchcase(station.code, pattern) for pattern in self.remote)


ANYWHERE = Siting()


def misplaced(stations: Sequence[Station], siting: Siting = ANYWHERE) -> dict[str, str]:
    """By station code, why its coordinates must be wrong, as text for operators."""
    found = {s.code: why for s in stations if (why := _alone_impossible(s, siting))}
    rest = [station for station in stations if station.code not in found]
    if len(rest) > FEWEST:
        found |= _apart(rest, siting)
    return found


def why_all_misplaced(stations: Sequence[Station], siting: Siting = ANYWHERE) -> str:
    """Why no station has coordinates that can be right; empty if one has, or there is none."""
    found = misplaced(stations, siting)
    if not stations or len(found) < len(stations):
        return ""
    return f"none of {len(stations)} stations can be used: {next(iter(found.values()))}"


def placed(stations: Sequence[Station], siting: Siting = ANYWHERE) -> tuple[Station, ...]:
    """The stations whose coordinates may be right."""
    wrong = misplaced(stations, siting)
    return tuple(station for station in stations if station.code not in wrong)


def _alone_impossible(station: Station, siting: Siting) -> str:
    """Why a station's coordinates are wrong by themselves, or None."""
    lat, lon = station.lat, station.lon
    if not (-90.0 <= lat <= 90.0 and -180.0 <= lon <= 360.0):
        return f"{lat:g}, {lon:g} is no place on Earth"
    if siting.region is None or siting.is_remote(station):
        return ""
    west, south, east, north = siting.region
    inside = west <= lon <= east and south <= lat <= north
    return "" if inside else f"{lat:g}, {lon:g} is outside network.region"


def _apart(stations: Sequence[Station], siting: Siting) -> dict[str, str]:
    """For stations apart from the largest group: why their coordinates must be wrong."""
    lat, lon = (np.array([getattr(s, key) for s in stations]) for key in ("lat", "lon"))
    groups = _groups(lat, lon, max(LINK_KM, LINK_SPACINGS * _spacing_km(lat, lon)))
    main, *others = sorted(groups, key=len, reverse=True)
    found: dict[str, str] = {}
    for group in others if len(main) >= FEWEST else ():
        larger = np.concatenate([g for g in groups if len(g) > len(group) or g is main])
        for i in group:
            if siting.is_remote(stations[i]):
                continue
            why = _mistake(lat[i], lon[i], lat[larger], lon[larger])
            if why or len(group) == 1:
                away_km = distance_km(lat[i], lon[i], lat[larger], lon[larger])
                place = f"{lat[i]:g}, {lon[i]:g} is {np.min(away_km):.0f} km from the others"
                found[stations[i].code] = f"{place}{why and ': '}{why}"
    return found


def _mistake(lat: float, lon: float, lats: Floats, lons: Floats) -> str:
    """The common mistake that explains a station's place; "" if none does."""
    if abs(lat) < ZERO_DEG and abs(lon) < ZERO_DEG:
        return "0, 0 stands for coordinates that are not known"
    meant = {
        "the sign of the longitude is wrong": (lat, -lon),
        "the sign of the latitude is wrong": (-lat, lon),
        "both signs are wrong": (-lat, -lon),
        "latitude and longitude are swapped": (lon, lat),
    }
    for what, (y, x) in meant.items():
        if abs(y) <= 90.0 and np.min(distance_km(y, x, lats, lons)) <= AMONG_KM:
            return what
    return ""


def _spacing_km(lat: Floats, lon: Floats) -> float:
    """The median distance to the nearest other station."""
    some = np.arange(0, len(lat), max(1, len(lat) // SAMPLE))
    away_km = distance_km(lat[some, None], lon[some, None], lat, lon)
    away_km[np.arange(len(some)), some] = np.inf
    return float(np.median(away_km.min(axis=1)))


def _groups(lat: Floats, lon: Floats, link_km: float) -> list[NDArray[np.intp]]:
    """Stations that are linked, directly or through others; each group by number."""
    left = np.arange(len(lat))
    groups = []
    while len(left):
        group, edge, left = [left[0]], [left[0]], left[1:]
        while edge and len(left):
            i = edge.pop()
            near = distance_km(lat[i], lon[i], lat[left], lon[left]) <= link_km
            reached, left = left[near], left[~near]
            group += reached.tolist()
            edge += reached.tolist()
        groups.append(np.array(sorted(group), np.intp))
    return groups


def remote_patterns(text: str) -> tuple[str, ...]:
    """Patterns of a setting, separated by commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())
