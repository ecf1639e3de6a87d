"""The room that says what each place will feel, and when: a Solution in, an Outlook out.

No state but the places: every solution is forecast afresh. Intensity is MMI by the chosen
ground-motion card; arrivals come from the travel-time table. A place for which the models have
no valid number (too far, mostly beyond 400 km) has no forecast, and is not given a false one;
nor has a town or cell that will feel nothing. Magnitude and Vs30 are held within the model's
ranges: a greater earthquake is forecast as the greatest it knows, rather than not at all.
"""

from collections.abc import Sequence
from typing import Literal, TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from forewave.earth.distance import distance_km
from forewave.earth.gmm import MODELS
from forewave.earth.gmm.card import Estimate, Source
from forewave.earth.site import DEFAULT_VS30_MS
from forewave.earth.travel_time import TravelTimes
from forewave.errors import ModelError
from forewave.shaking import felt, source_distance
from forewave.types import Amplitude, Forecast, Outlook, Place, Solution

Floats: TypeAlias = NDArray[np.float64]

EPICENTRE = "epicentre"  # the place that every outlook has, where the source itself is


class ShakingSettings(Struct, frozen=True):
    """model: a name in MODELS. vs30_ms: of places that do not know theirs.

    floor: towns and cells below this MMI (nobody feels it) get no forecast; stations always do.
    """

    model: str = "boore_2014"
    vs30_ms: float = DEFAULT_VS30_MS
    floor: float = 1.5


class Forecaster:
    """One region's places. Raises ModelError when made with a model that does not exist."""

    def __init__(
        self,
        places: Sequence[Place],
        travel_times: TravelTimes,
        settings: ShakingSettings = ShakingSettings(),  # noqa: B008 (frozen)
    ) -> None:
        if settings.model not in MODELS:
            raise ModelError(f"model {settings.model!r}: expected one of {', '.join(MODELS)}")
        self._model = MODELS[settings.model]
        self._travel_times = travel_times
        self._settings = settings
        self._names = [EPICENTRE, *(place.name for place in places)]
        self._lat = np.array([np.nan, *(place.lat for place in places)])
        self._lon = np.array([np.nan, *(place.lon for place in places)])
        vs30 = (settings.vs30_ms if p.vs30_ms is None else p.vs30_ms for p in places)
        self._vs30_ms = np.clip([settings.vs30_ms, *vs30], *self._model.vs30s_ms)
        self._always = np.array([True, *(place.kind == "station" for place in places)])

    def feed(self, item: Solution | Amplitude, now: float) -> Sequence[Outlook]:
        """The outlook of a solution; of a withdrawn one, an outlook with no forecasts.

        Amplitudes are taken and say nothing yet: observed motion has no part in the forecast.
        """
        if not isinstance(item, Solution):
            return []
        forecasts = () if item.withdrawn else self._forecasts(item)
        return [Outlook(item, forecasts)]

    def tick(self, now: float) -> Sequence[Outlook]:
        """Nothing is ever due."""
        return []

    def deadline(self) -> float | None:
        """Never."""
        return None

    def _forecasts(self, solution: Solution) -> tuple[Forecast, ...]:
        origin = solution.origin
        lat, lon = self._lat.copy(), self._lon.copy()
        lat[0], lon[0] = origin.lat, origin.lon
        mmi = self._intensities(solution, lat, lon)
        felt_there = self._always | (mmi.median >= self._settings.floor)
        kept = np.flatnonzero(felt_there & np.isfinite(mmi.median))
        away_km = distance_km(origin.lat, origin.lon, lat[kept], lon[kept])
        p, s = (
            origin.time + self._travel_times.seconds(phase, away_km, origin.depth_km)
            for phase in ("P", "S")
        )
        source: Literal["point", "line"] = "point" if solution.rupture is None else "line"
        columns = (lat[kept], lon[kept], p, s, mmi.median[kept], mmi.sigma[kept])
        rows = zip(kept.tolist(), *(column.tolist() for column in columns), strict=True)
        event, version, names = solution.event, solution.version, self._names
        return tuple(
            [
                Forecast(event, version, names[i], y, x, p_arrival, s_arrival, level, sigma, source)
                for i, y, x, p_arrival, s_arrival, level, sigma in rows
            ]
        )

    def _intensities(self, solution: Solution, lat: Floats, lon: Floats) -> Estimate:
        """MMI and sigma at all places (n,); nan where the model has no say."""
        origin, rupture = solution.origin, solution.rupture
        magnitude = float(np.clip(solution.magnitude.value, *self._model.magnitudes))
        distance = source_distance.to_places(
            self._model.distance, origin, magnitude, rupture, lat, lon
        )
        located_km = origin.epicentre_sigma_km if rupture is None else 0.0
        unsure = felt.Unsure(solution.magnitude.sigma, located_km)
        source = Source(magnitude, origin.depth_km)
        return felt.forecast(self._model, source, unsure, distance, self._vs30_ms)
