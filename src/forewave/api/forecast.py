"""What places will feel of a given source, for programs: no waveforms needed."""

from collections.abc import Sequence
from math import isfinite
from typing import Literal

from forewave.api.pipeline import require_places, require_point
from forewave.archive import travel_time
from forewave.earth import gmm
from forewave.errors import InputError
from forewave.shaking.forecaster import ShakingSettings
from forewave.shaking.posterior import source_alone
from forewave.shaking.sites import sites
from forewave.shaking.source_forecast import expect
from forewave.types import Forecast, Magnitude, Origin, Place, Rupture, Solution

_DEEPEST_KM = 700.0  # of the travel-time table


def forecast(
    lat: float,
    lon: float,
    depth_km: float,
    magnitude: float,
    places: Sequence[Place],
    *,
    model: str | None = None,
    rupture: Rupture | None = None,
    origin_time: float = 0.0,
    magnitude_sigma: float = 0.0,
    epicentre_sigma_km: float = 0.0,
    depth_sigma_km: float = 0.0,
    event: str = "source",
) -> list[Forecast]:
    """Forecast the shaking of a source at places: P and S arrival, MMI and its sigma.

    Arrivals are first P and S of iasp91, from the epicentre. MMI is the mean of what the
    ground-motion model's PGA and PGV give by Worden et al. (2012); its sigma has the scatter of
    model and conversion, the unknown strike of the rupture, and the given uncertainties.
    Magnitude and Vs30 are held within the model's ranges.

    Args:
        lat: Latitude of the epicentre, -90 to 90 degrees.
        lon: Longitude of the epicentre, -180 to 180 degrees.
        depth_km: Depth of the hypocentre, positive down, 0 to 700 km.
        magnitude: Moment magnitude.
        places: Where. `Place.vs30_ms` None: 400 m/s.
        model: A name in `forewave.MODELS`, used alone. None: what forewave itself uses, Boore et
            al. (2014) with a correction for earthquakes within the slab below about 40 km.
        rupture: The line that has broken, where it is known.
        origin_time: POSIX seconds UTC. With 0, arrivals are seconds after the origin.
        magnitude_sigma: One-sigma uncertainty of the magnitude.
        epicentre_sigma_km: One-sigma uncertainty of the epicentre.
        depth_sigma_km: One-sigma uncertainty of the depth.
        event: Identifies the source in the answer.

    Returns:
        One `Forecast` for each place, in the same order. `intensity` (MMI, 1 to 10) and `sigma`
        are nan where the model is not valid, mostly beyond 400 km; arrivals beyond 1000 km.

    Raises:
        InputError: A coordinate, a depth or another number is out of range.
        ModelError: There is no such model.

    Examples:
        >>> chengdu = forewave.Place("Chengdu", 30.66, 104.06)
        >>> [there] = forewave.forecast(31.0, 103.4, 14.0, 7.9, [chengdu])
        >>> print(f"MMI {there.intensity:.1f} +- {there.sigma:.1f}, S at {there.s_arrival:.1f} s")
        MMI 6.7 +- 1.3, S at 22.2 s
    """
    _require_source(lat, lon, depth_km, magnitude)
    numbers = {
        "magnitude_sigma": magnitude_sigma,
        "epicentre_sigma_km": epicentre_sigma_km,
        "depth_sigma_km": depth_sigma_km,
    }
    for name, value in numbers.items():
        if not (isfinite(value) and value >= 0):
            raise InputError(f"{name} is {value}, expected at least 0")
    require_places(places)
    origin = Origin(origin_time, lat, lon, depth_km, 0.0, epicentre_sigma_km, depth_sigma_km)
    size = Magnitude(magnitude, magnitude_sigma, "M", 0)
    return _at(places, Solution(event, 1, origin, size, rupture, (), 1.0), model)


def _at(places: Sequence[Place], solution: Solution, name: str | None) -> list[Forecast]:
    usual = ShakingSettings()
    deep = usual.deep_model if name is None else None
    where = sites(places, (), usual.vs30_ms)
    shallow = gmm.named(usual.model if name is None else name)
    deep_model = None if deep is None else gmm.named(deep)
    expected = expect(solution, where, travel_time.load(), shallow, deep_model)
    found = source_alone(expected)
    columns = (expected.p_arrival, expected.s_arrival, found.median, found.sigma)
    rows = zip(*(column[1:].tolist() for column in columns), strict=True)  # 0 is the epicentre
    kind: Literal["point", "line"] = "point" if solution.rupture is None else "line"
    return [
        Forecast(solution.event, 1, place.name, place.lat, place.lon, p, s, mmi, sigma, kind)
        for place, (p, s, mmi, sigma) in zip(places, rows, strict=True)
    ]


def _require_source(lat: float, lon: float, depth_km: float, magnitude: float) -> None:
    require_point("source", lat, lon)
    if not 0.0 <= depth_km <= _DEEPEST_KM:
        raise InputError(f"depth_km is {depth_km}, expected 0 to {_DEEPEST_KM:g} km")
    if not -5.0 <= magnitude <= 10.0:
        raise InputError(f"magnitude is {magnitude}, expected -5 to 10")
