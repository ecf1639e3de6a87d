"""Corrects forecasts at places that motion has not reached by the motion observed at stations.

PLUM (Kodera et al. 2018) uses the strongest motion nearby as the forecast. Here the forecast is the
conditional distribution, as in ShakeMap (Worden et al. 2018, BSSA 108, 866-875): normal, given the
source's forecast and the stations' residuals; its median is the forecast. Residuals have three
parts:

- *event*: the earthquake is stronger or weaker than its magnitude predicts. The event term is a
  share of the mean residual that grows with the number of stations (mixed-effects models). Where
  stations agree that the source is wrong by far more than its sigma, as for a great earthquake
  that was located as a small one, the event term follows the stations;
- *correlated*: path, ground and distance to the rupture are similar at neighbouring places. The
  correlation decreases with distance by Loth and Baker (2013, as corrected in 2020, shortest
  period);
- *station*: the rest belongs to one station only.

A place that is a station is forecast from the records of the others, never from its own.
"""

from typing import TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]

# Loth and Baker (2013, 2020), 0.01 s: shares of the within-event variance and their ranges.
SHORT, LONG, ALONE = 0.29, 0.47, 0.24
SHORT_KM, LONG_KM = 20.0, 70.0
READING = 0.1  # MMI, of a station's own peaks
OUTLIER = 2.5  # sigmas from the median of the others to which residuals are limited
# Distrust: one source in ten is wrong by as much as published systems were with great
# earthquakes (one magnitude unit, 1.5 MMI). At least three stations must show it.
DISTRUST, DISTRUST_MMI, LEAST = 0.1, 1.5, 3


class Field(Struct, frozen=True):
    """Places or stations (n,): position in km and the sigma of their forecast (MMI)."""

    x_km: Floats
    y_km: Floats
    placed: Floats
    within: Floats


class Correction(Struct, frozen=True):
    """Corrections in MMI. bias: everywhere; nearby: at each place (n,); sigma: after both."""

    bias: float
    nearby: Floats
    sigma: Floats


class Stations:
    """The residuals of one earthquake's stations (m,), with their covariance.

    residual: observed minus forecast MMI; a lower bound at stations that have not settled.
    between: the event-wide sigma of the forecast.
    """

    def __init__(
        self, field: Field, residual: Floats, settled: NDArray[np.bool_], between: float
    ) -> None:
        self._field, self._residual, self._settled = field, residual, settled
        self._between = between
        own = np.diag(ALONE * field.within**2 + READING**2)
        covariance = _covariance(field, field) + own
        self._inverse = np.linalg.inv(covariance)
        self._ones = self._inverse.sum(axis=0)
        self._limit = OUTLIER * np.sqrt(np.diag(covariance) + between**2)
        everyone = np.ones((1, len(residual)), dtype=bool)
        held = self._held(everyone)[0]
        bias, sigma = _event(held @ self._ones, self._ones.sum(), between, len(residual))
        self.bias, self._bias_sigma = float(bias), float(sigma)  # the event term: MMI everywhere
        self._weights = self._inverse @ (held - self.bias)

    def _held(self, asked: NDArray[np.bool_]) -> Floats:
        """The residuals (k, m) as used by each of k sets of stations (k, m).

        A station that has not settled is taken to be as the settled ones, unless it is above them
        already. Outliers are limited to some sigmas from the median of the set. Sets too small to
        have a median may increase the forecast but not decrease it: a station that the rupture has
        not reached yet must not lower the forecast of a growing earthquake.
        """
        usual = _middle(self._residual, asked & self._settled)
        grown = np.maximum(self._residual, usual[:, None])
        residual = np.where(self._settled, self._residual, grown)
        few = asked.sum(axis=1) < LEAST
        residual = np.where(few[:, None], np.maximum(residual, 0.0), residual)
        middle = _middle(residual, asked)[:, None]
        return np.clip(residual, middle - self._limit, middle + self._limit)

    def nearby(self) -> Floats:
        """The correlated correction at the stations themselves, their own records included."""
        return np.asarray(_covariance(self._field, self._field) @ self._weights)

    def at(self, field: Field) -> Correction:
        """The corrections at other places (n,)."""
        with_stations = _covariance(field, self._field)
        projected = with_stations @ self._inverse.astype(np.float32)
        known = (projected * with_stations).sum(axis=1)
        left = field.placed**2 + field.within**2 - known
        left += (self._bias_sigma * (1.0 - projected.sum(axis=1))) ** 2
        return Correction(self.bias, with_stations @ self._weights, np.sqrt(np.maximum(left, 0.0)))

    def at_themselves(self) -> tuple[Floats, Floats]:
        """The corrections at each station by all others: MMI to add (m,) and its sigma.

        Leave-one-out by the inverse of the partitioned matrix; the median that limits outliers is
        also that of the others.
        """
        inverse, ones = self._inverse, self._ones
        alone = np.diag(inverse)
        held = self._held(~np.eye(len(alone), dtype=bool))  # a row for each that is left out
        weighted = held @ inverse
        own = np.diag(weighted)
        total = ones.sum() - ones**2 / alone
        weighted_sum = weighted.sum(axis=1) - ones * own / alone
        count = len(alone) - 1
        bias, bias_sigma = _event(weighted_sum, np.maximum(total, 1e-12), self._between, count)
        here = np.diag(held)
        added = here - (own - bias * ones) / alone
        return added, np.sqrt(1.0 / alone + (bias_sigma * ones / alone) ** 2)


def _covariance(one: Field, other: Field) -> Floats:
    """Covariance (n, m) between two sets of places (n,), (m,), by distance.

    In single precision, which is four times as fast and accurate to 1e-6.
    """
    a, b = _singles(one), _singles(other)
    east_km, north_km = (x[:, None] - y for x, y in zip(a[:2], b[:2], strict=True))
    apart_km = np.sqrt(east_km * east_km + north_km * north_km)
    far = np.exp(apart_km * np.float32(-3.0 / LONG_KM))
    near = np.exp(apart_km * np.float32(-3.0 / SHORT_KM))
    near *= np.float32(SHORT)
    near += np.float32(LONG) * far
    near *= a[3][:, None] * b[3]
    far *= a[2][:, None] * b[2]
    return np.asarray(near + far)


def _singles(field: Field) -> list[NDArray[np.float32]]:
    parts = (field.x_km, field.y_km, field.placed, field.within)
    return [part.astype(np.float32) for part in parts]


def _event(
    weighted_sum: float | Floats, total: float | Floats, between: float, count: int
) -> tuple[float | Floats, float | Floats]:
    """The event term and its sigma from the weighted sum of residuals and the sum of weights."""
    mean, variance = weighted_sum / total, 1.0 / total
    trust = between**2
    doubt = trust + DISTRUST_MMI**2
    belief = _distrust(mean, variance, trust, doubt) if count >= LEAST else 0.0
    a, b = (mean * prior / (prior + variance) for prior in (trust, doubt))
    spread = [prior * variance / (prior + variance) for prior in (trust, doubt)]
    left = (1.0 - belief) * spread[0] + belief * spread[1] + belief * (1.0 - belief) * (a - b) ** 2
    return a + belief * (b - a), np.sqrt(left)


def _distrust(
    mean: float | Floats, variance: float | Floats, trust: float, doubt: float
) -> float | Floats:
    """The posterior probability that the source is wrong by much more than its sigma."""
    both = [
        share * np.exp(-0.5 * mean**2 / (prior + variance)) / np.sqrt(prior + variance)
        for share, prior in ((1.0 - DISTRUST, trust), (DISTRUST, doubt))
    ]
    return both[1] / (both[0] + both[1])


def _middle(residual: Floats, asked: NDArray[np.bool_]) -> Floats:
    """The median of the chosen residuals of each row (k, m); 0 if they are too few."""
    values = np.where(asked, np.broadcast_to(residual, asked.shape), np.inf)
    count = asked.sum(axis=1)
    ordered = np.sort(values, axis=1)
    rows = np.arange(len(count))
    low, high = (ordered[rows, np.clip(k, 0, None)] for k in ((count - 1) // 2, count // 2))
    enough = count >= LEAST
    return np.where(enough, (np.where(enough, low, 0.0) + np.where(enough, high, 0.0)) / 2, 0.0)
