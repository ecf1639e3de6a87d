"""Shaking forecasts to decide on, made by hand."""

from msgspec.structs import replace

from forewave.earth import geohash
from forewave.types import (
    PHONES,
    Arrival,
    Forecast,
    Magnitude,
    Origin,
    Rupture,
    ShakingForecast,
    Solution,
)


def shaking(
    intensity: float = 6.0,
    magnitude: float = 6.0,
    *,
    event: str = "e1",
    lat: float = 24.0,
    lon: float = 121.5,
    depth_km: float = 15.0,
    origin_time: float = 1000.0,
    epicentre_sigma_km: float = 4.0,
    likelihood: float = 0.99,
    withdrawn: str | None = None,
    rupture: Rupture | None = None,
    source: str = "point",
    stations: int = 5,
    site: float | None = None,
    cells: dict[str, float] | None = None,
    bias: float = 0.0,
    phones: bool = False,
    unvouched: int = 0,
) -> ShakingForecast:
    """site: MMI at the first station, 11 km north of the epicentre; cells: MMI by geohash.

    phones: whether they speak for it besides. unvouched: how many of the stations anybody may be.
    """
    picks = tuple(
        Arrival(f"p{i}", f"TW.S{i}", "P", origin_time + 4, 0.1, 20.0, 1.0, i >= unvouched)
        for i in range(stations)
    )
    if phones:
        picks += (Arrival(PHONES, PHONES, "S", origin_time + 1, 1.0, 5.0, 1.0),)
    origin = Origin(origin_time, lat, lon, depth_km, 0.3, epicentre_sigma_km, 5.0)
    solution = Solution(
        event, 1, origin, Magnitude(magnitude, 0.3, "Mpd", 5), rupture, picks, likelihood, withdrawn
    )
    there = Forecast(event, 1, "epicentre", lat, lon, 1003.0, 1005.0, intensity, 0.8, source)
    forecasts = [there]
    if site is not None:
        forecasts.append(replace(there, place="TW.S0", lat=lat + 0.1, intensity=site))
    for cell, seen in (cells or {}).items():
        y, x = geohash.centre(cell)
        forecasts.append(replace(there, place=cell, lat=y, lon=x, intensity=seen, source="plum"))
    return ShakingForecast(solution, () if withdrawn else tuple(forecasts), bias)
