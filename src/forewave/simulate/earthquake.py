"""An earthquake of a scenario."""

from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

Latitude: TypeAlias = Annotated[float, Meta(ge=-90, le=90)]
Longitude: TypeAlias = Annotated[float, Meta(ge=-180, le=180)]


class Earthquake(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An earthquake `after` seconds from the start. From M5 on it is a fault with strike and dip.

    along: position of the hypocentre on its length; 0: rupture toward the strike, 1: away from it.
    deepest_km: lower limit of rupture. stress_drop_mpa None: typical value (source.py).
    """

    after: Annotated[float, Meta(ge=0)] = 0.0
    lat: Latitude
    lon: Longitude
    depth_km: Annotated[float, Meta(ge=0, le=700)]
    magnitude: Annotated[float, Meta(ge=2, le=9.2)]
    strike: Annotated[float, Meta(ge=0, le=360)] = 0.0
    dip: Annotated[float, Meta(gt=0, le=90)] = 90.0
    along: Annotated[float, Meta(ge=0, le=1)] = 0.5
    deepest_km: Annotated[float, Meta(gt=0, le=700)] = 25.0
    stress_drop_mpa: Annotated[float, Meta(gt=0, le=100)] | None = None
    region: str | None = None
